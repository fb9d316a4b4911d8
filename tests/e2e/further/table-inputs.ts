// Further tables that are there already: their keys are text, or of a type that holds fewer keys than the stream has.
import {
  csv,
  date,
  type FurtherInput,
  hard,
  instant,
  keyed,
  marker,
  overwrite,
  parquet,
  record,
  row,
  run,
  STATE,
  schema,
  text,
} from './input.ts';

const both = { type: ['integer', 'string'] };
const string = { type: 'string' };
const type = 'TABLE_KEY_TYPE';
const invalid = 'INPUT_VALUE_INVALID';

export const textKeys: readonly FurtherInput[] = [
  {
    name: 'text keys: one of two key columns becomes an instant',
    runs: [
      run([
        schema({ n: { type: 'integer' }, at: string, v: text }, ['n', 'at']),
        record('{"n":1,"at":"2020-01-01T00:00:00+00:00","v":"a"}'),
      ]),
      run([
        schema({ n: { type: 'integer' }, at: instant, v: text }, ['n', 'at']),
        record('{"n":1,"at":"2020-01-01T00:00:00+00:00","v":"b"}'),
      ]),
    ],
    rows: ['1|2020-01-01T00:00:00+00:00|a'],
    error: type,
  },
  {
    name: 'text keys: a text becomes an instant within a run',
    runs: [
      run([
        keyed(string),
        row('"2020-01-01T00:00:00+00:00"', 'a'),
        keyed(instant),
        row('"2020-01-01T00:00:00+00:00"', 'b'),
      ]),
    ],
    rows: ['2020-01-01T00:00:00+00:00|a'],
    error: type,
  },
  {
    name: 'text keys: an instant becomes a text',
    runs: [
      run([keyed(instant), row('"2020-01-01T00:00:00Z"', 'a')]),
      run([keyed(string), row('"2020-01-01T00:00:00Z"', 'b')]),
    ],
    rows: ['2020-01-01 00:00:00|a'],
    error: type,
  },
  {
    name: 'text keys: an integer becomes an integer or a text',
    runs: [run([keyed({ type: 'integer' }), row('1', 'a')]), run([keyed(both), row('"x"', 'b')])],
    rows: ['1|a'],
    error: type,
  },
  {
    name: 'text keys: a marker of the new type does not miss the row of the old one',
    runs: [run([keyed(string), row('"1.0"', 'a')]), run([keyed({ type: 'number' }), marker('"id":1')], hard)],
    rows: ['1.0|a'],
    error: type,
  },
  {
    name: 'text keys: numbers written as texts go on as numbers',
    runs: [
      run([keyed({ type: 'number' }), row('1.50', 'a')], { number_type: 'string' }),
      run([keyed({ type: 'number' }), row('15e-1', 'b')], csv),
    ],
    rows: ['1.5|b'],
  },
  {
    name: 'text keys: days of a Parquet file',
    runs: [
      run([keyed(string), row('"2020-01-01"', 'a')]),
      run([keyed(date), { parquet: "SELECT DATE '2020-01-01' AS id, 'b' AS v" }]),
    ],
    rows: ['2020-01-01|b'],
  },
  {
    name: 'text keys: an overwrite takes the new form',
    runs: [
      run([keyed(string), row('"01"', 'a'), STATE]),
      run([keyed({ type: 'integer' }), row('1', 'b'), STATE], overwrite),
    ],
    rows: ['1|b'],
  },
  {
    name: 'text keys: days become instants',
    runs: [run([keyed(date), row('"2020-01-01"', 'a')]), run([keyed(instant), row('"2020-01-01T05:00:00Z"', 'b')])],
    rows: ['2020-01-01|a'],
    error: type,
  },
];

const made = (column: string, value: string) =>
  `CREATE TABLE $t.s (id ${column}, v VARCHAR); INSERT INTO $t.s VALUES (${value}, 'old')`;

export const handMadeKeys: readonly FurtherInput[] = [
  {
    name: 'hand-made keys: a UUID that takes two texts for one',
    table: made('UUID', "'aaaaaaaa-0000-0000-0000-000000000000'"),
    runs: [run([keyed(string), row('"AAAAAAAA-0000-0000-0000-000000000000"', 'new')])],
    rows: ['aaaaaaaa-0000-0000-0000-000000000000|old'],
    error: type,
  },
  {
    name: 'hand-made keys: a TIMESTAMP of milliseconds',
    table: made('TIMESTAMP_MS', "'2024-01-01 00:00:00.001'"),
    runs: [run([keyed(instant), row('"2024-01-01T00:00:00.0012Z"', 'new'), row('"2024-01-01T00:00:00.0013Z"', 'new')])],
    rows: ['2024-01-01 00:00:00.001|old'],
    error: type,
  },
  {
    name: 'hand-made keys: a TIMESTAMP of seconds',
    table: made('TIMESTAMP_S', "'2024-01-01 00:00:00'"),
    runs: [run([keyed(instant), row('"2024-01-01T00:00:00.4Z"', 'new')], parquet)],
    rows: ['2024-01-01 00:00:00|old'],
    error: type,
  },
  {
    name: 'hand-made keys: unsigned ones and a negative number',
    table: made('UINTEGER', '1'),
    runs: [run([keyed({ type: 'integer' }), row('-1', 'new'), row('1', 'new')])],
    rows: ['-1|new', '1|new'],
  },
  {
    name: 'hand-made keys: a DOUBLE for one of two, a marker',
    table: "CREATE TABLE $t.s (a VARCHAR, b DOUBLE, v VARCHAR); INSERT INTO $t.s VALUES ('x', 9007199254740992, 'old')",
    runs: [
      run(
        [schema({ a: string, b: { type: 'integer' }, v: text }, ['a', 'b']), marker('"a":"x","b":9007199254740993')],
        hard,
      ),
    ],
    rows: ['x|9007199254740992.0|old'],
    error: invalid,
  },
  {
    name: 'hand-made keys: a TINYINT with a primary key',
    table: made('TINYINT PRIMARY KEY', '1'),
    runs: [run([keyed({ type: 'integer' }), row('300', 'new')])],
    rows: ['1|old'],
    error: invalid,
  },
  {
    name: 'hand-made keys: a decimal of two digits for numbers',
    table: made('DECIMAL(9,2)', '0.12'),
    runs: [run([keyed({ type: 'number' }), row('0.123', 'new')])],
    rows: ['0.12|old'],
    error: type,
  },
  {
    name: 'hand-made keys: a BOOLEAN for integers',
    table: made('BOOLEAN', 'true'),
    runs: [run([keyed({ type: 'integer' }), row('2', 'new')])],
    rows: ['true|old'],
    error: type,
  },
  {
    name: 'hand-made keys: an ENUM',
    table: `CREATE TYPE e AS ENUM ('a'); ${made('e', "'a'")}`,
    runs: [run([keyed(string), row('"b"', 'new')])],
    rows: ['a|old'],
    error: type,
  },
  {
    name: 'hand-made keys: a TIMESTAMP of nanoseconds',
    table: made('TIMESTAMP_NS', "'2024-01-01 00:00:00.000001'"),
    runs: [run([keyed(instant), row('"2024-01-01T00:00:00.000001Z"', 'new')])],
    rows: ['2024-01-01 00:00:00.000001|old'],
    error: type,
  },
];
