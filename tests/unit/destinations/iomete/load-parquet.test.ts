// Parquet files of others on S3, loaded by Spark.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sparkParquetDialect } from '../../../../src/destinations/iomete/parquet-dialect.ts';
import { describeFile } from '../../../../src/destinations/iomete/parquet-files.ts';
import { parquetSource } from '../../../../src/destinations/sql/parquet-source.ts';
import { describeLakehouse } from '../../../setup/lakehouse.ts';
import { keptValues, refusedValues } from '../parquet-cases.ts';
import { parquetLoad, plainTime, versionOfProperties, writeParquet } from '../parquet-files.ts';
import { type Lake, openLake } from './lake.ts';

// Each test is several statements, and tests of other files may be at Spark, too.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

describeLakehouse('Parquet files in the lakehouse', (details) => {
  let lake: Lake;
  let folder: string;
  let store: S3Client;
  beforeAll(async () => {
    lake = await openLake(details, 'parquet');
    folder = await mkdtemp(join(tmpdir(), 'target-parquet-'));
    const { s3 } = details;
    store = new S3Client({ endpoint: s3.endpoint, region: s3.region, forcePathStyle: true, credentials: s3 });
  });
  afterAll(async () => {
    await lake.close();
    store.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  async function put(key: string, body: Uint8Array | string): Promise<string> {
    const Key = `${lake.schema}/${key}`;
    await store.send(new PutObjectCommand({ Bucket: details.s3.bucket, Key, Body: body }));
    return `s3a://${details.s3.bucket}/${Key}`;
  }
  let files = 0;
  async function fileOf(query: string, key = `dt=1/tap--${files++}=1 ä%20.parquet`): Promise<string> {
    const path = join(folder, `${files++}.parquet`);
    await writeParquet(path, query);
    return put(key, await readFile(path));
  }

  test('values arrive as the file has them', async () => {
    const version = versionOfProperties(
      Object.fromEntries(keptValues.map(({ type }, i) => [`v${i}`, type])),
      lake.schema,
      'kept',
    );
    const path = await fileOf(`SELECT ${keptValues.map(({ value }, i) => `${value} AS v${i}`)}`);
    const loader = lake.destination.openTable('kept');
    await loader.prepare(version);
    expect(await loader.loadParquet(parquetLoad(version, path))).toEqual({
      rows: 1,
      hasDeletes: false,
      discarded: new Map(),
      inexact: new Map(),
      deduplicated: 0,
      deleted: 0,
    });
    await loader.close();
    const columns = keptValues.map((_, i) => `CAST(v${i} AS STRING) AS v${i}`).join(', ');
    const [found] = await lake.sql(`SELECT ${columns} FROM ${lake.schema}.kept`);
    const named = (value: (i: number) => unknown) =>
      Object.fromEntries(keptValues.map(({ what }, i) => [what, value(i)]));
    expect(named((i) => (found![`v${i}`] === null ? null : plainTime(String(found![`v${i}`]))))).toEqual(
      named((i) => keptValues[i]!.inSpark ?? keptValues[i]!.expected),
    );
  });

  test('rows of several files with other columns are merged in their order', async () => {
    const properties = { id: { type: 'integer' }, name: { type: 'string' }, n: { type: 'integer' } };
    const version = versionOfProperties(properties, lake.schema, 'merged');
    const first = await fileOf("SELECT * FROM (VALUES (1, 'a', 1), (2, 'b', 2), (2, 'c', 3)) t(id, name, n)");
    const second = await fileOf('SELECT \'d\' AS "NAME", 1::DOUBLE AS "ID", 7 AS extra');
    const loader = lake.destination.openTable('merged');
    await loader.prepare(version);
    expect(await loader.loadParquet(parquetLoad(version, first, second))).toEqual({
      rows: 4,
      hasDeletes: false,
      discarded: new Map(),
      inexact: new Map(),
      deduplicated: 2,
      deleted: 0,
    });
    const rows = () => lake.sql(`SELECT id, name, n FROM ${lake.schema}.merged ORDER BY id`);
    const merged = [
      { id: '1', name: 'd', n: '1' },
      { id: '2', name: 'c', n: '3' },
    ];
    expect(await rows()).toEqual(merged);
    const empty = await fileOf('SELECT 1 AS id WHERE false');
    expect(await loader.loadParquet(parquetLoad(version, empty))).toEqual({
      rows: 0,
      hasDeletes: false,
      discarded: new Map(),
      inexact: new Map(),
      deduplicated: 0,
      deleted: 0,
    });
    expect(await rows()).toEqual(merged);
    await loader.close();
    expect(lake.log.lines.join('\n')).toContain('which are not loaded: extra');
  });

  test('each value that would be lost or changed is found', async () => {
    const readable = refusedValues.filter(({ unreadableInSpark }) => !unreadableInSpark);
    const properties = Object.fromEntries(readable.map(({ type }, i) => [`v${i}`, type]));
    const version = versionOfProperties(properties, lake.schema, 'refused');
    const values = readable.map(({ value }, i) => `${value} AS v${i}`);
    const nothing = readable.map(() => 'NULL');
    const path = await fileOf(`SELECT ${values.join(', ')} UNION ALL SELECT ${nothing.join(', ')}`);
    const run = lake.sql;
    const session = {
      run,
      execute: async (sql: string) => void (await run(sql)),
      close: async () => {},
      end: async () => {},
    };
    const load = parquetLoad(version, path);
    const file = await describeFile(session, 'refused_file', load.files[0]!);
    const { check, problems } = parquetSource(sparkParquetDialect, version, [file]);
    const [found] = await run(check);
    const columns = problems.map(({ column }, b) => [readable[Number(column.slice(1))]!.what, String(found![`b${b}`])]);
    expect(Object.fromEntries(columns)).toEqual(Object.fromEntries(readable.map(({ what }) => [what, '1'])));
  });

  test('a load that holds one of them changes nothing, and names its column', async () => {
    const version = versionOfProperties({ v: { type: 'integer' } }, lake.schema, 'fraction');
    const path = await fileOf('SELECT 1.0::DOUBLE AS v UNION ALL SELECT 1.5');
    const loader = lake.destination.openTable('fraction');
    await loader.prepare(version);
    await expect(loader.loadParquet(parquetLoad(version, path))).rejects.toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      message: "one row has a value that the column's type BIGINT can't hold as it is",
      context: { stream: 'fraction', column: 'v', file: path, line: 2 },
    });
    await loader.close();
    expect(await lake.sql(`SELECT count(*) AS n FROM ${lake.schema}.fraction`)).toEqual([{ n: '0' }]);
  });

  test.each([
    ['is no Parquet file', async () => put('x.parquet', 'plain text, and a little more of it')],
    ['is not there', async () => `s3a://${details.s3.bucket}/${lake.schema}/nowhere.parquet`],
    ['has nanoseconds', async () => fileOf("SELECT 1 AS id, TIMESTAMP_NS '2024-02-29 12:00:00' AS t")],
  ])('a file that %s is named', async (_, make) => {
    const version = versionOfProperties({ id: { type: 'integer' } }, lake.schema, 'named');
    const loader = lake.destination.openTable('named');
    await loader.prepare(version);
    const path = await make();
    await expect(loader.loadParquet(parquetLoad(version, path))).rejects.toMatchObject({
      code: 'INPUT_BATCH_FILE',
      context: { file: path, stream: 'named', line: 2 },
    });
    await loader.close();
  });
});
