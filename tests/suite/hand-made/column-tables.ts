// Tables whose columns are not ours: constraints, identifiers, types, names, comments and histories of their own.
import { date, dateTime, integer, number, text } from '../suite-case.ts';
import { always, dated, either, type HandMadeTable, loads, refused, rowsRefused } from './hand-made-table.ts';

const struct = (properties: object) => ({ type: ['null', 'object'], properties });
const array = (items: object) => ({ type: ['null', 'array'], items });

const plain = 'id BIGINT, n INT, v BIGINT, s STRING';
const plainRows = "INSERT INTO $t VALUES (1, 10, 100, 'one'), (2, 20, 200, 'two'), (3, NULL, NULL, NULL)";
const fullRows = "INSERT INTO $t VALUES (1, 10, 100, 'one'), (2, 20, 200, 'two'), (3, 30, 300, 'three')";
const stream = { v: [integer, 300], s: [text, 'new'] } as const;
const table = (columns: string, rows: string, ...more: readonly string[]): readonly string[] => [
  `CREATE TABLE $t (${columns}) USING iceberg`,
  `INSERT INTO $t ${rows}`,
  ...more,
];

export const columnTables: readonly HandMadeTable[] = [
  {
    name: 'with NOT NULL columns',
    make: [`CREATE TABLE $t (id BIGINT NOT NULL, n INT, v BIGINT NOT NULL, s STRING NOT NULL) USING iceberg`, fullRows],
    stream,
  },
  {
    name: 'with a NOT NULL column that the stream does not have',
    make: [`CREATE TABLE $t (id BIGINT, n INT, v BIGINT, s STRING NOT NULL) USING iceberg`, fullRows],
    stream: { v: [integer, 300] },
    expect: always(rowsRefused('s')),
  },
  {
    name: 'with a NOT NULL member that gets its value',
    make: table(
      'id BIGINT, n INT, v BIGINT, s STRUCT<a: INT NOT NULL, b: STRING>',
      "SELECT 1L, 1, 1L, named_struct('a', 1, 'b', 'x')",
    ),
    stream: { s: [struct({ a: integer, b: text }), { a: 5, b: 'y' }] },
    column: { s: [struct({ a: integer, b: text, c: text }), { a: 5, b: 'y', c: 'z' }] },
    options: { nested_columns: 'struct' },
    expect: { ...always(either()), another: either({ dated: ['v'] }) },
  },
  {
    name: 'with a NOT NULL member that is null',
    make: table(
      'id BIGINT, n INT, v BIGINT, s STRUCT<a: INT NOT NULL, b: STRING>',
      "SELECT 1L, 1, 1L, named_struct('a', 1, 'b', 'x')",
    ),
    stream: { s: [struct({ a: integer, b: text }), { a: null, b: 'y' }] },
    options: { nested_columns: 'struct' },
    expect: always(rowsRefused('s.a')),
  },
  {
    name: 'with a NOT NULL member that the stream does not have',
    make: table(
      'id BIGINT, n INT, v BIGINT, s STRUCT<a: INT NOT NULL, b: STRING>',
      "SELECT 1L, 1, 1L, named_struct('a', 1, 'b', 'x')",
    ),
    stream: {},
  },
  {
    name: 'with its key as identifier field',
    make: [
      `CREATE TABLE $t (id BIGINT NOT NULL, n INT, v BIGINT, s STRING) USING iceberg`,
      'ALTER TABLE $t SET IDENTIFIER FIELDS id',
      plainRows,
    ],
    stream,
  },
  {
    name: 'with an identifier field that is not the key',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, code BIGINT NOT NULL) USING iceberg',
      'ALTER TABLE $t SET IDENTIFIER FIELDS code',
      'INSERT INTO $t VALUES (1, 1, 100), (2, 2, 200), (3, 3, 300)',
    ],
    stream: { code: [integer, 400] },
    another: { code: [text, 'word'] },
    expect: { another: refused('code') },
  },
  {
    name: 'with an identifier field that the stream does not have',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, v BIGINT, code BIGINT NOT NULL) USING iceberg',
      'ALTER TABLE $t SET IDENTIFIER FIELDS code',
      'INSERT INTO $t VALUES (1, 1, 10, 100), (2, 2, 20, 200), (3, 3, 30, 300)',
    ],
    stream: { v: [integer, 7] },
    expect: always(rowsRefused('code')),
  },
  {
    name: 'with a small key, FLOAT and small numbers',
    make: table(
      'id INT, n INT, v INT, f FLOAT, d DOUBLE',
      "VALUES (1, -2147483648, 1, CAST(1.5 AS FLOAT), 0.1), (2, 2147483647, 2, CAST(2.5 AS FLOAT), -0.0), (3, 3, 3, CAST('NaN' AS FLOAT), 1e300)",
    ),
    stream: { f: [number, 0.25], d: [number, 0.1] },
  },
  {
    name: 'with BINARY and TIMESTAMP_NTZ columns',
    make: table(
      'id BIGINT, n INT, v BINARY, ts TIMESTAMP_NTZ, t TIMESTAMP, d DATE',
      "VALUES (1L, 1, X'00FF', TIMESTAMP_NTZ '2024-01-01 00:00:00', TIMESTAMP '1890-01-01 00:00:00', DATE '0001-01-01'), (3L, 3, NULL, NULL, TIMESTAMP '2024-06-01 12:00:00.123456', DATE '9999-12-31')",
    ),
    stream: { t: [dateTime, '2024-05-01T00:00:00Z'], d: [date, '2024-05-01'] },
    another: { v: [text, 'word'], ts: [dateTime, '2024-05-01T00:00:00Z'] },
    expect: { another: either({ dated: ['v', 'ts'] }) },
  },
  {
    name: 'with dates that become times',
    make: table('id BIGINT, n INT, d DATE', "VALUES (1L, 1, DATE '2024-01-01'), (2L, 2, DATE '2024-01-02')"),
    stream: {},
    another: { d: [dateTime, '2024-05-01T12:00:00Z'] },
  },
  {
    name: 'with maps, arrays and structs that the stream does not have',
    make: table(
      'id BIGINT, n INT, v BIGINT, m MAP<STRING, INT>, l ARRAY<STRUCT<a: INT>>, s STRUCT<a: STRUCT<b: ARRAY<INT>>>',
      "SELECT 1L, 1, 1L, map('k', 1), array(named_struct('a', 1)), named_struct('a', named_struct('b', array(1)))",
    ),
    stream: { v: [integer, 5] },
  },
  {
    name: 'with structs and arrays that grow',
    make: table(
      'id BIGINT, n INT, v STRUCT<a: INT, b: STRUCT<c: FLOAT>>, l ARRAY<STRUCT<a: INT>>',
      "SELECT 1L, 1, named_struct('a', 1, 'b', named_struct('c', CAST(0.5 AS FLOAT))), array(named_struct('a', 1))",
    ),
    stream: { l: [array(struct({ a: integer })), [{ a: 5 }]] },
    column: {
      v: [struct({ a: integer, b: struct({ c: number, e: text }), f: text }), { a: 1, b: { c: 2.5, e: 'e' }, f: 'f' }],
    },
    wider: { v: [struct({ a: integer, b: struct({ c: number }) }), { a: 3_000_000_000, b: { c: 0.1 } }] },
    another: { v: [struct({ a: text }), { a: 'word' }] },
    options: { nested_columns: 'struct' },
  },
  {
    name: 'with objects that came as JSON text',
    make: table('id BIGINT, n INT, v STRING', `VALUES (1L, 1, '{"a": 1.50}'), (2L, 2, '[]'), (3L, 3, 'no JSON')`),
    stream: {},
    another: { v: [struct({ a: integer }), { a: 1 }] },
    options: { nested_columns: 'struct' },
    expect: { another: loads },
  },
  {
    name: 'with members whose names have signs',
    make: table(
      'id BIGINT, n INT, v BIGINT, s STRUCT<`a:b`: INT, `c,d`: STRING>',
      "SELECT 1L, 1, 1L, named_struct('a:b', 1, 'c,d', 'x')",
    ),
    stream: { s: [struct({ 'a:b': integer, 'c,d': text }), { 'a:b': 5, 'c,d': 'y' }] },
    options: { nested_columns: 'struct' },
    expect: { ...always(either({ dated: 'maybe' })) },
  },
  {
    name: 'with a DOUBLE key',
    make: table('id DOUBLE, n INT, v BIGINT', 'VALUES (1.0D, 1, 10), (2.0D, 2, 20), (3.5D, 3, 30)'),
    stream: {},
    expect: { ...always(either()), another: either({ dated: ['v'] }) },
  },
  {
    name: 'with a DOUBLE key that gets large integers',
    make: table('id DOUBLE, n INT, v BIGINT', 'VALUES (1.0D, 1, 10), (9007199254740992.0D, 2, 20)'),
    keys: { id: [{ type: 'integer' }, undefined] },
    records: [{ id: 9_007_199_254_740_993n }, { id: -9_007_199_254_740_993n }],
    stream: {},
    approximate: ['id'],
    expect: {
      ...always(rowsRefused('id')),
      // no row is looked up by its key
      'same append-only': loads,
      'column append-only': loads,
      'wider append-only': loads,
      'another append-only': dated('v'),
    },
  },
  {
    name: 'with a DECIMAL key',
    make: table('id DECIMAL(10,2), n INT, v BIGINT', 'VALUES (1.50, 1, 10), (2.00, 2, 20)'),
    keys: { id: [{ type: 'number', multipleOf: 0.01 }, undefined] },
    stream: {},
  },
  {
    name: 'with a text key in upper case and a second one',
    make: table(
      '`CODE` STRING, `Part` INT, n INT, v BIGINT',
      "VALUES ('a', 1, 1, 10), ('A', 1, 2, 20), ('a', 2, 3, 30), (NULL, 1, 4, 40)",
    ),
    keys: { Code: [text, undefined], part: [integer, undefined] },
    records: [
      { Code: 'a', part: 1 },
      { Code: 'ä', part: 7 },
    ],
    stream: {},
  },
  {
    name: 'with columns in upper and mixed case',
    make: table(
      '`ID` BIGINT, `N` INT, `CustomerName` STRING, `V` BIGINT',
      "VALUES (1, 10, 'one', 100), (2, 20, 'two', 200), (3, NULL, NULL, NULL)",
    ),
    stream: { customerName: [text, 'new'] },
    expect: { another: dated('V') },
  },
  {
    name: 'that an older version of the target has made',
    make: table(
      '`ID` BIGINT, `NAME` STRING, n INT, v BIGINT, `_SDC_EXTRACTED_AT` TIMESTAMP, `_SDC_BATCHED_AT` TIMESTAMP, `_SDC_DELETED_AT` STRING',
      "VALUES (1, 'one', 1, 10, current_timestamp(), NULL, NULL), (2, 'two', 2, 20, NULL, NULL, NULL), (3, 'three', 3, 30, NULL, NULL, '2024-01-01')",
    ),
    stream: { NAME: [text, 'new'] },
    options: { add_metadata_columns: true },
    expect: { another: dated('v') },
  },
  {
    name: 'with names of other scripts and with signs',
    make: table(
      "id BIGINT, n INT, `größe` BIGINT, `unit price` BIGINT, `a.b` BIGINT, `it's` STRING, `v` BIGINT",
      "VALUES (1, 1, 2, 3, 4, '5', 6), (2, 1, 2, 3, 4, '5', 6)",
    ),
    stream: { größe: [integer, 1], 'unit price': [integer, 2], 'a.b': [integer, 3], "it's": [text, 'x'] },
    another: { 'unit price': [text, 'word'], 'a.b': [text, 'word'] },
  },
  {
    name: 'with comments of a person',
    make: [
      "CREATE TABLE $t (id BIGINT COMMENT 'the key', n INT COMMENT 'a number', v BIGINT COMMENT 'Property \"w\" of the stream, says Ann', s STRING COMMENT 'a text') USING iceberg COMMENT 'made by hand'",
      plainRows,
    ],
    stream,
  },
  {
    name: 'with comments that look like ours',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, foo STRING COMMENT \'Property "Foo" of the stream\', v BIGINT COMMENT \'Property "other" of the stream\') USING iceberg',
      "INSERT INTO $t VALUES (1, 1, 'one', 10), (2, 2, 'two', 20), (3, 3, 'three', 30)",
    ],
    stream: { Foo: [text, 'new'] },
    column: { foo: [text, 'small'] },
    columns: { foo: 'foo_8f62' },
  },
  {
    name: 'with a column that Iceberg reserves',
    make: [...table(plain, 'VALUES (1L, 1, 1L, NULL)'), 'ALTER TABLE $t ADD COLUMN _file STRING'],
    stream,
    expect: always(refused('_file')),
  },
  {
    name: 'whose stream has names that Iceberg reserves',
    make: table(plain, "VALUES (1L, 1, 1L, 'one')"),
    stream,
    column: { _file: [text, 'f'], _POS: [integer, 5], _spec_id: [integer, 6], _partition: [text, 'p'] },
    another: { v: [text, 'word'], _deleted: [text, 'd'] },
    expect: { another: dated('v') },
  },
  {
    name: 'with a column that looks like a dated one',
    make: table(
      'id BIGINT, n INT, v STRING, v_20240101_0000 BIGINT, v_old STRING',
      "VALUES (1, 1, 'new', 100, 'x'), (2, 2, 'new', NULL, 'y'), (3, 3, NULL, 300, NULL)",
    ),
    stream: { v: [text, 'new'] },
    another: { v_20240101_0000: [text, 'word'] },
  },
  {
    name: 'whose columns were put in another order',
    make: [
      `CREATE TABLE $t (${plain}) USING iceberg`,
      plainRows,
      'ALTER TABLE $t ALTER COLUMN s FIRST',
      'ALTER TABLE $t ALTER COLUMN id AFTER v',
      'ALTER TABLE $t ADD COLUMN w INT AFTER s',
    ],
    stream,
    column: { w: [integer, 5] },
  },
  {
    name: 'with columns that were dropped and added again',
    make: [
      `CREATE TABLE $t (${plain}) USING iceberg`,
      plainRows,
      'ALTER TABLE $t DROP COLUMN v',
      'ALTER TABLE $t ADD COLUMN v STRING',
      "INSERT INTO $t VALUES (4, 40, 'four', 'text')",
      'ALTER TABLE $t DROP COLUMN v',
      'ALTER TABLE $t ADD COLUMN v BIGINT',
    ],
    stream,
  },
  {
    name: 'with columns that were renamed and widened',
    make: [
      `CREATE TABLE $t (id INT, n INT, amount INT, s STRING) USING iceberg`,
      plainRows,
      'ALTER TABLE $t RENAME COLUMN amount TO v',
      'ALTER TABLE $t ALTER COLUMN v TYPE BIGINT',
      'ALTER TABLE $t ALTER COLUMN id TYPE BIGINT',
    ],
    stream,
    column: { amount: [integer, 5] },
  },
];
