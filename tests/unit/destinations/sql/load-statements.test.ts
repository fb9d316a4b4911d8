import { afterEach, describe, expect, test } from 'vitest';
import { duckdbDialect } from '../../../../src/destinations/sql/duckdb-dialect.ts';
import { insertStatement } from '../../../../src/destinations/sql/load-statements.ts';
import { wantedColumns } from '../../../../src/destinations/sql/table-columns.ts';
import type { ColumnType } from '../../../../src/schema/model.ts';
import { duckdbTable } from './duckdb-table.ts';
import { loadOf, type StagedRecord, type VersionShape, versionOf } from './staged-records.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const table of open.splice(0)) table.close();
});

async function tableOf(shape: VersionShape, options?: Parameters<typeof duckdbTable>[1]) {
  const table = await duckdbTable(versionOf(shape), options);
  open.push(table);
  return table;
}

const people: VersionShape = { columns: { id: 'bigint', name: 'string', age: 'bigint' }, keys: ['id'] };
const deletedAt = '2024-03-01 00:00:00';
const person = (id: number, rest: StagedRecord['data'] = {}): StagedRecord => ({ data: { id: String(id), ...rest } });
const marker = (id: number, rest: StagedRecord['data'] = {}): StagedRecord => ({ ...person(id, rest), deletedAt });

describe('records with keys', () => {
  test('a known key is updated and a new one inserted', async () => {
    const table = await tableOf(people);
    await table.load([person(1, { name: 'Ann', age: '30' }), person(2, { name: 'Bob', age: '40' })]);
    await table.load([person(2, { name: 'Rob', age: '41' }), person(3, { name: 'Cy', age: '5' })]);
    expect(await table.rows('*')).toEqual([
      ['1', 'Ann', '30'],
      ['2', 'Rob', '41'],
      ['3', 'Cy', '5'],
    ]);
  });

  test('of several records with one key in a load the last one wins', async () => {
    const table = await tableOf(people);
    await table.load([
      person(1, { name: 'a', age: '1' }),
      person(2, { name: 'x', age: '9' }),
      person(1, { name: null, age: '2' }),
    ]);
    expect(await table.rows('*')).toEqual([
      ['1', null, '2'],
      ['2', 'x', '9'],
    ]);
  });

  test('null overwrites, absent keeps the old value on update and is null on insert', async () => {
    const table = await tableOf(people);
    await table.load([person(1, { name: 'Ann', age: '30' }), person(2, { name: 'Bob', age: '40' })]);
    await table.load([person(1, { name: null }), person(2, { age: null }), person(3, { age: '7' })]);
    expect(await table.rows('*')).toEqual([
      ['1', null, '30'],
      ['2', 'Bob', null],
      ['3', null, '7'],
    ]);
  });

  test('records of one key that each say a part are folded in their order', async () => {
    const table = await tableOf(people);
    await table.load([person(1, { name: 'old', age: '1' })]);
    await table.load([
      person(1, { name: 'new' }),
      person(2, { name: 'x' }),
      person(1, {}),
      person(2, { age: '5' }),
      person(2, { name: null }),
    ]);
    expect(await table.rows('*')).toEqual([
      ['1', 'new', '1'],
      ['2', null, '5'],
    ]);
  });

  test('composite keys compare column by column, so that commas and quotes in them mean nothing', async () => {
    const table = await tableOf({ columns: { a: 'string', b: 'string', n: 'bigint' }, keys: ['a', 'b'] });
    const row = (a: string, b: string, n: string): StagedRecord => ({ data: { a, b, n } });
    await table.load([row('x,y', 'z', '1'), row('x', 'y,z', '2'), row("'", '"', '3'), row('', '', '4')]);
    await table.load([row('x', 'y,z', '20'), row("'", '"', '30'), row('', '', '40'), row('x', 'y,z', '21')]);
    expect(await table.rows('*')).toEqual([
      ['', '', '40'],
      ["'", '"', '30'],
      ['x', 'y,z', '21'],
      ['x,y', 'z', '1'],
    ]);
  });

  test('a table that has nothing but its key takes each key once', async () => {
    const table = await tableOf({ columns: { id: 'bigint' }, keys: ['id'] });
    await table.load([person(1), person(2), person(2)]);
    await table.load([person(2), person(3)]);
    expect(await table.rows('*')).toEqual([['1'], ['2'], ['3']]);
  });

  test('columns that the stream lacks keep their values', async () => {
    const table = await tableOf(people);
    await table.load([person(1, { name: 'Ann', age: '30' })]);
    const narrow = versionOf({ columns: { id: 'bigint', age: 'bigint' }, keys: ['id'] });
    table.useColumns([
      { name: 'id', type: { kind: 'bigint' } },
      { name: 'age', type: { kind: 'bigint' } },
    ]);
    await table.load([person(1, { age: '31' }), person(2, { age: '5' })], narrow);
    expect(await table.rows('id, name, age')).toEqual([
      ['1', 'Ann', '31'],
      ['2', null, '5'],
    ]);
  });

  test('names with quotes, dots and spaces, and names of SQL, are only names', async () => {
    const columns = { select: 'bigint', 'a"b': 'string', 'x.y z': 'string', s: 'string', seq: 'string' } as const;
    const table = await tableOf({ columns, keys: ['select'], table: 'or"der; --' });
    const row = (key: string, text: string): StagedRecord => ({
      data: { select: key, 'a"b': text, 'x.y z': text, s: text, seq: text },
    });
    await table.load([row('1', 'a'), row('1', 'b'), row('2', 'c')]);
    expect(await table.rows('*')).toEqual([
      ['1', 'b', 'b', 'b', 'b'],
      ['2', 'c', 'c', 'c', 'c'],
    ]);
  });
});

describe('hard deletes', () => {
  const hard: VersionShape = { ...people, deletes: 'hard' };

  test('a delete marker removes its row, and makes none', async () => {
    const table = await tableOf(hard);
    await table.load([person(1, { name: 'a', age: '1' }), person(2, { name: 'b', age: '2' })]);
    const tally = await table.load([marker(1), marker(3, { name: 'c' }), person(4, { name: 'd' })]);
    expect(tally).toEqual({ rows: 3, deduplicated: 0, deleted: 2 });
    expect(await table.rows('*')).toEqual([
      ['2', 'b', '2'],
      ['4', 'd', null],
    ]);
  });

  test('insert, delete, insert of one key in one load leave the last insert, and nothing of what was before', async () => {
    const table = await tableOf(hard);
    await table.load([person(1, { name: 'table', age: '1' }), person(2, { name: 'table', age: '2' })]);
    await table.load([
      person(1, { name: 'before', age: '10' }),
      marker(1),
      person(1, { name: 'after' }),
      person(2, { name: 'x', age: '3' }),
      marker(2),
      person(3, { name: 'y', age: '4' }),
      marker(3),
      person(4, { age: '5' }),
      marker(4),
      person(4, { name: 'z' }),
    ]);
    expect(await table.rows('*')).toEqual([
      ['1', 'after', null],
      ['4', 'z', null],
    ]);
  });

  test('without metadata columns the same is done when every record is whole', async () => {
    const table = await tableOf(hard);
    const whole = { name: 'n', age: '1' };
    await table.load([person(1, whole), person(2, whole)]);
    await table.load([marker(1, whole), person(1, { name: 'again', age: '2' }), person(2, whole), marker(2, whole)]);
    expect(await table.rows('*')).toEqual([['1', 'again', '2']]);
  });
});

describe('soft deletes', () => {
  const soft: VersionShape = { ...people, metadata: true, deletes: 'soft' };
  const visible = 'id, name, age, _sdc_deleted_at, _sdc_sequence';

  test('a marker changes metadata columns only, even when it carries other values', async () => {
    const table = await tableOf(soft);
    await table.load([person(1, { name: 'Ann', age: '30' })]);
    await table.load([marker(1, { name: null, age: '99' })]);
    expect(await table.rows(visible)).toEqual([['1', 'Ann', '30', deletedAt, '2']]);
  });

  test('a marker of an unknown key becomes a row with what it has', async () => {
    const table = await tableOf(soft);
    await table.load([marker(1, { name: 'Ann' })]);
    expect(await table.rows(visible)).toEqual([['1', 'Ann', null, deletedAt, '1']]);
  });

  test('a later record without _sdc_deleted_at clears it', async () => {
    const table = await tableOf(soft);
    await table.load([person(1, { name: 'Ann', age: '30' }), marker(1)]);
    expect(await table.rows(visible)).toEqual([['1', 'Ann', '30', deletedAt, '2']]);
    await table.load([person(1, { age: '31' })]);
    expect(await table.rows(visible)).toEqual([['1', 'Ann', '31', null, '3']]);
  });

  test('insert, delete, insert of one key in one load end as one by one', async () => {
    const table = await tableOf(soft);
    await table.load([person(1, { name: 'old', age: '1' })]);
    await table.load([
      person(1, { name: 'new' }),
      marker(1, { age: null }),
      person(1, { age: '3' }),
      marker(2, { name: 'first', age: '8' }),
      marker(2, { name: 'second' }),
      person(2, { age: '9' }),
      person(3, { name: 'c', age: '1' }),
      marker(3, { name: null }),
    ]);
    expect(await table.rows(visible)).toEqual([
      ['1', 'new', '3', null, '4'],
      ['2', 'first', '9', null, '7'],
      ['3', 'c', '1', deletedAt, '9'],
    ]);
  });
});

describe('rows without keys', () => {
  test('are appended, delete markers too', async () => {
    const table = await tableOf({ columns: { n: 'bigint', t: 'string' }, metadata: true, deletes: 'soft' });
    await table.load([{ data: { n: '1', t: '' } }, { data: { n: '1', t: null } }]);
    const tally = await table.load([{ data: { n: '1' }, deletedAt }], undefined, { mayRepeatKeys: true });
    expect(tally).toEqual({ rows: 1, deduplicated: 0, deleted: 0 });
    expect(await table.rows('n, t, _sdc_deleted_at')).toEqual([
      ['1', '', null],
      ['1', null, deletedAt],
      ['1', null, null],
    ]);
  });
});

describe('metadata columns', () => {
  test('hold the time of the batch and the start of the run in every row', async () => {
    const table = await tableOf({ ...people, metadata: true, deletes: 'soft' });
    await table.load([person(1, { name: 'a', age: '1' })]);
    expect(await table.rows('_sdc_batched_at, _sdc_sync_started_at, _sdc_received_at')).toEqual([
      ['2024-05-06 07:08:09.123', '1700000000000', '2024-01-01 00:00:00'],
    ]);
  });
});

describe('tables whose columns are wider than the stream', () => {
  test('timestamps become ISO 8601 text, numbers and dates their own text, integers decimals', async () => {
    const columns = { id: 'bigint', at: 'timestamp', day: 'date', n: 'bigint', ok: 'boolean', x: 'double' } as const;
    const string = { kind: 'string' } as const;
    const table = await tableOf(
      { columns, keys: ['id'], metadata: true, deletes: 'soft' },
      {
        create: `CREATE TABLE main.orders ("ID" DECIMAL(38,2), "AT" VARCHAR, day VARCHAR, n VARCHAR, ok VARCHAR, x VARCHAR,
          e VARCHAR, r TIMESTAMP, b VARCHAR, "_SDC_DELETED_AT" VARCHAR, s BIGINT, v BIGINT, y VARCHAR)`,
        columns: [
          { name: 'ID', type: { kind: 'decimal', precision: 38, scale: 2 } },
          ...['AT', 'day', 'n', 'ok', 'x', 'e'].map((name) => ({ name, type: string })),
          { name: 'r', type: { kind: 'timestamp' } },
          { name: 'b', type: string },
          { name: '_SDC_DELETED_AT', type: string },
          { name: 's', type: { kind: 'bigint' } },
          { name: 'v', type: { kind: 'bigint' } },
          { name: 'y', type: string },
        ],
      },
    );
    const at = '2024-02-29 23:59:59.5';
    await table.load([{ data: { id: '7', at, day: '2024-02-29', n: '12', ok: 'true', x: '0.1' }, deletedAt }]);
    await table.load([
      { data: { id: '7', at: '0001-01-01 00:00:00', day: null, n: '9007199254740993', ok: null, x: null } },
    ]);
    await table.load([{ data: { id: '8', at, day: '2024-02-29', n: '12', ok: 'true', x: '0.1' }, deletedAt }]);
    expect(await table.rows('ID, "AT", day, n, ok, x, _SDC_DELETED_AT, b, y')).toEqual([
      [
        '7.00',
        '0001-01-01T00:00:00Z',
        null,
        '9007199254740993',
        null,
        null,
        null,
        '2024-05-06T07:08:09.123Z',
        '1700000000000',
      ],
      [
        '8.00',
        '2024-02-29T23:59:59.5Z',
        '2024-02-29',
        '12',
        'true',
        '0.1',
        '2024-03-01T00:00:00Z',
        '2024-05-06T07:08:09.123Z',
        '1700000000000',
      ],
    ]);
  });

  test('keys that are one value in the table are one key in the load', async () => {
    const table = await tableOf(
      {
        columns: { id: { kind: 'decimal', precision: 5, scale: 2 }, n: 'bigint' },
        keys: ['id'],
      },
      {
        create: 'CREATE TABLE main.orders (id DOUBLE, n BIGINT)',
        columns: [
          { name: 'id', type: { kind: 'double' } },
          { name: 'n', type: { kind: 'bigint' } },
        ],
      },
    );
    await table.load([{ data: { id: '1.5', n: '1' } }, { data: { id: '1.50', n: '2' } }], undefined, {
      mayRepeatKeys: true,
    });
    await table.load([{ data: { id: '1.500', n: '3' } }]);
    expect(await table.rows('*')).toEqual([[1.5, '3']]);
  });
});

describe('ACTIVATE_VERSION', () => {
  const shape: VersionShape = { ...people, metadata: true };
  const rows = [1, 2, 3].map((id) => ({
    ...person(id, { name: 'n', age: '1' }),
    ...(id === 1 ? {} : { tableVersion: id * 10 }),
  }));

  test('removes the rows of lower versions and of none, and leaves those of the version itself', async () => {
    const table = await tableOf({ ...shape, deletes: 'hard' });
    await table.load(rows);
    await table.activate(30n);
    expect(await table.rows('id')).toEqual([['3']]);
  });

  test('marks them when deletes are soft, once', async () => {
    const table = await tableOf({ ...shape, deletes: 'soft' });
    await table.load(rows);
    await table.activate(30n, new Date('2024-06-01T00:00:00Z'));
    await table.activate(40n, new Date('2024-07-01T00:00:00Z'));
    expect(await table.rows('id, _sdc_deleted_at')).toEqual([
      ['1', '2024-06-01 00:00:00'],
      ['2', '2024-06-01 00:00:00'],
      ['3', '2024-07-01 00:00:00'],
    ]);
  });

  test.each([
    ['hard', 'string'],
    ['soft', 'string'],
    ['hard', 'json'],
  ] as const)(
    'reads versions and writes times that are text in the table, %s deletes, column of %s',
    async (deletes, kind) => {
      const columns = wantedColumns(versionOf({ ...shape, deletes })).map(({ name, type }) => ({
        name,
        type: ['_sdc_table_version', '_sdc_deleted_at'].includes(name) ? ({ kind } as const) : type,
      }));
      const definitions = columns.map(({ name, type }) => `"${name}" ${duckdbDialect.typeName(type)}`);
      const table = await tableOf(
        { ...shape, deletes },
        { create: `CREATE TABLE main.orders (${definitions})`, columns },
      );
      const versions = [
        [1, "'9'"],
        [2, "'no number'"],
        [3, 'NULL'],
        [4, "'30'"],
        [5, "'100'"],
      ];
      for (const [id, text] of versions)
        await table.query(`INSERT INTO main.orders (id, _sdc_table_version) VALUES (${id}, ${text})`);
      await table.activate(30n);
      const time = deletes === 'soft' ? "'2024-06-01T00:00:00Z'" : "''";
      expect(await table.rows(`id, _sdc_deleted_at`)).toEqual(
        deletes === 'hard'
          ? [
              ['4', null],
              ['5', null],
            ]
          : [1, 2, 3, 4, 5].map((id) => [String(id), id < 4 ? time.slice(1, -1) : null]),
      );
    },
  );

  test('does nothing to a table without metadata columns', async () => {
    const table = await tableOf(people);
    await table.load([person(1, { name: 'a', age: '1' })]);
    await table.activate(9n);
    expect(await table.rows('id')).toEqual([['1']]);
  });
});

test('a member that the version does not know is emptied when its object comes anew, or its row is made again', async () => {
  const flat = versionOf({ columns: { id: 'bigint', o__a: 'bigint' }, keys: ['id'], deletes: 'hard' });
  const version = { ...flat, columns: flat.columns.map((column) => ({ ...column, path: column.name.split('__') })) };
  const table = await duckdbTable(version, {
    create: 'CREATE TABLE main.orders (id BIGINT, o__a BIGINT, o__c BIGINT)',
    others: [{ name: 'o__c', source: ['o', 'c'] }],
  });
  open.push(table);
  await table.query('INSERT INTO main.orders VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 4, 4)');
  await table.load([
    { data: { id: '1', o__a: '10' } },
    { data: { id: '2' } },
    { data: { id: '3' }, deletedAt },
    { data: { id: '3' } },
    { data: { id: '4' }, deletedAt },
  ]);
  expect(await table.rows('*')).toEqual([
    ['1', '10', null],
    ['2', '2', '2'],
    ['3', null, null],
  ]);
});

describe('a load', () => {
  test('leaves out columns that the table has no place for', async () => {
    const table = await tableOf(people);
    table.useColumns([{ name: 'id', type: { kind: 'bigint' } }, undefined, { name: 'age', type: { kind: 'bigint' } }]);
    await table.load([person(1, { name: 'Ann', age: '30' }), person(1, { name: 'Bob', age: '31' })]);
    expect(await table.rows('*')).toEqual([['1', null, '31']]);
  });

  test('into an empty table puts no row there that is deleted in the end', () => {
    const version = versionOf({ ...people, deletes: 'hard' });
    const load = loadOf(version, [marker(1)]);
    const target = { load, table: 't', columns: wantedColumns(version), others: [], relation: 'r', syncStartedAtMs: 0 };
    expect(insertStatement(duckdbDialect, target)).toMatch(/\) s\nWHERE NOT s\.is_marker$/);
    const kept = { ...target, load: loadOf(versionOf(people), [person(1)]) };
    expect(insertStatement(duckdbDialect, kept)).toMatch(/\) s$/);
  });

  test('of structs puts them into a table that has them', async () => {
    const o: ColumnType = {
      kind: 'struct',
      fields: [{ name: 'a', property: 'a', type: { kind: 'bigint' }, accepts: 1 }],
    };
    const table = await tableOf({ columns: { id: 'bigint', o }, keys: ['id'] });
    await table.load([{ data: { id: '1', o: '{"a":7}' } }, { data: { id: '2', o: null } }]);
    expect(await table.rows('id, o.a')).toEqual([
      ['1', '7'],
      ['2', null],
    ]);
  });
});
