// Records with `_sdc_deleted_at`: rows that go, rows that are marked, and rows that come again.
import {
  dateTime,
  type Message,
  people,
  peopleColumns,
  record,
  records,
  type SuiteCase,
  schema,
  text,
  threeWays,
} from './suite-case.ts';

const soft = { add_metadata_columns: true };
const hard = { hard_delete: true };
const AT = '2024-01-02T03:04:05Z';
const at = '2024-01-02 03:04:05';
const deleted = { _sdc_deleted_at: AT };

const marked = { ...peopleColumns, _sdc_deleted_at: 'TIMESTAMP' };
const parts = schema('a', { id: { type: 'integer' }, x: text, y: text });
const partColumns = { id: 'BIGINT', x: 'STRING', y: 'STRING', _sdc_deleted_at: 'TIMESTAMP' };
const pair = schema('a', { x: { type: 'string' }, y: { type: 'string' }, v: text }, ['x', 'y']);
const pairColumns = { x: 'STRING', y: 'STRING', v: 'STRING', _sdc_deleted_at: 'TIMESTAMP' };

const insertDeleteInsert: readonly Message[] = records(
  'a',
  { id: 1, x: 'old', y: 'old' },
  { id: 2, x: 'stays', y: null },
  { id: 1, ...deleted },
  { id: 1, x: 'new' },
);

const compositeHistory: readonly Message[] = records(
  'a',
  { x: 'a,b', y: 'c', v: 'first' },
  { x: 'a', y: 'b,c', v: 'second' },
  { x: 'a', y: 'c', v: 'third' },
  { x: 'a,b', y: 'c', ...deleted },
  { x: 'a', y: 'c', ...deleted },
  { x: 'a', y: 'c', v: 'again' },
);

export const deleteCases: readonly SuiteCase[] = [
  ...threeWays(
    {
      name: 'soft: a delete record of only the key marks the row and leaves its values',
      options: soft,
      tables: {
        a: {
          columns: marked,
          rows: [
            [1, 'Ann', at],
            [2, 'Bob', null],
          ],
        },
      },
    },
    [schema('a', people)],
    records('a', { id: 1, name: 'Ann' }, { id: 2, name: 'Bob' }, { id: 1, ...deleted }),
    'in both',
  ),
  ...threeWays(
    {
      name: 'hard: a delete record of only the key removes the row',
      options: hard,
      tables: { a: { columns: marked, rows: [[2, 'Bob', null]] } },
    },
    [schema('a', people)],
    records('a', { id: 1, name: 'Ann' }, { id: 2, name: 'Bob' }, { id: 1, ...deleted }),
    'in both',
  ),
  ...threeWays(
    {
      name: 'soft: a row that is inserted, deleted and inserted again lives, and keeps what the last record lacks',
      options: soft,
      tables: {
        a: {
          columns: partColumns,
          rows: [
            [1, 'new', 'old', null],
            [2, 'stays', null, null],
          ],
        },
      },
    },
    [parts],
    insertDeleteInsert,
    'in both',
  ),
  ...threeWays(
    {
      name: 'hard: a row that is inserted, deleted and inserted again starts from nothing',
      options: hard,
      tables: {
        a: {
          columns: partColumns,
          rows: [
            [1, 'new', null, null],
            [2, 'stays', null, null],
          ],
        },
      },
    },
    [parts],
    insertDeleteInsert,
    'in both',
  ),
  ...threeWays(
    {
      name: 'soft: deletes by a composite key',
      options: soft,
      tables: {
        a: {
          columns: pairColumns,
          rows: [
            ['a,b', 'c', 'first', at],
            ['a', 'b,c', 'second', null],
            ['a', 'c', 'again', null],
          ],
        },
      },
    },
    [pair],
    compositeHistory,
  ),
  ...threeWays(
    {
      name: 'hard: deletes by a composite key',
      options: hard,
      tables: {
        a: {
          columns: pairColumns,
          rows: [
            ['a', 'b,c', 'second', null],
            ['a', 'c', 'again', null],
          ],
        },
      },
    },
    [pair],
    compositeHistory,
    'in both',
  ),
  ...threeWays(
    {
      name: 'soft: what a delete record says of the data is not taken over',
      options: soft,
      tables: { a: { columns: marked, rows: [[1, 'Ann', at]] } },
    },
    [schema('a', people)],
    records('a', { id: 1, name: 'Ann' }, { id: 1, name: null, ...deleted }),
  ),
  ...threeWays(
    {
      name: 'hard: inserted, deleted, inserted, and deleted once more',
      options: hard,
      tables: { a: { columns: marked, rows: [] } },
    },
    [schema('a', people)],
    records('a', { id: 1, name: 'a' }, { id: 1, ...deleted }, { id: 1, name: 'b' }, { id: 1, name: null, ...deleted }),
  ),
  ...[soft, hard].map((options): SuiteCase => {
    const name = options === soft ? 'soft' : 'hard';
    const rows = [1, 2, 3, 4, 5].map((id) => [id, 'x', at]);
    return {
      name: `${name}: a delete marker in any case, declared or not, and any of several that is not null`,
      options,
      runs: [
        [schema('a', people), ...[1, 2, 3, 4, 5, 6].map((id) => record('a', { id, name: 'x' }))],
        [
          schema('a', { ...people, _SDC_DELETED_AT: dateTime, _Sdc_Batched_At: text }),
          ...records(
            'a',
            { id: 1, _SDC_DELETED_AT: AT, _Sdc_Batched_At: 'x' },
            { id: 2, _sdc_Deleted_At: AT, _SDC_DELETED_AT: null },
            { id: 3, _SDC_DELETED_AT: null, _sdc_deleted_at: AT },
            { id: 4, _SDC_DELETED_AT: AT, _sdc_deleted_at: null },
            { id: 6, _SDC_DELETED_AT: null, _sdc_deleted_at: null },
          ),
          schema('a', people),
          record('a', { id: 5, _SDC_DELETED_AT: AT }),
        ],
      ],
      tables: { a: { columns: marked, rows: [...(options === soft ? rows : []), [6, 'x', null]] } },
    };
  }),
  {
    name: 'soft: a delete of a row that was never seen leaves a marked row',
    options: soft,
    runs: [[schema('a', people), ...records('a', { id: 1, ...deleted }, { id: 2, name: 'B', ...deleted })]],
    tables: {
      a: {
        columns: marked,
        rows: [
          [1, null, at],
          [2, 'B', at],
        ],
      },
    },
  },
  {
    name: 'hard: a delete of a row that was never seen does nothing',
    options: hard,
    runs: [
      [schema('a', people), record('a', { id: 1, ...deleted })],
      [schema('a', people), ...records('a', { id: 2, name: 'Bob' }, { id: 3, ...deleted })],
    ],
    tables: { a: { columns: marked, rows: [[2, 'Bob', null]] } },
  },
  {
    name: 'soft: a second delete moves the mark, a null mark takes it away',
    options: soft,
    runs: [
      [schema('a', people), ...records('a', { id: 1, name: 'A', ...deleted }, { id: 2, name: 'B', ...deleted })],
      [
        schema('a', people),
        ...records('a', { id: 1, _sdc_deleted_at: '2024-05-05T00:00:00Z' }, { id: 2, _sdc_deleted_at: null }),
      ],
    ],
    tables: {
      a: {
        columns: marked,
        rows: [
          [1, 'A', '2024-05-05 00:00:00'],
          [2, 'B', null],
        ],
      },
    },
  },
  {
    name: 'neither soft nor hard: a delete record is a record like all others',
    runs: [
      [schema('a', people), ...records('a', { id: 1, name: 'Ann' }, { id: 2, name: 'Bob' })],
      [schema('a', people), ...records('a', { id: 1, ...deleted }, { id: 2, name: 'Rob', ...deleted })],
    ],
    tables: {
      a: {
        columns: peopleColumns,
        rows: [
          [1, 'Ann'],
          [2, 'Rob'],
        ],
      },
    },
  },
  {
    name: 'a stream without keys appends delete records, hard or not',
    options: { ...hard, primary_key_required: false },
    runs: [[schema('a', people, []), ...records('a', { id: 1, name: 'Ann' }, { id: 1, ...deleted })]],
    tables: {
      a: {
        columns: marked,
        rows: [
          [1, 'Ann', null],
          [1, null, at],
        ],
      },
    },
  },
];
