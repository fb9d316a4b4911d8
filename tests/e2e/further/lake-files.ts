// Further tables of the lakehouse whose files know no field ids: migrated, added, with columns dropped and renamed.
import { bool, date, instant, integer, type LakeInputs, migrated, multipleOf, number, text } from './lake-input.ts';

export const filesWithoutIds: LakeInputs = {
  files_two_columns_change: {
    made: migrated('id BIGINT, v INT, w DECIMAL(10,2), x STRING', "VALUES (1, 10, 1.25, 'a'), (2, 20, 2.25, 'b')"),
    properties: { v: text, w: multipleOf(0.0001), x: text },
    records: [[{ id: 1, v: 'new', w: 0.0125, x: 'A' }], [{ id: 3, v: 'three', w: 3.1234 }]],
    rows: [
      'id|v_<dated>|w_<dated>|x|v|w',
      '1|10|1.25|A|new|0.0125',
      '2|20|2.25|b|null|null',
      '3|null|null|null|three|3.1234',
    ],
  },
  files_of_a_snapshot: {
    made: [
      'CREATE TABLE $T_src (id BIGINT, d DATE, b BOOLEAN) USING parquet',
      "INSERT INTO $T_src VALUES (1, DATE '2020-01-01', true), (2, DATE '2021-01-01', false)",
      "CALL spark_catalog.system.snapshot(source_table => '$T_src', table => '$T')",
    ],
    properties: { d: integer, b: integer },
    records: [[{ id: 1, d: 5, b: 6 }], [{ id: 9, d: 9 }]],
    rows: ['id|d_<dated>|b_<dated>|d|b', '1|2020-01-01|true|5|6', '2|2021-01-01|false|null|null', '9|null|null|9|null'],
  },
  files_that_hold_more: {
    made: [
      'CREATE TABLE $T_src (id BIGINT, v BIGINT, extra DOUBLE, `Gone` STRING) USING parquet',
      "INSERT INTO $T_src VALUES (1, 10, 0.5, 'g1'), (2, 20, 1.5, 'g2')",
      'CREATE TABLE $T (id BIGINT, v BIGINT) USING iceberg',
      "CALL spark_catalog.system.add_files(table => '$T', source_table => '$T_src')",
    ],
    properties: { v: integer, extra: text, Gone: integer },
    records: [[{ id: 1, v: 11, extra: 'e' }], [{ id: 7, extra: 'E', Gone: 4 }]],
    rows: ['id|v|extra|gone', '1|11|e|null', '2|20|null|null', '7|null|E|4'],
  },
  files_overwritten: {
    made: migrated('id BIGINT, v TIMESTAMP', "VALUES (1, TIMESTAMP '2020-01-01 00:00:00')"),
    properties: { v: integer },
    method: 'overwrite',
    records: [[{ id: 1, v: 5 }], [{ id: 2, v: 6 }]],
    rows: ['id|v_<dated>|v', '2|null|6'],
  },
  files_a_column_changes_twice: {
    made: migrated('id BIGINT, v INT', 'VALUES (1, 10), (2, 20)'),
    properties: { v: bool },
    later: { v: text },
    records: [[{ id: 1, v: true }], [{ id: 2, v: 'word' }]],
    rows: ['id|v_<dated>|v_<dated>|v', '1|10|true|null', '2|20|null|word'],
  },
  files_types_that_change: {
    made: migrated(
      'id BIGINT, b BOOLEAN, t TIMESTAMP, f FLOAT, n BINARY',
      "VALUES (1, true, TIMESTAMP '2020-01-01 01:02:03', 1.5, X'41')",
    ),
    properties: { b: number, t: text, f: text, n: integer },
    records: [[{ id: 2, b: 0.5, t: 't', f: 'f', n: 1 }], [{ id: 1, b: 1.5 }]],
    rows: [
      'id|b_<dated>|t_<dated>|f_<dated>|n_<dated>|b|t|f|n',
      '1|true|2020-01-01 01:02:03|1.5|A|1.5|null|null|null',
      '2|null|null|null|null|0.5|t|f|1',
    ],
  },
  files_in_partitions: {
    made: [
      'CREATE TABLE $T (id BIGINT, v DECIMAL(12,2), p STRING) USING parquet PARTITIONED BY (p)',
      "INSERT INTO $T VALUES (1, 1.25, 'x'), (2, 2.25, 'y')",
      "CALL spark_catalog.system.migrate(table => '$T', drop_backup => true)",
    ],
    properties: { v: multipleOf(0.001), p: text },
    records: [[{ id: 1, v: 0.125, p: 'x' }], [{ id: 3, v: 3.125, p: 'z' }]],
    rows: ['id|v_<dated>|p|v', '1|1.25|x|0.125', '2|2.25|y|null', '3|null|z|3.125'],
  },
  files_in_mixed_case: {
    made: migrated('`Id` BIGINT, `Val` SMALLINT', 'VALUES (1, 10), (2, 20)'),
    properties: { Val: instant },
    records: [[{ id: 1, Val: '2024-01-01T00:00:00Z' }], [{ id: 2, Val: null }]],
    rows: ['Id|Val_<dated>|val', '1|10|2024-01-01 00:00:00', '2|20|null'],
  },
  files_a_column_was_renamed: {
    made: migrated('id BIGINT, v BIGINT', 'VALUES (1, 10), (2, 20)', 'ALTER TABLE $T RENAME COLUMN v TO old'),
    properties: { v: text, old: text },
    records: [[{ id: 1, v: 'v1', old: 'o1' }], [{ id: 3, v: 'v3' }]],
    rows: ['id|old_<dated>|v|old', '1|10|v1|o1', '2|20|null|null', '3|null|v3|null'],
  },
  files_of_orc: {
    made: [
      'CREATE TABLE $T (id BIGINT, v INT, s STRING) USING orc',
      "INSERT INTO $T VALUES (1, 10, 'a'), (2, 20, 'b')",
      "CALL spark_catalog.system.migrate(table => '$T', drop_backup => true)",
      'ALTER TABLE $T DROP COLUMN s',
    ],
    properties: { v: number, s: integer },
    records: [[{ id: 1, v: 0.5 }], [{ id: 3, v: 2, s: 3 }]],
    rows: ['id|v_<dated>|v|s', '1|10|0.5|null', '2|20|null|null', '3|null|2.0|3'],
  },
  files_dropped_and_undeclared: {
    made: migrated('id BIGINT, v BIGINT, d DATE', "VALUES (1, 10, DATE '2020-01-01')", 'ALTER TABLE $T DROP COLUMN v'),
    properties: { d: date },
    method: 'append-only',
    records: [[{ id: 2, v: 'undeclared' }], [{ id: 3, d: '2024-01-01', v: 'again' }]],
    rows: ['id|d|v', '1|2020-01-01|null', '2|null|undeclared', '3|2024-01-01|again'],
  },
};
