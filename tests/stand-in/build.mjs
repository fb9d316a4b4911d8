// pom.xml and the launchers → a directory of jars, classes and a certificate in the cache, built once per content.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isAlive, withLock } from './lock.mjs';
import { requireBuildTools } from './tools.mjs';

export const TLS_PASSPHRASE = 'lakehouse';
const HERE = import.meta.dirname;
const SOURCES = ['pom.xml', 'EndsWithParent.java', 'LoopbackThriftServer.java', 'build.mjs'];

/** Built parts are kept here: $TARGET_IOMETE_LAKEHOUSE_HOME, else the user's cache. */
export function cacheDir() {
  const userCache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return process.env.TARGET_IOMETE_LAKEHOUSE_HOME || join(userCache, 'target-iomete', 'lakehouse');
}

/**
 * @param {string} javaHome
 * @param {(line: string) => void} report
 * @returns {Promise<string>} the directory: jars/, classes/, s3proxy.jar, tls/
 */
export async function buildLakehouse(javaHome, report) {
  const cache = cacheDir();
  const name = `built-${sourceHash()}`;
  const built = join(cache, name);
  if (existsSync(built)) return built;
  requireBuildTools(javaHome);
  mkdirSync(cache, { recursive: true });
  return withLock(join(cache, `${name}.lock`), async () => {
    if (existsSync(built)) return built;
    removeOrphans(cache);
    report(`building the stand-in lakehouse in ${cache} (once; about a minute and 360 MB)`);
    await buildInto(join(cache, `partial-${process.pid}`), javaHome, built);
    return built;
  });
}

function sourceHash() {
  const hash = createHash('sha256');
  for (const file of SOURCES) hash.update(readFileSync(join(HERE, file)));
  return hash.digest('hex').slice(0, 12);
}

/** Of builds that were killed. @param {string} cache */
function removeOrphans(cache) {
  for (const name of readdirSync(cache)) {
    const pid = Number(/^partial-(\d+)$/.exec(name)?.[1]);
    if (pid && !isAlive(pid)) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

/**
 * @param {string} partial
 * @param {string} javaHome
 * @param {string} built
 */
async function buildInto(partial, javaHome, built) {
  try {
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(join(partial, 'tls'), { recursive: true });
    await copyJars(partial, javaHome);
    await compileLaunchers(partial, javaHome);
    await makeCertificate(join(partial, 'tls'), javaHome);
    renameSync(partial, built);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(built)) throw error; // else another process was as quick
  }
}

/** @param {string} to @param {string} javaHome */
function copyJars(to, javaHome) {
  const pom = join(HERE, 'pom.xml');
  return run('mvn', ['-q', '-B', '-f', pom, `-Dlakehouse.output=${to}`, 'package'], { JAVA_HOME: javaHome });
}

/** @param {string} to @param {string} javaHome */
function compileLaunchers(to, javaHome) {
  const sources = SOURCES.filter((file) => file.endsWith('.java')).map((file) => join(HERE, file));
  const options = ['-nowarn', '-cp', join(to, 'jars', '*'), '-d', join(to, 'classes')];
  return run(join(javaHome, 'bin/javac'), [...options, ...sources]);
}

/** A certificate that signs itself, so it is its own CA: server.p12 for the gateway, ca.pem for clients. */
async function makeCertificate(to, javaHome) {
  const keytool = join(javaHome, 'bin/keytool');
  const store = ['-alias', 'lakehouse', '-keystore', join(to, 'server.p12'), '-storepass', TLS_PASSPHRASE];
  const names = ['-dname', 'CN=localhost', '-ext', 'san=dns:localhost,ip:127.0.0.1', '-ext', 'bc=ca:true'];
  const key = ['-keyalg', 'RSA', '-keysize', '2048', '-validity', '3650', '-storetype', 'PKCS12'];
  await run(keytool, ['-genkeypair', ...store, ...key, ...names]);
  await run(keytool, ['-exportcert', '-rfc', ...store, '-file', join(to, 'ca.pem')]);
}

/** What the command prints is shown only when it fails. */
function run(command, options, environment = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, options, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(undefined);
      else reject(new Error(`${command} ended with ${code}:\n${output.slice(-4000)}`));
    });
  });
}
