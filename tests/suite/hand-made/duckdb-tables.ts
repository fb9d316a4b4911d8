// Tables in DuckDB: constraints, defaults, generated and indexed columns, types, names and contents of their own.
import { date, dateTime, integer, number, text } from '../suite-case.ts';
import { always, dated, either, type HandMadeTable, loads, refused, rowsRefused } from './hand-made-table.ts';

const struct = (properties: object) => ({ type: ['null', 'object'], properties });

const rows = "INSERT INTO $t VALUES (1, 10, 100, 'one'), (2, 20, 200, 'two'), (3, NULL, NULL, NULL)";
const fullRows = "INSERT INTO $t VALUES (1, 10, 100, 'one'), (2, 20, 200, 'two'), (3, 30, 300, 'three')";
const stream = { v: [integer, 300], s: [text, 'new'] } as const;
const named = { s: [text, 'new'] } as const;

export const duckdbTables: readonly HandMadeTable[] = [
  { name: 'of plain columns', make: ['CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, s VARCHAR)', rows], stream },
  {
    name: 'with a primary key',
    make: ['CREATE TABLE $t (id BIGINT PRIMARY KEY, n INTEGER, v BIGINT, s VARCHAR)', rows],
    stream,
    expect: {
      ...always(either()),
      ...each('append-only', rowsRefused('id')),
      another: either({ dated: ['v'] }),
      'another append-only': rowsRefused('id'),
    },
  },
  {
    name: 'with an INTEGER primary key',
    make: ['CREATE TABLE $t (id INTEGER PRIMARY KEY, n INTEGER, v BIGINT, s VARCHAR)', rows],
    stream,
    expect: {
      ...always(either()),
      ...each('append-only', rowsRefused('id')),
      another: either({ dated: ['v'] }),
      'another append-only': rowsRefused('id'),
    },
  },
  {
    name: 'with a UNIQUE column that gets a value twice',
    make: ['CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, s VARCHAR UNIQUE)', rows],
    stream,
    expect: always(rowsRefused('s')),
  },
  {
    name: 'with a UNIQUE column that the stream does not have',
    make: ['CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, s VARCHAR UNIQUE)', rows],
    stream: { v: [integer, 300] },
  },
  {
    name: 'with a HUGEINT key',
    make: [
      'CREATE TABLE $t (id HUGEINT, n INTEGER, v BIGINT)',
      'INSERT INTO $t VALUES (1, 1, 10), (2, 2, 20), (170141183460469231731687303715884105727, 3, 30)',
    ],
    stream: {},
    expect: { ...always(either()), another: either({ dated: ['v'] }) },
  },
  {
    name: 'with a DOUBLE key',
    make: [
      'CREATE TABLE $t (id DOUBLE, n INTEGER, v BIGINT)',
      'INSERT INTO $t VALUES (1, 1, 10), (2, 2, 20), (3.5, 3, 30)',
    ],
    stream: {},
    expect: { ...always(either()), another: either({ dated: ['v'] }) },
  },
  {
    name: 'with a check that holds',
    isAlone: true,
    make: ['CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT CHECK (v > 0), s VARCHAR)', rows],
    stream,
    expect: { another: either({ dated: ['v'] }) },
  },
  {
    name: 'with a check that fails',
    isAlone: true,
    make: ['CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT CHECK (v < 250), s VARCHAR)', rows],
    stream,
    expect: { ...always(rowsRefused('v')), another: either({ dated: ['v'] }) },
  },
  {
    name: 'with NOT NULL columns',
    make: ['CREATE TABLE $t (id BIGINT NOT NULL, n INTEGER, v BIGINT NOT NULL, s VARCHAR NOT NULL)', fullRows],
    stream,
  },
  {
    name: 'with a NOT NULL column that the stream does not have',
    make: ['CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, s VARCHAR NOT NULL)', fullRows],
    stream: { v: [integer, 300] },
    expect: always(rowsRefused('s')),
  },
  {
    name: 'with defaults',
    make: [
      "CREATE TABLE $t (id BIGINT, n INTEGER DEFAULT 7, v BIGINT DEFAULT 8, s VARCHAR NOT NULL DEFAULT 'fresh')",
      fullRows,
    ],
    stream: { v: [integer, 300] },
  },
  {
    name: 'with defaults that are computed',
    isAlone: true,
    make: [
      'CREATE SEQUENCE $t_numbers',
      "CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, number BIGINT DEFAULT nextval('$t_numbers'), made TIMESTAMP DEFAULT current_timestamp)",
      'INSERT INTO $t (id, n, v) VALUES (1, 10, 100), (2, 20, 200), (3, NULL, NULL)',
    ],
    stream: { v: [integer, 300] },
    expect: { another: either({ dated: ['v'] }) },
  },
  {
    name: 'with a generated column',
    isAlone: true,
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, twice BIGINT GENERATED ALWAYS AS (v * 2) VIRTUAL)',
      'INSERT INTO $t (id, n, v) VALUES (1, 10, 100), (2, 20, 200), (3, NULL, NULL)',
    ],
    stream: {},
    expect: { wider: either(), another: either({ dated: ['v'] }) },
  },
  {
    name: 'with a generated column that the stream has',
    isAlone: true,
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, twice BIGINT GENERATED ALWAYS AS (v * 2) VIRTUAL)',
      'INSERT INTO $t (id, n, v) VALUES (1, 10, 100), (2, 20, 200), (3, NULL, NULL)',
    ],
    stream: { twice: [integer, 7] },
    expect: always(refused('twice')),
  },
  {
    name: 'with indexes',
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, s VARCHAR)',
      rows,
      'CREATE INDEX $n_v ON $t (v)',
      'CREATE INDEX $n_s ON $t (s, n)',
    ],
    stream: named,
    expect: { wider: either(), another: either({ dated: ['v'] }), column: either() },
  },
  {
    name: 'with a unique index on its key',
    make: ['CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, s VARCHAR)', rows, 'CREATE UNIQUE INDEX $n_id ON $t (id)'],
    stream: named,
    expect: {
      ...always(either()),
      ...each('append-only', rowsRefused('id')),
      another: either({ dated: ['v'] }),
      // Before the rows could be refused, the index refuses the table's change, or the column the value.
      'wider append-only': either(),
    },
  },
  {
    name: 'that another table refers to',
    make: [
      'CREATE TABLE $t (id BIGINT PRIMARY KEY, n INTEGER, v BIGINT, s VARCHAR)',
      rows,
      'CREATE TABLE $t_lines (id BIGINT, head BIGINT REFERENCES $t (id))',
      'INSERT INTO $t_lines VALUES (1, 1)',
    ],
    stream: named,
    expect: {
      ...always(either()),
      ...each('append-only', rowsRefused('id')),
      'wider append-only': either(),
      another: either({ dated: ['v'] }),
    },
  },
  {
    name: 'that refers to another one',
    make: [
      'CREATE TABLE $t_heads (id BIGINT PRIMARY KEY)',
      'INSERT INTO $t_heads VALUES (1), (2)',
      'CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, head BIGINT REFERENCES $t_heads (id))',
      'INSERT INTO $t VALUES (1, 1, 10, 1), (2, 2, 20, 2), (3, 3, 30, NULL)',
    ],
    stream: { head: [integer, 99] },
    expect: always(rowsRefused('head')),
  },
  {
    name: 'that a view reads',
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, s VARCHAR)',
      rows,
      'CREATE VIEW $t_view AS SELECT id, v FROM $t',
    ],
    stream,
  },
  {
    name: 'of small and unsigned numbers',
    make: [
      'CREATE TABLE $t (id INTEGER, n TINYINT, v SMALLINT, a UTINYINT, b UBIGINT, c UHUGEINT, f FLOAT, d DECIMAL(10,2))',
      'INSERT INTO $t VALUES (1, 1, 1, 255, 18446744073709551615, 1, 1.5, 1.25), (2, 2, 2, 2, 2, 2, 2.5, 2.5), (3, -128, -32768, 0, 0, 0, NULL, NULL)',
    ],
    stream: { f: [number, 0.25] },
    column: { b: [integer, 5] },
    wider: {
      n: [integer, 3_000_000_000],
      d: [{ type: ['null', 'number'], multipleOf: 0.01 }, 12345678901.25],
    },
    another: { v: [text, 'word'], a: [integer, 300], d: [text, 'word'] },
    expect: { column: either({ dated: 'maybe' }), another: either({ dated: 'maybe' }) },
  },
  {
    name: 'of types that JSON does not have',
    make: [
      "CREATE TABLE $t (id BIGINT, n INTEGER, v BLOB, u UUID, i INTERVAL, e ENUM ('a', 'b'), b BIT, t TIME, z TIMESTAMPTZ, s TIMESTAMP_S)",
      `INSERT INTO $t VALUES (1, 1, '\\xAA'::BLOB, '8f14e45f-ceea-467f-ab95-e1ca1b6b5d5d', INTERVAL 3 DAY, 'a', '0101', '12:00', '2024-01-01 00:00:00+00', '2024-01-01 00:00:00'),
         (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
    ],
    stream: {},
    column: { u: [text, '8f14e45f-ceea-467f-ab95-e1ca1b6b5d5e'] },
    another: { v: [text, 'word'], e: [text, 'c'], z: [dateTime, '2024-05-01T00:00:00Z'] },
    expect: { column: either({ dated: 'maybe' }), another: either({ dated: 'maybe' }) },
  },
  {
    name: 'with lists, structs and maps that the stream does not have',
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, l INTEGER[], f INTEGER[3], s STRUCT(a INTEGER, b VARCHAR), m MAP(VARCHAR, INTEGER), o UNION(x INTEGER, y VARCHAR))',
      "INSERT INTO $t VALUES (1, 1, 10, [1, 2], [1, 2, 3], {a: 1, b: 'x'}, MAP {'k': 1}, 5)",
    ],
    stream: { v: [integer, 300] },
  },
  {
    name: 'with structs that grow',
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, v STRUCT(a INTEGER, b STRUCT(c FLOAT)), l STRUCT(a INTEGER)[])',
      'INSERT INTO $t VALUES (1, 1, {a: 1, b: {c: 0.5}}, [{a: 1}]), (3, 3, NULL, NULL)',
    ],
    stream: {},
    column: {
      v: [struct({ a: integer, b: struct({ c: number, e: text }), f: text }), { a: 1, b: { c: 2.5, e: 'e' }, f: 'f' }],
    },
    wider: { v: [struct({ a: integer, b: struct({ c: number }) }), { a: 3_000_000_000, b: { c: 0.1 } }] },
    another: { v: [struct({ a: text }), { a: 'word' }] },
    options: { nested_columns: 'struct' },
  },
  {
    name: 'with members whose names have signs',
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, s STRUCT("a:b" INTEGER, "c,d" VARCHAR))',
      "INSERT INTO $t VALUES (1, 1, 10, {'a:b': 1, 'c,d': 'x'})",
    ],
    stream: { s: [struct({ 'a:b': integer, 'c,d': text }), { 'a:b': 5, 'c,d': 'y' }] },
    options: { nested_columns: 'struct' },
    expect: { ...always(either({ dated: 'maybe' })) },
  },
  {
    name: 'with columns in upper and mixed case',
    make: ['CREATE TABLE $t ("ID" BIGINT, "N" INTEGER, "V" BIGINT, "CustomerName" VARCHAR)', rows],
    stream: { customerName: [text, 'new'] },
    expect: { another: dated('V') },
  },
  {
    name: 'that an older version of the target has made',
    make: [
      'CREATE TABLE $t ("ID" BIGINT, "NAME" VARCHAR, n INTEGER, v BIGINT, "_SDC_EXTRACTED_AT" TIMESTAMP, "_SDC_BATCHED_AT" TIMESTAMP, "_SDC_DELETED_AT" VARCHAR)',
      "INSERT INTO $t VALUES (1, 'one', 1, 10, now()::TIMESTAMP, NULL, NULL), (2, 'two', 2, 20, NULL, NULL, NULL), (3, 'three', 3, 30, NULL, NULL, '2024-01-01')",
    ],
    stream: { NAME: [text, 'new'] },
    options: { add_metadata_columns: true },
  },
  {
    name: 'with a text table version',
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, _sdc_table_version VARCHAR)',
      "INSERT INTO $t VALUES (1, 1, 10, '5'), (2, 2, 20, NULL), (3, 3, 30, 'x')",
    ],
    stream: {},
    options: { add_metadata_columns: true },
    expect: { ...always(either()), another: either({ dated: ['v'] }) },
  },
  {
    name: 'with names of other scripts and with signs',
    make: [
      `CREATE TABLE $t (id BIGINT, n INTEGER, "größe" BIGINT, "unit price" BIGINT, "a.b" BIGINT, "it's" VARCHAR, "tick\`ed" BIGINT, v BIGINT)`,
      "INSERT INTO $t VALUES (1, 1, 2, 3, 4, '5', 6, 7), (2, 1, 2, 3, 4, '5', 6, 7)",
    ],
    stream: { größe: [integer, 1], 'unit price': [integer, 2], 'a.b': [integer, 3], "it's": [text, 'x'] },
    another: { 'unit price': [text, 'word'], 'a.b': [text, 'word'] },
  },
  {
    name: 'with comments of a person, and some that look like ours',
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, foo VARCHAR)',
      rows,
      "COMMENT ON TABLE $t IS 'made by hand'",
      'COMMENT ON COLUMN $t.v IS \'Property "other" of the stream\'',
      'COMMENT ON COLUMN $t.foo IS \'Property "Foo" of the stream\'',
    ],
    stream: { Foo: [text, 'new'] },
    column: { foo: [text, 'small'] },
    columns: { foo: 'foo_8f62' },
  },
  {
    name: 'whose texts are compared without case',
    make: [
      'CREATE TABLE $t (id VARCHAR COLLATE NOCASE, n INTEGER, v BIGINT)',
      "INSERT INTO $t VALUES ('a', 1, 10), ('B', 2, 20), ('c', 3, 30)",
    ],
    keys: { id: [{ type: 'string' }, undefined] },
    records: [{ id: 'A' }, { id: 'B' }],
    stream: {},
    expect: { ...always(either()), another: either({ dated: ['v'] }) },
  },
  {
    name: 'that nobody has written to',
    make: ['CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, s VARCHAR)'],
    stream,
  },
  {
    name: 'with rows of one key, twice',
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, s VARCHAR)',
      rows,
      "INSERT INTO $t VALUES (2, 21, 210, 'two again'), (3, 31, 310, 'three again')",
    ],
    stream,
    repeatedKey: true,
  },
  {
    name: 'with rows without a key',
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, s VARCHAR)',
      rows,
      "INSERT INTO $t VALUES (NULL, 1, 1, 'nobody'), (NULL, 2, 2, 'nobody')",
    ],
    stream,
  },
  {
    name: 'with columns that were dropped, renamed and added again',
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, amount BIGINT, s VARCHAR)',
      rows,
      'ALTER TABLE $t DROP COLUMN s',
      'ALTER TABLE $t RENAME COLUMN amount TO v',
      'ALTER TABLE $t ADD COLUMN s VARCHAR',
    ],
    stream,
    column: { amount: [integer, 5] },
  },
  {
    name: 'with dates and times',
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, d DATE, t TIMESTAMP)',
      "INSERT INTO $t VALUES (1, 1, '0001-01-01', '1890-01-01 00:00:00.123456'), (3, 3, NULL, NULL)",
    ],
    stream: { t: [dateTime, '2024-05-01T00:00:00Z'] },
    column: { d: [date, '2024-05-01'] },
    another: { d: [dateTime, '2024-05-01T12:00:00Z'], t: [text, 'soon'] },
  },
  {
    name: 'with decimals whose scale grows',
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, v DECIMAL(10,2))',
      'INSERT INTO $t VALUES (1, 1, 1.25), (2, 2, 2.25), (3, 3, -99999999.99)',
    ],
    stream: {},
    another: { v: [{ type: ['null', 'number'], multipleOf: 0.001 }, 0.125] },
    expect: { another: loads },
  },
  {
    name: 'with 20,000 rows',
    make: [
      'CREATE TABLE $t (id BIGINT, n INTEGER, v BIGINT, s VARCHAR)',
      "INSERT INTO $t SELECT i, i::INTEGER, i * 3, 'row' FROM range(20000) r(i)",
    ],
    records: [{ id: 2 }, { id: 100_000 }],
    stream,
  },
  {
    name: 'with 1,050 columns',
    // Twelve of them in a file are more than the memory limit has room for.
    isAlone: true,
    make: [
      `CREATE TABLE $t AS SELECT i AS id, i::INTEGER AS n, i AS v, ${Array.from({ length: 1047 }, (_, i) => `i + ${i} AS c${i}`).join(', ')} FROM range(1, 4) r(i)`,
    ],
    stream: { v: [integer, 300], c7: [integer, 7] },
  },
];

/** For each change, by one method. */
function each(method: 'append-only', expectation: ReturnType<typeof refused>) {
  return {
    [`same ${method}`]: expectation,
    [`column ${method}`]: expectation,
    [`wider ${method}`]: expectation,
  } as const;
}
