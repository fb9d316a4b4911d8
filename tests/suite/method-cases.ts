// Load methods, metadata columns, and streams beside each other.
import {
  activate,
  integer,
  number,
  oneByOne,
  people,
  peopleColumns,
  record,
  records,
  type SuiteCase,
  schema,
  schemaOf,
  state,
  text,
} from './suite-case.ts';

const extracted = { time_extracted: '2024-05-06T07:08:09.5+02:00' };
const twoPeople = {
  columns: peopleColumns,
  rows: [
    [1, 'Ann'],
    [2, 'Bob'],
  ],
};

export const methodCases: readonly SuiteCase[] = [
  {
    name: 'append-only keeps every record, whatever its key',
    options: { load_method: 'append-only' },
    runs: [
      [schema('a', people), ...records('a', { id: 1, name: 'Ann' }, { id: 1, name: 'Anne' })],
      [schema('a', people), record('a', '{"id":1}')],
    ],
    tables: {
      a: {
        columns: peopleColumns,
        rows: [
          [1, 'Ann'],
          [1, 'Anne'],
          [1, null],
        ],
      },
    },
  },
  {
    name: 'append-only with a SCHEMA that has no key_properties',
    options: { load_method: 'append-only' },
    runs: [[schemaOf('a', { schema: { properties: { t: text } } }), ...records('a', { t: 'x' }, { t: 'x' })]],
    tables: { a: { columns: { t: 'STRING' }, rows: [['x'], ['x']] } },
  },
  {
    name: 'upsert with a SCHEMA whose key_properties are missing or null appends where no key is required',
    options: { primary_key_required: false },
    runs: [
      [
        schemaOf('a', { schema: { properties: { t: text } } }),
        record('a', { t: 'x' }),
        schemaOf('a', { schema: { properties: { t: text } }, key_properties: null }),
        record('a', { t: 'x' }),
      ],
    ],
    tables: { a: { columns: { t: 'STRING' }, rows: [['x'], ['x']] } },
    only: 'duckdb',
  },
  {
    name: 'overwrite with a SCHEMA that has no key_properties',
    options: { load_method: 'overwrite' },
    runs: [1, 2].map((run) => [
      schemaOf('a', { schema: { properties: { t: text } }, key_properties: null }),
      ...records('a', { t: `run ${run}` }, { t: `run ${run}` }),
      state(run),
    ]),
    tables: { a: { columns: { t: 'STRING' }, rows: [['run 2'], ['run 2']] } },
  },
  {
    name: 'append-only takes delete markers and versions for rows like all others',
    options: { load_method: 'append-only', add_metadata_columns: true },
    runs: [
      [
        schema('a', people),
        record('a', { id: 1, name: 'Ann' }, { version: 1 }),
        record('a', { id: 1, _sdc_deleted_at: '2024-01-01T00:00:00Z' }, { version: 2 }),
        activate('a', 3),
      ],
    ],
    tables: {
      a: {
        columns: { ...peopleColumns, _sdc_deleted_at: 'TIMESTAMP', _sdc_table_version: 'BIGINT' },
        rows: [
          [1, 'Ann', null, 1],
          [1, null, '2024-01-01 00:00:00', 2],
        ],
      },
    },
  },
  {
    name: 'overwrite puts the rows of this run in the place of all others, merged by key',
    options: { load_method: 'overwrite' },
    runs: [
      [schema('a', people), ...records('a', { id: 1, name: 'Ann' }, { id: 2, name: 'Bob' }), state(1)],
      [
        schema('a', people),
        ...records('a', { id: 2, name: 'Rob' }, { id: 3, name: 'Cy' }, { id: 3, name: 'Cyd' }),
        state(2),
      ],
    ],
    tables: {
      a: {
        columns: peopleColumns,
        rows: [
          [2, 'Rob'],
          [3, 'Cyd'],
        ],
      },
    },
  },
  {
    name: 'overwrite counts what the DOUBLE columns of its table round, in the rows that it leaves there',
    options: { load_method: 'overwrite' },
    runs: [
      [schema('a', { id: integer, v: number, w: number }), record('a', '{"id":1,"v":0.5,"w":0.5}'), state(1)],
      [
        schema('a', { w: { type: ['null', 'number'], multipleOf: 0.01 }, id: integer, v: integer }),
        ...records(
          'a',
          '{"id":2,"v":9007199254740993,"w":1.25}',
          '{"id":3,"v":1,"w":9007199254740995.5}',
          '{"id":4,"v":9007199254740995,"w":null}',
          '{"id":5,"v":9007199254740997}',
          '{"id":5,"v":null}',
        ),
        state(2),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', v: 'DOUBLE', w: 'DOUBLE' },
        rows: [
          [2, '9007199254740992', '1.25'],
          [3, '1', '9007199254740996'],
          [4, '9007199254740996', null],
          [5, null, null],
        ],
      },
    },
    inexact: { 'a.v': 2, 'a.w': 1 },
  },
  {
    name: 'overwrite with a SCHEMA and no records empties the table',
    options: { load_method: 'overwrite' },
    runs: [
      [schema('a', people), record('a', { id: 1, name: 'Ann' }), state(1)],
      [schema('a', people), state(2)],
    ],
    tables: { a: { columns: peopleColumns, rows: [] } },
  },
  {
    name: 'overwrite with fewer rows than "overwrite_min_rows_percent" asks for leaves the old rows, of that stream alone',
    options: { load_method: 'overwrite', overwrite_min_rows_percent: 50 },
    runs: [
      [
        schema('a', people),
        ...records('a', { id: 1, name: 'Ann' }, { id: 2, name: 'Bob' }),
        schema('b', people),
        ...records('b', { id: 1, name: 'Ann' }, { id: 2, name: 'Bob' }),
        state(1),
      ],
      [schema('a', people), schema('b', people), record('b', { id: 3, name: 'Cy' }), state(2)],
    ],
    tables: { a: twoPeople, b: { columns: peopleColumns, rows: [[3, 'Cy']] } },
    error: { code: 'OVERWRITE_TOO_FEW', stream: 'a' },
  },
  {
    name: 'overwrite of a table that is not there yet needs no number of rows',
    options: { load_method: 'overwrite', overwrite_min_rows_percent: 100 },
    runs: [[schema('a', people), state(1)]],
    tables: { a: { columns: peopleColumns, rows: [] } },
  },
  {
    name: 'overwrite of a stream that is not complete leaves its old rows',
    options: { load_method: 'overwrite' },
    runs: [
      [schema('a', people), ...records('a', { id: 1, name: 'Ann' }, { id: 2, name: 'Bob' }), state(1)],
      [schema('a', people), state(2), record('a', { id: 3, name: 'Cy' })],
    ],
    tables: { a: twoPeople },
    error: { code: 'OVERWRITE_INCOMPLETE', stream: 'a' },
  },
  {
    name: 'load methods by the names of streams',
    options: { stream_load_methods: { '*_log': 'append-only', '*_full': 'overwrite' } },
    runs: [1, 2].map((run) => [
      ...['people', 'a_log', 'a_full'].flatMap((stream) => [
        schema(stream, people),
        record(stream, { id: run, name: 'Ann' }),
        record(stream, { id: 1, name: 'Ann' }),
      ]),
      state(run),
    ]),
    tables: {
      people: {
        columns: peopleColumns,
        rows: [
          [1, 'Ann'],
          [2, 'Ann'],
        ],
      },
      a_log: { columns: peopleColumns, rows: [1, 1, 1, 2].map((id) => [id, 'Ann']) },
      a_full: {
        columns: peopleColumns,
        rows: [
          [1, 'Ann'],
          [2, 'Ann'],
        ],
      },
    },
  },
  {
    name: 'streams that take turns keep their rows apart',
    runs: [
      [
        schema('a', people),
        schema('b', { id: { type: 'string' }, name: integer }),
        record('a', { id: 1, name: 'Ann' }),
        record('b', { id: '1', name: 7 }),
        record('a', { id: 2, name: 'Bob' }),
        schema('a', people),
        record('b', { id: '1', name: 8 }),
        record('a', { id: 1 }),
      ],
    ],
    tables: { a: twoPeople, b: { columns: { id: 'STRING', name: 'BIGINT' }, rows: [['1', 8]] } },
  },
  {
    name: 'streams that take turns, in batches of one record',
    options: oneByOne,
    runs: [
      [
        schema('a', people),
        schema('b', people),
        ...[1, 2].flatMap((id) => ['a', 'b'].map((stream) => record(stream, { id, name: ['Ann', 'Bob'][id - 1] }))),
      ],
    ],
    tables: { a: twoPeople, b: twoPeople },
  },
  {
    name: 'a stream that has a SCHEMA and no records gets its empty table',
    runs: [[schema('a', people)]],
    tables: { a: { columns: peopleColumns, rows: [] } },
  },
  {
    name: 'metadata columns say when a record was extracted, and its version',
    options: { add_metadata_columns: true },
    runs: [
      [
        schema('a', people),
        record('a', { id: 1, name: 'Ann' }, { ...extracted, version: 17 }),
        record('a', { id: 2, name: 'Bob' }),
      ],
    ],
    tables: {
      a: {
        columns: {
          ...peopleColumns,
          _sdc_extracted_at: 'TIMESTAMP',
          _sdc_table_version: 'BIGINT',
          _sdc_deleted_at: 'TIMESTAMP',
        },
        rows: [
          [1, 'Ann', '2024-05-06 05:08:09.5', 17, null],
          [2, 'Bob', null, null, null],
        ],
      },
    },
  },
  {
    name: "metadata columns that the tap declares itself are the target's own",
    options: { add_metadata_columns: true },
    runs: [
      [
        schema('a', { ...people, _sdc_extracted_at: text, _SDC_SEQUENCE: text, _sdc_more: text }),
        record('a', { id: 1, name: 'Ann', _sdc_extracted_at: 'x', _SDC_SEQUENCE: 'y', _sdc_more: 'z' }),
      ],
    ],
    tables: {
      a: {
        columns: { ...peopleColumns, _sdc_extracted_at: 'TIMESTAMP', _sdc_more: 'STRING' },
        rows: [[1, 'Ann', null, 'z']],
      },
    },
  },
  {
    name: 'without metadata columns, those that the tap declares are data',
    runs: [
      [
        schema('a', { ...people, _sdc_batched_at: text, _sdc_deleted_at: text }),
        record('a', { id: 1, name: 'Ann', _sdc_batched_at: 'x' }),
      ],
    ],
    tables: { a: { columns: { ...peopleColumns, _sdc_batched_at: 'STRING' }, rows: [[1, 'Ann', 'x']] } },
  },
];
