// Who else may see what: other users of the machine, readers of logs, of the process list and of core messages.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli, startCli } from '../support/cli.mjs';
import { recordLine, recordLines, schemaLine } from '../support/singer-lines.ts';

const TARGET = resolve(import.meta.dirname, '../../bin/target-iomete.js');
const folder = mkdtempSync(join(tmpdir(), 'target-iomete-secrecy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secrets = {
  password: 'S3cretPassw0rd',
  aws_secret_access_key: 'S3cretAccessKey',
  aws_session_token: 'S3cretSessionToken',
};
const texts = Object.values(secrets).flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  // as Basic authorization has it, whatever stands before it
  ...[0, 1, 2].map((shift) =>
    Buffer.from(`${'x'.repeat(shift)}${secret}`)
      .toString('base64')
      .slice(4, -4),
  ),
]);
const expectNoSecrets = (seen: string) => {
  for (const text of texts) expect(seen).not.toContain(text);
};

test('files of a run are for its user alone, whatever the umask, those that stay included', async () => {
  const stage = join(folder, 'umask');
  mkdirSync(stage);
  const config = {
    destination: 'duckdb',
    duckdb_path: join(folder, 'umask.duckdb'),
    temp_dir: stage,
    invalid_values: 'dead_letter',
    keep_staged_files: true,
    batch_size_rows: 2,
  };
  const path = join(folder, 'umask.json');
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  const command = `umask 0; exec '${process.execPath}' '${TARGET}' --config '${path}'`;
  const child = spawn('bash', ['-c', command], { stdio: ['pipe', 'ignore', 'ignore'] });
  const bad = '{"type":"RECORD","stream":"boats","record":{"id":"no"}}\n';
  child.stdin.write(schemaLine('boats') + recordLines('boats', 1, 3) + bad + recordLine('boats', 4));
  const seen = new Map<string, string>();
  const look = () => {
    for (const entry of readdirSync(stage, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      const mode = (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777;
      if (mode) seen.set(path, `${entry.isDirectory() ? 'folder' : 'file'} ${mode.toString(8)}`);
    }
  };
  for (
    const until = Date.now() + 60_000;
    Date.now() < until && ![...seen.keys()].some((path) => path.endsWith('csv'));
  )
    await sleep(20).then(look);
  child.stdin.end();
  const [code] = await once(child, 'close');
  look();
  expect(code).toBe(0);
  expect([...seen.keys()].filter((path) => path.endsWith('.jsonl'))).toHaveLength(1);
  expect([...seen.keys()].some((path) => path.endsWith('/heartbeat'))).toBe(true);
  expect(new Set(seen.values())).toEqual(new Set(['folder 700', 'file 600']));
});

test('a password that is given as a flag does not stay in the process list', async () => {
  const flags = Object.entries(secrets).flatMap(([name, secret]) => [`--${name}`, secret]);
  const config = { destination: 'duckdb', duckdb_path: join(folder, 'list.duckdb'), temp_dir: folder };
  const run = startCli({ config, args: flags, keepInputOpen: true });
  const listed = () => readFileSync(`/proc/${run.child.pid}/cmdline`, 'latin1');
  for (const until = Date.now() + 30_000; Date.now() < until && !listed().startsWith('target-iomete'); )
    await sleep(20);
  expectNoSecrets(listed());
  expect(listed()).toMatch(/^target-iomete/);
  run.stdin.end();
  expectNoSecrets(JSON.stringify(await run.ended));
});

test('--about and --help tell nothing of what is configured', async () => {
  const env = Object.fromEntries(
    Object.entries(secrets).map(([name, secret]) => [`TARGET_IOMETE_${name.toUpperCase()}`, secret]),
  );
  for (const args of [['--about'], ['--about', '--format=json'], ['--help'], ['--version']])
    expectNoSecrets(JSON.stringify(await runCli({ args, env: { ...env, AWS_SECRET_ACCESS_KEY: secrets.password } })));
});

describe('a server that repeats what it was sent', () => {
  /** Answers with all that it got: the headers, with what they sign, the address and the body. */
  const echo = async (status: number, known: Iterable<string> = Object.values(secrets), code = 'Echo') => {
    let told = (_token: string) => {};
    const onToken = (tell: (token: string) => void) => {
      told = tell;
    };
    const server = createServer((request, response) => {
      const got = JSON.stringify([request.method, request.url, request.headers]);
      told(String(request.headers['x-amz-security-token']));
      const own = [...known].join(' ');
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>${code}</Code><Message>${got.replace(/[<&>]/g, ' ')} ${own}</Message></Error>`);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { port: (server.address() as AddressInfo).port, onToken, close: () => server.close() };
  };

  /** Keys that a process gives: others at each call. */
  const issuer = () => {
    const count = join(folder, `issued-${randomBytes(4).toString('hex')}`);
    const script = `const fs = require('node:fs'); fs.appendFileSync('${count}', 'x');
      const n = fs.readFileSync('${count}', 'utf8').length;
      console.log(JSON.stringify({ Version: 1, AccessKeyId: 'AKIAISSUED' + n, SecretAccessKey: 'Issued/Secret+' + n,
        SessionToken: 'Issued/Session+Token=' + n, Expiration: new Date(Date.now() + 1000 * (n === 1 ? 60 : 7200)) }))`;
    const file = `${count}.cjs`;
    writeFileSync(file, script);
    writeFileSync(`${count}.ini`, `[default]\ncredential_process = '${process.execPath}' '${file}'\n`);
    return `${count}.ini`;
  };
  const onlyEnvironment = (port: number) => ({
    password: secrets.password,
    host: '127.0.0.1',
    port,
    user: 'me',
    lakehouse: 'lake',
    data_plane: 'plane',
    startup_wait_seconds: 0,
    default_target_schema: 'schema',
    s3_bucket: 'bucket',
    s3_region_name: 'us-east-1',
    s3_endpoint_url: `http://127.0.0.1:${port}`,
  });

  test.each([400, 403])('with %i gets no key of AWS_* variables into the log', async (status) => {
    const keys = ['AKIAENVIRONMENT0001', 'Environment/Secret+Key', 'Environment/Session+Token='];
    const [AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN] = keys as [string, string, string];
    const server = await echo(status, keys);
    try {
      const env = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN };
      for (const args of [['clean'], ['check']]) {
        const config = onlyEnvironment(server.port);
        const { stdout, stderr } = await runCli({ config, args, env, input: schemaLine('boats') });
        expect(stdout + stderr).toContain('***');
        for (const key of keys)
          for (const form of [key, encodeURIComponent(key)]) expect(stdout + stderr).not.toContain(form);
      }
    } finally {
      server.close();
    }
  });

  test('gets no key into the log that a process has given, nor the renewed one', async () => {
    const known = new Set<string>();
    const server = await echo(400, known, 'ExpiredToken');
    server.onToken((token) => {
      known.add(token).add(token.replace('Session+Token=', 'Secret+'));
    });
    try {
      const config = onlyEnvironment(server.port);
      const { stdout, stderr } = await runCli({ config, args: ['check'], env: { AWS_CONFIG_FILE: issuer() } });
      // those of the first request, and renewed ones
      expect(known.size).toBeGreaterThan(2);
      expect(stdout).toContain('ExpiredToken');
      expect(stdout + stderr).not.toMatch(/AKIAISSUED\d|Issued\/Se|Issued%2F/i);
    } finally {
      server.close();
    }
  });

  test.each([400, 403, 404])('with %i in the place of S3 gets no secret into the log', async (status) => {
    const server = await echo(status);
    try {
      const config = {
        ...secrets,
        aws_access_key_id: 'key',
        host: '127.0.0.1',
        port: server.port,
        user: 'me',
        lakehouse: 'lake',
        data_plane: 'plane',
        startup_wait_seconds: 0,
        default_target_schema: 'schema',
        s3_bucket: 'bucket',
        s3_region_name: 'us-east-1',
        s3_endpoint_url: `http://127.0.0.1:${server.port}`,
      };
      for (const args of [[], ['clean', '--remove']]) {
        const outcome = await runCli({ config, args, input: schemaLine('boats') });
        expect([4, 6]).toContain(outcome.code);
        expectNoSecrets(outcome.stdout + outcome.stderr);
        expect(outcome.stderr).not.toMatch(/Signature=[0-9a-f]/i);
      }
    } finally {
      server.close();
    }
  });
});
