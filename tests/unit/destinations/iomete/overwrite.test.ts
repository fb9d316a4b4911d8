import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { iometeWarehouse } from '../../../../src/destinations/iomete/warehouse.ts';
import type { StreamVersion } from '../../../../src/schema/model.ts';
import { describeLakehouse } from '../../../setup/lakehouse.ts';
import { expectExample } from '../../../support/error-examples.ts';
import { type Lake, openLake, quoted, settings } from './lake.ts';
import { fields, loadOf, type StagedRow, version } from './versions.ts';

// Each test is dozens of statements, and tests of other files may be at Spark, too.
vi.setConfig({ testTimeout: 300_000 });

describeLakehouse('an overwrite in the lakehouse', (details) => {
  let lake: Lake;
  beforeAll(async () => {
    lake = await openLake(details, 'over');
    await lake.sql(`CREATE SCHEMA IF NOT EXISTS ${lake.schema}`);
  });
  afterAll(() => lake.close());

  const staged = async (of: StreamVersion, rows: readonly StagedRow[]) =>
    loadOf(of, [await lake.stage(fields(of, rows))], rows.length);
  const columnsOf = async (table: string) =>
    (await lake.sql(`DESCRIBE TABLE ${lake.schema}.${table}`))
      .map((row) => `${row.col_name} ${row.data_type}`)
      .filter((line) => /^\w/.test(line));
  const orphans = async (table: string) => [
    ...(await lake.sql(`SHOW TABLES IN ${lake.schema} LIKE '${table}__*'`)).map((row) => row.tableName),
    ...(await lake.sql(`SELECT name FROM ${lake.schema}.${table}.refs WHERE name <> 'main'`)).map((row) => row.name),
  ];
  const idsOf = async (table: string) =>
    (await lake.sql(`SELECT id FROM ${lake.schema}.${table} ORDER BY id`)).map((row) => row.id);

  it('shows readers all of the old rows or all of the new, in one commit, and leaves nothing behind', async () => {
    const of = version(lake.schema, 'polled', { id: 'bigint', name: 'string' }, { keys: ['id'] });
    await lake.sql(`CREATE TABLE ${lake.schema}.polled (id BIGINT, name STRING) USING iceberg`);
    await lake.sql(`INSERT INTO ${lake.schema}.polled SELECT id, 'old' FROM range(500)`);
    const seen = new Set<string>();
    let polling = true;
    const poll = (async () => {
      while (polling) {
        const found = await lake.sql(
          `SELECT name, count(*) AS n FROM ${lake.schema}.polled GROUP BY name ORDER BY name`,
        );
        seen.add(JSON.stringify(found));
        await sleep(300);
      }
    })();
    const loader = lake.destination.openOverwrite('polled');
    await loader.prepare(of);
    const rows = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ data: [`${from + i}`, quoted('new')] }));
    await loader.load(await staged(of, rows(0, 200)));
    await loader.load(await staged(of, rows(100, 200)));
    await loader.complete();
    polling = false;
    await poll;
    await loader.close();
    expect(await lake.sql(`SELECT name, count(*) AS n FROM ${lake.schema}.polled GROUP BY name`)).toEqual([
      { name: 'new', n: '300' },
    ]);
    for (const found of seen) expect(['[{"name":"old","n":"500"}]', '[{"name":"new","n":"300"}]']).toContain(found);
    expect(await lake.sql(`SELECT count(*) AS n FROM ${lake.schema}.polled.snapshots`)).toEqual([{ n: '2' }]);
    expect(await orphans('polled')).toEqual([]);
  });

  it('makes a table that is not there, empties one for a stream without rows, and fills an empty one', async () => {
    const of = version(lake.schema, 'fresh', { id: 'bigint' }, { keys: ['id'] });
    for (const ids of [['1'], [], ['2', '3']]) {
      const loader = lake.destination.openOverwrite('fresh');
      await loader.prepare(of);
      if (ids.length > 0)
        await loader.load(
          await staged(
            of,
            ids.map((id) => ({ data: [id] })),
          ),
        );
      await loader.complete();
      await loader.close();
      expect(await idsOf('fresh')).toEqual(ids);
    }
    await lake.sql(`CREATE TABLE ${lake.schema}.never_filled (id BIGINT) USING iceberg`);
    const empty = version(lake.schema, 'never_filled', { id: 'bigint' }, { keys: ['id'] });
    const loader = lake.destination.openOverwrite('never_filled');
    await loader.prepare(empty);
    await loader.load(await staged(empty, [{ data: ['1'] }]));
    await loader.complete();
    await loader.close();
    expect(await idsOf('never_filled')).toEqual(['1']);
  });

  it('fits the table only when it is completed, and keeps its partitions, further columns and comments', async () => {
    const { schema } = lake;
    await lake.sql(
      `CREATE TABLE ${schema}.kept (day DATE, NOTE STRING, ID BIGINT COMMENT 'the key', code BIGINT, _SDC_DELETED_AT STRING) USING iceberg PARTITIONED BY (day) COMMENT 'ours'`,
    );
    await lake.sql(
      `INSERT INTO ${schema}.kept VALUES (DATE'2024-01-01', 'n', 1, 5, NULL), (DATE'2024-01-02', 'n', 2, 6, NULL)`,
    );
    const before = await columnsOf('kept');
    const first = version(
      schema,
      'kept',
      { id: 'bigint', day: 'date', code: 'string', was: 'bigint' },
      { keys: ['id'], metadata: true, deletes: 'soft' },
    );
    const second = version(
      schema,
      'kept',
      { id: 'bigint', day: 'date', code: 'string', is: 'string' },
      { keys: ['id'], metadata: true, deletes: 'soft' },
    );
    const loadAll = async () => {
      const loader = lake.destination.openOverwrite('kept');
      await loader.prepare(first);
      await loader.load(await staged(first, [{ data: ['3', '2024-01-02', quoted('c'), '7'] }]));
      await loader.prepare(second);
      const rows = [{ data: ['4', null, null, quoted('x')], deletedAt: '2024-05-06 07:08:09.5' }];
      await loader.load(await staged(second, rows));
      return loader;
    };
    await (await loadAll()).close();
    expect(await columnsOf('kept')).toEqual(before);
    expect(await idsOf('kept')).toEqual(['1', '2']);

    const loader = await loadAll();
    await loader.complete();
    await loader.close();
    const columns = 'CAST(day AS STRING) AS day, NOTE, ID, code, was, is, _SDC_DELETED_AT AS gone';
    expect(await lake.sql(`SELECT ${columns} FROM ${schema}.kept ORDER BY ID`)).toEqual([
      { day: '2024-01-02', NOTE: null, ID: '3', code: 'c', was: '7', is: null, gone: null },
      { day: null, NOTE: null, ID: '4', code: null, was: null, is: 'x', gone: '2024-05-06T07:08:09.5Z' },
    ]);
    const [shown] = await lake.sql(`SHOW CREATE TABLE ${schema}.kept`);
    for (const part of ["ID BIGINT COMMENT 'the key'", "COMMENT 'ours'", 'PARTITIONED BY (day)'])
      expect(String(shown?.createtab_stmt)).toContain(part);
  });

  it('is refused when another writer has changed the table meanwhile, but not when its files were compacted', async () => {
    const { schema } = lake;
    const of = version(schema, 'contested', { id: 'bigint' }, { keys: ['id'] });
    await lake.sql(`CREATE TABLE ${schema}.contested (id BIGINT) USING iceberg`);
    for (const id of [1, 2]) await lake.sql(`INSERT INTO ${schema}.contested VALUES (${id})`);
    const meanwhile = async (statement: string) => {
      const loader = lake.destination.openOverwrite('contested');
      await loader.prepare(of);
      await loader.load(await staged(of, [{ data: ['7'] }]));
      await lake.sql(statement);
      return await loader.complete().finally(() => loader.close());
    };
    const error = await meanwhile(`INSERT INTO ${schema}.contested VALUES (3)`).catch((failure) => failure);
    expectExample(error, 'OVERWRITE_CONFLICT', { [schema]: 'shop', contested: 'orders' });
    expect(await idsOf('contested')).toEqual(['1', '2', '3']);
    expect(await orphans('contested')).toEqual([]);
    await meanwhile(
      `CALL spark_catalog.system.rewrite_data_files(table => '${schema}.contested', options => map('rewrite-all', 'true'))`,
    );
    expect(await idsOf('contested')).toEqual(['7']);
  });

  it('removes what a killed run has left; a run that is still at it then fails and says why', async () => {
    const { schema } = lake;
    const of = version(schema, 'left', { id: 'bigint' }, { keys: ['id'] });
    await lake.sql(`CREATE TABLE ${schema}.left (id BIGINT) USING iceberg`);
    await lake.sql(`INSERT INTO ${schema}.left VALUES (1)`);
    const marked = "TBLPROPERTIES ('target-iomete.staging-table' = 'true')";
    await lake.sql(`CREATE TABLE ${schema}.left__overwrite_0123456789ab (id BIGINT) USING iceberg ${marked}`);
    await lake.sql(`CREATE TABLE ${schema}.left__overwrite_ba9876543210 (id BIGINT) USING iceberg`);
    await lake.sql(`CREATE TABLE ${schema}.left__mine (id BIGINT) USING iceberg`);
    await lake.sql(`ALTER TABLE ${schema}.left CREATE BRANCH target_overwrite_0123456789ab`);
    await lake.sql(`ALTER TABLE ${schema}.left CREATE BRANCH mine`);
    const earlier = lake.destination.openOverwrite('left');
    await earlier.prepare(of);
    await earlier.load(await staged(of, [{ data: ['5'] }]));

    const other = iometeWarehouse(settings(details), lake.log);
    await other.connect();
    const later = other.openOverwrite('left');
    await later.prepare(of);
    await later.load(await staged(of, [{ data: ['6'] }]));
    const taken = { code: 'OVERWRITE_CONFLICT', context: { stream: 'left' } };
    await expect(earlier.load(await staged(of, [{ data: ['5'] }]))).rejects.toMatchObject(taken);
    await expect(earlier.complete()).rejects.toMatchObject(taken);
    await earlier.close();
    await later.complete();
    await later.close();
    await other.close();
    expect(await idsOf('left')).toEqual(['6']);
    expect(await orphans('left')).toEqual(['left__mine', 'left__overwrite_ba9876543210', 'mine']);
  });

  it('marks its staging table, whatever columns are added, and not the table that takes its rows', async () => {
    const { schema } = lake;
    const property = 'target-iomete.staging-table';
    const marks = async (table: string) =>
      (await lake.sql(`SHOW TBLPROPERTIES ${schema}.${table}`))
        .filter(({ key }) => key === property)
        .map(({ value }) => value);
    const loader = lake.destination.openOverwrite('marked');
    await loader.prepare(version(schema, 'marked', { id: 'bigint' }, { keys: ['id'] }));
    const of = version(schema, 'marked', { id: 'bigint', more: 'bigint' }, { keys: ['id'] });
    await loader.prepare(of);
    await loader.load(await staged(of, [{ data: ['1', '2'] }]));
    const [side] = await lake.sql(`SHOW TABLES IN ${schema} LIKE 'marked__overwrite_*'`);
    expect(await marks(String(side?.tableName))).toEqual(['true']);
    await loader.complete();
    await loader.close();
    expect(await idsOf('marked')).toEqual(['1']);
    expect(await marks('marked')).toEqual([]);
    expect(await orphans('marked')).toEqual([]);
  });

  it('is refused where another table has the name of its staging table, and leaves that table alone', async () => {
    const { schema } = lake;
    await lake.sql(`CREATE TABLE ${schema}.met__overwrite_0123456789ab (id BIGINT) USING iceberg`);
    const own = iometeWarehouse({ ...settings(details), runId: '0123456789ab' }, lake.log);
    await own.connect();
    const loader = own.openOverwrite('met');
    await expect(loader.prepare(version(schema, 'met', { id: 'bigint' }))).rejects.toMatchObject({
      code: 'TABLE_UNSUPPORTED',
      context: { stream: 'met' },
      message: expect.stringMatching(/\.met__overwrite_0123456789ab .*: rename or drop it/),
    });
    await loader.close();
    await own.close();
    expect(await lake.sql(`SELECT count(*) AS n FROM ${schema}.met__overwrite_0123456789ab`)).toEqual([{ n: '0' }]);
  });
});
