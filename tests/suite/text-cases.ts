// Text columns that get what is no string: where the schema says string, and where an older table has text.
import {
  integer,
  number,
  people,
  peopleColumns,
  records,
  type SuiteCase,
  schema,
  state,
  text,
  value,
  valued,
} from './suite-case.ts';

const decimal = (precision: number, scale: number) => ({ type: ['null', 'number'], precision, scale });

/** A text column, and numbers that come into it in a later run. */
const numbersIntoText = (
  name: string,
  options: object,
  sent: readonly string[],
  held: readonly string[],
): SuiteCase => ({
  name,
  options: { ...options },
  runs: [
    [valued(text), value(0, '"007"'), state(0)],
    [valued(number), ...sent.map((v, id) => value(id + 1, v)), state(1)],
  ],
  tables: {
    a: {
      columns: { id: 'BIGINT', v: 'STRING' },
      rows: [
        ...('load_method' in options ? [] : [[0, '007'] as const]),
        ...held.map((v, index) => [index + 1, v] as const),
      ],
    },
  },
});
const plainNumbers = ['1', '0.66', '-0.5', '1700000000000', '12345678.25', '0.00001'];
const spelledNumbers = ['1.50', '1.0', '1E2', '-2.5e-7', '-0.0', 'NaN'];

export const textCases: readonly SuiteCase[] = [
  {
    name: 'a text column holds what is no string as its own JSON text, and counts it',
    runs: [
      [
        schema('a', { ...people, at: { type: 'string', format: 'uuid' } }),
        ...records(
          'a',
          '{"id":1,"name":1.50,"at":12345678901234567890}',
          '{"id":2,"name":true,"at":"x"}',
          '{"id":3,"name":{ "b" : 1.0,"a":[]},"at":null}',
          '{"id":4,"name":"1.50"}',
          '{"id":1,"name":-0}',
        ),
      ],
    ],
    tables: {
      a: {
        columns: { ...peopleColumns, at: 'STRING' },
        rows: [
          [1, '-0', '12345678901234567890'],
          [2, 'true', 'x'],
          [3, '{ "b" : 1.0,"a":[]}', null],
          [4, '1.50', null],
        ],
      },
    },
    asText: { 'a.name': 4, 'a.at': 1 },
  },
  numbersIntoText('numbers that go into a text column are their own text', {}, plainNumbers, plainNumbers),
  numbersIntoText(
    'numbers that go into a text column by CSV are as the tap spelled them',
    { stage_format: 'csv' },
    spelledNumbers,
    spelledNumbers,
  ),
  numbersIntoText(
    'numbers that go into a text column by Parquet are all digits and nothing else',
    { stage_format: 'parquet' },
    spelledNumbers,
    ['1.5', '1', '100', '-0.00000025', '0', 'NaN'],
  ),
  numbersIntoText(
    'numbers that overwrite a text column by CSV are as the tap spelled them',
    { stage_format: 'csv', load_method: 'overwrite' },
    spelledNumbers,
    spelledNumbers,
  ),
  {
    name: 'integers and decimals that go into text columns are all digits and nothing else',
    runs: [
      [schema('a', { id: { type: 'integer' }, n: text, m: text, f: text })],
      [
        schema('a', { id: { type: 'integer' }, n: integer, m: decimal(38, 9), f: decimal(2, 2) }),
        ...records(
          'a',
          '{"id":1,"n":12e3,"m":1.50,"f":0.66}',
          '{"id":2,"n":-9223372036854775808,"m":0.000000001,"f":-0.5}',
          '{"id":3,"n":0,"m":12345678901234567890123456789,"f":0}',
        ),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', n: 'STRING', m: 'STRING', f: 'STRING' },
        rows: [
          [1, '12000', '1.5', '0.66'],
          [2, '-9223372036854775808', '0.000000001', '-0.5'],
          [3, '0', '12345678901234567890123456789', '0'],
        ],
      },
    },
  },
  {
    name: 'a number in the place of a text key finds the row of the same number',
    runs: [
      [
        schema('a', { k: { type: 'string' }, v: integer }, ['k']),
        ...records('a', '{"k":"1","v":1}', '{"k":"0.5","v":1}'),
      ],
      [
        schema('a', { k: { type: 'number' }, v: integer }, ['k']),
        ...records('a', '{"k":1,"v":2}', '{"k":1.0,"v":3}', '{"k":0.50,"v":4}', '{"k":1e6,"v":5}'),
      ],
    ],
    tables: {
      a: {
        columns: { k: 'STRING', v: 'BIGINT' },
        rows: [
          ['1', 3],
          ['0.5', 4],
          ['1000000', 5],
        ],
      },
    },
  },
];
