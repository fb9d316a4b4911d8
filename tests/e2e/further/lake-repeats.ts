// Further tables in which rows of one key are there already: what changes one of them changes all, and deletes all.
import { gone, iceberg, integer, type LakeInputs, migrated, object, text } from './lake-input.ts';

const twice = iceberg('id BIGINT, v STRING', '', "INSERT INTO $T VALUES (1, 'a'), (1, 'b'), (2, 'c')");
const onRead = "TBLPROPERTIES ('write.merge.mode'='merge-on-read', 'write.delete.mode'='merge-on-read')";

export const repeats: LakeInputs = {
  repeats_changed: {
    made: twice,
    properties: { v: text },
    records: [[{ id: 1, v: 'x' }], [{ id: 1, v: 'y' }]],
    rows: ['id|v', '1|y', '1|y', '2|c'],
  },
  repeats_deleted: {
    made: twice,
    properties: { v: text },
    records: [[gone({ id: 1 })], [{ id: 1, v: 'back' }]],
    rows: ['id|v', '1|back', '2|c'],
  },
  repeats_left_alone: {
    made: twice,
    properties: { v: text },
    records: [[{ id: 2, v: 'x' }], [gone({ id: 2 })]],
    rows: ['id|v', '1|a', '1|b'],
  },
  repeats_appended: {
    made: twice,
    properties: { v: text },
    method: 'append-only',
    records: [[{ id: 1, v: 'x' }], [{ id: 1, v: 'y' }]],
    rows: ['id|v', '1|a', '1|b', '1|x', '1|y', '2|c'],
  },
  repeats_overwritten: {
    made: twice,
    properties: { v: text },
    method: 'overwrite',
    records: [
      [{ id: 1, v: 'x' }],
      [
        { id: 1, v: 'y' },
        { id: 3, v: 'z' },
      ],
    ],
    rows: ['id|v', '1|y', '3|z'],
  },
  repeats_of_two_keys: {
    made: iceberg(
      'a BIGINT, b STRING, v STRING',
      '',
      "INSERT INTO $T VALUES (1, 'x', 'p'), (1, 'x', 'q'), (1, 'y', 'r')",
    ),
    properties: { a: integer, b: text, v: text },
    keys: ['a', 'b'],
    records: [[{ a: 1, b: 'x', v: 'n' }], [gone({ a: 1, b: 'y' })]],
    rows: ['a|b|v', '1|x|n', '1|x|n'],
  },
  repeats_without_a_key: {
    made: iceberg('id BIGINT, v STRING', '', "INSERT INTO $T VALUES (NULL, 'a'), (NULL, 'b'), (2, 'c')"),
    properties: { v: text },
    records: [[{ id: 2, v: 'x' }], [{ id: 3, v: 'y' }]],
    rows: ['id|v', '2|x', '3|y', 'null|a', 'null|b'],
  },
  repeats_merged_on_read: {
    made: iceberg('id BIGINT, v STRING', onRead, "INSERT INTO $T VALUES (1, 'a'), (1, 'b'), (2, 'c')"),
    properties: { v: text },
    records: [[{ id: 1, v: 'x' }], [gone({ id: 1 })]],
    rows: ['id|v', '2|c'],
  },
  repeats_in_partitions: {
    made: iceberg(
      'id BIGINT, p STRING, v STRING',
      'PARTITIONED BY (p)',
      "INSERT INTO $T VALUES (1, 'p', 'a'), (1, 'q', 'b'), (2, 'q', 'c')",
    ),
    properties: { v: text },
    records: [[{ id: 1, v: 'x' }], [{ id: 2, v: 'y' }]],
    rows: ['id|p|v', '1|p|x', '1|q|x', '2|q|y'],
  },
  repeats_of_a_member: {
    made: migrated('a__id BIGINT, v STRING', "VALUES (1, 'a'), (1, 'b')"),
    properties: { a: object({ id: integer }), v: text },
    keys: ['a__id'],
    records: [[{ a: { id: 1 }, v: 'x' }], [gone({ a: { id: 1 } })]],
    rows: ['a__id|v'],
  },
};
