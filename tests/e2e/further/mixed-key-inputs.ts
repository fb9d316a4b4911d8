// Further keys of several types, whose values are easily taken for one another.
import {
  add,
  aside,
  type FurtherInput,
  hard,
  keyed,
  marker,
  object,
  overwrite,
  row,
  rowOf,
  run,
  STATE,
  schema,
  text,
} from './input.ts';

const invalid = 'INPUT_VALUE_INVALID';
const both = { type: ['integer', 'string'] };

export const mixedKeys: readonly FurtherInput[] = [
  {
    name: 'mixed keys: alternatives under anyOf',
    runs: [
      run(
        [
          keyed({ anyOf: [{ type: 'integer' }, { type: 'string' }] }),
          row('1', 'a'),
          row('"1"', 'wrong'),
          row('"x"', 'b'),
          row('1e0', 'c'),
        ],
        aside,
      ),
    ],
    rows: ['1|c', 'x|b'],
  },
  {
    name: 'mixed keys: all scalar types and null',
    runs: [
      run(
        [
          keyed({ type: ['null', 'boolean', 'number', 'string'] }),
          row('1', 'a'),
          row('"1"', 'wrong'),
          row('"null"', 'b'),
          row('"01"', 'c'),
          row('"true"', 'wrong'),
        ],
        aside,
      ),
    ],
    rows: ['01|c', '1|a', 'null|b'],
  },
  {
    name: 'mixed keys: a constant list of values',
    runs: [run([keyed({ enum: [1, '1', true] }), row('1', 'a'), row('"1"', 'wrong'), row('true', 'b')], aside)],
    rows: ['1|a', 'true|b'],
  },
  {
    name: 'mixed keys: two of them in one key',
    runs: [
      run(
        [
          schema({ a: both, b: both, v: text }, ['a', 'b']),
          ...[
            ['1', '"x"', 'a'],
            ['"x"', '1', 'b'],
            ['1.0', '"x"', 'c'],
            ['1', '"1"', 'wrong'],
          ].map(([a, b, v]) => `{"type":"RECORD","stream":"s","record":{"a":${a},"b":${b},"v":"${v}"}}`),
        ],
        { ...aside, workers: 2 },
      ),
    ],
    rows: ['1|x|c', 'x|1|b'],
  },
  {
    name: 'mixed keys: a marker for the text of a number removes no row',
    runs: [run([keyed(both), row('1', 'a')]), run([keyed(both), marker('"id":"1"')], hard)],
    rows: ['1|a'],
    error: invalid,
  },
  {
    name: 'mixed keys: in a file of lines',
    runs: [
      run(
        [
          keyed({ type: ['number', 'string'] }),
          { lines: [rowOf('1', 'a'), rowOf('"1e0"', 'b'), rowOf('"1"', 'wrong'), rowOf('1e0', 'c')] },
        ],
        aside,
      ),
    ],
    rows: ['1e0|b', '1|c'],
  },
  {
    name: 'mixed keys: integers of a Parquet file beside texts of another',
    runs: [
      run([
        keyed(both),
        { parquet: `SELECT 1::TINYINT AS id, 'a' AS v` },
        { parquet: `SELECT '01' AS id, 'b' AS v` },
        row('1', 'c'),
      ]),
      run([keyed(both), { parquet: `SELECT '1' AS id, 'wrong' AS v` }]),
    ],
    rows: ['01|b', '1|c'],
    error: invalid,
  },
  {
    name: 'mixed keys: strings that are nearly numbers are strings',
    runs: [
      run(
        [
          keyed({ type: ['number', 'string'] }),
          row('" 1"', 'a'),
          row('"+1"', 'b'),
          row('"0x1"', 'c'),
          row('"\u0661"', 'd'),
          row('1', 'e'),
          row('"1."', 'f'),
          row('"Infinity"', 'wrong'),
        ],
        aside,
      ),
    ],
    rows: [' 1|a', '+1|b', '0x1|c', '1.|f', '1|e', '\u0661|d'],
  },
  {
    name: 'mixed keys: undeclared, the first is a text',
    runs: [run([schema({ v: text }), row('"1"', 'a'), row('1', 'wrong'), row('"1"', 'b')], { ...add, ...aside })],
    rows: ['b|1'],
  },
  {
    name: 'mixed keys: a member of a flattened object, an overwrite',
    runs: [
      run(
        [
          schema({ a: object({ id: both }), v: text }, ['a__id']),
          ...[
            ['2', 'a'],
            ['"b"', 'b'],
            ['2.0', 'c'],
          ].map(([id, v]) => `{"type":"RECORD","stream":"s","record":{"a":{"id":${id}},"v":"${v}"}}`),
          STATE,
        ],
        { ...overwrite, data_flattening_max_level: 2 },
      ),
    ],
    rows: ['2|c', 'b|b'],
  },
  {
    name: 'mixed keys: an instant or a number',
    runs: [
      run([
        keyed({ type: ['string', 'integer'], format: 'date-time' }),
        row('"2024-01-01T00:00:00Z"', 'a'),
        row('5', 'b'),
        row('"2024-01-01T00:00:00Z"', 'c'),
      ]),
    ],
    rows: ['2024-01-01T00:00:00Z|c', '5|b'],
  },
  {
    name: 'mixed keys: an object or a string is no key at all',
    runs: [run([keyed({ type: ['object', 'string'] }), row('{"a":1}', 'a'), row('"{\\"a\\":1}"', 'wrong')])],
    rows: [],
    error: 'INPUT_SCHEMA_INVALID',
  },
];
