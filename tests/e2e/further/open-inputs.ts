// Further schemas that say what undeclared fields are, or that there are none; and further rows that share a key.
import {
  add,
  append,
  type FurtherInput,
  hard,
  integer,
  marker,
  object,
  overwrite,
  record,
  run,
  STATE,
  text,
} from './input.ts';

const id = { type: 'integer' };

/** A schema of the key `id` and what else it says. @param more members beside `properties` */
const opened = (more: object, properties: object = {}, keys: readonly string[] = ['id']): string =>
  JSON.stringify({
    type: 'SCHEMA',
    stream: 's',
    schema: { type: 'object', properties: { id, ...properties }, ...more },
    key_properties: keys,
  });
const shut = { additionalProperties: false };
const flattened = { ...add, data_flattening_max_level: 2 };

export const openSchemas: readonly FurtherInput[] = [
  {
    name: 'open schemas: shut with "unevaluatedProperties"',
    runs: [run([opened({ unevaluatedProperties: false }), record('{"id":1,"x":1}')], add)],
    rows: ['1'],
  },
  {
    name: 'open schemas: shut by a part of "allOf"',
    runs: [run([opened({ allOf: [{ properties: { id } }, shut] }), record('{"id":1,"x":1}')], add)],
    rows: ['1'],
  },
  {
    name: 'open schemas: shut behind a reference',
    runs: [
      run(
        [opened({ $ref: '#/definitions/shut', definitions: { shut } }), record('{"id":1,"x":1}'), record('{"id":2}')],
        add,
      ),
    ],
    rows: ['1', '2'],
  },
  {
    name: 'open schemas: an object that is shut, in a record that is not',
    runs: [
      run(
        [opened({}, { a: { ...object({ b: integer }), ...shut } }), record('{"id":1,"a":{"b":2,"c":3},"d":4}')],
        flattened,
      ),
    ],
    rows: ['1|2|4'],
  },
  {
    name: 'open schemas: a record that is shut, and an object in it that is not',
    runs: [run([opened(shut, { a: object({ b: integer }) }), record('{"id":1,"a":{"b":2,"c":3},"d":4}')], flattened)],
    rows: ['1|2|3'],
  },
  {
    name: 'open schemas: patterns let in what the rest keeps out, in a file of lines',
    runs: [
      run([opened({ ...shut, patternProperties: { '^x_': integer } }), { lines: ['{"id":1,"x_a":"2","y":3}'] }], {
        ...add,
        invalid_values: 'null',
      }),
      run([opened({ ...shut, patternProperties: { '^x_': integer } }), { lines: ['{"id":2,"x_a":2,"y":3}'] }], add),
    ],
    // A text is no integer.
    rows: ['1|', '2|2'],
  },
  {
    name: 'open schemas: a declared property is not what a pattern says of its name',
    runs: [run([opened({ patternProperties: { '.*': text } }, { n: integer }), record('{"id":1,"n":2,"m":3}')], add)],
    rows: ['1|2|3'],
  },
  {
    name: 'open schemas: patterns of an object within the record',
    runs: [
      run(
        [
          opened({}, { a: { ...object({}), patternProperties: { _at$: { type: 'string', format: 'date' } } } }),
          record('{"id":1,"a":{"made_at":"2024-01-01"}}'),
        ],
        flattened,
      ),
    ],
    // An object that declares no property is a column of its own.
    rows: ['1|{"made_at":"2024-01-01"}'],
  },
  {
    name: 'open schemas: a type for all others, appended and then shut',
    runs: [
      run([opened({ additionalProperties: { type: 'number' } }), record('{"id":1,"x":1}')], { ...add, ...append }),
      run([opened(shut), record('{"id":2,"x":2,"y":3}')], { ...add, ...append }),
    ],
    rows: ['1|1.0', '2|'],
  },
  {
    name: 'open schemas: a key that a pattern gives its type',
    runs: [
      run(
        [
          opened({ ...shut, patternProperties: { '^k$': { type: 'string', format: 'date-time' } } }, {}, ['k']),
          record('{"id":1,"k":"2024-01-01T00:00:00Z"}'),
          record('{"id":2,"k":"2024-01-01T01:00:00+01:00","z":1}'),
        ],
        add,
      ),
    ],
    rows: ['2|2024-01-01 00:00:00'],
  },
];

const twice = "CREATE TABLE $t.s (id BIGINT, v VARCHAR); INSERT INTO $t.s VALUES (1, 'a'), (1, 'b'), (2, 'c')";
const valued = opened({}, { v: text });
const one = (n: number, v: string) => record(`{"id":${n},"v":"${v}"}`);
const keyTypes = { a: integer, b: text, v: text };

export const repeatedRows: readonly FurtherInput[] = [
  {
    name: 'rows of one key: a change comes to all',
    table: twice,
    runs: [run([valued, one(1, 'x')])],
    rows: ['1|x', '1|x', '2|c'],
  },
  {
    name: 'rows of one key: a marker removes all, and a row comes back once',
    table: twice,
    runs: [run([valued, marker('"id":1')], hard), run([valued, one(1, 'back')], hard)],
    rows: ['1|back', '2|c'],
  },
  {
    name: 'rows of one key: marked and sent again in one run',
    table: twice,
    runs: [run([valued, marker('"id":1'), one(1, 'back')], hard)],
    rows: ['1|back', '1|back', '2|c'],
  },
  {
    name: 'rows of one key: a change of another key leaves them',
    table: twice,
    runs: [run([valued, one(2, 'x'), one(3, 'y')])],
    rows: ['1|a', '1|b', '2|x', '3|y'],
  },
  {
    name: 'rows of one key: appended beside them',
    table: twice,
    runs: [run([valued, one(1, 'x')], append)],
    rows: ['1|a', '1|b', '1|x', '2|c'],
  },
  {
    name: 'rows of one key: overwritten',
    table: twice,
    runs: [run([valued, one(1, 'x'), one(1, 'y'), STATE], overwrite)],
    rows: ['1|y'],
  },
  {
    name: 'rows of one key: of two columns, one of them NULL',
    table:
      "CREATE TABLE $t.s (a BIGINT, b VARCHAR, v VARCHAR); INSERT INTO $t.s VALUES (1, NULL, 'p'), (1, NULL, 'q'), (1, 'x', 'r')",
    runs: [
      run([
        JSON.stringify({
          type: 'SCHEMA',
          stream: 's',
          schema: { properties: keyTypes },
          key_properties: ['a', 'b'],
        }),
        record('{"a":1,"b":"x","v":"new"}'),
      ]),
    ],
    rows: ['1||p', '1||q', '1|x|new'],
  },
  {
    name: 'rows of one key: from a Parquet file',
    table: twice,
    runs: [run([valued, { parquet: "SELECT 1::BIGINT AS id, 'x' AS v UNION ALL SELECT 1, 'x'" }])],
    rows: ['1|x', '1|x', '2|c'],
  },
  {
    name: 'rows of one key: a column that is not sent keeps its values, each its own',
    table: "CREATE TABLE $t.s (id BIGINT, v VARCHAR, w VARCHAR); INSERT INTO $t.s VALUES (1, 'a', 'p'), (1, 'b', 'q')",
    runs: [run([valued, one(1, 'x')])],
    rows: ['1|x|p', '1|x|q'],
  },
  {
    name: 'rows of one key: numbers that two columns of DOUBLE hold',
    table:
      "CREATE TABLE $t.s (id DOUBLE, v VARCHAR); INSERT INTO $t.s VALUES (1, 'a'), (1.0, 'b'), (-0.0, 'c'), (0, 'd')",
    runs: [run([valued, one(1, 'x'), one(0, 'y')])],
    rows: ['0.0|y', '0.0|y', '1.0|x', '1.0|x'],
  },
];
