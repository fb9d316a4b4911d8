// What a run needs, proved step by step, in a DuckDB file and in the lakehouse; and what is left of that: nothing.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type CheckedStep, check } from '../../../src/commands/check.ts';
import { loadConfig, parseArguments } from '../../../src/config/index.ts';
import { describeLakehouse, ownGateway } from '../../setup/lakehouse.ts';
import { inDuckdb, readDuckdb } from '../../support/duckdb-file.ts';
import { lakehouseOptions } from '../../support/lakehouse-options.ts';
import { openLake } from '../destinations/iomete/lake.ts';

vi.setConfig({ testTimeout: 200_000 });

let folder: string;
let file: string;
let stage: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-'));
  file = join(folder, 'shop.duckdb');
  stage = join(folder, 'stage');
  await mkdir(stage);
});
afterEach(() => rm(folder, { recursive: true }));

/** @returns each step with its error's code, and whether all is well */
async function checked(options: Readonly<Record<string, unknown>>) {
  const config = join(folder, 'config.json');
  await writeFile(config, JSON.stringify(options), { mode: 0o600 });
  const resolved = await loadConfig(await parseArguments(['--config', config]), {});
  const steps: CheckedStep[] = [];
  const isWell = await check(resolved.options, {
    tell: (step) => steps.push(step),
    log: { info: () => {}, warn: () => {} },
  });
  const told = steps.map(({ name, error }) => (error ? `${name}: ${error.code}` : name));
  return { told, isWell, error: steps.find((step) => step.error)?.error };
}

const inFile = () => ({ destination: 'duckdb', duckdb_path: file, temp_dir: stage });
const loads = (schema: string) => [
  `make a table in ${schema}`,
  'load a row into the table',
  'add a column to the table',
  'update the row by its key',
];
const connects = 'connect to the destination';
const removes = 'remove what the check has made';

/** A process that has the file open by now. */
async function otherProcess(path: string): Promise<void> {
  const script = `import { DuckDBInstance } from '@duckdb/node-api';
    await DuckDBInstance.create(${JSON.stringify(path)});
    console.log('open');
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script]);
  onTestFinished(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
}

describe('a check of a DuckDB file', () => {
  it('tries each schema, and leaves no file where there was none', async () => {
    const mapping = { public: { target_schema: 'crm' } };
    const { told, isWell } = await checked({ ...inFile(), default_target_schema: 'main', schema_mapping: mapping });
    expect(told).toEqual([connects, ...loads('main'), ...loads('crm'), removes]);
    expect(isWell).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'stage']);
    expect(await readdir(stage)).toEqual([]);
  });

  it('leaves a file that is there as it was', async () => {
    await inDuckdb(file, 'CREATE TABLE a AS FROM range(3)');
    expect((await checked({ ...inFile(), default_target_schema: 'crm' })).isWell).toBe(true);
    const schemas =
      "SELECT schema_name FROM duckdb_schemas() WHERE database_name = 'shop' AND schema_name IN ('main', 'crm')";
    const found = await readDuckdb(
      file,
      `SELECT s.schema_name, table_name FROM (${schemas}) s LEFT JOIN duckdb_tables() t ON t.schema_name = s.schema_name`,
    );
    expect(found.getRows().map(String)).toEqual(['main,a']);
  });

  it.each([
    ['a folder in the place of the file', { duckdb_path: '' }, connects, 'DESTINATION_FILE'],
    ['no folder for the file', { duckdb_path: 'missing/shop.duckdb' }, connects, 'DESTINATION_FILE'],
    ['no folder for staged files', { temp_dir: 'missing' }, connects, 'STAGE_FAILED'],
  ])('names the step that fails: %s', async (_, broken, step, code) => {
    const paths = Object.fromEntries(Object.entries(broken).map(([name, path]) => [name, join(folder, path)]));
    const { told, isWell } = await checked({ ...inFile(), ...paths });
    expect(told[0]).toBe(`${step}: ${code}`);
    expect(isWell).toBe(false);
  });

  it('names the step that fails: another process has the file open', async () => {
    await otherProcess(file);
    expect((await checked(inFile())).told).toEqual([`${connects}: DESTINATION_BUSY`]);
  });

  it('names the step that fails: a full disk', async ({ skip }) => {
    const full = join(folder, 'full');
    await mkdir(full);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', full], { stdio: 'ignore' });
    } catch {
      skip('needs the right to mount a tmpfs');
    }
    try {
      await writeFile(join(full, 'filler'), Buffer.alloc(60 * 1024));
      const { told, error } = await checked({ ...inFile(), temp_dir: full, stage_format: 'csv' });
      expect(told).toEqual([`${connects}: STAGE_DISK_FULL`]);
      expect(error?.message).toContain(full);
    } finally {
      execFileSync('umount', [full]);
    }
  });

  it('takes no contract for the check, which is about the tables of streams', async () => {
    const { told, isWell } = await checked({ ...inFile(), schema_contract: 'freeze' });
    expect(told).toEqual([connects, ...loads('main'), removes]);
    expect(isWell).toBe(true);
  });
});

describeLakehouse('a check of the lakehouse', (details) => {
  const proofs = [
    'find AWS credentials',
    'write to the stage',
    'list the stage',
    'read from the stage',
    'delete from the stage',
  ];

  const keysBelow = async (prefix: string) => {
    const { s3 } = details;
    const client = new S3Client({ endpoint: s3.endpoint, region: s3.region, forcePathStyle: true, credentials: s3 });
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: prefix }));
    client.destroy();
    return Contents.map(({ Key }) => Key);
  };

  it('tries the stage, the connection and each schema, and leaves nothing', async () => {
    const lake = await openLake(details, 'check');
    try {
      const { told, isWell } = await checked(lakehouseOptions(details, lake.schema, `${lake.schema}/`));
      expect(told).toEqual([...proofs, connects, ...loads(lake.schema), removes]);
      expect(isWell).toBe(true);
      expect(await lake.sql(`SHOW SCHEMAS LIKE '${lake.schema}'`)).toEqual([]);
      expect(await keysBelow(`${lake.schema}/`)).toEqual([]);
    } finally {
      await lake.close();
    }
  });

  it.each([
    ['a wrong secret', { aws_secret_access_key: 'wrong' }, 'write to the stage: STAGE_AUTH'],
    ['a wrong bucket', { s3_bucket: 'no-such-bucket' }, 'write to the stage: STAGE_BUCKET_MISSING'],
    ['a wrong password', { password: 'wrong' }, `${connects}: DESTINATION_AUTH`],
    ['a wrong lakehouse', { data_plane: 'wrong' }, `${connects}: DESTINATION_NOT_FOUND`],
    ['a port that nobody listens at', { port: 9 }, `${connects}: DESTINATION_UNREACHABLE`],
    ['an authority that is not the server’s', { tls_ca_file: undefined }, `${connects}: DESTINATION_TLS`],
    ['a catalog that is not there', { catalog: 'nowhere' }, `${connects}: `],
  ])('names the step that fails: %s', async (_, broken, failing) => {
    const options = { ...lakehouseOptions(details, 'check_fails', 'check_fails/'), retry_max_seconds: 1, ...broken };
    const { told, isWell } = await checked(options);
    expect(isWell).toBe(false);
    expect(told.at(-1)).toContain(failing);
  });

  const forbidden =
    'org.apache.hadoop.security.AccessControlException: Permission denied: user [loader] does not have [ALTER] privilege';

  it.each([
    ['to create a table', 'CREATE TABLE', (schema: string) => `make a table in ${schema}`],
    ['to write into a table', '(INSERT|MERGE) INTO', () => 'load a row into the table'],
    ['to alter a table', 'ALTER TABLE .* ADD COLUMN', () => 'add a column to the table'],
  ])('names the step that fails: no right %s', async (_, pattern, failing) => {
    const lake = await openLake(details, 'check_rights');
    const { details: own, gateway } = await ownGateway(details);
    try {
      gateway.cut({ pattern: `ExecuteStatement.*${pattern}`, when: 'refused', reason: forbidden, count: 20 });
      const { told, error, isWell } = await checked(lakehouseOptions(own, lake.schema, `${lake.schema}/`));
      expect(isWell).toBe(false);
      expect(told).toContain(`${failing(lake.schema)}: TABLE_FORBIDDEN`);
      expect(error?.message).toContain('does not have [ALTER] privilege');
    } finally {
      await gateway.close();
      await lake.close();
    }
  });

  it('names the step that fails: a lakehouse that is starting', async () => {
    const { details: own, gateway } = await ownGateway(details);
    try {
      gateway.setMode('starting');
      const options = { ...lakehouseOptions(own, 'check_fails', 'check_fails/'), startup_wait_seconds: 1 };
      const { told, error } = await checked(options);
      expect(told.at(-1)).toBe(`${connects}: DESTINATION_STARTING`);
      expect(error?.message).toMatch(/is not ready after 1 s: it is stopped, or still starting$/);
    } finally {
      await gateway.close();
    }
  });

  it('names the step that fails: a stage that the lakehouse can not read', async () => {
    const lake = await openLake(details, 'check_stage');
    try {
      const options = { ...lakehouseOptions(details, lake.schema, `${lake.schema}/`), s3_uri_scheme: 's3' };
      const { told, error } = await checked(options);
      expect(told.at(-2)).toBe('load a row into the table: LOAD_FAILED');
      expect(error?.message).toMatch(
        /^the lakehouse can't read the stage s3:.*no file system for this kind of address$/,
      );
      expect(error?.context.fix).toMatch(/^Let the lakehouse read "s3_bucket" .*"s3_uri_scheme"/);
    } finally {
      await lake.close();
    }
  });
});
