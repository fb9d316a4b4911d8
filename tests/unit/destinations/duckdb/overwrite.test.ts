import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OverwriteLoader } from '../../../../src/destinations/staged/warehouse.ts';
import { type StagedRecord, versionOf } from '../sql/staged-records.ts';
import { stagedFolder } from './staged-folder.ts';

let folder: Awaited<ReturnType<typeof stagedFolder>>;
beforeEach(async () => {
  folder = await stagedFolder();
});
afterEach(() => folder.remove());

const people = { columns: { id: 'bigint', name: 'string' }, keys: ['id'], schema: 'crm', table: 'people' } as const;
const person = (id: number, name: string | null): StagedRecord => ({ data: { id: String(id), name } });
const tables = () => folder.query('SELECT table_name FROM duckdb_tables() ORDER BY 1').then((rows) => rows.flat());

async function overwriting(work: (loader: OverwriteLoader) => Promise<void>): Promise<void> {
  const destination = folder.destination();
  await destination.connect();
  const loader = destination.openOverwrite('orders');
  try {
    await work(loader);
  } finally {
    await loader.close();
    await destination.close();
  }
}

describe('an overwrite', () => {
  test('of a table that is not there makes it', async () => {
    const version = versionOf(people);
    await overwriting(async (loader) => {
      await loader.prepare(version);
      await loader.load(await folder.load(version, [person(1, 'a')]));
      await loader.complete();
    });
    expect(await folder.query('SELECT * FROM crm.people')).toEqual([['1', 'a']]);
    expect(await tables()).toEqual(['people']);
  });

  test('replaces all rows by those of its loads, which merge among themselves', async () => {
    await folder.query(
      "CREATE SCHEMA crm; CREATE TABLE crm.people AS SELECT 1::BIGINT AS id, 'old' AS name UNION SELECT 7, 'old'",
    );
    const version = versionOf({ ...people, metadata: true, deletes: 'hard' });
    await overwriting(async (loader) => {
      await loader.prepare(version);
      await loader.load(await folder.load(version, [person(1, 'a'), person(2, 'b'), person(3, 'c'), person(4, 'd')]));
      await loader.load(
        await folder.load(
          version,
          [person(2, 'B'), { data: { id: '3' }, deletedAt: '2024-01-01 00:00:00' }],
          [person(2, 'BB')],
        ),
      );
      await loader.complete();
    });
    expect(await folder.query('SELECT id, name FROM crm.people ORDER BY id')).toEqual([
      ['1', 'a'],
      ['2', 'BB'],
      ['4', 'd'],
    ]);
    expect(await tables()).toEqual(['people']);
  });

  test('without rows empties the table', async () => {
    await folder.query("CREATE SCHEMA crm; CREATE TABLE crm.people AS SELECT 1::BIGINT AS id, 'old' AS name");
    await overwriting(async (loader) => {
      await loader.prepare(versionOf(people));
      await loader.complete();
    });
    expect(await folder.query('SELECT * FROM crm.people')).toEqual([]);
  });

  test('keeps the table itself: further columns, defaults, constraints, comments, order', async () => {
    await folder.query(`CREATE SCHEMA crm;
      CREATE TABLE crm.people (note VARCHAR DEFAULT 'none', NAME VARCHAR, ID BIGINT PRIMARY KEY);
      INSERT INTO crm.people SELECT 'x', 'old', i FROM range(3000) r(i);
      COMMENT ON TABLE crm.people IS 'ours'`);
    const version = versionOf(people);
    await overwriting(async (loader) => {
      await loader.prepare(version);
      await loader.load(await folder.load(version, [person(1, 'a'), person(2, null)]));
      await loader.complete();
    });
    expect(await folder.query('SELECT * FROM crm.people ORDER BY ID')).toEqual([
      ['none', 'a', '1'],
      ['none', null, '2'],
    ]);
    expect(
      await folder.query("SELECT comment, has_primary_key FROM duckdb_tables() WHERE table_name = 'people'"),
    ).toEqual([['ours', true]]);
  });

  test('fits the table only when it is completed, a key of another type included', async () => {
    await folder.query(
      "CREATE SCHEMA crm; CREATE TABLE crm.people AS SELECT DATE '2024-01-01' AS id, 'old' AS name, 1::INTEGER AS age",
    );
    const version = versionOf({ ...people, columns: { ...people.columns, age: 'bigint', extra: 'double' } });
    await overwriting(async (loader) => {
      await loader.prepare(version);
      await loader.load(
        await folder.load(version, [{ data: { id: '1', name: 'a', age: '9007199254740993', extra: '0.5' } }]),
      );
    });
    const columns = () =>
      folder.query("SELECT column_name || ' ' || data_type FROM duckdb_columns() WHERE table_name = 'people'");
    expect((await columns()).flat()).toEqual(['id DATE', 'name VARCHAR', 'age INTEGER']);
    await overwriting(async (loader) => {
      await loader.prepare(version);
      await loader.load(
        await folder.load(version, [{ data: { id: '1', name: 'a', age: '9007199254740993', extra: '0.5' } }]),
      );
      await loader.complete();
    });
    expect((await columns()).flat().map((column) => String(column).replace(/\d{8}_\d{4}/, 'DATED'))).toEqual([
      'id_DATED DATE',
      'name VARCHAR',
      'age BIGINT',
      'id BIGINT',
      'extra DOUBLE',
    ]);
    expect(await folder.query('SELECT id, name, age, extra FROM crm.people')).toEqual([
      ['1', 'a', '9007199254740993', 0.5],
    ]);
  });

  test('keeps the columns of all its versions', async () => {
    const first = versionOf({ ...people, columns: { id: 'bigint', name: 'string', age: 'bigint' } });
    const second = versionOf({ ...people, columns: { id: 'bigint', name: 'string', city: 'string' } });
    await overwriting(async (loader) => {
      await loader.prepare(first);
      await loader.load(await folder.load(first, [{ data: { id: '1', name: 'a', age: '5' } }]));
      await loader.prepare(second);
      await loader.load(await folder.load(second, [{ data: { id: '2', name: 'b', city: 'c' } }]));
      await loader.complete();
    });
    expect(await folder.query('SELECT id, name, age, city FROM crm.people ORDER BY id')).toEqual([
      ['1', 'a', '5', null],
      ['2', 'b', null, 'c'],
    ]);
  });

  test('writes what the table’s own types ask for', async () => {
    await folder.query('CREATE SCHEMA crm; CREATE TABLE crm.people (id BIGINT, name VARCHAR, _SDC_DELETED_AT VARCHAR)');
    const version = versionOf({
      ...people,
      columns: { id: 'bigint', name: 'bigint' },
      metadata: true,
      deletes: 'soft',
    });
    await overwriting(async (loader) => {
      await loader.prepare(version);
      await loader.load(
        await folder.load(version, [{ data: { id: '1', name: '2' }, deletedAt: '2024-02-29 12:00:00.5' }]),
      );
      await loader.complete();
    });
    expect(await folder.query('SELECT id, name, _sdc_deleted_at FROM crm.people')).toEqual([
      ['1', '2', '2024-02-29T12:00:00.5Z'],
    ]);
  });

  test('activates a version among its own rows only', async () => {
    const version = versionOf({ ...people, metadata: true, deletes: 'hard' });
    await folder.query("CREATE SCHEMA crm; CREATE TABLE crm.people AS SELECT 9::BIGINT AS id, 'old' AS name");
    await overwriting(async (loader) => {
      await loader.prepare(version);
      await loader.load(
        await folder.load(version, [
          { ...person(1, 'a'), tableVersion: 1 },
          { ...person(2, 'b'), tableVersion: 2 },
        ]),
      );
      await loader.activateVersion(version, 2n);
    });
    expect(await folder.query('SELECT id FROM crm.people')).toEqual([['9']]);
    await overwriting(async (loader) => {
      await loader.prepare(version);
      await loader.load(
        await folder.load(version, [
          { ...person(1, 'a'), tableVersion: 1 },
          { ...person(2, 'b'), tableVersion: 2 },
        ]),
      );
      await loader.activateVersion(version, 2n);
      await loader.complete();
    });
    expect(await folder.query('SELECT id FROM crm.people')).toEqual([['2']]);
  });

  test('that is abandoned leaves no trace', async () => {
    await folder.query("CREATE SCHEMA crm; CREATE TABLE crm.people AS SELECT 9::BIGINT AS id, 'old' AS name");
    const version = versionOf(people);
    await overwriting(async (loader) => {
      await loader.prepare(version);
      await loader.load(await folder.load(version, [person(1, 'a')]));
    });
    expect(await folder.query('SELECT * FROM crm.people')).toEqual([['9', 'old']]);
    expect(await tables()).toEqual(['people']);
  });

  test('whose rows the table refuses leaves the old ones, and does not tell the value', async () => {
    await folder.query(
      "CREATE SCHEMA crm; CREATE TABLE crm.people (id BIGINT, name VARCHAR NOT NULL CHECK (name <> 'secret')); INSERT INTO crm.people VALUES (9, 'old')",
    );
    const version = versionOf(people);
    for (const name of [null, 'secret'])
      await overwriting(async (loader) => {
        await loader.prepare(version);
        await loader.load(await folder.load(version, [person(1, name)]));
        const failure: unknown = await loader.complete().catch((error: unknown) => error);
        const code = name === null ? 'TABLE_COLUMN_REQUIRED' : 'TABLE_CONSTRAINT';
        expect(failure).toMatchObject({ code, context: { stream: 'orders' } });
        expect((failure as Error).message).not.toMatch(/secret/);
      });
    expect(await folder.query('SELECT * FROM crm.people')).toEqual([['9', 'old']]);
    expect(await tables()).toEqual(['people']);
  });

  test('removes what a killed overwrite of its table has left, and nothing else', async () => {
    const long = 'l'.repeat(120);
    await folder.query(`CREATE SCHEMA crm;
      CREATE TABLE crm.people__overwrite_0123456789ab (id BIGINT);
      COMMENT ON TABLE crm.people__overwrite_0123456789ab IS 'staging table of target-iomete';
      CREATE TABLE crm.people__overwrite_ba9876543210 (id BIGINT);
      CREATE TABLE crm.people__overwrite_0123456789abc (id BIGINT);
      CREATE TABLE crm.people__overwrite_mine (id BIGINT);
      CREATE TABLE crm.other__overwrite_0123456789ab (id BIGINT);
      CREATE TABLE main.people__overwrite_0123456789ab (id BIGINT);
      CREATE TABLE crm.${long}__overwrite_0123456789ab (id BIGINT)`);
    await overwriting(async (loader) => {
      await loader.prepare(versionOf(people));
      await loader.complete();
    });
    expect(await folder.query('SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL')).toEqual([
      ['crm', `${long}__overwrite_0123456789ab`],
      ['crm', 'other__overwrite_0123456789ab'],
      ['crm', 'people'],
      ['crm', 'people__overwrite_0123456789abc'],
      ['crm', 'people__overwrite_ba9876543210'],
      ['crm', 'people__overwrite_mine'],
      ['main', 'people__overwrite_0123456789ab'],
    ]);
  });

  test('marks its staging table, whatever columns are added, and not the table that takes its rows', async () => {
    const runId = '0123456789ab';
    const destination = folder.destination({ runId });
    await destination.connect();
    const loader = destination.openOverwrite('orders');
    await loader.prepare(versionOf(people));
    await loader.prepare(versionOf({ ...people, columns: { ...people.columns, more: 'bigint' } }));
    // the log of changes holds what is committed, so a copy of the file is what a killed run leaves
    const copy = join(folder.folder, 'killed.duckdb');
    for (const ending of ['', '.wal'])
      if (existsSync(`${folder.path}${ending}`)) copyFileSync(`${folder.path}${ending}`, `${copy}${ending}`);
    await loader.complete();
    await loader.close();
    await destination.close();
    const comments = 'SELECT table_name, comment FROM duckdb_tables() ORDER BY ALL';
    expect(await folder.query(comments, copy)).toEqual([
      [`people__overwrite_${runId}`, 'staging table of target-iomete'],
    ]);
    expect(await folder.query(comments)).toEqual([['people', null]]);
  });

  test('is refused where another table has the name of its staging table, and leaves that table alone', async () => {
    const runId = '0123456789ab';
    await folder.query(`CREATE SCHEMA crm; CREATE TABLE crm.people__overwrite_${runId} AS SELECT 1::BIGINT AS id`);
    const destination = folder.destination({ runId });
    await destination.connect();
    const loader = destination.openOverwrite('orders');
    await expect(loader.prepare(versionOf(people))).rejects.toMatchObject({
      code: 'TABLE_UNSUPPORTED',
      context: { stream: 'orders' },
      message: expect.stringMatching(/crm\.people__overwrite_0123456789ab .*: rename or drop it/),
    });
    await loader.close();
    await destination.close();
    expect(await folder.query(`SELECT * FROM crm.people__overwrite_${runId}`)).toEqual([['1']]);
  });

  test('of a view is refused before anything is loaded', async () => {
    await folder.query('CREATE SCHEMA crm; CREATE VIEW crm.people AS SELECT 1 AS id');
    await overwriting(async (loader) => {
      await expect(loader.prepare(versionOf(people))).rejects.toMatchObject({ code: 'TABLE_IS_VIEW' });
    });
  });
});
