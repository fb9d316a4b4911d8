// What goes wrong around a run → one line that says what to do, an exit code, and no state that says too much.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ErrorCode, errorCodes } from '../../src/errors/codes.ts';
import { describeLakehouse, type LakehouseDetails, ownGateway } from '../setup/lakehouse.ts';
import { type CliOutcome, runCli, startCli } from '../support/cli.mjs';
import { readDuckdb } from '../support/duckdb-file.ts';
import { lakehouseOptions } from '../support/lakehouse-options.ts';
import { recordLines, schemaLine, stateLine } from '../support/singer-lines.ts';
import { type Lake, openLake } from '../unit/destinations/iomete/lake.ts';

const INPUT = schemaLine('boats') + recordLines('boats', 1, 3) + stateLine({ boats: 3 });
const MEGABYTE = 2 ** 20;

const folder = mkdtempSync(join(tmpdir(), 'target-iomete-faults-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeLakehouse('a run into the lakehouse', (details) => {
  let lake: Lake;
  let prefix: string;
  let config: Record<string, unknown>;

  beforeAll(async () => {
    lake = await openLake(details, 'faults');
    prefix = `${lake.schema}/cli/`;
    config = lakehouseOptions(details, lake.schema, prefix);
    await lake.sql(`CREATE SCHEMA ${lake.schema}`);
  });
  afterAll(async () => {
    expect(await objectsBelow(details, prefix), 'files that are left staged').toEqual([]);
    await lake.close();
  });

  const secrets = () => [details.password, details.s3.secretAccessKey, 'wrong-password', 'wrong-secret'];
  const fails = async (changed: Record<string, unknown>, code: ErrorCode, says: string | RegExp) => {
    const outcome = await runCli({ config: { ...config, ...changed }, input: INPUT });
    expectOneError(outcome, code, says, secrets());
    expect(outcome.states).toEqual([]);
    return outcome;
  };

  test('with a wrong password ends', async () => {
    await fails({ password: 'wrong-password' }, 'DESTINATION_AUTH', details.host);
  });

  test('on the path of no lakehouse ends', async () => {
    await fails({ lakehouse: 'nowhere' }, 'DESTINATION_NOT_FOUND', '/nowhere');
  });

  test('to a certificate that nobody vouches for ends', async () => {
    await fails({ tls_ca_file: null }, 'DESTINATION_TLS', details.host);
  });

  test('to a host that does not exist ends', async () => {
    await fails({ host: 'no-such-host.invalid' }, 'DESTINATION_UNREACHABLE', 'no-such-host.invalid');
  });

  test('to a port where nobody listens ends', async () => {
    const port = await unusedPort();
    await fails({ port }, 'DESTINATION_UNREACHABLE', `:${port}`);
  });

  test('waits for a lakehouse that is starting, and goes on', async () => {
    const { details: own, gateway } = await ownGateway(details);
    try {
      gateway.setMode('starting');
      const run = startCli({ config: { ...config, port: own.port }, input: INPUT });
      await until(() => run.said.stderr.includes('lakehouse is starting'));
      await sleep(2_000);
      expect(run.states()).toEqual([]);
      gateway.setMode('up');
      const outcome = await run.ended;
      expect(outcome).toMatchObject({ code: 0, states: ['{"boats":3}'], errors: [] });
      expectNoSecrets(outcome, secrets());
      expect(await lake.sql(`SELECT count(*) AS n FROM ${lake.schema}.boats`)).toEqual([{ n: '3' }]);
    } finally {
      await gateway.close();
    }
  });

  test('to a lakehouse that does not start in time ends', async () => {
    const { details: own, gateway } = await ownGateway(details);
    try {
      gateway.setMode('starting');
      const outcome = await fails({ port: own.port, startup_wait_seconds: 2 }, 'DESTINATION_STARTING', 'after 2 s');
      expect(outcome.seconds).toBeGreaterThan(2);
    } finally {
      await gateway.close();
    }
  });

  test('that waits for a lakehouse is ended by a signal', async () => {
    const { details: own, gateway } = await ownGateway(details);
    try {
      gateway.setMode('starting');
      const run = startCli({ config: { ...config, port: own.port }, input: INPUT });
      await until(() => run.said.stderr.includes('lakehouse is starting'));
      run.child.kill('SIGTERM');
      expect(await run.ended).toMatchObject({ code: 143, stdout: '', errors: [] });
    } finally {
      await gateway.close();
    }
  });

  test('through a bucket that does not exist ends', async () => {
    await fails({ s3_bucket: 'no-such-bucket' }, 'STAGE_BUCKET_MISSING', 'no-such-bucket');
  });

  test('with a wrong S3 secret ends', async () => {
    await fails({ aws_secret_access_key: 'wrong-secret' }, 'STAGE_AUTH', details.s3.bucket);
  });

  test('into a view of somebody else ends, and leaves it alone', async () => {
    const schema = `${lake.schema}_view`;
    await lake.sql(`CREATE SCHEMA ${schema}`);
    try {
      await lake.sql(`CREATE VIEW ${schema}.boats AS SELECT 7 AS id, 'theirs' AS text`);
      await fails({ default_target_schema: schema }, 'TABLE_IS_VIEW', `${schema}.boats is a view`);
      expect(await lake.sql(`SELECT * FROM ${schema}.boats`)).toEqual([{ id: 7, text: 'theirs' }]);
    } finally {
      await lake.sql(`DROP SCHEMA ${schema} CASCADE`);
    }
  });

  test('into a table that is not of Iceberg ends, and leaves it alone', async () => {
    const schema = `${lake.schema}_parquet`;
    await lake.sql(`CREATE SCHEMA ${schema}`);
    try {
      await lake.sql(`CREATE TABLE ${schema}.boats (id BIGINT, text STRING) USING parquet`);
      await fails({ default_target_schema: schema }, 'TABLE_NOT_ICEBERG', 'parquet');
      expect(await lake.sql(`SELECT * FROM ${schema}.boats`)).toEqual([]);
    } finally {
      await lake.sql(`DROP SCHEMA ${schema} CASCADE`);
    }
  });

  test('of which one stream can’t be loaded still loads and acknowledges what came before', async () => {
    await lake.sql(`CREATE VIEW ${lake.schema}.taken AS SELECT 1 AS id`);
    const run = startCli({ config: { ...config, batch_size_rows: 2 }, keepInputOpen: true });
    run.stdin.write(schemaLine('ships') + recordLines('ships', 1, 2) + stateLine({ ships: 2 }));
    await until(() => run.states().length === 1);
    run.stdin.end(schemaLine('taken') + recordLines('taken', 1, 1) + stateLine({ taken: 1 }));
    const outcome = await run.ended;
    expectOneError(outcome, 'TABLE_IS_VIEW', 'stream "taken"', secrets());
    expect(outcome.states).toEqual(['{"ships":2}']);
    expect(await lake.sql(`SELECT count(*) AS n FROM ${lake.schema}.ships`)).toEqual([{ n: '2' }]);
  });
});

describe('a run into DuckDB', () => {
  const duckdb = (name: string, more: object = {}) => {
    const own = join(folder, name);
    mkdirSync(own, { recursive: true });
    const path = join(own, 'file.duckdb');
    return { path, own, config: { destination: 'duckdb', duckdb_path: path, temp_dir: own, ...more } };
  };

  test('into a file that another process has open ends', async () => {
    const { path, config } = duckdb('busy');
    const script = `const { DuckDBInstance } = await import('@duckdb/node-api');
      await DuckDBInstance.create(${JSON.stringify(path)}); console.log('open'); setInterval(() => {}, 1000)`;
    const other = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: import.meta.dirname });
    try {
      await once(other.stdout, 'data');
      const outcome = await runCli({ config, input: INPUT });
      expectOneError(outcome, 'DESTINATION_BUSY', path, []);
      expect(outcome.states).toEqual([]);
    } finally {
      other.kill();
    }
  });

  test('into a folder that does not exist ends', async () => {
    const { config } = duckdb('missing', { duckdb_path: join(folder, 'nowhere', 'file.duckdb') });
    const fix = 'Make the folder, or correct "duckdb_path"';
    expectOneError(await runCli({ config, input: INPUT }), 'DESTINATION_FILE', 'nowhere', [], fix);
  });

  test('staged in a folder that does not exist ends', async () => {
    const { config } = duckdb('unstaged', { temp_dir: join(folder, 'nowhere') });
    const fix = 'Make the folder that "temp_dir" names, or name another';
    expectOneError(await runCli({ config, input: INPUT }), 'STAGE_FAILED', 'nowhere', [], fix);
  });

  test('whose states nobody reads loads everything and says so', async () => {
    const { path, config } = duckdb('unread');
    const run = startCli({ config, input: INPUT, keepInputOpen: true });
    run.child.stdout?.destroy();
    run.stdin.end();
    expectOneError(await run.ended, 'STATE_NOT_WRITTEN', 'EPIPE', []);
    expect(await countIn(path, 'boats')).toBe(3);
  });

  const disk = smallDisk();
  afterAll(() => disk.remove());

  test.runIf(disk.path)(`staged on a disk that gets full keeps what was loaded before${disk.why}`, async () => {
    const { path, config } = duckdb('staged-full', { temp_dir: disk.path, batch_size_rows: 10 });
    const outcome = await runFull(config);
    expectOneError(outcome, 'STAGE_DISK_FULL', disk.path!, []);
    expect(outcome.states).toEqual(['{"boats":10}']);
    expect(await countIn(path, 'boats')).toBe(10);
    expect(readdirSync(disk.path!)).toEqual([]);
  });

  test.runIf(disk.path)(`into a file on a disk that gets full keeps what was loaded before${disk.why}`, async () => {
    const path = join(disk.path!, 'file.duckdb');
    const { config } = duckdb('file-full', { duckdb_path: path, batch_size_rows: 10 });
    const outcome = await runFull(config);
    expectOneError(outcome, 'STAGE_DISK_FULL', /file\.duckdb|No space left/, []);
    expect(outcome.states).toEqual(['{"boats":10}']);
  });

  /** Ten small rows that are loaded, and then ten of a megabyte each, in a process that reads on. */
  async function runFull(config: object): Promise<CliOutcome> {
    const run = startCli({ config, keepInputOpen: true });
    run.stdin.write(schemaLine('boats') + recordLines('boats', 1, 10) + stateLine({ boats: 10 }));
    await until(() => run.states().length === 1);
    run.stdin.end(recordLines('boats', 11, 20, 'x'.repeat(MEGABYTE)) + stateLine({ boats: 20 }));
    return run.ended;
  }
});

function expectOneError(
  outcome: CliOutcome,
  code: ErrorCode,
  says: string | RegExp,
  secrets: readonly string[],
  fix: string = errorCodes[code].fix,
): void {
  const { stderr, errors } = outcome;
  expect(errors, stderr).toHaveLength(1);
  expect(errors[0]).toContain(` ERROR ${code}: `);
  expect(errors[0]).toMatch(says);
  expect(errors[0], 'what to do').toContain(fix);
  expect(outcome.code).toBe(errorCodes[code].exitCode);
  // each line of the log begins with its time: a stack or a warning of Node.js itself would not
  expect(stderr.split('\n').filter((line) => line !== '' && !/^\d{4}-\d\d-\d\dT[\d:.]+Z [A-Z]+ /.test(line))).toEqual(
    [],
  );
  expectNoSecrets(outcome, secrets);
}

function expectNoSecrets({ stdout, stderr }: CliOutcome, secrets: readonly string[]): void {
  for (const secret of secrets) {
    const encoded = Buffer.from(`:${secret}`).toString('base64').slice(2, -4);
    expect(stdout + stderr).not.toContain(secret);
    expect(stdout + stderr).not.toContain(encoded);
  }
}

async function objectsBelow({ s3 }: LakehouseDetails, prefix: string): Promise<readonly unknown[]> {
  const client = new S3Client({ endpoint: s3.endpoint, region: s3.region, credentials: s3, forcePathStyle: true });
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: prefix }));
  client.destroy();
  return Contents.map(({ Key }) => Key);
}

async function countIn(path: string, table: string): Promise<number> {
  const [row] = (await readDuckdb(path, `SELECT count(*)::INTEGER FROM ${table}`)).getRows();
  return Number(row?.[0]);
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; !condition(); await sleep(20))
    if (Date.now() > deadline) throw new Error(`waited in vain for ${condition}`);
}

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Four megabytes. Only root may mount: without, the tests that need it are skipped, and their names say why. */
function smallDisk(): { readonly path: string | undefined; readonly why: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'target-iomete-small-disk-'));
  const remove = () => rmSync(path, { recursive: true, force: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', path], { stdio: 'pipe' });
  } catch {
    remove();
    return { path: undefined, why: ' [no disk: mounting a tmpfs needs root]', remove: () => {} };
  }
  return {
    path,
    why: '',
    remove: () => {
      execFileSync('umount', [path]);
      remove();
    },
  };
}
