// Further tables of the lakehouse in which a property's name is taken: by Iceberg, by Spark, or by a partition.
import { bool, gone, iceberg, instant, integer, type LakeInputs, object, text } from './lake-input.ts';

export const reservedNames: LakeInputs = {
  reserved_in_any_case: {
    properties: {
      _Deleted: text,
      _POS: integer,
      _Spec_Id: integer,
      _PARTITION: text,
      _Last_Updated_Sequence_Number: integer,
    },
    records: [
      [{ id: 1, _Deleted: 'd', _POS: 2, _Spec_Id: 3, _PARTITION: 'p', _Last_Updated_Sequence_Number: 5 }],
      [{ id: 1, _POS: 9 }],
    ],
    rows: [
      'id|_deleted_42b0|_pos_5a40|_spec_id_b287|_partition_4d9d|_last_updated_sequence_number_7f29',
      '1|d|9|3|p|5',
    ],
  },
  reserved_key: {
    properties: { _pos: integer, v: text },
    keys: ['_pos'],
    records: [
      [
        { _pos: 1, v: 'a' },
        { _pos: 2, v: 'b' },
      ],
      [gone({ _pos: 1 }), { _pos: 2, v: 'c' }],
    ],
    rows: ['_pos_0fcb|v', '2|c'],
  },
  reserved_when_flattened: {
    made: iceberg(
      'id BIGINT',
      "TBLPROPERTIES ('write.merge.mode'='merge-on-read', 'write.delete.mode'='merge-on-read')",
      'INSERT INTO $T VALUES (1), (2)',
    ),
    properties: { '': object({ row_operation: integer, row_from_target: text }) },
    records: [[{ id: 1, '': { row_operation: 7, row_from_target: 't' } }], [{ id: 2, '': { row_operation: 8 } }]],
    rows: ['id|__row_operation_8d26|__row_from_target_83bb', '1|7|t', '2|8|null'],
  },
  reserved_but_for_blanks: {
    properties: { ' _file ': text, _file: text, '_file\t': text },
    records: [[{ id: 1, ' _file ': 'padded', _file: 'plain', '_file\t': 'tab' }], [{ id: 1, _file: 'plain2' }]],
    rows: ['id|_file_a8b0|_file_0d0d|_file_', '1|padded|plain2|tab'],
  },
  reserved_and_undeclared: {
    made: iceberg('id BIGINT', '', 'INSERT INTO $T VALUES (5)'),
    properties: {},
    records: [[{ id: 1, _PARTITION: 'u', _change_Ordinal: 3 }], [{ id: 1, _PARTITION: 'w' }]],
    rows: ['id|_partition_4d9d|_change_ordinal_e56a', '1|w|3', '5|null|null'],
  },
  reserved_overwritten: {
    made: iceberg('id BIGINT, x BIGINT', '', 'INSERT INTO $T VALUES (5, 6)'),
    properties: { _spec_id: integer },
    method: 'overwrite',
    records: [[{ id: 1, _spec_id: 2 }], [{ id: 2, _spec_id: 3 }]],
    rows: ['id|x|_spec_id_acc0', '2|null|3'],
  },
  reserved_in_other_alphabets: {
    properties: { '_f\u0131le': text, '_\u017fpec_id': text, '_po\u017f': text, _POS: text },
    records: [
      [{ id: 1, '_f\u0131le': 'i', '_\u017fpec_id': 's', '_po\u017f': 'o', _POS: 'up' }],
      [{ id: 1, '_f\u0131le': 'i2' }],
    ],
    rows: ['id|_f\u0131le_bec1|_\u017fpec_id_9e21|_po\u017f_6f01|_pos_5a40', '1|i2|s|o|up'],
  },
  reserved_in_a_later_schema: {
    properties: { a: text },
    later: { a: text, _file: text, _deleted: bool },
    records: [[{ id: 1, a: 'x' }], [{ id: 1, _file: 'f', _deleted: true }]],
    rows: ['id|a|_file_0d0d|_deleted_70fa', '1|x|f|true'],
  },
  reserved_in_format_3: {
    made: iceberg('id BIGINT', "TBLPROPERTIES ('format-version'='3')", 'INSERT INTO $T VALUES (1)'),
    properties: { _row_id: integer, _last_updated_sequence_number: integer },
    records: [[{ id: 1, _row_id: 77, _last_updated_sequence_number: 78 }], [{ id: 1, _row_id: 79 }]],
    rows: ['id|_row_id_e527|_last_updated_sequence_number_a9e0', '1|79|78'],
  },
  reserved_by_iceberg_in_lower_case_only: {
    made: iceberg('id BIGINT, `_POS` STRING', '', "INSERT INTO $T VALUES (1, 'x')"),
    properties: { _POS: text },
    records: [[{ id: 1, _POS: 'z' }], [{ id: 2, _POS: 'y' }]],
    rows: ['id|_POS', '1|z', '2|y'],
  },
};

export const partitionNames: LakeInputs = {
  partition_in_any_case: {
    made: iceberg('id BIGINT, ts TIMESTAMP', 'PARTITIONED BY (days(ts))'),
    properties: { TS_DAY: text, Ts_Day: text },
    records: [[{ id: 1, TS_DAY: 'a', Ts_Day: 'b' }], [{ id: 1, Ts_Day: 'c' }]],
    rows: ['id|ts|ts_day_38b7|ts_day_d6d8', '1|null|a|c'],
  },
  partition_and_undeclared: {
    made: iceberg('id BIGINT, s STRING', 'PARTITIONED BY (truncate(3, s))', "INSERT INTO $T VALUES (4, 'abcd')"),
    properties: { s: text },
    records: [[{ id: 1, s: 'abcdef', s_trunc: 5 }], [{ id: 4, s: 'xyz', s_trunc: 6 }]],
    rows: ['id|s|s_trunc_c3c3', '1|abcdef|5', '4|xyz|6'],
  },
  partition_by_a_member: {
    made: iceberg(
      'id BIGINT, s STRUCT<a: BIGINT, b: STRING>',
      'PARTITIONED BY (s.a)',
      "INSERT INTO $T SELECT 1L, named_struct('a', 5L, 'b', 'x')",
    ),
    properties: { 's.a': text },
    records: [[{ id: 1, 's.a': 'lit' }], [{ id: 2, 's.a': 'lit2' }]],
    rows: ['id|s|s.a_fc83', '1|{5, x}|lit', '2|{null, null}|lit2'],
  },
  partition_dropped_in_format_1: {
    made: iceberg(
      'id BIGINT, v BIGINT',
      "PARTITIONED BY (bucket(8, v)) TBLPROPERTIES ('format-version'='1')",
      'INSERT INTO $T VALUES (1, 2)',
      'ALTER TABLE $T DROP PARTITION FIELD v_bucket',
      'INSERT INTO $T VALUES (2, 3)',
    ),
    properties: { v_bucket: text, v: integer },
    records: [[{ id: 1, v_bucket: 'x', v: 7 }], [{ id: 3, v_bucket: 'y' }]],
    rows: ['id|v|v_bucket_659a', '1|7|x', '2|3|null', '3|null|y'],
  },
  partitions_of_former_times: {
    made: iceberg(
      'id BIGINT, ts TIMESTAMP',
      'PARTITIONED BY (months(ts))',
      "INSERT INTO $T VALUES (1, TIMESTAMP '2024-01-01 00:00:00')",
      'ALTER TABLE $T DROP PARTITION FIELD ts_month',
      'ALTER TABLE $T ADD PARTITION FIELD bucket(4, id) AS b4',
      'ALTER TABLE $T DROP PARTITION FIELD b4',
    ),
    properties: { ts_month: text, b4: integer },
    records: [[{ id: 1, ts_month: 'x', b4: 4 }], [{ id: 2, ts_month: 'y' }]],
    rows: ['id|ts|ts_month_0676|b4_59f4', '1|2024-01-01 00:00:00|x|4', '2|null|y|null'],
  },
  partition_by_hours_undeclared: {
    made: iceberg('id BIGINT, ts TIMESTAMP', 'PARTITIONED BY (hours(ts))'),
    properties: { ts: instant },
    records: [[{ id: 1, ts: '2024-01-01T00:00:00Z', ts_hour: 0 }], [{ id: 1, ts: '2024-01-01T05:00:00Z', ts_hour: 5 }]],
    rows: ['id|ts|ts_hour_51c3', '1|2024-01-01 05:00:00|5'],
  },
  partition_with_a_name_of_its_own: {
    made: iceberg('id BIGINT', '', 'ALTER TABLE $T ADD PARTITION FIELD bucket(4, id) AS `Shard`'),
    properties: { shard: text, SHARD: text },
    records: [[{ id: 1, shard: 'l', SHARD: 'U' }], [{ id: 1, shard: 'm' }]],
    rows: ['id|shard_bbc7|shard_f777', '1|m|U'],
  },
  partition_gone_its_column_stays: {
    made: iceberg(
      'id BIGINT, v BIGINT, w STRING',
      "PARTITIONED BY (v) TBLPROPERTIES ('format-version'='2')",
      "INSERT INTO $T VALUES (1, 2, 'w')",
      'ALTER TABLE $T DROP PARTITION FIELD v',
    ),
    properties: { w: integer, v: integer },
    records: [[{ id: 1, w: 5 }], [{ id: 2, v: 3, w: 6 }]],
    rows: ['id|v|w', '1|2|5', '2|3|6'],
  },
  partition_by_two_of_one_kind: {
    made: iceberg('id BIGINT, a STRING', 'PARTITIONED BY (bucket(4, id), bucket(8, a))'),
    properties: { a: text, a_bucket: text, id_bucket: text },
    records: [[{ id: 1, a: 'x', a_bucket: 'b', id_bucket: 'i' }], [{ id: 1, id_bucket: 'j' }]],
    rows: ['id|a|a_bucket_8b3f|id_bucket_bc55', '1|x|b|j'],
  },
  partition_name_overwritten: {
    made: iceberg('id BIGINT, d DATE', 'PARTITIONED BY (years(d))', "INSERT INTO $T VALUES (8, DATE '2020-01-01')"),
    properties: { d_year: integer },
    method: 'overwrite',
    records: [[{ id: 1, d_year: 2020 }], [{ id: 2, d_year: 2021 }]],
    rows: ['id|d|d_year_d2fe', '2|null|2021'],
  },
};

/** Each alone, as each ends its run. */
export const refused: LakeInputs = {
  partitioned_overwritten: {
    made: iceberg('id BIGINT, v BIGINT', 'PARTITIONED BY (v)', 'INSERT INTO $T VALUES (1, 2)'),
    properties: { v: text, more: text },
    method: 'overwrite',
    records: [[{ id: 1, v: 'x' }]],
    rows: ['id|v', '1|2'],
    error: 'TABLE_PARTITION',
  },
  truncated_appended: {
    made: iceberg('id BIGINT, v BIGINT, a INT', 'PARTITIONED BY (truncate(10, v))', 'INSERT INTO $T VALUES (1, 2, 3)'),
    properties: { a: text, v: text },
    method: 'append-only',
    records: [[{ id: 1, v: 'x' }]],
    rows: ['id|v|a', '1|2|3'],
    error: 'TABLE_PARTITION',
  },
  days_to_instants: {
    made: iceberg('id BIGINT, d DATE', 'PARTITIONED BY (years(d))', "INSERT INTO $T VALUES (1, DATE '2020-01-01')"),
    properties: { d: instant },
    records: [[{ id: 1, d: '2020-01-01T05:00:00Z' }]],
    rows: ['id|d', '1|2020-01-01'],
    error: 'TABLE_PARTITION',
  },
  dropped_in_format_1: {
    made: iceberg(
      'id BIGINT, v BIGINT',
      "PARTITIONED BY (bucket(8, v)) TBLPROPERTIES ('format-version'='1')",
      'INSERT INTO $T VALUES (1, 2)',
      'ALTER TABLE $T DROP PARTITION FIELD v_bucket',
    ),
    properties: { v: text },
    records: [[{ id: 1, v: 'x' }]],
    rows: ['id|v', '1|2'],
    error: 'TABLE_PARTITION',
  },
  spark_name_in_any_case: {
    made: iceberg('id BIGINT, `__ROW_FROM_SOURCE` STRING', '', "INSERT INTO $T VALUES (1, 'y')"),
    properties: { v: text },
    records: [[{ id: 1, v: 'z' }]],
    rows: ['id|__ROW_FROM_SOURCE', '1|y'],
    error: 'TABLE_NAME_RESERVED',
  },
  partitioned_by_a_member: {
    made: iceberg(
      'id BIGINT, s STRUCT<a: BIGINT, b: STRING>',
      'PARTITIONED BY (bucket(4, s.a))',
      "INSERT INTO $T SELECT 1L, named_struct('a', 5L, 'b', 'x')",
    ),
    properties: { s: object({ a: text, b: text }) },
    records: [[{ id: 1, s: { a: 'x' } }]],
    rows: ['id|s', '1|{5, x}'],
    error: 'TABLE_PARTITION',
  },
};
