// What Spark and Iceberg print about a table, read without a lakehouse.
import { expect, it } from 'vitest';
import { readColumnTypes } from '../../../../src/destinations/iomete/create-table-text.ts';
import { hideNew } from '../../../../src/destinations/iomete/hidden-columns.ts';
import { tableError } from '../../../../src/destinations/iomete/load-errors.ts';
import { mappedField, readNameMapping, withoutField } from '../../../../src/destinations/iomete/name-mapping.ts';
import { StatementError } from '../../../../src/destinations/iomete/statement-error.ts';
import { readDescription, withQuotedMembers } from '../../../../src/destinations/iomete/table-description.ts';

it('a member that must not be NULL is named by its path', () => {
  const said =
    'java.lang.NullPointerException: Null value appeared in non-nullable field:\ns\na\nIf the schema is inferred from a Scala tuple';
  expect(tableError(new StatementError('failed', said), { stream: 'orders' }, 't')).toMatchObject({
    code: 'TABLE_COLUMN_REQUIRED',
    context: { stream: 'orders', column: 's.a' },
  });
});

const bigint = { kind: 'bigint' } as const;
const string = { kind: 'string' } as const;
const struct = (members: Readonly<Record<string, unknown>>) => ({
  kind: 'struct',
  fields: Object.entries(members).map(([name, type]) => ({ name, type })),
});

const statement = [
  'CREATE TABLE spark_catalog.h.`t(` (',
  '  id BIGINT NOT NULL,',
  "  `x ``y` STRUCT<`a:b`: BIGINT, `c,d`: STRING COMMENT 'a, b> \\' c', e: ARRAY<STRUCT<`>`: BIGINT>>> COMMENT 'NOT NULL,\\' d',",
  '  m MAP<STRING, STRUCT<`a:b`: INT>>,',
  '  i INTERVAL DAY TO SECOND,',
  '  d DECIMAL(18,2))',
  'USING iceberg',
].join('\n');

it('SHOW CREATE TABLE tells the members of structs by their names', () => {
  const types = readColumnTypes(statement)!;
  expect([...types.keys()]).toEqual(['id', 'x `y', 'm', 'i', 'd']);
  expect(types.get('x `y')).toEqual(
    struct({ 'a:b': bigint, 'c,d': string, e: { kind: 'array', element: { type: struct({ '>': bigint }) } } }),
  );
  expect(types.get('d')).toEqual({ kind: 'decimal', precision: 18, scale: 2 });
  const ambiguous = "STRING COMMENT 'ends in a backslash\\',\n  z INT COMMENT 'x'";
  expect(readColumnTypes(statement.replace('DECIMAL(18,2)', ambiguous))).toBeUndefined();
});

const described = (rows: readonly (readonly [string, string])[]) =>
  readDescription(rows.map(([col_name, data_type]) => ({ col_name, data_type, comment: null })));

it('DESCRIBE is asked once more only where the names of members are in doubt', () => {
  const found = described([
    ['id', 'bigint'],
    ['x `y', 'struct<a:b:bigint,c,d:string>'],
    ['m', 'map<string,struct<a:b:int>>'],
    ['été', 'struct<été:bigint,a.b $:decimal(9,2),t:timestamp_ntz,i:interval day to second>'],
    ['d', 'decimal(18,2)'],
    ['i', 'int'],
  ]);
  expect(found.columns.filter(({ isDoubtful }) => isDoubtful).map(({ name }) => name)).toEqual(['x `y']);
  expect(withQuotedMembers(found, 'CREATE VIEW')).toBe(found);
});

it('DESCRIBE tells the partition fields of all specs and what they are made of', () => {
  const metadata = [
    ['# Metadata Columns', ''],
    ['_partition', 'struct<v:bigint,ts_day:date,id_bucket:int,s.x_trunc:string,shard:int>'],
    ['_pos', 'bigint'],
    ['', ''],
  ] as const;
  const columns = ['id', 'v', 'ts', 's'].map((name) => [name, 'bigint'] as const);
  const mixed = described([
    ...columns,
    ['', ''],
    ['# Partitioning', ''],
    ['Part 0', 'days(ts)'],
    ['Part 1', 'truncate(2, s.x)'],
    ['', ''],
    ...metadata,
  ]);
  expect(mixed.partitions.map(({ name, column }) => [name, column])).toEqual([
    [undefined, 'ts'],
    [undefined, 's.x'],
    ['v', 'v'],
    ['ts_day', 'ts'],
    ['id_bucket', 'id'],
    ['s.x_trunc', undefined],
    ['shard', undefined],
  ]);
  expect(mixed.metadataNames).toEqual(['_partition', '_pos']);
  const plain = described([
    ...columns,
    ['# Partition Information', ''],
    ['# col_name', 'data_type'],
    ['v', 'bigint'],
    ['', ''],
  ]);
  expect(plain.partitions.map(({ column }) => column)).toEqual(['v']);
});

it('a name mapping loses a field at any depth, and keeps all others', () => {
  const text = JSON.stringify([
    { 'field-id': 1, names: ['v', 'v_old'] },
    {
      names: ['s'],
      fields: [
        { 'field-id': 3, names: ['a'] },
        { 'field-id': 4, names: ['new'] },
      ],
    },
  ]);
  const mapping = readNameMapping(text);
  expect(mappedField(mapping, ['v_old'])?.['field-id']).toBe(1);
  expect(mappedField(mapping, ['s', 'new'])?.['field-id']).toBe(4);
  expect(withoutField(withoutField(mapping, ['s', 'new']), ['absent'])).toEqual([
    { 'field-id': 1, names: ['v', 'v_old'] },
    { names: ['s'], fields: [{ 'field-id': 3, names: ['a'] }] },
  ]);
  for (const broken of ['', '{}', '[{"names":1}]', '[{"names":["a"],"fields":[null]}]'])
    expect(() => readNameMapping(broken)).toThrow(/can't be read/);
});

it('new columns and members are made under names of their own', () => {
  const from = { kind: 'array', element: { type: { kind: 'struct', fields: [{ name: 'a', type: bigint }] } } } as const;
  const to = {
    kind: 'array',
    element: {
      type: {
        kind: 'struct',
        fields: [
          { name: 'a', type: bigint },
          { name: 'b', type: string },
        ],
      },
    },
  } as const;
  const { steps, hidden } = hideNew([
    { kind: 'add', name: 'v', type: string, source: ['v'] },
    { kind: 'add', name: 'w_1a2b', type: string, source: ['w'] },
    { kind: 'widen', name: 'l', from, to },
  ]);
  expect(hidden.map(({ path, isInArray }) => [path.join('.'), isInArray])).toEqual([
    ['v', false],
    ['w_1a2b', false],
    ['l.element.b', true],
  ]);
  const [v, w, l] = hidden.map(({ temporary }) => temporary);
  expect(steps).toMatchObject([
    { name: v, source: undefined },
    { name: w, source: ['w'] },
    { to: { element: { type: { fields: [{ name: 'a' }, { name: l }] } } } },
  ]);
});
