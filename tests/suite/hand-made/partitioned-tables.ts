// Tables with partitions: every transform, fields that were added, dropped or replaced, and names that fields take.
import { date, dateTime, integer, text } from '../suite-case.ts';
import { either, type HandMadeTable, refused } from './hand-made-table.ts';

const boolean = { type: ['null', 'boolean'] };
const cents = { type: ['null', 'number'], multipleOf: 0.01 };
const noon = '2024-05-01T12:00:00Z';

/** Old rows of `id, n, v, ts, d, s`. */
const columns = 'id BIGINT, n INT, v BIGINT, ts TIMESTAMP, d DATE, s STRING';
const rows = `INSERT INTO $t VALUES
  (1, 10, 100, TIMESTAMP '2023-12-31 23:30:00', DATE '2023-12-31', 'one'),
  (2, 20, 200, TIMESTAMP '2024-01-01 00:30:00', DATE '2024-01-01', 'two'),
  (3, NULL, NULL, NULL, NULL, NULL)`;
const stream = { v: [integer, 300], ts: [dateTime, noon], d: [date, '2024-05-01'], s: [text, 'new'] } as const;
const partitioned = (by: string, more = ''): readonly string[] => [
  `CREATE TABLE $t (${columns}) USING iceberg PARTITIONED BY (${by}) ${more}`,
  rows,
];

export const partitionedTables: readonly HandMadeTable[] = [
  { name: 'partitioned by a number', make: partitioned('v'), stream, expect: { another: refused('v') } },
  {
    name: 'partitioned by an INT',
    make: partitioned('n'),
    stream,
    another: { n: [text, 'word'] },
    expect: { another: refused('n') },
  },
  {
    name: 'partitioned by a text',
    make: partitioned('s'),
    stream,
    column: { s_1: [text, 'more'] },
  },
  {
    name: 'partitioned by a date',
    make: partitioned('d'),
    stream,
    another: { d: [text, 'soon'] },
    expect: { another: refused('d') },
  },
  {
    name: 'partitioned by a BOOLEAN',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, f BOOLEAN) USING iceberg PARTITIONED BY (f)',
      'INSERT INTO $t VALUES (1, 1, true), (2, 2, false), (3, 3, NULL)',
    ],
    stream: { f: [boolean, true] },
    another: { f: [text, 'maybe'] },
    expect: { another: refused('f') },
  },
  {
    name: 'partitioned by a decimal',
    make: [
      'CREATE TABLE $t (id BIGINT, v DECIMAL(10,2)) USING iceberg PARTITIONED BY (v)',
      'INSERT INTO $t VALUES (1, 1.25), (2, 2.5), (3, NULL)',
    ],
    stream: {},
    wider: { v: [cents, 12345678901.25] },
    another: { v: [{ type: ['null', 'number'], multipleOf: 0.001 }, 0.125] },
    expect: { another: refused('v') },
  },
  {
    name: 'partitioned by years',
    make: partitioned('years(ts)'),
    stream,
    column: { ts_year: [integer, 5] },
    another: { ts: [text, 'soon'] },
    expect: { another: refused('ts') },
  },
  {
    name: 'partitioned by months of a date',
    make: partitioned('months(d)'),
    stream,
    column: { d_month: [text, 'May'] },
    another: { d: [text, 'soon'] },
    expect: { another: refused('d') },
  },
  {
    name: 'partitioned by days',
    make: partitioned('days(ts)'),
    stream,
    column: { ts_day: [integer, 5] },
    another: { ts: [text, 'soon'] },
    expect: { another: refused('ts') },
  },
  {
    name: 'partitioned by hours',
    make: partitioned('hours(ts)'),
    stream,
    column: { TS_Hour: [integer, 5] },
    another: { ts: [text, 'soon'] },
    expect: { another: refused('ts') },
  },
  {
    name: 'partitioned by buckets of its key',
    make: partitioned('bucket(4, id)'),
    stream,
    column: { id_bucket: [integer, 5] },
  },
  {
    name: 'partitioned by buckets of an INT key',
    make: [
      'CREATE TABLE $t (id INT, v BIGINT) USING iceberg PARTITIONED BY (bucket(4, id))',
      'INSERT INTO $t VALUES (1, 1), (2, 2), (-3, 3)',
    ],
    stream: {},
    wider: { v: [integer, 3] },
    column: { id_bucket_4: [integer, 5] },
  },
  {
    name: 'partitioned by buckets of another column',
    make: partitioned('bucket(4, v)'),
    stream,
    column: { v_bucket: [integer, 5] },
    expect: { another: refused('v') },
  },
  {
    name: 'partitioned by truncated numbers',
    make: partitioned('truncate(10, n), truncate(100, v)'),
    stream,
    column: { v_trunc: [integer, 5] },
    expect: { another: refused('v') },
  },
  {
    name: 'partitioned by truncated texts',
    make: partitioned('truncate(2, s)'),
    stream,
    column: { s_trunc: [text, 'no'] },
  },
  {
    name: 'partitioned by several columns',
    make: partitioned('days(ts), bucket(2, id), s, n'),
    stream,
    column: { ts_day: [text, 'x'], id_bucket: [text, 'y'] },
    another: { n: [text, 'word'], d: [text, 'soon'] },
    expect: { another: refused('n') },
  },
  {
    name: 'partitioned by a member of a struct',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, address STRUCT<city: STRING, zip: INT>) USING iceberg PARTITIONED BY (address.zip)',
      "INSERT INTO $t SELECT * FROM VALUES (1L, 1, named_struct('city', 'Bern', 'zip', 3000)), (2L, 2, named_struct('city', 'Rom', 'zip', 100))",
    ],
    stream: {},
    column: {
      address: [
        { type: ['null', 'object'], properties: { city: text, zip: integer, street: text } },
        { city: 'Ulm', zip: 89073, street: 'Hof' },
      ],
    },
    another: { address: [text, 'Ulm'] },
    options: { nested_columns: 'struct' },
    expect: { another: refused('address') },
  },
  {
    name: 'with a partition field that has a name of its own',
    make: [
      `CREATE TABLE $t (${columns}) USING iceberg`,
      'ALTER TABLE $t ADD PARTITION FIELD bucket(4, v) AS shard',
      rows,
    ],
    stream,
    column: { shard: [text, 'x'] },
    expect: { another: refused('v') },
  },
  {
    name: 'with a partition field that came later',
    make: [`CREATE TABLE $t (${columns}) USING iceberg`, rows, 'ALTER TABLE $t ADD PARTITION FIELD truncate(10, v)'],
    stream,
    column: { v_trunc: [integer, 1], v_trunc_10: [integer, 2] },
    expect: { another: refused('v') },
  },
  {
    name: 'once partitioned by a number',
    make: [...partitioned('v'), 'ALTER TABLE $t DROP PARTITION FIELD v'],
    stream,
    expect: { another: refused('v') },
  },
  {
    name: 'of format version 1, once partitioned by a number',
    make: [
      ...partitioned('v', "TBLPROPERTIES ('format-version' = '1')"),
      'ALTER TABLE $t DROP PARTITION FIELD v',
      "INSERT INTO $t VALUES (4, 40, 400, NULL, NULL, 'four')",
    ],
    stream,
    expect: { another: either({ dated: ['v'], column: 'v' }) },
  },
  {
    name: 'with a partition field that was replaced',
    make: [
      ...partitioned('days(ts)'),
      'ALTER TABLE $t REPLACE PARTITION FIELD ts_day WITH months(ts)',
      "INSERT INTO $t VALUES (4, 40, 400, TIMESTAMP '2024-02-01 00:00:00', NULL, 'four')",
    ],
    stream,
    column: { ts_month: [integer, 1], ts_day: [integer, 2] },
    another: { ts: [text, 'soon'] },
    expect: { another: refused('ts') },
  },
  {
    name: 'whose partition field was dropped, and its name given to another',
    make: [
      ...partitioned('days(ts)'),
      'ALTER TABLE $t DROP PARTITION FIELD ts_day',
      'ALTER TABLE $t ADD PARTITION FIELD bucket(2, s) AS piece',
    ],
    stream,
    column: { piece: [integer, 1], ts_day: [integer, 2] },
    another: { ts: [text, 'soon'] },
    expect: { another: refused('ts') },
  },
  {
    name: 'partitioned by a column in upper case',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, `Region` STRING, `V` BIGINT) USING iceberg PARTITIONED BY (`Region`, `V`)',
      "INSERT INTO $t VALUES (1, 1, 'north', 1), (2, 2, 'south', 2), (3, 3, NULL, NULL)",
    ],
    stream: { Region: [text, 'west'] },
    another: { v: [text, 'word'] },
    expect: { another: refused('V') },
  },
  {
    name: 'partitioned by a column that the stream does not have',
    make: partitioned('months(d), s'),
    stream: { v: [integer, 300] },
  },
  {
    name: 'partitioned, with 60 partitions',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, v BIGINT, part INT) USING iceberg PARTITIONED BY (part)',
      'INSERT INTO $t SELECT id, CAST(id AS INT), id * 7, CAST(id % 60 AS INT) FROM range(600)',
    ],
    stream: { v: [integer, 1] },
    records: [{ id: 2 }, { id: 700 }],
    column: { part: [integer, 7] },
    another: { part: [text, 'all'] },
    expect: { another: refused('part') },
  },
];
