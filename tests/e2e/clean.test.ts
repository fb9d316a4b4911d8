// `target-iomete clean` after runs that were killed, beside others that are alive.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shortRunId } from '../../src/stage/run-id.ts';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { type RunningCli, runCli, startCli } from '../support/cli.mjs';
import { inDuckdb, readDuckdb } from '../support/duckdb-file.ts';
import { lakehouseOptions } from '../support/lakehouse-options.ts';
import { recordLines, schemaLine, stateLine } from '../support/singer-lines.ts';
import { type Lake, openLake } from '../unit/destinations/iomete/lake.ts';

/** Of runs that stay alive while others are cleaned up. */
const PATIENCE_MS = 500_000;

const folder = mkdtempSync(join(tmpdir(), 'target-iomete-clean-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `clean`'s answer, line by line, without the summary. */
async function clean(config: object, ...args: readonly string[]) {
  const { code, stdout, stderr } = await runCli({ config, args: ['clean', ...args] });
  const lines = stdout.split('\n').slice(0, -1);
  const of = (kind: string) => lines.filter((line) => line.startsWith(`${kind}: `)).sort();
  const [found, removed, skipped] = [of('found'), of('removed'), of('skipped')];
  return { code, stderr, found, removed, skipped, failed: of('NOT removed'), summary: lines.at(-1) };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 240_000; !(await condition()); await sleep(50))
    if (Date.now() > deadline) throw new Error(`waited in vain for ${condition}`);
}

async function killed(run: RunningCli): Promise<void> {
  run.child.kill('SIGKILL');
  await run.ended.catch(() => {});
}

describe('clean, where runs load into DuckDB', () => {
  let number = 0;
  const place = () => {
    const own = join(folder, String(number++));
    const stage = join(own, 'stage');
    mkdirSync(stage, { recursive: true });
    const config = (name: string, more: object = {}) => ({
      destination: 'duckdb',
      duckdb_path: join(own, `${name}.duckdb`),
      temp_dir: stage,
      // there from its first row on, where a row group of Parquet is written when it is full
      stage_format: 'csv',
      ...more,
    });
    const names = () => readdirSync(stage, { recursive: true }).map(String).sort();
    return { own, stage, config, names };
  };
  /** Has staged a file that nothing closes. */
  const started = async (config: { readonly temp_dir: string }) => {
    const before = new Set(readdirSync(config.temp_dir));
    const run = startCli({ config: { workers: 0, ...config }, keepInputOpen: true, patienceMs: PATIENCE_MS });
    run.stdin.write(schemaLine('boats') + recordLines('boats', 1, 3));
    const runFolder = () => readdirSync(config.temp_dir).find((name) => !before.has(name)) ?? '';
    await until(
      () =>
        runFolder() !== '' && readdirSync(join(config.temp_dir, runFolder())).some((name) => name.startsWith('boats-')),
    );
    return { run, folder: runFolder() };
  };

  test('finds what a killed run has left, removes it when told so, and spares all others’', async () => {
    const { own, stage, config, names } = place();
    mkdirSync(join(own, 'elsewhere'));
    const dead = await started(config('dead'));
    await killed(dead.run);
    const alive = await started(config('alive'));
    const kept = await started(config('kept', { keep_staged_files: true }));
    await killed(kept.run);
    const spill = `duckdb-spill-${shortRunId(dead.folder.slice(0, -7))}`;
    mkdirSync(join(stage, spill));
    writeFileSync(join(stage, spill, 'duckdb_temp_storage_DEFAULT-0.tmp'), 'x');
    // as earlier versions had it above, and as it is now
    for (const run of [dead, kept]) {
      mkdirSync(join(stage, run.folder, 'spill'));
      writeFileSync(join(stage, run.folder, 'spill', 'duckdb_temp_storage_DEFAULT-0.tmp'), 'x');
    }
    // what is not recognisably ours
    const foreign = [
      'duckdb-spill-0123456789ab',
      '20240101T000000Z-mine',
      'archive-20240101T000000Z-9f2c41d0-abcdef',
      'dead-letters-20240101T000000Z-9f2c41d0-abcdef',
    ];
    for (const name of foreign) {
      mkdirSync(join(stage, name));
      writeFileSync(join(stage, name, 'orders-1-9f2c41d07a3b.csv'), 'x');
    }
    writeFileSync(join(stage, dead.folder, 'notes.txt'), 'mine');
    symlinkSync(join(own, 'elsewhere'), join(stage, dead.folder, 'orders-9-9f2c41d07a3b.csv'));
    symlinkSync(join(own, 'elsewhere'), join(stage, '20240101T000000Z-9f2c41d0-abcdef'));
    const before = names();

    const listed = await clean(config('dead'));
    expect(listed).toMatchObject({
      code: 0,
      stderr: '',
      removed: [],
      summary: '6 found; 3 skipped. To remove what was found, run the same command with --remove',
    });
    for (const thing of [
      /heartbeat .*\/kept-.*\/heartbeat \(run /,
      new RegExp(`heartbeat ${join(stage, dead.folder, 'heartbeat')} \\(run ${dead.folder.slice(0, -7)}\\)`),
      /staged file .*\/boats-\d+-[0-9a-f]{12}\.csv \(\d+ bytes, run /,
      new RegExp(`temporary files of DuckDB ${join(stage, spill)} `),
      new RegExp(`temporary files of DuckDB ${join(stage, dead.folder, 'spill')} `),
      new RegExp(`temporary files of DuckDB ${join(stage, kept.folder, 'spill')} `),
    ])
      expect(listed.found).toContainEqual(expect.stringMatching(thing));
    expect(listed.skipped.join('\n')).toContain(`run ${alive.folder.slice(0, -7)}: it is alive`);
    expect(names()).toEqual(before);

    const removed = await clean(config('dead'), '--remove');
    expect(removed).toMatchObject({ code: 0, stderr: '', found: [], failed: [], summary: '6 of 6 removed; 3 skipped' });
    expect(before.filter((name) => !names().includes(name))).toEqual(
      expect.arrayContaining([spill, ...['spill', 'heartbeat'].map((name) => join(dead.folder, name))]),
    );
    const stays = names().map((name) => name.split('/')[0]);
    for (const name of [...foreign, dead.folder, kept.folder, alive.folder]) expect(stays).toContain(name);
    expect(names()).toContain(join(dead.folder, 'notes.txt'));
    expect(names().filter((name) => name.startsWith(kept.folder) && name.endsWith('.csv'))).toHaveLength(1);
    expect(names().filter((name) => name.startsWith(alive.folder))).toHaveLength(3);

    alive.run.stdin.end(stateLine({ boats: 3 }));
    expect(await alive.run.ended).toMatchObject({ code: 0, states: ['{"boats":3}'] });
    expect(names().filter((name) => name.startsWith(alive.folder))).toEqual([]);
  });

  test('finds the new rows of an overwrite, and leaves a file alone that a run has open', async () => {
    const { own, config, names } = place();
    const overwrite = config('file', { load_method: 'overwrite', batch_size_rows: 2 });
    const path = overwrite.duckdb_path;
    expect(
      await runCli({ config: config('file'), input: schemaLine('boats') + recordLines('boats', 1, 3) }),
    ).toMatchObject({ code: 0 });
    const run = startCli({ config: overwrite, keepInputOpen: true });
    run.stdin.write(schemaLine('boats') + recordLines('boats', 1, 5));
    // the staging table has come to be, in a transaction of its own
    await until(() => readdirSync(own).includes('file.duckdb.wal') && statSync(`${path}.wal`).size > 0);
    const busy = await clean(overwrite, '--remove');
    expect(busy).toMatchObject({ code: 0, removed: [] });
    expect(busy.skipped).toEqual([
      `skipped: ${path}: another process has it open`,
      expect.stringMatching(/^skipped: run \S+: it is alive$/),
    ]);
    await killed(run);

    expect((await clean(overwrite)).found.join('\n')).toMatch(
      /found: staging table main\.boats__overwrite_[0-9a-f]{12} in .*file\.duckdb/,
    );
    expect(await tablesIn(path)).toHaveLength(2);
    expect(await clean(overwrite, '--remove')).toMatchObject({ code: 0, stderr: '', failed: [], skipped: [] });
    expect(await tablesIn(path)).toEqual([['boats', 3n]]);
    expect(names()).toEqual([]);
    expect(await clean(overwrite, '--remove')).toMatchObject({ code: 0, summary: '0 of 0 removed' });
    expect(await clean(overwrite)).toMatchObject({ code: 0, summary: 'nothing found that an earlier run has left' });
  });

  test('leaves a table alone that has the name of a staging table and is none', async () => {
    const { config } = place();
    const own = config('named');
    const path = own.duckdb_path;
    const input = schemaLine('boats') + recordLines('boats', 1, 3);
    expect(await runCli({ config: own, input })).toMatchObject({ code: 0 });
    await inDuckdb(path, 'CREATE TABLE main.boats__overwrite_ffffffffffff AS SELECT 1 AS id');
    const skipped = [
      expect.stringMatching(/^skipped: main\.boats__overwrite_f{12} in .*no mark of one.*drop it yourself$/),
    ];
    expect(await clean(own)).toMatchObject({ code: 0, found: [], skipped });
    expect(await clean(own, '--remove')).toMatchObject({ code: 0, removed: [], skipped });
    expect(await runCli({ config: { ...own, load_method: 'overwrite' }, input: input + stateLine({}) })).toMatchObject({
      code: 0,
    });
    expect((await tablesIn(path)).map(([table]) => table)).toEqual(['boats', 'boats__overwrite_ffffffffffff']);
  });

  test('a stream that is called like a staging table keeps its rows when the other stream is overwritten', async () => {
    const { config } = place();
    const own = config('called');
    const called = 'boats__overwrite_0123456789ab';
    const load = (stream: string, count: number, more = {}) =>
      runCli({
        config: { ...own, ...more },
        input: schemaLine(stream) + recordLines(stream, 1, count) + stateLine({}),
      });
    expect(await load(called, 5)).toMatchObject({ code: 0 });
    expect(await load('boats', 3, { load_method: 'overwrite' })).toMatchObject({ code: 0 });
    expect(await clean(own, '--remove')).toMatchObject({ code: 0, removed: [], skipped: [] });
    expect(await tablesIn(own.duckdb_path)).toEqual([
      ['boats', 3n],
      [expect.stringMatching(/^boats__overwrite_0123456789ab_[0-9a-f]{8}$/), 5n],
    ]);
  });

  test('takes a run without a heartbeat for alive as long as its files are young', async () => {
    const { stage, config, names } = place();
    const own = join(stage, '20240101T000000Z-9f2c41d0-abcdef');
    mkdirSync(own);
    const file = join(own, 'orders-1-9f2c41d07a3b.csv.gz');
    writeFileSync(file, 'x');
    expect(await clean(config('none'), '--remove')).toMatchObject({ code: 0, removed: [] });
    const old = Date.now() / 1000 - 660;
    utimesSync(file, old, old);
    expect(await clean(config('none'), '--remove')).toMatchObject({ removed: [] });
    utimesSync(own, old, old);
    expect(await clean(config('none'), '--remove')).toMatchObject({ code: 0, summary: '2 of 2 removed' });
    expect(names()).toEqual([]);
  });

  test('says what it could not remove, and ends with an error', async () => {
    const { stage, config } = place();
    const dead = await started(config('dead'));
    await killed(dead.run);
    // a folder where the file was: unlink refuses it, root or not
    const { mkdir, readdir, unlink } = await import('node:fs/promises');
    const [name] = (await readdir(join(stage, dead.folder))).filter((file) => file.endsWith('.csv'));
    await unlink(join(stage, dead.folder, name!));
    await mkdir(join(stage, dead.folder, name!, 'x'), { recursive: true });
    const answer = await clean(config('dead'), '--remove');
    expect(answer.skipped).toEqual([`skipped: ${join(stage, dead.folder, name!)}: no run gives such a name`]);
    const nowhere = await clean(config('dead', { temp_dir: join(stage, 'nowhere') }), '--remove');
    expect(nowhere.code).toBe(6);
    expect(nowhere.stderr).toContain('STAGE_FAILED');
  });

  async function tablesIn(path: string): Promise<unknown[][]> {
    return (await readDuckdb(path, 'SELECT table_name, estimated_size FROM duckdb_tables() ORDER BY 1')).getRows();
  }
});

describeLakehouse('clean, where runs load into a lakehouse', (details) => {
  const prefix = `clean-test-${randomBytes(4).toString('hex')}/`;
  let lake: Lake;
  let s3: S3;
  const Bucket = details.s3.bucket;
  beforeAll(async () => {
    lake = await openLake(details, 'clean');
    const { endpoint, region, ...credentials } = details.s3;
    s3 = new S3({ endpoint, region, credentials, forcePathStyle: true });
  });
  afterAll(async () => {
    s3?.destroy();
    await lake?.close();
  });
  const keys = async () => ((await s3.listObjectsV2({ Bucket, Prefix: prefix })).Contents ?? []).map(({ Key }) => Key!);
  const uploads = async () =>
    ((await s3.listMultipartUploads({ Bucket, Prefix: prefix })).Uploads ?? []).map(({ Key }) => Key!);
  const stagingTables = async () =>
    (await lake.sql(`SHOW TABLES IN ${lake.schema}`))
      .map(({ tableName }) => String(tableName))
      .filter((name) => name.includes('__overwrite_'));
  const config = () => ({
    ...lakehouseOptions(details, lake.schema, prefix),
    load_method: 'overwrite',
    batch_size_rows: 2,
  });
  /** Its staging table has come to be, and a file is staged that nothing reads. */
  const started = async (stream: string) => {
    const run = startCli({ config: config(), keepInputOpen: true, patienceMs: PATIENCE_MS });
    const before = await keys();
    run.stdin.write(schemaLine(stream) + recordLines(stream, 1, 4));
    await until(async () => (await stagingTables()).some((name) => name.startsWith(stream)));
    const beat = (await keys()).find((key) => key.endsWith('/heartbeat') && !before.includes(key))!;
    return { run, runId: beat.slice(prefix.length).split('/')[0]! };
  };

  test('finds files, uploads, staging tables and branches of killed runs, and spares those of runs that are alive', async () => {
    const plain = { ...config(), load_method: 'upsert' };
    const first = schemaLine('boats') + recordLines('boats', 1, 3);
    expect(await runCli({ config: plain, input: first })).toMatchObject({ code: 0 });
    const dead = await started('boats');
    await killed(dead.run);
    const alive = await started('ships');
    const branches = [`target_overwrite_${shortRunId(dead.runId)}_0`, `target_load_${shortRunId(dead.runId)}_3_1`];
    const live = `target_load_${shortRunId(alive.runId)}_0_1`;
    for (const name of [...branches, 'mine', live])
      await lake.sql(`ALTER TABLE ${lake.schema}.boats CREATE BRANCH ${name}`);
    const staged = `${prefix}${dead.runId}/boats-7-9f2c41d07a3b.csv.gz`;
    await s3.putObject({ Bucket, Key: staged, Body: 'x' });
    await s3.createMultipartUpload({ Bucket, Key: `${prefix}${dead.runId}/boats-8-9f2c41d07a3b.csv.gz` });
    const liveUpload = `${prefix}${alive.runId}/ships-8-9f2c41d07a3b.csv.gz`;
    await s3.createMultipartUpload({ Bucket, Key: liveUpload });
    const foreign = [
      `${prefix}data.csv`,
      `${prefix}${dead.runId}/mine.csv`,
      `${prefix}${dead.runId}/deeper/boats-7-9f2c41d07a3b.csv.gz`,
      `${prefix}dead-letters-${dead.runId}/boats-1-9f2c41d07a3b.jsonl.gz`,
      `${prefix}2024/boats-1-9f2c41d07a3b.csv.gz`,
    ];
    for (const Key of foreign) await s3.putObject({ Bucket, Key, Body: 'x' });
    await lake.sql(`CREATE TABLE ${lake.schema}.tanks__overwrite_0123456789ab (id BIGINT) USING iceberg`);
    const unmarked = `tanks__overwrite_${shortRunId(dead.runId)}`;
    await lake.sql(`CREATE TABLE ${lake.schema}.${unmarked} (id BIGINT) USING iceberg`);

    // the run that is alive loads, and removes, its own meanwhile
    const others = async () => (await keys()).filter((key) => !key.includes(`/${alive.runId}/`));
    const before = { keys: await others(), tables: await stagingTables() };
    const listed = await clean(config());
    expect(listed).toMatchObject({ code: 0, stderr: '', removed: [] });
    for (const thing of [
      ...branches.map((branch) => `branch spark_catalog.${lake.schema}.boats, branch ${branch}`),
      `staging table spark_catalog.${lake.schema}.boats__overwrite_${shortRunId(dead.runId)}`,
      `staged file s3://${Bucket}/${staged}`,
      `unfinished upload s3://${Bucket}/${prefix}${dead.runId}/boats-8-`,
      `heartbeat s3://${Bucket}/${prefix}${dead.runId}/heartbeat`,
    ])
      expect(listed.found.join('\n')).toContain(thing);
    expect(listed.found.join('\n')).not.toContain(alive.runId);
    expect(listed.skipped.join('\n')).toContain(`run ${alive.runId}: it is alive`);
    expect(listed.skipped.join('\n')).toContain(`${lake.schema}.${unmarked}: it has the name of a staging table`);
    expect({ keys: await others(), tables: await stagingTables() }).toEqual(before);

    const removed = await clean(config(), '--remove');
    expect(removed).toMatchObject({ code: 0, stderr: '', failed: [] });
    expect(removed.removed.map((line) => line.replace('removed', 'found'))).toEqual(listed.found);
    const left = await keys();
    for (const key of foreign) expect(left).toContain(key);
    expect(left.filter((key) => key.includes(`/${dead.runId}/`)).sort()).toEqual(foreign.slice(1, 3).sort());
    expect(left).toContain(`${prefix}${alive.runId}/heartbeat`);
    expect(await uploads()).toEqual([liveUpload]);
    expect((await stagingTables()).sort()).toEqual(
      [`ships__overwrite_${shortRunId(alive.runId)}`, 'tanks__overwrite_0123456789ab', unmarked].sort(),
    );
    const refs = await lake.sql(`SELECT name FROM ${lake.schema}.boats.refs`);
    expect(refs.map(({ name }) => name).sort()).toEqual(['main', 'mine', live].sort());

    alive.run.stdin.end(stateLine({ ships: 4 }));
    expect(await alive.run.ended).toMatchObject({ code: 0, states: ['{"ships":4}'] });
    expect(await lake.sql(`SELECT count(*) AS n FROM ${lake.schema}.ships`)).toEqual([{ n: '4' }]);
    expect((await keys()).filter((key) => key.includes(`/${alive.runId}/`))).toEqual([]);
  }, 600_000);

  test('tells the age of a heartbeat by the clock of the store', async () => {
    const runId = '20240101T000000Z-9f2c41d0';
    const Key = `${prefix}${runId}/heartbeat`;
    await s3.putObject({ Bucket, Key, Body: '{"machine":"elsewhere","pid":1}' });
    expect((await clean(config())).skipped.join('\n')).toContain(`run ${runId}: it is alive`);
    await s3.deleteObject({ Bucket, Key });
  });

  test('ends with the stage’s own error where it may not look', async () => {
    const answer = await clean({ ...config(), aws_secret_access_key: 'wrong-secret' });
    expect(answer.code).toBe(6);
    expect(answer.stderr).toContain('STAGE_AUTH');
    expect(answer.stderr).not.toContain('wrong-secret');
  });
});
