import { describe, expect, it } from 'vitest';
import { parseDuckdbType } from '../../../src/destinations/duckdb/duckdb-types.ts';
import { parseSparkType } from '../../../src/destinations/iomete/spark-types.ts';
import type { TableColumnType } from '../../../src/destinations/sql/dialect.ts';
import { sparkDialect } from '../../../src/destinations/sql/spark-dialect.ts';

const bigint = { kind: 'bigint' } as const;
const other = (sql: string) => ({ kind: 'other', sql }) as const;
const array = (type: TableColumnType) => ({ kind: 'array', element: { type } }) as const;
const struct = (members: Readonly<Record<string, TableColumnType>>) =>
  ({ kind: 'struct', fields: Object.entries(members).map(([name, type]) => ({ name, type })) }) as const;

describe("nested types in a warehouse's words", () => {
  it.each<[string, TableColumnType]>([
    ['array<bigint>', array(bigint)],
    [
      'struct<a:bigint,b:array<array<decimal(38,9)>>>',
      struct({ a: bigint, b: array(array({ kind: 'decimal', precision: 38, scale: 9 })) }),
    ],
    [
      'struct<a b:bigint,x<y>:struct<c.d:bigint,>:bigint>,Z:bigint>',
      struct({ 'a b': bigint, 'x<y>': struct({ 'c.d': bigint, '>': bigint }), Z: bigint }),
    ],
    [
      'struct<m:map<string,struct<a:int,b:int>>,n:bigint>',
      struct({ m: other('map<string,struct<a:int,b:int>>'), n: bigint }),
    ],
    ['struct<i:interval day to second,n:int>', struct({ i: other('interval day to second'), n: other('int') })],
    ['array<struct<a:bigint>>', array(struct({ a: bigint }))],
    ['map<string,bigint>', other('map<string,bigint>')],
    ['struct<a:bigint,... 3 more fields>', other('struct<a:bigint,... 3 more fields>')],
  ])('Spark: %s', (sql, type) => {
    expect(parseSparkType(sql)).toEqual(type);
  });

  it.each<[string, TableColumnType]>([
    ['BIGINT[]', array(bigint)],
    ['BIGINT[][]', array(array(bigint))],
    ['STRUCT(a BIGINT, "b c" VARCHAR[])', struct({ a: bigint, 'b c': array({ kind: 'string' }) })],
    [
      'STRUCT("q""x" BIGINT, "a, b) " STRUCT("(" BIGINT))[]',
      array(struct({ 'q"x': bigint, 'a, b) ': struct({ '(': bigint }) })),
    ],
    [
      "STRUCT(e ENUM('x', 'y)'), m MAP(VARCHAR, BIGINT))",
      struct({ e: other("ENUM('x', 'y)')"), m: other('MAP(VARCHAR, BIGINT)') }),
    ],
    ['STRUCT("é\n𝄞" BIGINT)', struct({ 'é\n𝄞': bigint })],
    ['BIGINT[3]', other('BIGINT[3]')],
    ['UNION(a BIGINT, b VARCHAR)', other('UNION(a BIGINT, b VARCHAR)')],
  ])('DuckDB: %s', (sql, type) => {
    expect(parseDuckdbType(sql)).toEqual(type);
  });
});

it('Iceberg columns are widened member by member', () => {
  const from = struct({ a: other('int'), l: array(struct({ 'x y': bigint })), same: struct({ b: bigint }) });
  const to = struct({
    a: bigint,
    l: array(struct({ 'x y': bigint, z: array(bigint) })),
    same: struct({ b: bigint }),
    n: bigint,
  });
  expect(sparkDialect.widenColumn('v`', from, to)).toEqual([
    'ALTER COLUMN `v```.`a` TYPE BIGINT',
    'ADD COLUMNS (`v```.`l`.element.`z` ARRAY<BIGINT>)',
    'ADD COLUMNS (`v```.`n` BIGINT)',
  ]);
});
