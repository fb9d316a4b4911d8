import { describe, expect, test } from 'vitest';
import { duckdbDialect } from '../../../../src/destinations/sql/duckdb-dialect.ts';
import {
  inexactBySwap,
  leftoverStagingTables,
  sideValues,
  stagingTable,
  unfitBySwap,
  versionOfSide,
  withProperties,
  withTextKept,
} from '../../../../src/destinations/sql/staging-table.ts';
import type { TableColumnType } from '../../../../src/schema/evolve.ts';
import { type ColumnType, jsonKind } from '../../../../src/schema/model.ts';
import { stagingTableId } from '../../../../src/schema/names.ts';
import { query } from './memory-duckdb.ts';
import { versionOf } from './staged-records.ts';

const [first, second] = ['0123456789ab', 'ba9876543210'];
const nameOf = (table: string, runId: string) => stagingTable({ schema: 's', table }, runId).table;

describe('the name of a staging table', () => {
  test('tells the table and the run', () => {
    expect(nameOf('orders', first)).toBe('orders__overwrite_0123456789ab');
  });

  test('stays within what a metastore takes, and differs for long names that begin alike', () => {
    const tables = ['x'.repeat(128), `${'x'.repeat(127)}y`, 'x'.repeat(101), 'x'.repeat(100)];
    const names = tables.map((table) => nameOf(table, first));
    expect(new Set(names).size).toBe(tables.length);
    expect(names.every((name) => name.length <= 128)).toBe(true);
    expect(names[0]).toMatch(/^x{91}_[0-9a-f]{8}__overwrite_0123456789ab$/);
    expect(names[3]).toBe(`${'x'.repeat(100)}__overwrite_0123456789ab`);
    for (const table of tables) expect(leftoverStagingTables(table, second, names)).toEqual([nameOf(table, first)]);
  });

  test('is known again by the next run, which does not take its own for a orphan', () => {
    const names = [nameOf('orders', first), nameOf('orders', second), 'orders', nameOf('orders_2', first)];
    expect(leftoverStagingTables('orders', second, names)).toEqual([nameOf('orders', first)]);
  });
});

test('the run that made a staging table is told by its name', () => {
  expect(stagingTableId('orders__overwrite_0123456789ab')).toBe(first);
  for (const name of [
    'orders',
    '__overwrite_0123456789ab',
    'orders__overwrite_0123456789ag',
    `${nameOf('o', first)}_2`,
  ])
    expect(stagingTableId(name)).toBeUndefined();
});

test('a table that is called almost like a staging table is none', () => {
  const names = ['orders__overwrite_0123456789ab_', 'orders__overwrite_0123456789', 'xorders__overwrite_0123456789ab'];
  expect(leftoverStagingTables('orders', second, names)).toEqual([]);
});

const bigint = { kind: 'bigint' } as const;
const double = { kind: 'double' } as const;
const string = { kind: 'string' } as const;
const struct = (...members: [name: string, property: string, type?: ColumnType][]): ColumnType => ({
  kind: 'struct',
  fields: members.map(([name, property, type = bigint]) => ({ name, property, type, accepts: jsonKind.number })),
});
const array = (type: ColumnType): ColumnType => ({ kind: 'array', element: { type, accepts: jsonKind.number } });
const described = (...members: [name: string, type?: TableColumnType][]): TableColumnType => ({
  kind: 'struct',
  fields: members.map(([name, type = bigint]) => ({ name, type })),
});

describe('the rows of a staging table', () => {
  const latest = versionOf({ columns: { id: 'bigint' }, keys: ['id'], metadata: true });

  test('are a version without keys and metadata, whose columns are all for data', () => {
    const columns = [
      { name: 'id', type: bigint },
      { name: 'old_1234', type: string, source: ['Old'] },
    ];
    expect(versionOfSide(latest, columns)).toEqual({
      ...latest,
      keys: [],
      metadata: false,
      columns: [
        { path: ['id'], name: 'id', type: bigint, accepts: 0 },
        { path: ['Old'], name: 'old_1234', type: string, accepts: 0 },
      ],
    });
  });

  test('know again which properties their members are for', () => {
    const version = versionOf({
      columns: { o: struct(['a', 'A'], ['in', 'In', struct(['x', 'X'])]), l: array(struct(['b', 'B'])), n: 'bigint' },
    });
    const columns = [
      { name: 'O', type: described(['a'], ['in', described(['x'])], ['gone']) },
      { name: 'l', type: { kind: 'array', element: { type: described(['b']) } } as const },
      { name: 'n', type: bigint },
      { name: 'other', type: described(['a']) },
    ];
    expect(withProperties(columns, version)).toEqual([
      {
        name: 'O',
        type: {
          kind: 'struct',
          fields: [
            { name: 'a', property: 'A', type: bigint },
            {
              name: 'in',
              property: 'In',
              type: { kind: 'struct', fields: [{ name: 'x', property: 'X', type: bigint }] },
            },
            { name: 'gone', type: bigint },
          ],
        },
      },
      {
        name: 'l',
        type: {
          kind: 'array',
          element: { type: { kind: 'struct', fields: [{ name: 'b', property: 'B', type: bigint }] } },
        },
      },
      columns[2],
      columns[3],
    ]);
  });

  test('are found by the property that a column was made for, before its name', () => {
    const version = versionOf({ columns: { o: struct(['a', 'A']), p: struct(['a', 'P']) } });
    const [column] = withProperties([{ name: 'o', type: described(['a']), source: ['p'] }], version);
    expect(column!.type).toMatchObject({ fields: [{ property: 'P' }] });
    const [unknown] = withProperties([{ name: 'o', type: described(['a']), source: ['q'] }], version);
    expect(unknown!.type).toEqual(described(['a']));
  });

  test('are left as they are where they are of another shape than the latest version has', () => {
    const version = versionOf({ columns: { o: struct(['a', 'A']), l: array(struct(['a', 'A'])), n: 'bigint' } });
    const list = { kind: 'array', element: { type: described(['a']) } } as const;
    const columns = [
      { name: 'o', type: list },
      { name: 'l', type: described(['a']) },
      { name: 'n', type: described(['a']) },
    ];
    expect(withProperties(columns, version)).toEqual(columns);
    const plain = ['o', 'l', 'n'].map((name) => ({ name, type: bigint }));
    expect(withProperties(plain, version)).toEqual(plain);
    const lists = [{ name: 'n', type: list }];
    expect(withProperties(lists, version)).toEqual(lists);
  });

  test('go into the columns of the table that hold them, in their types', () => {
    const from = [
      { name: 'a', type: bigint },
      { name: 'b', type: bigint },
      { name: 'c', type: bigint },
    ];
    const into = [{ name: 'A', type: bigint }, undefined, { name: 'c', type: string }];
    expect([...sideValues(duckdbDialect, from, into)]).toEqual([
      ['A', '"a"'],
      ['c', 'CAST("c" AS VARCHAR)'],
    ]);
  });
});

describe('what the table holds as text', () => {
  const version = versionOf({
    columns: { id: 'double', x: 'double', o: struct(['a', 'a']), l: array(bigint), n: 'bigint', t: 'string' },
    keys: ['id'],
  });
  const kinds = (held: Parameters<typeof withTextKept>[1]) =>
    withTextKept(version, held).columns.map(({ type }) => type.kind);
  const heldAs = (type: TableColumnType) => version.columns.map(({ name }) => ({ name, type }));

  test('is text in the staging table as well, keys and whole numbers apart', () => {
    expect(kinds(heldAs(string))).toEqual(['double', 'json', 'json', 'json', 'bigint', 'string']);
    expect(kinds(heldAs({ kind: 'json' }))).toEqual(['double', 'json', 'json', 'json', 'bigint', 'string']);
  });

  test('is told for each column by itself, whatever columns give way to those of the target', () => {
    const metadata = versionOf({
      columns: { _sdc_sequence: 'double', o: struct(['a', 'a']), x: 'double', l: array(bigint) },
      metadata: true,
    });
    const wanted = [
      { name: 'o', type: described(['a']) },
      { name: 'x', type: string },
      { name: 'l', type: { kind: 'array', element: { type: bigint } } as const },
    ];
    expect(withTextKept(metadata, wanted).columns.map(({ type }) => type.kind)).toEqual([
      'double',
      'struct',
      'json',
      'array',
    ]);
  });

  test('is nothing where the table holds values in their types, or has no column', () => {
    const own = version.columns.map(({ type }) => type.kind);
    expect(kinds(version.columns)).toEqual(own);
    expect(kinds(version.columns.map(() => undefined))).toEqual(own);
  });
});

describe('the rows that take the place of those of a table', () => {
  const latest = versionOf({ columns: { id: 'bigint', n: 'bigint' }, keys: ['id'] });
  const side = {
    side: '"side"',
    from: [
      { name: 'old', type: bigint },
      { name: 'ID', type: bigint },
      { name: 'n', type: bigint },
    ],
  };
  const rows = (...values: string[]) => [
    'CREATE TABLE side (old BIGINT, "ID" BIGINT, n BIGINT)',
    `INSERT INTO side VALUES ${values.join(', ')}`,
  ];
  const into = (type: TableColumnType) => side.from.map(({ name }) => ({ name, type }));

  test('are told by the columns of the latest version where a DOUBLE holds them approximately', async () => {
    const count = inexactBySwap(duckdbDialect, latest, { ...side, into: into(double) })!;
    const [row] = await query(...rows('(9007199254740993, 1, 9007199254740993)', '(1, 2, 3)'), count.statement);
    expect(count.read(row!)).toEqual(
      new Map([
        [0, 0],
        [1, 1],
      ]),
    );
    expect(inexactBySwap(duckdbDialect, latest, { ...side, into: into(bigint) })).toBeUndefined();
  });

  test('may have no key that becomes another one', async () => {
    const count = inexactBySwap(duckdbDialect, latest, { ...side, into: into(double) })!;
    const [row] = await query(...rows('(1, 9007199254740993, 1)'), count.statement);
    expect(() => count.read(row!)).toThrow(expect.objectContaining({ code: 'INPUT_VALUE_INVALID' }));
  });

  test('must fit the columns of the table', async () => {
    const narrow = unfitBySwap(duckdbDialect, latest, { ...side, into: into({ kind: 'other', sql: 'TINYINT' }) })!;
    const [fits] = await query(...rows('(1, 2, 3)'), narrow.statement);
    narrow.check(fits!);
    const [unfit] = await query(...rows('(1, 2, 300)'), narrow.statement);
    expect(() => narrow.check(unfit!)).toThrow(
      expect.objectContaining({ code: 'INPUT_VALUE_INVALID', context: { column: 'n' } }),
    );
    expect(unfitBySwap(duckdbDialect, latest, { ...side, into: into(bigint) })).toBeUndefined();
  });
});
