// Schemas that change, and schemas that are flattened.
import {
  date,
  dateTime,
  integer,
  number,
  people,
  peopleColumns,
  record,
  records,
  type SuiteCase,
  schema,
  schemaOf,
  state,
  text,
  value,
  valued,
} from './suite-case.ts';

const money = (precision: number, scale: number) => ({ type: ['null', 'number'], precision, scale });
const nested = {
  type: ['null', 'object'],
  properties: { x: integer, deep: { type: 'object', properties: { y: text } } },
};
const withNested = schema('a', { id: { type: 'integer' }, o: nested });
const nestedRecords = records(
  'a',
  '{"id":1,"o":{"x":7,"deep":{"y":"why"}}}',
  '{"id":2,"o":null}',
  '{"id":3,"o":{"deep":{}}}',
  '{"id":4}',
);

const wholes = schema('a', {
  id: { type: 'integer' },
  o: {
    type: ['null', 'object'],
    properties: { x: integer, deep: { type: 'object', properties: { y: text, z: text } } },
  },
  v: text,
});
const keyWithin = schema('a', { k: { type: 'object', properties: { id: { type: 'integer' }, x: text } } }, ['k__id']);

/** A type, then another: in two runs, the second twice, so that what happens happens once. */
const change = (
  name: string,
  from: object,
  to: object,
  values: readonly [string, string],
  table: SuiteCase['tables']['a'],
) => ({
  name,
  runs: [
    [valued(from), value(1, values[0])],
    [valued(to), value(2, values[1])],
    [valued(to), value(2, values[1])],
  ],
  tables: { a: table! },
});

export const schemaCases: readonly SuiteCase[] = [
  {
    name: 'a column that is added later is NULL in older rows',
    runs: [
      [schema('a', people), record('a', { id: 1, name: 'Ann' })],
      [schema('a', { ...people, age: integer }), record('a', { id: 2, name: 'Bob', age: 40 })],
    ],
    tables: {
      a: {
        columns: { ...peopleColumns, age: 'BIGINT' },
        rows: [
          [1, 'Ann', null],
          [2, 'Bob', 40],
        ],
      },
    },
  },
  {
    name: 'a column that is no longer declared keeps its values',
    runs: [
      [schema('a', people), record('a', { id: 1, name: 'Ann' })],
      [schema('a', { id: people.id, age: integer }), ...records('a', { id: 1, age: 30 }, { id: 2, age: 40 })],
    ],
    tables: {
      a: {
        columns: { ...peopleColumns, age: 'BIGINT' },
        rows: [
          [1, 'Ann', 30],
          [2, null, 40],
        ],
      },
    },
  },
  {
    name: 'columns in another order go by their names',
    runs: [
      [schema('a', { id: people.id, x: text, y: text }), record('a', { id: 1, x: 'x1', y: 'y1' })],
      [schema('a', { y: text, x: text, id: people.id }), record('a', { y: 'y2', x: 'x2', id: 2 })],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', x: 'STRING', y: 'STRING' },
        rows: [
          [1, 'x1', 'y1'],
          [2, 'x2', 'y2'],
        ],
      },
    },
  },
  {
    name: 'two schemas that take turns within a run',
    runs: [
      [1, 2, 3, 4].flatMap((id) => [
        id % 2 ? schema('a', people) : schema('a', { ...people, age: integer }),
        record('a', { id, name: 'n', age: id }),
      ]),
    ],
    tables: {
      a: {
        columns: { ...peopleColumns, age: 'BIGINT' },
        rows: [
          [1, 'n', null],
          [2, 'n', 2],
          // by then the stream has the column, whichever of its schemas is in force
          [3, 'n', 3],
          [4, 'n', 4],
        ],
      },
    },
  },
  change(
    'a decimal that is declared with more digits is widened in place',
    money(10, 2),
    money(20, 2),
    ['1.25', '123456789012345678.25'],
    {
      columns: { id: 'BIGINT', v: 'DECIMAL(20,2)' },
      rows: [
        [1, '1.25'],
        [2, '123456789012345678.25'],
      ],
    },
  ),
  change(
    'a narrower type fits into the wider column that is there',
    dateTime,
    date,
    ['"2024-01-01T12:00:00Z"', '"2024-01-02"'],
    {
      columns: { id: 'BIGINT', v: 'TIMESTAMP' },
      rows: [
        [1, '2024-01-01 12:00:00'],
        [2, '2024-01-02 00:00:00'],
      ],
    },
  ),
  change('what becomes an integer goes on in a text column', text, integer, ['"x"', '9223372036854775807'], {
    columns: { id: 'BIGINT', v: 'STRING' },
    rows: [
      [1, 'x'],
      [2, '9223372036854775807'],
    ],
  }),
  change('what becomes a time goes on in a text column', text, dateTime, ['"x"', '"2024-01-01T12:00:00+01:00"'], {
    columns: { id: 'BIGINT', v: 'STRING' },
    rows: [
      [1, 'x'],
      [2, '2024-01-01T11:00:00Z'],
    ],
  }),
  change(
    'a type that does not fit starts a new column, once, and the old one keeps its values',
    integer,
    text,
    ['7', '"seven"'],
    {
      columns: { id: 'BIGINT', 'v_<dated>': 'BIGINT', v: 'STRING' },
      rows: [
        [1, 7, null],
        [2, null, 'seven'],
      ],
    },
  ),
  {
    ...change(
      'integers that go on in a DOUBLE column are counted where it rounds them',
      number,
      integer,
      ['0.5', '9007199254740993'],
      {
        columns: { id: 'BIGINT', v: 'DOUBLE' },
        rows: [
          [1, '0.5'],
          [2, '9007199254740992'],
        ],
      },
    ),
    // in two of the runs
    inexact: { 'a.v': 2 },
  },
  change('an integer that becomes a number starts a new column', integer, number, ['9007199254740993', '0.5'], {
    columns: { id: 'BIGINT', 'v_<dated>': 'BIGINT', v: 'DOUBLE' },
    rows: [
      [1, '9007199254740993', null],
      [2, null, '0.5'],
    ],
  }),
  change('a day that becomes a time starts a new column', date, dateTime, ['"2024-01-01"', '"2024-01-01T12:00:00Z"'], {
    columns: { id: 'BIGINT', 'v_<dated>': 'DATE', v: 'TIMESTAMP' },
    rows: [
      [1, '2024-01-01', null],
      [2, null, '2024-01-01 12:00:00'],
    ],
  }),
  {
    name: 'types that go to and fro end in one text column',
    runs: [valued(integer), valued(dateTime), valued(integer), valued(dateTime)].map((one, index) => [
      one,
      value(index, index % 2 ? '"2024-01-01T00:00:00Z"' : '7'),
    ]),
    tables: {
      a: {
        columns: { id: 'BIGINT', 'v_<dated>': 'TIMESTAMP', v: 'STRING' },
        rows: [
          [0, null, null],
          [1, '2024-01-01 00:00:00', null],
          [2, null, '7'],
          [3, null, '2024-01-01T00:00:00Z'],
        ],
      },
    },
  },
  {
    name: 'an integer goes into the decimal column that is there',
    runs: [
      [valued(money(38, 2)), value(1, '0.25')],
      [valued(integer), value(2, '9223372036854775807')],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', v: 'DECIMAL(38,2)' },
        rows: [
          [1, '0.25'],
          [2, '9223372036854775807.00'],
        ],
      },
    },
  },
  {
    name: 'a key of more properties than before tells rows apart by all of them',
    runs: [
      [schema('a', people), ...records('a', { id: 1, name: 'Ann' }, { id: 2, name: 'Bob' })],
      [schema('a', people, ['id', 'name']), ...records('a', { id: 1, name: 'Ann' }, { id: 1, name: 'Anne' })],
    ],
    tables: {
      a: {
        columns: peopleColumns,
        rows: [
          [1, 'Ann'],
          [1, 'Anne'],
          [2, 'Bob'],
        ],
      },
    },
  },
  {
    name: 'another key within a run counts from its SCHEMA on',
    runs: [
      [
        schema('a', { id: text, code: text }, ['id']),
        ...records('a', { id: '1', code: 'x' }, { id: '2', code: 'y' }),
        schema('a', { id: text, code: text }, ['code']),
        ...records('a', { id: '3', code: 'x' }, { id: '4', code: 'z' }),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'STRING', code: 'STRING' },
        rows: [
          ['3', 'x'],
          ['2', 'y'],
          ['4', 'z'],
        ],
      },
    },
  },
  {
    name: 'a key whose type the table cannot hold ends the run',
    runs: [
      [schema('a', people), record('a', { id: 1, name: 'Ann' })],
      [schema('a', { ...people, id: { type: 'string' } }), record('a', { id: 'x', name: 'Bob' })],
    ],
    tables: { a: { columns: peopleColumns, rows: [[1, 'Ann']] } },
    error: { code: 'TABLE_KEY_TYPE', stream: 'a', column: 'id' },
  },
  {
    name: 'objects stay JSON when they are not flattened',
    runs: [[withNested, ...nestedRecords]],
    tables: {
      a: {
        columns: { id: 'BIGINT', o: 'STRING' },
        rows: [
          [1, '{"x":7,"deep":{"y":"why"}}'],
          [2, null],
          [3, '{"deep":{}}'],
          [4, null],
        ],
      },
    },
  },
  {
    name: 'objects flattened to the first level',
    options: { data_flattening_max_level: 1 },
    runs: [[withNested, ...nestedRecords]],
    tables: {
      a: {
        columns: { id: 'BIGINT', o__x: 'BIGINT', o__deep: 'STRING' },
        rows: [
          [1, 7, '{"y":"why"}'],
          [2, null, null],
          [3, null, '{}'],
          [4, null, null],
        ],
      },
    },
  },
  {
    name: 'objects flattened to the second level take the place of the old ones as a whole',
    options: { data_flattening_max_level: 2 },
    runs: [
      [withNested, ...nestedRecords],
      [withNested, ...records('a', '{"id":1,"o":{"x":8}}', '{"id":3,"o":{"deep":{"y":"new"}}}', '{"id":4,"o":null}')],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', o__x: 'BIGINT', o__deep__y: 'STRING' },
        rows: [
          [1, 8, null],
          [2, null, null],
          [3, null, 'new'],
          [4, null, null],
        ],
      },
    },
  },
  {
    name: 'only an object that a record lacks keeps its flattened columns, within a load and across runs',
    options: { data_flattening_max_level: 2 },
    runs: [
      [
        wholes,
        ...[1, 2, 3, 4, 5, 6].map((id) => record('a', { id, o: { x: 1, deep: { y: 'y', z: 'z' } }, v: 'kept' })),
        ...records('a', { id: 1, o: { deep: { y: 'new' } } }, { id: 2, o: {} }, { id: 3, v: 'new' }),
      ],
      [wholes, ...records('a', { id: 4, o: { x: 2 } }, { id: 5, o: { x: 3, deep: {} } }, { id: 6, v: 'new' })],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', o__x: 'BIGINT', o__deep__y: 'STRING', o__deep__z: 'STRING', v: 'STRING' },
        rows: [
          [1, null, 'new', null, 'kept'],
          [2, null, null, null, 'kept'],
          [3, 1, 'y', 'z', 'new'],
          [4, 2, null, null, 'kept'],
          [5, 3, null, null, 'kept'],
          [6, 1, 'y', 'z', 'new'],
        ],
      },
    },
  },
  {
    name: 'an object takes the place of the old one with the columns that its SCHEMA no longer declares',
    options: { data_flattening_max_level: 2 },
    runs: [
      [wholes, ...[1, 2].map((id) => record('a', { id, o: { x: 1, deep: { y: 'y', z: 'z' } }, v: 'kept' }))],
      [
        schema('a', { id: { type: 'integer' }, o: { type: ['null', 'object'], properties: { x: integer } } }),
        ...records('a', { id: 1, o: { x: 2 } }, { id: 2 }),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', o__x: 'BIGINT', o__deep__y: 'STRING', o__deep__z: 'STRING', v: 'STRING' },
        rows: [
          [1, 2, null, null, 'kept'],
          [2, 1, 'y', 'z', 'kept'],
        ],
      },
    },
  },
  {
    name: 'a delete marker with the key in a flattened object leaves what else the object had',
    options: { data_flattening_max_level: 1, add_metadata_columns: true },
    runs: [
      [keyWithin, record('a', { k: { id: 1, x: 'x' } })],
      [keyWithin, record('a', { k: { id: 1 }, _sdc_deleted_at: '2024-01-02T03:04:05Z' })],
    ],
    tables: {
      a: {
        columns: { k__id: 'BIGINT', k__x: 'STRING', _sdc_deleted_at: 'TIMESTAMP' },
        rows: [[1, 'x', '2024-01-02 03:04:05']],
      },
    },
    only: 'duckdb',
  },
  {
    name: 'a flattened object that lacks its key ends the run',
    options: { data_flattening_max_level: 1 },
    runs: [[keyWithin, ...records('a', { k: { id: 1, x: 'x' } }, { k: { x: 'y' } })]],
    tables: { a: { columns: { k__id: 'BIGINT', k__x: 'STRING' }, rows: [[1, 'x']] } },
    error: { code: 'INPUT_KEY_MISSING', stream: 'a', column: 'k.id' },
    only: 'duckdb',
  },
  {
    name: 'the key of a SCHEMA that says a part is known from the SCHEMA before it',
    runs: [
      [
        schema('a', { _id: text, name: text }, ['_id']),
        record('a', { _id: '1', name: 'Ann' }),
        schema('a', { age: integer }, ['_id']),
        ...records('a', { _id: '1', age: 7 }, { _id: '2', age: 8 }),
        schemaOf('a', { schema: { type: 'object' }, key_properties: ['_id'] }),
        record('a', { _id: '2', name: 'Bob' }),
        schema('a', { _sdc_deleted_at: text }, ['_id']),
        record('a', { _id: '3', name: 'Cy' }),
      ],
    ],
    tables: {
      a: {
        columns: { _id: 'STRING', name: 'STRING', age: 'BIGINT' },
        rows: [
          ['1', 'Ann', 7],
          ['2', 'Bob', 8],
          ['3', 'Cy', null],
        ],
      },
    },
  },
  {
    name: 'a key in a flattened object is known from the SCHEMA before',
    options: { data_flattening_max_level: 1 },
    runs: [
      [
        keyWithin,
        record('a', { k: { id: 1, x: 'old' } }),
        schema('a', { v: text }, ['k__id']),
        record('a', { k: { id: 1, x: 'new' }, v: 'v' }),
      ],
    ],
    tables: { a: { columns: { k__id: 'BIGINT', k__x: 'STRING', v: 'STRING' }, rows: [[1, 'new', 'v']] } },
  },
  {
    name: 'the key of an overwritten stream is known from the SCHEMA before',
    options: { load_method: 'overwrite' },
    runs: [
      [
        schema('a', people),
        record('a', { id: 1, name: 'Ann' }),
        schema('a', { age: integer }),
        record('a', { id: 1, age: 7 }),
        state(1),
      ],
    ],
    tables: { a: { columns: { ...peopleColumns, age: 'BIGINT' }, rows: [[1, 'Ann', 7]] } },
  },
  {
    name: 'a key within an object that is flattened',
    options: { data_flattening_max_level: 1 },
    runs: [1, 2].map((run) => [
      schema('a', { k: { type: 'object', properties: { id: { type: 'integer' } } }, v: text }, ['k__id']),
      record('a', { k: { id: 1 }, v: `run ${run}` }),
    ]),
    tables: { a: { columns: { k__id: 'BIGINT', v: 'STRING' }, rows: [[1, 'run 2']] } },
  },
];
