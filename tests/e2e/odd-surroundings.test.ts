// A lakehouse's port at which a server answers without TLS, a log that Node.js itself writes to, a promise that nobody awaits.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { runCli } from '../support/cli.mjs';
import { expectExample } from '../support/error-examples.ts';
import { recordLines, schemaLine, stateLine } from '../support/singer-lines.ts';

const TARGET = resolve(import.meta.dirname, '../../bin/target-iomete.js');

let server: Server;
let port: number;
beforeAll(async () => {
  // good enough for an S3 that takes everything
  server = createServer((request, response) => request.resume().on('end', () => response.end()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

const config = () => ({
  ...{ host: '127.0.0.1', port, lakehouse: 'a', data_plane: 'b', user: 'me', password: 'secret-of-mine' },
  ...{ s3_bucket: 'bucket', s3_endpoint_url: `http://127.0.0.1:${port}`, s3_region_name: 'eu-central-1' },
  ...{ aws_access_key_id: 'key', aws_secret_access_key: 'other-secret', default_target_schema: 's' },
  retry_max_seconds: 1,
});

test('a port without TLS is told apart from a certificate that is not trusted', async () => {
  const { code, errors } = await runCli({ config: config() });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(
    `ERROR DESTINATION_TLS: https://127.0.0.1:${port}/data-plane/b/lakehouse/a does not speak TLS (EPROTO). Correct "host" and "port"`,
  );
  expect(errors[0]).not.toContain('tls_ca_file');
  expect(code).toBe(4);
});

test.each([
  ['http', 1],
  ['tls,net', 1],
  ['timer', 0],
  ['', 0],
])('NODE_DEBUG=%s is warned of %i times', async (NODE_DEBUG, times) => {
  const { warnings } = await runCli({
    config: { destination: 'duckdb', duckdb_path: 'x.duckdb' },
    env: { NODE_DEBUG },
  });
  expect(warnings.filter((warning) => warning.includes('NODE_DEBUG'))).toHaveLength(times);
});

test('a promise that nobody awaited ends the run in order, and nothing is left', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unawaited-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const planted = 'setTimeout(()=>Promise.reject(new Error("planted")),1500)';
  const { code, errors, states, stderr } = await runCli({
    config: { destination: 'duckdb', duckdb_path: join(folder, 'x.duckdb'), temp_dir: folder },
    env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(planted)}` },
    input: schemaLine('boats') + recordLines('boats', 1, 10) + stateLine({ boats: 10 }),
    keepInputOpen: true,
  });
  expect(errors).toHaveLength(1);
  expectExample(stderr.slice(stderr.indexOf('ERROR INTERNAL')).trimEnd(), 'INTERNAL');
  expect({ code, states }).toEqual({ code: 1, states: ['{"boats":10}'] });
  expect(await readdir(folder)).toEqual(['x.duckdb']);
});

test('an input that can not be read ends the run with a coded error', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unreadable-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  // standard input that is open for writing only
  const run = `exec "${process.execPath}" "${TARGET}" --destination duckdb --duckdb-path x.duckdb 0> written`;
  const { status, stderr } = spawnSync('sh', ['-c', run], { cwd: folder, encoding: 'utf8' });
  expect(stderr).toContain("ERROR INPUT_UNREADABLE: line 1: the input can't be read: EBADF");
  expect(status).toBe(3);
});
