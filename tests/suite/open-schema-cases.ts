// Fields and keys that no SCHEMA declares, and what a SCHEMA says of them nevertheless.
import {
  activate,
  integer,
  people,
  peopleColumns,
  record,
  records,
  type SuiteCase,
  schema,
  schemaOf,
  state,
} from './suite-case.ts';

const add = { undeclared_fields: 'add' };
const flattened = { ...add, data_flattening_max_level: 3 };
const overwritten = { ...add, load_method: 'overwrite' };
const keyless = { ...add, primary_key_required: false };

const id = { type: 'integer' };
/** Declares nothing but its key, which it does not say the type of. */
const bare = schemaOf('a', { schema: { type: 'object' }, key_properties: ['_id'] });
const bareKeyless = schemaOf('a', { schema: { type: 'object' } });

const object = (properties: object, more: object = {}) => ({ type: ['null', 'object'], properties, ...more });
const nested = schema('a', { id, a: object({ x: integer, z: object({ q: integer }) }) });

const fails = (
  name: string,
  sent: readonly object[],
  error: SuiteCase['error'],
  rows: [string, number][],
): SuiteCase => ({
  name,
  options: add,
  runs: [[bare, ...records('a', { _id: 1, x: 'x' }, ...sent)]],
  tables: { a: { columns: { _id: 'BIGINT', x: 'STRING' }, rows: rows.map(([x, key]) => [key, x]) } },
  error: { stream: 'a', column: '_id', ...error! },
  only: 'duckdb',
});

export const openSchemaCases: readonly SuiteCase[] = [
  {
    name: 'a SCHEMA without properties gets its columns, that of the key too, by what records hold',
    options: add,
    runs: [
      [
        bare,
        ...records('a', { x: 1, _id: 'a1' }, { _id: 'a2', y: true }, { _id: 'a1', x: 2.5 }),
        bare,
        record('a', { _id: 'a3' }),
      ],
      [bare, ...records('a', { _id: 'a2', y: false }, { _id: 'a4' })],
    ],
    tables: {
      a: {
        columns: { _id: 'STRING', 'x_<dated>': 'BIGINT', y: 'BOOLEAN', x: 'DOUBLE' },
        rows: [
          ['a1', 1, null, '2.5'],
          ['a2', null, false, null],
          ['a3', null, null, null],
          ['a4', null, null, null],
        ],
      },
    },
  },
  {
    name: 'a key of several properties, of which the SCHEMA declares one',
    options: add,
    runs: [1, 2].map((run) => [
      schema('a', { region: { type: 'string' } }, ['number', 'region']),
      ...records('a', { region: 'n', number: 1, v: run }, { region: 's', number: 1, v: run }),
    ]),
    tables: {
      a: {
        columns: { region: 'STRING', number: 'BIGINT', v: 'BIGINT' },
        rows: [
          ['n', 1, 2],
          ['s', 1, 2],
        ],
      },
    },
  },
  {
    name: 'a stream without columns and without a record has no table',
    options: add,
    runs: [[bare, state(1)]],
    tables: {},
  },
  {
    name: 'a key that only a later SCHEMA declares has the declared type',
    options: add,
    runs: [[bare, schema('a', { _id: id }, ['_id']), record('a', { _id: 1, v: 'x' })]],
    tables: { a: { columns: { _id: 'BIGINT', v: 'STRING' }, rows: [[1, 'x']] } },
  },
  {
    name: 'a partial SCHEMA with undeclared fields finds its key among the columns so far',
    options: add,
    runs: [
      [
        schema('a', people),
        record('a', { id: 1, name: 'Ann', x: 1 }),
        schema('a', { age: integer }),
        record('a', { id: 1, age: 7, x: 2 }),
      ],
    ],
    tables: { a: { columns: { ...peopleColumns, x: 'BIGINT', age: 'BIGINT' }, rows: [[1, 'Ann', 2, 7]] } },
  },
  {
    name: '"additionalProperties": false makes no columns',
    options: add,
    runs: [
      [
        schema('a', { type: 'object', properties: { id }, additionalProperties: false }),
        record('a', { id: 1, x: 'a' }),
      ],
    ],
    tables: { a: { columns: { id: 'BIGINT' }, rows: [[1]] } },
  },
  {
    name: '"patternProperties" gives the type of what matches, before "additionalProperties"',
    options: add,
    runs: [
      [
        schema('a', {
          properties: { id },
          patternProperties: {
            '^d_': { type: ['null', 'string'], format: 'date-time' },
            '^n_': { type: 'string' },
            '^free': true,
            '^(d|never)_?': false,
          },
          additionalProperties: { type: 'string', format: 'date' },
        }),
        ...records(
          'a',
          { id: 1, d_a: '2020-01-01T00:00:00Z', n_a: 5, free: 5, never: 1, other: '2020-01-02' },
          { id: 2, n_a: 'x', d: 1 },
        ),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', d_a: 'TIMESTAMP', n_a: 'STRING', free: 'BIGINT', other: 'DATE' },
        rows: [
          [1, '2020-01-01 00:00:00', '5', 5, '2020-01-02'],
          [2, null, 'x', null, null],
        ],
      },
    },
    asText: { 'a.n_a': 1 },
  },
  {
    name: '"patternProperties" gives the type of a key that is not declared',
    options: add,
    runs: [
      [
        schemaOf('a', {
          schema: { type: 'object', patternProperties: { _id$: { type: 'integer' } } },
          key_properties: ['_id'],
        }),
        ...records('a', '{"_id":1e0}', '{"_id":1,"v":true}'),
      ],
    ],
    tables: { a: { columns: { _id: 'BIGINT', v: 'BOOLEAN' }, rows: [[1, true]] } },
  },
  {
    name: 'undeclared members of flattened objects get columns, at every level',
    options: flattened,
    runs: [
      [
        nested,
        ...records(
          'a',
          { id: 1, a: { x: 1, more: 'm', z: { q: 1, deep: { r: 1 } } } },
          { id: 2, a: { X: 5 } },
          { id: 3, a: { more: 'm' } },
          { id: 3, a: { x: 3 } },
        ),
      ],
      [nested, record('a', { id: 2, a: { X: 6, more: 'again' } })],
    ],
    tables: {
      a: {
        columns: {
          id: 'BIGINT',
          a__x: 'BIGINT',
          a__z__q: 'BIGINT',
          a__more: 'STRING',
          a__z__deep: 'STRING',
          a__x_974c: 'BIGINT',
        },
        rows: [
          [1, 1, 1, 'm', '{"r":1}', null],
          [2, null, null, 'again', null, 6],
          [3, 3, null, null, null, null],
        ],
      },
    },
  },
  {
    name: 'the schema of a flattened object decides of its undeclared members',
    options: flattened,
    runs: [
      [
        schema('a', {
          id,
          shut: object({ x: integer }, { additionalProperties: false }),
          typed: object({ x: integer }, { patternProperties: { '^d_': { type: 'string', format: 'date' } } }),
          open: { anyOf: [object({ x: integer }, { additionalProperties: { type: 'string' } }), { type: 'null' }] },
        }),
        record('a', { id: 1, shut: { y: 1 }, typed: { d_a: '2020-01-02', y: 1 }, open: { y: 1 } }),
      ],
    ],
    tables: {
      a: {
        columns: {
          id: 'BIGINT',
          shut__x: 'BIGINT',
          typed__x: 'BIGINT',
          open__x: 'BIGINT',
          typed__d_a: 'DATE',
          typed__y: 'BIGINT',
          open__y: 'STRING',
        },
        rows: [[1, null, null, null, '2020-01-02', 1, '1']],
      },
    },
    asText: { 'a.open__y': 1 },
  },
  {
    name: 'an overwrite of a stream without columns and without a record empties a table that exists',
    options: overwritten,
    runs: [
      [bare, record('a', { _id: 1, x: 1 }), state(1)],
      [bare, state(2)],
    ],
    tables: { a: { columns: { _id: 'BIGINT', x: 'BIGINT' }, rows: [] } },
  },
  {
    name: 'an overwrite of a stream without columns and without a record makes no table',
    options: overwritten,
    runs: [[bare, state(1)]],
    tables: {},
  },
  {
    name: 'an overwrite puts records in the place of all rows, whose columns no SCHEMA declares',
    options: overwritten,
    runs: [1, 2].map((run) => [bare, ...records('a', { _id: run, x: 1 }, { _id: run, x: 2 }), state(run)]),
    tables: { a: { columns: { _id: 'BIGINT', x: 'BIGINT' }, rows: [[2, 2]] } },
  },
  {
    name: 'an overwrite without columns that is not complete leaves the rows',
    options: overwritten,
    runs: [[bare, record('a', { _id: 1, x: 1 }), state(1)], [bare]],
    tables: { a: { columns: { _id: 'BIGINT', x: 'BIGINT' }, rows: [[1, 1]] } },
    error: { code: 'OVERWRITE_INCOMPLETE', stream: 'a' },
    only: 'duckdb',
  },
  {
    name: 'a keyless stream without properties appends what it gets',
    options: keyless,
    runs: [1, 2].map((run) => [bareKeyless, ...records('a', { x: run }, { x: run, y: 'y' }, { x: null })]),
    tables: {
      a: {
        columns: { x: 'BIGINT', y: 'STRING' },
        rows: [
          [1, null],
          [1, 'y'],
          [null, null],
          [2, null],
          [2, 'y'],
          [null, null],
        ],
      },
    },
    only: 'duckdb',
  },
  {
    name: 'a record without a value, before its stream has any column, ends the run',
    options: keyless,
    runs: [[bareKeyless, record('a', { x: null })]],
    tables: {},
    error: { code: 'INPUT_VALUE_INVALID', stream: 'a' },
    only: 'duckdb',
  },
  {
    name: 'a version that comes without a record, and without columns, removes older rows',
    options: { ...add, hard_delete: true },
    runs: [
      [bare, record('a', { _id: 1, x: 1 }, { version: 1 }), activate('a', 1)],
      [bare, activate('a', 2)],
    ],
    tables: { a: { columns: { _id: 'BIGINT', x: 'BIGINT' }, rows: [] } },
    only: 'duckdb',
  },
  {
    name: 'records without a key that no SCHEMA declares are set aside, and bring no columns',
    options: { ...add, invalid_values: 'dead_letter' },
    runs: [[bare, ...records('a', { y: 1 }, { _id: null, y: 1 }, { _id: {} }, { _id: 1, x: 1 }, { _id: 'a', x: 1 })]],
    tables: { a: { columns: { _id: 'BIGINT', x: 'BIGINT' }, rows: [[1, 1]] } },
    setAside: { a: 4 },
    only: 'duckdb',
  },
  fails('a later key of another kind ends the run', [{ _id: 'b' }], { code: 'INPUT_VALUE_INVALID' }, [['x', 1]]),
  fails('a later key that is no integer ends the run', [{ _id: 1.5 }], { code: 'INPUT_VALUE_INVALID' }, [['x', 1]]),
  fails('a later record without its key ends the run', [{ x: 'y' }], { code: 'INPUT_KEY_MISSING' }, [['x', 1]]),
];
