// Tables as people have them in a lakehouse, migrated, partitioned or made by hand: each is loaded twice in ways that need
// more of it, and what it held reads as before.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { loadInto, type Row, sparkWarehouse, type Warehouse } from '../support/warehouse.ts';

const text = { type: ['null', 'string'] };
const integer = { type: ['null', 'integer'] };
const thousandths = { type: ['null', 'number'], multipleOf: 0.001 };
const object = (properties: object) => ({ type: ['null', 'object'], properties });
const ab = object({ a: integer, b: integer });
const odd = object({ 'a:b': integer, 'c,d': text, more: text });

const migrated = [
  'CREATE TABLE $t.T (id BIGINT, v DECIMAL(18,2), gone STRING, s STRUCT<a: BIGINT, b: BIGINT>) USING parquet',
  "INSERT INTO $t.T VALUES (1, 1.25, 'old', named_struct('a', 1, 'b', 2)), (3, 3.25, 'old', NULL)",
  "CALL spark_catalog.system.migrate(table => '$t.T', drop_backup => true)",
  'ALTER TABLE $t.T DROP COLUMNS gone, s.b',
];
const named = { ts_day: text, shard: text, first: text };
const reserved = { _deleted: text, _FILE: text, _row_id: text, __row_operation: text, __row_from_source: text };

interface Made {
  /** `T` stands for the table. */
  readonly made: readonly string[];
  readonly properties: Readonly<Record<string, object>>;
  /** Of the second run, where they are others. */
  readonly later?: Readonly<Record<string, object>>;
  readonly records: readonly (readonly object[])[];
  readonly rows: readonly Row[];
}

const mappedRows = (touched: Row) => [
  { id: '1', v_dated: '1.25', s: '{1, null}', v: null, gone: null },
  touched,
  { id: '7', v_dated: null, s: '{7, 8}', v: '7.125', gone: 'new' },
];
const mappedRecords = [[{ id: 7, v: 7.125, gone: 'new', s: { a: 7, b: 8 } }], [{ id: 3, v: 3.125 }]];

const tables: Readonly<Record<string, Made>> = {
  mapped: {
    made: migrated,
    properties: { v: thousandths, gone: text, s: ab },
    records: mappedRecords,
    rows: mappedRows({ id: '3', v_dated: '3.25', s: null, v: '3.125', gone: null }),
  },
  mapped_appended: {
    made: migrated,
    properties: { v: text, gone: text },
    records: [[{ id: 7, v: 'x', gone: 'new' }], []],
    rows: [
      { id: '1', v_dated: '1.25', s: '{1}', v: null, gone: null },
      { id: '3', v_dated: '3.25', s: null, v: null, gone: null },
      { id: '7', v_dated: null, s: null, v: 'x', gone: 'new' },
    ],
  },
  mapped_changed_twice: {
    made: [
      'CREATE TABLE $t.T (id BIGINT, v INT) USING parquet',
      'INSERT INTO $t.T VALUES (1, 10), (2, 20)',
      "CALL spark_catalog.system.migrate(table => '$t.T', drop_backup => true)",
    ],
    properties: { v: { type: ['null', 'boolean'] } },
    later: { v: text },
    records: [[{ id: 1, v: true }], [{ id: 2, v: 'word' }]],
    rows: [
      { id: '1', v_dated: '10', v_dated_2: 'true', v: null },
      { id: '2', v_dated: '20', v_dated_2: null, v: 'word' },
    ],
  },
  mapped_small_integers: {
    // once v was BIGINT, nobody could read the table
    made: [
      'CREATE TABLE $t.T (id INT, v SMALLINT, w INT, p STRING) USING parquet PARTITIONED BY (p)',
      "INSERT INTO $t.T VALUES (1, 10, 100, 'a'), (2, 20, 200, 'b, c')",
      "CALL spark_catalog.system.migrate(table => '$t.T', drop_backup => true)",
    ],
    properties: { v: integer, w: integer, p: text },
    records: [[{ id: 1, v: 70_000, w: 3e9, p: 'a' }], [{ id: 3e9, v: 3e9, w: 7, p: 'd' }]],
    rows: [
      { id: '1', v_dated: '10', w: '3000000000', p: 'a', v: '70000' },
      { id: '2', v_dated: '20', w: '200', p: 'b, c', v: null },
      { id: '3000000000', v_dated: null, w: '7', p: 'd', v: '3000000000' },
    ],
  },
  mapped_integers: {
    made: [
      'CREATE TABLE $t.T_source (id INT, v INT) USING parquet',
      'INSERT INTO $t.T_source VALUES (1, 10), (2, 20)',
      'CREATE TABLE $t.T (id INT, v INT) USING iceberg',
      "CALL spark_catalog.system.add_files('$t.T', '$t.T_source')",
      'INSERT INTO $t.T VALUES (3, 30)',
    ],
    properties: { v: integer },
    records: [[{ id: 1, v: 3e9 }], [{ id: 3e9, v: 7 }]],
    rows: [
      { id: '1', v: '3000000000' },
      { id: '2', v: '20' },
      { id: '3', v: '30' },
      { id: '3000000000', v: '7' },
    ],
  },
  partitioned_by_member: {
    made: [
      'CREATE TABLE $t.T (id BIGINT, s STRUCT<a: INT>) USING iceberg PARTITIONED BY (s.a)',
      "INSERT INTO $t.T VALUES (1, named_struct('a', 1))",
    ],
    properties: { s: ab },
    records: [[{ id: 2, s: { a: 3e9, b: 2 } }], []],
    rows: [
      { id: '1', s: '{1, null}' },
      { id: '2', s: '{3000000000, 2}' },
    ],
  },
  partitioned: {
    made: [
      'CREATE TABLE $t.T (id BIGINT, ts TIMESTAMP) USING iceberg PARTITIONED BY (days(ts))',
      'ALTER TABLE $t.T ADD PARTITION FIELD bucket(4, id) AS first',
      'ALTER TABLE $t.T REPLACE PARTITION FIELD first WITH bucket(4, id) AS shard',
      "INSERT INTO $t.T VALUES (1, TIMESTAMP '2024-01-01 00:00:00')",
    ],
    properties: named,
    records: [[{ id: 1, ts_day: 'd', shard: 's', first: 'f' }], [{ id: 1, ts_day: 'e', first: 'g' }]],
    rows: [{ id: '1', ts: '2024-01-01 00:00:00', ts_day_d056: 'e', shard_bbc7: 's', first_dd7c: 'g' }],
  },
  reserved_new: {
    made: [],
    properties: reserved,
    records: [
      [{ id: 1, _deleted: 'd', _FILE: 'f', _row_id: 'r', __row_operation: 'o', __row_from_source: 's' }],
      [{ id: 1, _deleted: 'e' }],
    ],
    rows: [
      {
        ...{ id: '1', _deleted_70fa: 'e', _file_6c5e: 'f', _row_id_e527: 'r' },
        ...{ __row_operation_eeaa: 'o', __row_from_source_fe4f: 's' },
      },
    ],
  },
  reserved_added: {
    made: ['CREATE TABLE $t.T (id BIGINT, `_change_type` STRING) USING iceberg'],
    properties: { _deleted: text, _change_type: text },
    records: [[{ id: 1, _deleted: 'd', _change_type: 't' }], [{ id: 1, _deleted: 'e' }]],
    rows: [{ id: '1', _change_type: 't', _deleted_70fa: 'e' }],
  },
  odd_members: {
    made: ['CREATE TABLE $t.T (id BIGINT, s STRUCT<`a:b`: BIGINT, `c,d`: STRING>) USING iceberg'],
    properties: { s: odd },
    records: [[{ id: 1, s: { 'a:b': 1, 'c,d': 'x', more: 'm' } }], [{ id: 2, s: { 'a:b': 2 } }]],
    rows: [
      { id: '1', s: '{1, x, m}' },
      { id: '2', s: '{2, null, null}' },
    ],
  },
  odd_members_overwritten: {
    made: [
      'CREATE TABLE $t.T (id BIGINT, s STRUCT<`a:b`: BIGINT, `c,d`: STRING>) USING iceberg',
      "INSERT INTO $t.T VALUES (9, named_struct('a:b', 9, 'c,d', 'z'))",
    ],
    properties: { s: odd },
    records: [[{ id: 1, s: { 'a:b': 1, 'c,d': 'x' } }], [{ id: 2, s: { 'a:b': 2, more: 'm' } }]],
    rows: [{ id: '2', s: '{2, null, m}' }],
  },
};

const options = {
  nested_columns: 'struct',
  stream_load_methods: JSON.stringify({ mapped_appended: 'append-only', odd_members_overwritten: 'overwrite' }),
};

function messages(run: number) {
  const sent = Object.entries(tables).flatMap(([stream, { properties, later = properties, records }]) => [
    {
      ...{ type: 'SCHEMA', stream, key_properties: ['id'] },
      schema: { properties: { id: integer, ...(run === 0 ? properties : later) } },
    },
    ...records[run]!.map((record) => ({ type: 'RECORD', stream, record })),
  ]);
  return [...sent, { type: 'STATE', value: run }];
}

/** The second column that is dated ends in `_dated_2`, whether or not it was made in the same minute. */
function withoutDates(row: Row): Row {
  const undated: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(row)) {
    const dated = name.replace(/_\d{8}_\d{4}(_\d+)?$/, '_dated');
    undated[dated in undated ? `${dated}_2` : dated] = value;
  }
  return undated;
}

describeLakehouse('Tables that are there already', (details) => {
  const warehouse: Warehouse = sparkWarehouse(details);
  afterAll(() => warehouse.close());
  beforeAll(async () => {
    for (const [table, { made }] of Object.entries(tables))
      for (const statement of made) await warehouse.execute(statement.replaceAll('$t.T', `$t.${table}`));
    for (const run of [0, 1]) await loadInto(warehouse, messages(run), options);
  }, 300_000);

  test.each(Object.entries(tables))('%s', async (table, { rows }) => {
    const found = (await warehouse.rows(table)).map(withoutDates);
    expect(found).toEqual(rows);
  });
});
