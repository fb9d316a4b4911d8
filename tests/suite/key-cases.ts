// Rows by their key: updates, repeats, keys of every type and of several columns.
import {
  date,
  dateTime,
  type Message,
  oneByOne,
  people,
  peopleColumns,
  record,
  records,
  type SuiteCase,
  schema,
  text,
  threeWays,
} from './suite-case.ts';

const pair = { x: { type: 'string' }, y: { type: 'string' }, v: text };
const pairColumns = { x: 'STRING', y: 'STRING', v: 'STRING' };
const byPair = schema('a', pair, ['x', 'y']);

/** Two spellings of one key, and another key close to it. */
function keyOf(
  type: object,
  sparkType: string,
  [one, again, other]: readonly string[],
  held: readonly string[],
): SuiteCase {
  const keyed = schema('a', { k: type, v: text }, ['k']);
  const row = (key: string, v: string): Message => record('a', `{"k":${key},"v":"${v}"}`);
  return {
    name: `a key of type ${sparkType}: ${one} is ${again}, and not ${other}`,
    runs: [
      [keyed, row(one!, 'first'), row(other!, 'other')],
      [keyed, row(again!, 'second'), row(one!, 'third'), row(again!, 'last')],
    ],
    tables: {
      a: {
        columns: { k: sparkType, v: 'STRING' },
        rows: [
          [held[0]!, 'last'],
          [held[1]!, 'other'],
        ],
      },
    },
  };
}

const asideBad = { invalid_values: 'dead_letter' };
const marker = (key: string): Message => record('a', `{"k":${key},"_sdc_deleted_at":"2024-01-01T00:00:00Z"}`);

/** Keys that the column holds, and keys that it can't tell from these: in records, in delete markers, and across runs. */
function refusedKeys(
  { name, type, sparkType, options = {} }: { name: string; type: object; sparkType: string; options?: object },
  held: readonly (readonly [sent: string, stored: string])[],
  refused: readonly string[],
): SuiteCase {
  const keyed = schema('a', { k: type, v: text }, ['k']);
  const row = (key: string, v: string): Message => record('a', `{"k":${key},"v":"${v}"}`);
  return {
    name,
    options: { ...asideBad, hard_delete: true, ...options },
    runs: [
      [keyed, ...held.map(([key], n) => row(key, `${n}`)), ...refused.map((key) => row(key, 'wrong'))],
      [keyed, ...refused.flatMap((key) => [row(key, 'wrong'), marker(key)])],
    ],
    tables: { a: { columns: { k: sparkType, v: 'STRING' }, rows: held.map(([, stored], n) => [stored, `${n}`]) } },
    setAside: { a: refused.length * 3 },
  };
}

/** The second key of a type ends the run, and is named. */
const endsRun = (name: string, type: object, sparkType: string, [good, stored, bad]: readonly string[]): SuiteCase => ({
  name,
  runs: [
    [
      schema('a', { k: type, v: text }, ['k']),
      record('a', `{"k":${good},"v":"first"}`),
      record('a', `{"k":${bad},"v":"second"}`),
    ],
  ],
  tables: { a: { columns: { k: sparkType, v: 'STRING' }, rows: [[stored!, 'first']] } },
  error: { code: 'INPUT_VALUE_INVALID', stream: 'a', column: 'k' },
});

const instant = { type: 'string', format: 'date-time' };

export const keyCases: readonly SuiteCase[] = [
  refusedKeys(
    {
      name: 'a number that a DOUBLE key would take for another is none',
      type: { type: 'number' },
      sparkType: 'DOUBLE',
    },
    [
      ['9007199254740992', '9007199254740992'],
      ['0.1', '0.1'],
      ['0', '0'],
    ],
    ['9007199254740993', '0.1000000000000000055', '1e-400'],
  ),
  refusedKeys(
    { name: 'a time that a TIMESTAMP key would take for another is none', type: instant, sparkType: 'TIMESTAMP' },
    [
      ['"2024-05-01T10:00:00.123456Z"', '2024-05-01 10:00:00.123456'],
      ['"2017-01-01T00:00:00Z"', '2017-01-01 00:00:00'],
    ],
    ['"2024-05-01T10:00:00.1234567Z"', '"2016-12-31T23:59:60Z"', '"2017-01-01T05:29:60+05:30"'],
  ),
  refusedKeys(
    {
      name: 'a key of several types keeps them apart, or refuses',
      type: { type: ['integer', 'string', 'boolean'] },
      sparkType: 'STRING',
    },
    [
      ['1', '1'],
      ['-25e-1', '-2.5'],
      ['true', 'true'],
      ['"01"', '01'],
      ['"1.0"', '1.0'],
      ['"True"', 'True'],
      ['"-0"', '-0'],
      ['0', '0'],
    ],
    ['"1"', '"-2.5"', '"true"', '"false"', '"7"', '"NaN"'],
  ),
  ...[
    { type: { type: ['number', 'string'] }, options: {} },
    { type: { type: 'number' }, options: { number_type: 'string' } },
  ].map(({ type, options }): SuiteCase => {
    const keyed = schema('a', { k: type, v: text }, ['k']);
    const row = (key: string, v: string): Message => record('a', `{"k":${key},"v":"${v}"}`);
    return {
      name: `a number in a text key is one in all its spellings, ${JSON.stringify(type)}`,
      options: { ...options, hard_delete: true },
      runs: [
        [keyed, row('1', 'a'), row('150e-2', 'b'), row('-0.0', 'c'), row('1e30', 'd'), row('5', 'e'), row('1.0', 'f')],
        [keyed, row('1.50', 'g'), row('0', 'h'), row('1000000000000000000000000000000.0', 'i'), marker('0.5e1')],
      ],
      tables: {
        a: {
          columns: { k: 'STRING', v: 'STRING' },
          rows: [
            ['1', 'f'],
            ['1.5', 'g'],
            ['0', 'h'],
            [`1${'0'.repeat(30)}`, 'i'],
          ],
        },
      },
    };
  }),
  endsRun('a key beyond a DOUBLE ends the run', { type: 'number' }, 'DOUBLE', [
    '9007199254740992',
    '9007199254740992',
    '9007199254740993',
  ]),
  endsRun('a key finer than a TIMESTAMP ends the run', instant, 'TIMESTAMP', [
    '"2024-05-01T10:00:00.123456Z"',
    '2024-05-01 10:00:00.123456',
    '"2024-05-01T10:00:00.1234561Z"',
  ]),
  endsRun('a string that is written as a number ends the run', { type: ['integer', 'string'] }, 'STRING', [
    '1',
    '1',
    '"1"',
  ]),
  ...threeWays(
    {
      name: 'a row is updated by its key',
      tables: {
        a: {
          columns: peopleColumns,
          rows: [
            [1, 'Ann'],
            [2, 'Robert'],
            [3, null],
          ],
        },
      },
    },
    [schema('a', people)],
    records(
      'a',
      { id: 2, name: 'Bob' },
      { id: 1, name: 'Ann' },
      { id: 3, name: 'Cy' },
      { id: 2, name: 'Robert' },
      { id: 3, name: null },
    ),
  ),
  ...threeWays(
    {
      name: 'records of one key that each say a part are put together',
      tables: {
        a: { columns: { id: 'BIGINT', x: 'STRING', y: 'STRING', z: 'STRING' }, rows: [[1, 'x2', 'y1', null]] },
      },
    },
    [schema('a', { id: { type: 'integer' }, x: text, y: text, z: text })],
    records('a', { id: 1, x: 'x1', z: 'z1' }, { id: 1, y: 'y1' }, { id: 1, x: 'x2' }, { id: 1, z: null }),
    'in both',
  ),
  ...threeWays(
    {
      name: 'the columns of a composite key are told apart',
      tables: {
        a: {
          columns: pairColumns,
          rows: [
            ['a,b', 'c', 'second'],
            ['a', 'b,c', 'third'],
            ['', 'a,b,c', 'fourth'],
            ['a,b,c', '', 'fifth'],
          ],
        },
      },
    },
    [byPair],
    records(
      'a',
      { x: 'a,b', y: 'c', v: 'first' },
      { x: 'a,b', y: 'c', v: 'second' },
      { x: 'a', y: 'b,c', v: 'third' },
      { x: '', y: 'a,b,c', v: 'fourth' },
      { x: 'a,b,c', y: '', v: 'fifth' },
    ),
  ),
  {
    name: 'a composite key in another order of its properties',
    runs: [
      [byPair, record('a', { x: '1', y: '2', v: 'old' })],
      [schema('a', { v: text, y: pair.y, x: pair.x }, ['y', 'x']), record('a', { x: '1', y: '2', v: 'new' })],
    ],
    tables: { a: { columns: pairColumns, rows: [['1', '2', 'new']] } },
  },
  keyOf({ type: 'integer' }, 'BIGINT', ['-0', '0.0', '1'], ['0', '1']),
  keyOf(
    { type: 'integer' },
    'BIGINT',
    ['9007199254740993', '9007199254740993.0', '9007199254740992'],
    ['9007199254740993', '9007199254740992'],
  ),
  keyOf({ type: 'number' }, 'DOUBLE', ['1', '1.0', '1.0000000000000002'], ['1', '1.0000000000000002']),
  keyOf({ type: 'number', multipleOf: 0.01 }, 'DECIMAL(38,2)', ['1', '10e-1', '1.01'], ['1.00', '1.01']),
  keyOf({ type: 'string' }, 'STRING', ['"k"', '"\\u006b"', '"K"'], ['k', 'K']),
  keyOf({ type: 'string' }, 'STRING', ['""', '""', '" "'], ['', ' ']),
  keyOf({ type: 'string' }, 'STRING', ['"\u00e9"', '"\\u00e9"', '"e\u0301"'], ['é', 'e\u0301']),
  keyOf(
    { type: 'string', format: 'date-time' },
    'TIMESTAMP',
    ['"2024-01-01T00:00:00Z"', '"2024-01-01T01:00:00.000+01:00"', '"2024-01-01T00:00:00.000001Z"'],
    ['2024-01-01 00:00:00', '2024-01-01 00:00:00.000001'],
  ),
  keyOf(
    { type: 'string', format: 'date' },
    'DATE',
    ['"2024-01-01"', '"2024-01-01T00:00:00Z"', '"2024-01-02"'],
    ['2024-01-01', '2024-01-02'],
  ),
  keyOf({ type: 'boolean' }, 'BOOLEAN', ['true', 'true', 'false'], ['true', 'false']),
  {
    name: 'a table of nothing but its key',
    runs: [
      [schema('a', { id: { type: 'integer' } }), ...records('a', { id: 1 }, { id: 1 })],
      [schema('a', { id: { type: 'integer' } }), ...records('a', { id: 1 }, { id: 2 })],
    ],
    tables: { a: { columns: { id: 'BIGINT' }, rows: [[1], [2]] } },
  },
  {
    name: 'a key of a time and a day and a text together',
    runs: [
      [
        schema('a', { t: dateTime, d: date, x: text, v: text }, ['t', 'd', 'x']),
        record('a', { t: '2024-01-01T02:00+02:00', d: '2024-01-01', x: 'q"', v: 'old' }),
      ],
      [
        schema('a', { t: dateTime, d: date, x: text, v: text }, ['t', 'd', 'x']),
        record('a', { t: '2024-01-01', d: '2024-01-01', x: 'q"', v: 'new' }),
      ],
    ],
    tables: {
      a: {
        columns: { t: 'TIMESTAMP', d: 'DATE', x: 'STRING', v: 'STRING' },
        rows: [['2024-01-01 00:00:00', '2024-01-01', 'q"', 'new']],
      },
    },
  },
  {
    name: 'a stream without keys appends every record, run after run',
    options: { primary_key_required: false },
    runs: [
      [schema('a', people, []), ...records('a', { id: 1, name: 'Ann' }, { id: 1, name: 'Ann' })],
      [schema('a', people, []), record('a', { id: 1, name: 'Ann' })],
    ],
    tables: { a: { columns: peopleColumns, rows: [1, 2, 3].map(() => [1, 'Ann']) } },
  },
  {
    name: 'two runs of one input change nothing',
    options: oneByOne,
    runs: [1, 2].map(() => [
      schema('a', people),
      ...records('a', { id: 1, name: 'Ann' }, { id: 1 }, { id: 2, name: 'B' }),
    ]),
    tables: {
      a: {
        columns: peopleColumns,
        rows: [
          [1, 'Ann'],
          [2, 'B'],
        ],
      },
    },
  },
];
