// Further structs of lakehouse tables whose members have names of every kind, some in files that know no field ids.
import { iceberg, integer, type LakeInput, type LakeInputs, list, migrated, object, text } from './lake-input.ts';

/** A struct of two members, the first a number. @param quoted names, as Spark has them */
const pair = (quoted: readonly [string, string], first: string, second: string): LakeInput => ({
  made: iceberg(
    `id BIGINT, s STRUCT<${quoted[0]}: BIGINT, ${quoted[1]}: STRING>`,
    '',
    "INSERT INTO $T SELECT 9L, named_struct('p', 9L, 'q', 'old')",
  ),
  properties: { s: object({ [first]: integer, [second]: text }) },
  records: [[{ id: 1, s: { [first]: 1, [second]: 'x' } }], [{ id: 1, s: { [first]: 2 } }]],
  rows: ['id|s', '1|{2, null}', '9|{9, old}'],
});

export const members: LakeInputs = {
  members_that_look_like_types: pair(['`a:struct<b`', '`c>`'], 'a:struct<b', 'c>'),
  members_with_commas_and_blanks: {
    ...pair(['`a, b`', '` c `'], 'a, b', ' c '),
    // The blanks around a name are not the column's, so that the table gets a member more.
    rows: ['id|s', '1|{2, null, null}', '9|{9, old, null}'],
  },
  members_with_quotes: pair(["`it's`", '`"x"`'], "it's", '"x"'),
  members_with_backticks: pair(['`a``b`', '````'], 'a`b', '`'),
  members_with_dots: pair(['`a.b`', '`.`'], 'a.b', '.'),
  members_in_other_alphabets: pair(['`größe`', '`日本`'], 'größe', '日本'),
  members_called_like_words: pair(['`NOT NULL`', '`COMMENT`'], 'NOT NULL', 'COMMENT'),
  members_with_brackets_of_decimals: pair(['`decimal(38,9)`', '`array<x>`'], 'decimal(38,9)', 'array<x>'),
  members_odd_below_others: {
    made: iceberg('id BIGINT, s STRUCT<a: ARRAY<STRUCT<`x y`: BIGINT>>, `m n`: STRUCT<k: STRING>>'),
    properties: { s: object({ a: list(object({ 'x y': integer })), 'm n': object({ k: text }) }) },
    records: [
      [{ id: 1, s: { a: [{ 'x y': 1 }, { 'x y': 2 }], 'm n': { k: 'z' } } }],
      [{ id: 2, s: { a: [], 'm n': {} } }],
    ],
    rows: ['id|s', '1|{[{1}, {2}], {z}}', '2|{[], {null}}'],
  },
  members_odd_beside_a_new_one: {
    made: iceberg('id BIGINT, s STRUCT<`a:b`: BIGINT>', '', "INSERT INTO $T SELECT 9L, named_struct('a:b', 9L)"),
    properties: { s: object({ 'a:b': integer, 'c,d': text }) },
    later: { s: object({ 'a:b': integer, 'c,d': text, 'e>f': text }) },
    records: [[{ id: 1, s: { 'a:b': 1, 'c,d': 'x' } }], [{ id: 2, s: { 'e>f': 'y' } }]],
    rows: ['id|s', '1|{1, x, null}', '2|{null, null, y}', '9|{9, null, null}'],
  },
  members_reserved_elsewhere: {
    properties: { s: object({ _deleted: text, _FILE: integer, _pos: object({ _row_id: integer }) }) },
    records: [[{ id: 1, s: { _deleted: 'd', _FILE: 1, _pos: { _row_id: 2 } } }], [{ id: 2, s: { _deleted: 'e' } }]],
    rows: ['id|s', '1|{d, 1, {2}}', '2|{e, null, null}'],
  },
  members_of_files_change_their_type: {
    made: migrated(
      'id BIGINT, s STRUCT<a: BIGINT, b: STRUCT<c: INT, d: STRING>>',
      "SELECT 1L, named_struct('a', 5L, 'b', named_struct('c', 6, 'd', 'x'))",
    ),
    properties: { s: object({ a: text, b: object({ c: text, d: text }) }) },
    records: [[{ id: 2, s: { a: 'A', b: { c: 'C', d: 'D' } } }], [{ id: 1, s: { a: 'B' } }]],
    rows: ['id|s_<dated>|s', '1|{5, {6, x}}|{B, null}', '2|null|{A, {C, D}}'],
  },
  members_of_files_were_dropped: {
    made: migrated(
      'id BIGINT, l ARRAY<STRUCT<a: INT, b: STRING>>, m STRUCT<x: INT, y: DOUBLE>',
      "SELECT 1L, array(named_struct('a', 5, 'b', 'x')), named_struct('x', 1, 'y', 2.5D)",
      'ALTER TABLE $T DROP COLUMN l.element.b',
      'ALTER TABLE $T DROP COLUMN m.y',
    ),
    properties: { l: list(object({ a: integer, b: integer })), m: object({ x: integer, y: text }) },
    records: [[{ id: 2, l: [{ a: 1, b: 2 }], m: { x: 1, y: 'Y' } }], [{ id: 3, l: [], m: { y: 'Z' } }]],
    rows: ['id|l|m', '1|[{5, null}]|{1, null}', '2|[{1, 2}]|{1, Y}', '3|[]|{null, Z}'],
  },
};
