// One process that owns a running lakehouse: it starts S3 and Spark, is the gateway before them, and ends all of it
// on a signal, or when its parent is gone. Prints the details as one line of JSON once everything answers.

import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { TLS_PASSPHRASE } from './build.mjs';
import { openGateway } from './gateway.mjs';
import { DETAILS_FILE } from './running.mjs';

const START_PATIENCE_MS = 120_000;
const CONF = join(import.meta.dirname, 'conf');
const DATA_PLANE = 'demo';
const LAKEHOUSE = 'local';

const { runDir, built, javaHome, stopWithParent } = JSON.parse(process.argv[2] ?? '{}');
/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
let stopping = false;

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => stop(0));
if (stopWithParent)
  process.stdin
    .resume()
    .on('end', () => stop(0))
    .on('error', () => stop(0));

try {
  const details = await start();
  writeFileSync(join(runDir, 'starting.json'), `${JSON.stringify(details, null, 2)}\n`, { mode: 0o600 });
  renameSync(join(runDir, 'starting.json'), join(runDir, DETAILS_FILE));
  process.stdout.write(`${JSON.stringify(details)}\n`);
} catch (error) {
  if (!stopping) {
    console.error(error);
    await stop(1);
  }
}

/** @returns {Promise<import('./lakehouse.d.mts').LakehouseDetails>} */
async function start() {
  const s3 = {
    endpoint: `http://127.0.0.1:${await freePort()}`,
    accessKeyId: 'lakekey',
    secretAccessKey: 'lakesecret',
    region: 'us-east-1',
    bucket: 'lakehouse-stage',
  };
  const httpPath = `/data-plane/${DATA_PLANE}/lakehouse/${LAKEHOUSE}`;
  // s3proxy keeps a bucket as a directory
  for (const name of ['conf', 'tmp', 'warehouse', join('s3', s3.bucket)]) {
    mkdirSync(join(runDir, name), { recursive: true });
  }
  writeConf(s3, httpPath);
  const s3Process = startS3();
  let spark = startSpark();
  const [sparkPort] = await Promise.all([readyPort(spark), answering(s3.endpoint, s3Process)]);
  const door = {
    httpPath,
    user: 'demo',
    password: 'secret-token',
    sparkPort,
    tls: { pfxFile: join(built, 'tls/server.p12'), passphrase: TLS_PASSPHRASE },
  };
  const restart = async () => {
    await kill(spark);
    spark = startSpark([`-Dhive.server2.thrift.http.port=${sparkPort}`]);
    await readyPort(spark);
  };
  const gateway = await openGateway({ ...door, restart });
  return {
    host: '127.0.0.1',
    port: gateway.port,
    dataPlane: DATA_PLANE,
    lakehouse: LAKEHOUSE,
    ...door,
    caFile: join(built, 'tls/ca.pem'),
    s3,
    controlUrl: gateway.controlUrl,
    runDir,
    pids: { supervisor: process.pid, spark: spark.pid ?? 0, s3: s3Process.pid ?? 0 },
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}

function writeConf(s3, httpPath) {
  const values = {
    RUN_DIR: runDir,
    HTTP_PATH: httpPath.slice(1),
    S3_ENDPOINT: s3.endpoint,
    S3_REGION: s3.region,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
  };
  for (const name of ['hive-site.xml', 'spark-defaults.conf', 's3proxy.properties']) {
    const template = readFileSync(join(CONF, `${name}.in`), 'utf8');
    writeFileSync(
      join(runDir, 'conf', name),
      template.replace(/@([A-Z0-9_]+)@/g, (_, key) => values[key]),
    );
  }
  copyFileSync(join(CONF, 'log4j2.properties'), join(runDir, 'conf/log4j2.properties'));
}

function startS3() {
  const classPath = [join(built, 'classes'), join(built, 's3proxy.jar')];
  const properties = join(runDir, 'conf/s3proxy.properties');
  return startJava('s3', ['-Xmx384m'], classPath, ['org.gaul.s3proxy.Main', '--properties', properties]);
}

function startSpark(more = []) {
  const options = ['-Xmx1536m', ...more, `@${join(CONF, 'java-modules.args')}`, '-Duser.timezone=America/New_York'];
  const classPath = [join(runDir, 'conf'), join(built, 'classes'), join(built, 'jars', '*')];
  return startJava('spark', [...options, ...sparkProperties()], classPath, ['LoopbackThriftServer']);
}

function sparkProperties() {
  const lines = readFileSync(join(runDir, 'conf/spark-defaults.conf'), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [, key, value] = /^([^#\s]\S*)\s+(.+)$/.exec(line) ?? [];
    return key ? [`-D${key}=${value}`] : [];
  });
}

/** Its stdin is a pipe that only this process holds: the JVM ends when that closes. */
function startJava(name, options, classPath, main) {
  const log = openSync(join(runDir, `${name}.log`), 'a');
  const common = [`-Djava.io.tmpdir=${join(runDir, 'tmp')}`, '-XX:-UsePerfData', '-cp', classPath.join(':')];
  const child = spawn(join(javaHome, 'bin/java'), [...options, ...common, 'EndsWithParent', ...main], {
    cwd: runDir,
    stdio: ['pipe', 'pipe', log],
    env: { ...process.env, SPARK_LOCAL_IP: '127.0.0.1' },
  });
  child.on('error', (error) => console.error(`${name}: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (!stopping && children.has(child)) console.error(`${name} ended (${signal ?? code}):\n${logTail(name)}`);
  });
  child.stdin.on('error', () => {}); // it ended first
  children.add(child);
  return child;
}

function logTail(name) {
  return readFileSync(join(runDir, `${name}.log`), 'utf8').slice(-4000);
}

/** @returns {Promise<number>} */
function readyPort(spark) {
  return new Promise((resolve, reject) => {
    createInterface(spark.stdout).on('line', (line) => {
      const port = /^READY (\d+)$/.exec(line)?.[1];
      if (port) resolve(Number(port));
    });
    spark.on('exit', () => reject(new Error('Spark ended before it was ready')));
    setTimeout(() => reject(new Error('Spark was not ready in time')), START_PATIENCE_MS).unref();
  });
}

async function answering(url, process_) {
  process_.stdout.resume();
  const deadline = Date.now() + START_PATIENCE_MS;
  while (!(await fetch(url).catch(() => undefined))) {
    if (process_.exitCode !== null) throw new Error('S3 ended before it was ready');
    if (Date.now() > deadline) throw new Error('S3 was not ready in time');
    await sleep(50);
  }
}

async function kill(child) {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** The data is thrown away, so nothing needs to shut down in order. */
async function stop(exitCode) {
  if (stopping) return;
  stopping = true;
  await Promise.all([...children].map(kill));
  if (exitCode === 0) rmSync(runDir, { recursive: true, force: true }); // else its logs are read first
  process.exit(exitCode);
}
