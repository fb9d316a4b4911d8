// Values that their columns can't hold, and messages that make no sense: what ends the run, what is NULL, what is set aside.
import {
  date,
  dateTime,
  integer,
  number,
  oneByOne,
  people,
  peopleColumns,
  record,
  records,
  type SuiteCase,
  schema,
  state,
  text,
  valued,
} from './suite-case.ts';

const time = { type: ['null', 'string'], format: 'time' };
const nullBad = { invalid_values: 'null' };
const asideBad = { invalid_values: 'dead_letter' };

/** The row before the bad one is loaded. */
const fails = (
  name: string,
  type: object,
  sparkType: string,
  good: readonly [sent: string, held: string],
  bad: string,
): SuiteCase => ({
  name,
  runs: [
    [valued(type), record('a', `{"id":1,"v":${good[0]}}`), record('a', `{"id":2,"v":${bad}}`), record('a', '{"id":3}')],
  ],
  tables: { a: { columns: { id: 'BIGINT', v: sparkType }, rows: [[1, good[1]]] } },
  error: { code: 'INPUT_VALUE_INVALID', stream: 'a', column: 'v' },
});

const mixed = schema('a', {
  id: { type: 'integer' },
  n: integer,
  t: dateTime,
  d: { type: 'number', multipleOf: 0.01 },
});
const mixedRecords = records(
  'a',
  '{"id":1,"n":1,"t":"2024-01-01T00:00:00Z","d":1.5}',
  '{"id":2,"n":1.5,"t":"soon","d":1.555}',
  '{"id":3,"n":9223372036854775808,"t":"2024-01-01T00:00:00Z","d":1.5}',
  '{"id":4,"n":null,"t":null}',
);
const mixedColumns = { id: 'BIGINT', n: 'BIGINT', t: 'TIMESTAMP', d: 'DECIMAL(38,2)' };

export const invalidCases: readonly SuiteCase[] = [
  fails('an integer beyond 64 bits ends the run', integer, 'BIGINT', ['1', '1'], '9223372036854775808'),
  fails('a time that is none ends the run', dateTime, 'TIMESTAMP', ['"2024-01-01"', '2024-01-01 00:00:00'], '"soon"'),
  fails('a number too large for a double ends the run', number, 'DOUBLE', ['1e308', '1e+308'], '1e309'),
  fails('half of a surrogate pair ends the run', text, 'STRING', ['"\\ud83d\\ude00"', '😀'], '"\\ud83d"'),
  {
    name: 'a number in a text key ends the run: 1 and "1" would be one key',
    runs: [
      [
        schema('a', { code: { type: 'string' }, v: integer }, ['code']),
        ...records('a', '{"code":"1","v":1}', '{"code":1,"v":2}', '{"code":"2","v":3}'),
      ],
    ],
    tables: { a: { columns: { code: 'STRING', v: 'BIGINT' }, rows: [['1', 1]] } },
    error: { code: 'INPUT_VALUE_INVALID', stream: 'a', column: 'code' },
  },
  fails('a number in the place of a time of day ends the run', time, 'STRING', ['"12:00"', '12:00'], '43200'),
  {
    name: 'what is no string is text even where invalid values become NULL',
    options: nullBad,
    runs: [[schema('a', people), ...records('a', '{"id":1,"name":7}', '{"id":2,"name":"\\ud83d"}')]],
    tables: {
      a: {
        columns: peopleColumns,
        rows: [
          [1, '7'],
          [2, null],
        ],
      },
    },
    nulled: { 'a.name': 1 },
    asText: { 'a.name': 1 },
  },
  {
    name: 'a key that is null ends the run, even where invalid values become NULL',
    options: nullBad,
    runs: [[schema('a', people), record('a', { id: 1, name: 'Ann' }), record('a', { id: null, name: 'Bob' })]],
    tables: { a: { columns: peopleColumns, rows: [[1, 'Ann']] } },
    error: { code: 'INPUT_KEY_MISSING', stream: 'a', column: 'id' },
  },
  {
    name: 'invalid values become NULL, and are counted',
    options: nullBad,
    runs: [[mixed, ...mixedRecords]],
    tables: {
      a: {
        columns: mixedColumns,
        rows: [
          [1, 1, '2024-01-01 00:00:00', '1.50'],
          [2, null, null, null],
          [3, null, '2024-01-01 00:00:00', '1.50'],
          [4, null, null, null],
        ],
      },
    },
    nulled: { 'a.n': 2, 'a.t': 1, 'a.d': 1 },
  },
  {
    name: 'an invalid value takes the place of the old one as NULL',
    options: nullBad,
    runs: [
      [valued(integer), record('a', { id: 1, v: 7 })],
      [valued(integer), record('a', { id: 1, v: 'seven' })],
    ],
    tables: { a: { columns: { id: 'BIGINT', v: 'BIGINT' }, rows: [[1, null]] } },
    nulled: { 'a.v': 1 },
  },
  {
    name: 'records with invalid values are set aside, and all others loaded',
    options: asideBad,
    runs: [[mixed, ...mixedRecords, record('a', { id: null })]],
    tables: {
      a: {
        columns: mixedColumns,
        rows: [
          [1, 1, '2024-01-01 00:00:00', '1.50'],
          [4, null, null, null],
        ],
      },
    },
    setAside: { a: 3 },
  },
  {
    name: 'a stream of which all records are set aside has an empty table',
    options: asideBad,
    runs: [[valued(integer), ...records('a', { id: 1, v: 'x' }, { id: 'y', v: 1 }), state(1)]],
    tables: { a: { columns: { id: 'BIGINT', v: 'BIGINT' }, rows: [] } },
    setAside: { a: 2 },
  },
  {
    name: 'one record more than may be set aside ends the run',
    options: { ...asideBad, dead_letter_max: 1 },
    runs: [
      [
        valued(integer),
        record('a', { id: 1, v: 1 }),
        record('a', { id: 2, v: 'x' }),
        record('a', { id: 3, v: 3 }),
        record('a', { id: 4, v: 'x' }),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', v: 'BIGINT' },
        rows: [
          [1, 1],
          [3, 3],
        ],
      },
    },
    setAside: { a: 2 },
    error: { code: 'TOO_MANY_DEAD_LETTERS', stream: 'a' },
  },
  {
    name: 'validate_records: what the column would hold and the schema forbids ends the run',
    options: { validate_records: true },
    runs: [
      [
        schema('a', { id: { type: 'integer' }, v: { type: 'integer', minimum: 0, maximum: 9 } }),
        ...records('a', { id: 1, v: 9 }, { id: 2, v: 10 }),
      ],
    ],
    tables: { a: { columns: { id: 'BIGINT', v: 'BIGINT' }, rows: [[1, 9]] } },
    error: { code: 'INPUT_VALUE_INVALID', stream: 'a', column: 'v' },
  },
  {
    name: 'validate_records: records that break their schema are set aside',
    options: { ...asideBad, validate_records: true },
    runs: [
      [
        schema('a', {
          properties: {
            id: { type: 'integer' },
            mail: { type: 'string', format: 'email' },
            kind: { enum: ['x', 'y'] },
          },
          required: ['mail'],
        }),
        ...records(
          'a',
          { id: 1, mail: 'a@b.example', kind: 'x' },
          { id: 2, mail: 'nobody', kind: 'x' },
          { id: 3, kind: 'x' },
          { id: 4, mail: 'a@b.example', kind: 'z' },
        ),
      ],
    ],
    tables: { a: { columns: { id: 'BIGINT', mail: 'STRING', kind: 'STRING' }, rows: [[1, 'a@b.example', 'x']] } },
    setAside: { a: 3 },
  },
  {
    name: 'validate_records: delete markers need not carry what is required, and keep to the rules for what they carry',
    options: { ...asideBad, validate_records: true },
    runs: [
      [
        schema('a', {
          properties: { id: { type: 'integer' }, name: { type: 'string', maxLength: 3 } },
          required: ['id', 'name'],
          additionalProperties: false,
        }),
        ...records(
          'a',
          { id: 1, name: 'Ann' },
          { id: 2, name: 'Bob', _sdc_sequence: 7 },
          { id: 1, _sdc_deleted_at: '2024-01-02T03:04:05Z' },
          { id: 2, name: 'Robert', _sdc_deleted_at: '2024-01-02T03:04:05Z' },
          { id: 3, _sdc_deleted_at: null },
          { id: 4, name: 'Dee', more: 1 },
        ),
      ],
    ],
    tables: {
      a: {
        columns: peopleColumns,
        rows: [
          [1, 'Ann'],
          [2, 'Bob'],
        ],
      },
    },
    setAside: { a: 3 },
  },
  {
    name: 'validate_records: with hard_delete, a delete record of only the key removes the row',
    options: { hard_delete: true, validate_records: true },
    runs: [
      [
        schema('a', { properties: people, required: ['id', 'name'], additionalProperties: false }),
        ...records('a', { id: 1, name: 'Ann' }, { id: 2, name: 'Bob' }),
        record('a', { id: 1, _sdc_deleted_at: '2024-01-02T03:04:05Z' }),
      ],
    ],
    tables: { a: { columns: { ...peopleColumns, _sdc_deleted_at: 'TIMESTAMP' }, rows: [[2, 'Bob', null]] } },
    only: 'duckdb',
  },
  {
    name: 'validate_records: dates and times are taken as their columns take them',
    options: { ...asideBad, validate_records: true },
    runs: [
      [
        schema('a', { id: { type: 'integer' }, at: dateTime, day: date, time }),
        ...records(
          'a',
          { id: 1, at: '2024-01-02T03:04:05', day: '2024-01-02T00:00:00Z', time: '03:04:05' },
          { id: 2, at: '2024-01-02 03:04:05+0200', day: '2024-01-02', time: '03:04:05.5+02:00' },
          { id: 3, at: 'soon' },
          { id: 4, day: '2024-01-02T03:04:05' },
          { id: 5, time: 'noon' },
        ),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', at: 'TIMESTAMP', day: 'DATE', time: 'STRING' },
        rows: [
          [1, '2024-01-02 03:04:05', '2024-01-02', '03:04:05'],
          [2, '2024-01-02 01:04:05', '2024-01-02', '03:04:05.5+02:00'],
        ],
      },
    },
    setAside: { a: 3 },
  },
  {
    name: "validate_records: a schema that can't be compiled ends the run before its records, and what stood before it is loaded",
    options: { validate_records: true, workers: 1 },
    runs: [
      [
        schema('a', people),
        record('a', { id: 1, name: 'Ann' }),
        schema('b', { id: { type: 'integer' }, more: { $ref: 'shared/more.json' } }),
      ],
    ],
    tables: { a: { columns: peopleColumns, rows: [[1, 'Ann']] } },
    error: { code: 'INPUT_SCHEMA_INVALID', stream: 'b', column: 'more' },
    only: 'duckdb',
  },
  {
    name: 'a record before its SCHEMA ends the run, and what stood before it is loaded',
    runs: [[schema('a', people), record('a', { id: 1, name: 'Ann' }), record('b', { id: 1 }), record('a', { id: 2 })]],
    tables: { a: { columns: peopleColumns, rows: [[1, 'Ann']] } },
    error: { code: 'INPUT_RECORD_BEFORE_SCHEMA' },
  },
  {
    name: 'a stream without keys is refused where keys are required',
    runs: [[schema('a', people), record('a', { id: 1, name: 'Ann' }), schema('b', people, [])]],
    tables: { a: { columns: peopleColumns, rows: [[1, 'Ann']] } },
    error: { code: 'INPUT_KEY_REQUIRED' },
  },
  {
    name: 'two streams that would share a table are refused',
    ownNames: true,
    options: oneByOne,
    runs: [
      [
        schema('public-a', people),
        record('public-a', { id: 1, name: 'Ann' }),
        schema('other-a', people),
        record('other-a', { id: 1, name: 'Bob' }),
      ],
    ],
    tables: { a: { columns: peopleColumns, rows: [[1, 'Ann']] } },
    error: { code: 'INPUT_TABLE_SHARED', stream: 'other-a' },
  },
];
