// Further keys that are easily taken for one another: numbers and instants.
import {
  add,
  append,
  aside,
  csv,
  date,
  type FurtherInput,
  hard,
  instant,
  keyed,
  marker,
  object,
  overwrite,
  parquet,
  row,
  rowOf,
  run,
  STATE,
  schema,
  text,
} from './input.ts';

const num = { type: 'number' };
const NEXT = '9007199254740993';
const EVEN = '9007199254740992';
const invalid = 'INPUT_VALUE_INVALID';

export const numberKeys: readonly FurtherInput[] = [
  {
    name: 'number keys: part of a composite key, in a record and a marker, with two threads',
    runs: [
      run(
        [
          schema({ r: { type: 'string' }, n: num, v: text }, ['r', 'n']),
          ...[
            ['a', EVEN, '1'],
            ['b', EVEN, '2'],
            ['a', NEXT, 'wrong'],
          ].map(([r, n, v]) => `{"type":"RECORD","stream":"s","record":{"r":"${r}","n":${n},"v":"${v}"}}`),
          marker(`"r":"b","n":${NEXT}`),
        ],
        { ...aside, ...hard, workers: 2 },
      ),
    ],
    rows: ['a|9007199254740992.0|1', 'b|9007199254740992.0|2'],
  },
  {
    name: 'number keys: in a file of lines after a row of a former run',
    runs: [
      run([keyed(num), row(EVEN, 'old')]),
      run([keyed(num), { lines: [rowOf('1', 'x'), rowOf(NEXT, 'wrong')] }], parquet),
    ],
    rows: ['1.0|x', '9007199254740992.0|old'],
    error: invalid,
  },
  {
    name: 'number keys: a member of a flattened object',
    runs: [
      run(
        [
          schema({ a: object({ id: num }), v: text }, ['a__id']),
          ...[
            ['1', 'a'],
            ['1.0', 'b'],
            ['1e-400', 'wrong'],
            ['10e-1', 'c'],
            [NEXT, 'wrong'],
          ].map(([id, v]) => `{"type":"RECORD","stream":"s","record":{"a":{"id":${id}},"v":"${v}"}}`),
        ],
        { ...aside, data_flattening_max_level: 1 },
      ),
    ],
    rows: ['1.0|c'],
  },
  {
    name: 'number keys: as decimals all digits count, and one digit too many is refused',
    runs: [
      run(
        [keyed(num), row(EVEN, 'a'), row(NEXT, 'b'), row('0.1', 'c'), row('0.1000000001', 'wrong'), row('1e-1', 'd')],
        { number_type: 'decimal', ...aside, ...csv },
      ),
    ],
    rows: ['0.100000000|d', '9007199254740992.000000000|a', '9007199254740993.000000000|b'],
  },
  {
    name: 'number keys: as text, beyond what a DOUBLE has room for',
    runs: [
      run([keyed(num), row('123e30', 'a'), row(NEXT, 'b'), row(EVEN, 'c')], { number_type: 'string' }),
      run([keyed(num), row('12.3e31', 'd'), marker(`"id":${NEXT}.0`)], { number_type: 'string', ...hard, ...csv }),
    ],
    rows: [`123${'0'.repeat(30)}|d`, '9007199254740992|c'],
  },
  {
    name: 'number keys: the least of all doubles is one key, its neighbours in decimal digits are none',
    runs: [
      run(
        [
          keyed(num),
          row('5e-324', 'a'),
          row('4.9e-324', 'wrong'),
          row('0', 'b'),
          row('2e-324', 'wrong'),
          row('0.5e-323', 'c'),
        ],
        { ...aside, ...parquet },
      ),
    ],
    rows: ['0.0|b', '5e-324|c'],
  },
  {
    name: 'number keys: a marker for minus zero removes zero',
    runs: [
      run([keyed(num), row('0', 'a'), row('1', 'b')], csv),
      run([keyed(num), marker('"id":-0.0e5')], { ...hard, ...parquet }),
    ],
    rows: ['1.0|b'],
  },
  {
    name: 'number keys: an overwrite with one that is refused leaves the old rows',
    runs: [
      run([keyed(num), row('1', 'old'), STATE]),
      run([keyed(num), row('2', 'x'), row(NEXT, 'wrong'), STATE], overwrite),
    ],
    rows: ['1.0|old'],
    error: invalid,
  },
  {
    name: 'number keys: unsigned integers of a Parquet file',
    runs: [
      run([keyed(num), { parquet: `SELECT 18446744073709549568::UBIGINT AS id, 'x' AS v` }]),
      run([keyed(num), { parquet: `SELECT 18446744073709551615::UBIGINT AS id, 'wrong' AS v` }]),
    ],
    rows: ['1.844674407370955e+19|x'],
    error: invalid,
  },
  {
    name: 'number keys: a key can not become NULL',
    runs: [run([keyed(num), row('1', 'a'), row(NEXT, 'wrong')], { invalid_values: 'null' })],
    rows: ['1.0|a'],
    error: invalid,
  },
  {
    name: 'number keys: undeclared, the first is a fraction',
    runs: [
      run([schema({ v: text }), row('1.5', 'a'), row('15e-1', 'b'), row(NEXT, 'wrong'), row('2', 'c')], {
        ...add,
        ...aside,
      }),
    ],
    rows: ['b|1.5', 'c|2.0'],
  },
  {
    name: 'number keys: integers beyond 64 bits in two spellings',
    runs: [
      run(
        [
          keyed({ type: 'integer', maximum: 1e30 }),
          row('18446744073709551616', 'a'),
          row('18446744073709551617', 'b'),
          row('1e20', 'c'),
          row('100000000000000000000.0', 'd'),
        ],
        { workers: 2, ...parquet },
      ),
    ],
    rows: ['100000000000000000000|d', '18446744073709551616|a', '18446744073709551617|b'],
  },
  {
    name: 'number keys: nothing is looked up where all is appended',
    runs: [run([keyed({ type: 'integer' }), row('1', 'a'), row('1.0', 'b')], append)],
    rows: ['1|a', '1|b'],
  },
];

export const timeKeys: readonly FurtherInput[] = [
  {
    name: 'time keys: zones a day apart, a blank for the T, no zone',
    runs: [
      run([
        keyed(instant),
        row('"2024-01-01T00:00:00+14:00"', 'a'),
        row('"2023-12-31T10:00:00Z"', 'b'),
        row('"2023-12-30T22:00:00-12:00"', 'c'),
      ]),
      run([keyed(instant), row('"2023-12-31 10:00:00"', 'd')], csv),
    ],
    rows: ['2023-12-31 10:00:00|d'],
  },
  {
    name: 'time keys: zeros behind the microseconds are no digits',
    runs: [
      run(
        [
          keyed(instant),
          row('"2024-01-01T00:00:00.123456000Z"', 'a'),
          row('"2024-01-01T00:00:00.123456Z"', 'b'),
          row('"2024-01-01T00:00:00.1234560001Z"', 'wrong'),
        ],
        aside,
      ),
    ],
    rows: ['2024-01-01 00:00:00.123456|b'],
  },
  {
    name: 'time keys: a marker finer than its composite key removes nothing',
    runs: [
      run(
        [
          schema({ at: instant, n: { type: 'integer' }, v: text }, ['n', 'at']),
          `{"type":"RECORD","stream":"s","record":{"at":"2024-01-01T00:00:00.000001Z","n":1,"v":"a"}}`,
          marker('"n":1,"at":"2024-01-01T00:00:00.0000011Z"'),
        ],
        { ...hard, ...aside },
      ),
    ],
    rows: ['2024-01-01 00:00:00.000001|1|a'],
  },
  {
    name: 'time keys: nanoseconds in a file of lines end the run',
    runs: [
      run([keyed(instant), row('"2024-01-01T00:00:00.1Z"', 'old')]),
      run([keyed(instant), { lines: [rowOf('"2024-01-01T00:00:00.1000001Z"', 'wrong')] }]),
    ],
    rows: ['2024-01-01 00:00:00.1|old'],
    error: invalid,
  },
  {
    name: 'time keys: nanoseconds of a Parquet file end the run, microseconds find their row',
    runs: [
      run([
        keyed(instant),
        row('"2024-01-01T00:00:00.123456Z"', 'record'),
        { parquet: `SELECT '2024-01-01 00:00:00.123456000'::TIMESTAMP_NS AS id, 'file' AS v` },
      ]),
      run([keyed(instant), { parquet: `SELECT '2024-01-01 00:00:00.123456001'::TIMESTAMP_NS AS id, 'wrong' AS v` }]),
    ],
    rows: ['2024-01-01 00:00:00.123456|file'],
    error: invalid,
  },
  {
    name: 'time keys: the hour 24 is the next day',
    runs: [
      run(
        [
          keyed(instant),
          row('"2024-02-29T24:00:00Z"', 'a'),
          row('"2024-03-01"', 'b'),
          row('"2024-03-01T00:00:00-00:00"', 'c'),
        ],
        parquet,
      ),
    ],
    rows: ['2024-03-01 00:00:00|c'],
  },
  {
    name: 'time keys: a day with a time of day is none',
    runs: [
      run(
        [
          keyed(date),
          row('"2024-02-29"', 'a'),
          row('"2024-02-29T00:00:00Z"', 'b'),
          row('"2024-02-29T00:00:01Z"', 'wrong'),
        ],
        aside,
      ),
    ],
    rows: ['2024-02-29|b'],
  },
  {
    name: 'time keys: a day with a time of day in a Parquet file is none',
    runs: [
      run([keyed(date), row('"2024-02-29"', 'a')]),
      run([keyed(date), { parquet: `SELECT TIMESTAMP '2024-02-29 01:00:00' AS id, 'wrong' AS v` }]),
    ],
    rows: ['2024-02-29|a'],
    error: invalid,
  },
  {
    name: 'time keys: times of day are text, told apart as text',
    runs: [run([keyed({ type: 'string', format: 'time' }), row('"12:00:00Z"', 'a'), row('"12:00:00+00:00"', 'b')])],
    rows: ['12:00:00+00:00|b', '12:00:00Z|a'],
  },
  {
    name: 'time keys: ancient and last instants, beside a reference to their type',
    runs: [
      run(
        [
          schema({ id: { $ref: '#/definitions/at' }, v: text }, ['id'], { definitions: { at: instant } }),
          row('"0001-01-01T00:00:00Z"', 'a'),
          row('"0001-01-01T01:00:00+01:00"', 'b'),
          row('"1582-10-10T00:00:00Z"', 'c'),
          row('"9999-12-31T23:59:59.9999999Z"', 'wrong'),
        ],
        aside,
      ),
    ],
    rows: ['0001-01-01 00:00:00|b', '1582-10-10 00:00:00|c'],
  },
  {
    name: 'time keys: undeclared ones are text, told apart as text',
    runs: [
      run(
        [schema({ v: text }), row('"2024-01-01T00:00:00.1234567Z"', 'a'), row('"2024-01-01T00:00:00.1234568Z"', 'b')],
        add,
      ),
    ],
    rows: ['a|2024-01-01T00:00:00.1234567Z', 'b|2024-01-01T00:00:00.1234568Z'],
  },
];
