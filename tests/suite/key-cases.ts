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

export const keyCases: readonly SuiteCase[] = [
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
