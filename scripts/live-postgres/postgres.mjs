// A folder → a private PostgreSQL from Debian's packages in it: loopback and a socket in the folder, a password of its own.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const VERSIONS = '/usr/lib/postgresql';
const USER = 'postgres';
const DATABASE = 'postgres';

/** @param {string} folder empty @param {(undo: () => unknown) => void} defer stops the server */
export async function startPostgres(folder, defer) {
  const bin = findBin();
  const home = join(folder, 'postgres');
  const password = randomBytes(12).toString('hex');
  const port = await freePort();
  await prepareHome(folder, home, password);
  const data = join(home, 'data');
  const auth = ['-A', 'scram-sha-256', `--pwfile=${join(home, 'password')}`];
  await asServer(join(bin, 'initdb'), ['-D', data, '-U', USER, '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync', ...auth]);
  const settings = `-p ${port} -k ${home} -c listen_addresses=127.0.0.1 -c fsync=off`;
  defer(() => asServer(join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop']));
  await asServer(join(bin, 'pg_ctl'), ['-D', data, '-o', settings, '-l', join(home, 'log'), '-w', 'start']);

  const env = {
    ...process.env,
    PGHOST: home,
    PGPORT: String(port),
    PGUSER: USER,
    PGDATABASE: DATABASE,
    PGPASSWORD: password,
  };
  return {
    connection: { host: '127.0.0.1', port, user: USER, password, database: DATABASE },
    /** @param {string} file SQL */
    runFile: (file) => run(join(bin, 'psql'), ['-q', '-X', '-v', 'ON_ERROR_STOP=1', '-f', file], { env }),
    pgbench: (args) => run(join(bin, 'pgbench'), args, { env }),
    rows: (sql) => copyOut(join(bin, 'psql'), sql, env),
  };
}

function findBin() {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .map((version) => join(VERSIONS, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  if (found) return found;
  throw new Error(`no PostgreSQL server under ${VERSIONS}: apt-get install postgresql`);
}

/** The server refuses to run as root: there it runs as the packages' own user. */
const isRoot = process.getuid?.() === 0;
const asServer = (command, args) => {
  const [program, all] = isRoot ? ['runuser', ['-u', 'postgres', '--', command, ...args]] : [command, args];
  // the server goes on with what it was given as stdout, so a pipe would not end
  return new Promise((done, failed) => {
    const child = spawn(program, all, { cwd: '/', stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', failed);
    child.on('exit', (code) => (code === 0 ? done() : failed(new Error(`${command} ended with ${code}`))));
  });
};

async function prepareHome(folder, home, password) {
  await mkdir(home);
  await writeFile(join(home, 'password'), `${password}\n`, { mode: 0o600 });
  if (!isRoot) return;
  await chmod(folder, 0o711);
  await run('chown', ['-R', 'postgres', home]);
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** @returns {AsyncGenerator<(string | null)[]>} every value as PostgreSQL writes it */
async function* copyOut(psql, sql, env) {
  const child = spawn(psql, ['-q', '-X', '-c', `COPY (${sql}) TO STDOUT`], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) => (code === 0 ? done() : failed(new Error(`psql ended with ${code}`))));
  });
  let rest = '';
  child.stdout.setEncoding('utf8');
  for await (const text of child.stdout) {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) yield line.split('\t').map(unescapeCopy);
  }
  await ended;
}

const ESCAPES = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function unescapeCopy(text) {
  if (text === '\\N') return null;
  return text.includes('\\') ? text.replace(/\\(.)/gs, (_, character) => ESCAPES[character] ?? character) : text;
}
