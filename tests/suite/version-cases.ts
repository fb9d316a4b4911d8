// ACTIVATE_VERSION: rows of lower versions go, or are marked, and all others stay.
import { activate, people, peopleColumns, record, type SuiteCase, schema, text } from './suite-case.ts';

const soft = { add_metadata_columns: true };
const hard = { hard_delete: true };
const columns = { ...peopleColumns, _sdc_table_version: 'BIGINT', _sdc_deleted_at: 'TIMESTAMP' };
const deleted = { _sdc_deleted_at: '2024-01-02T03:04:05Z' };
const at = '2024-01-02 03:04:05';

const keyed = schema('a', people);
const person = (id: number, name: string, version?: number | null) =>
  record('a', { id, name }, version === undefined ? {} : { version });

const pair = schema('a', { x: { type: 'string' }, y: { type: 'string' }, v: text }, ['x', 'y']);
const paired = (x: string, y: string, v: string, version: number) => record('a', { x, y, v }, { version });
const pairColumns = { x: 'STRING', y: 'STRING', v: 'STRING', _sdc_deleted_at: 'TIMESTAMP' };

export const versionCases: readonly SuiteCase[] = [
  {
    name: 'hard: ACTIVATE_VERSION removes the rows that the new version lacks',
    options: hard,
    runs: [
      [keyed, person(1, 'Ann', 1), person(2, 'Bob', 1), activate('a', 1)],
      [keyed, person(2, 'Rob', 2), person(3, 'Cy', 2), activate('a', 2)],
    ],
    tables: {
      a: {
        columns,
        rows: [
          [2, 'Rob', 2, null],
          [3, 'Cy', 2, null],
        ],
      },
    },
  },
  {
    name: 'soft: ACTIVATE_VERSION marks the rows that the new version lacks',
    options: soft,
    runs: [
      [keyed, person(1, 'Ann', 1), person(2, 'Bob', 1), activate('a', 1)],
      [keyed, person(2, 'Rob', 2), person(3, 'Cy', 2), activate('a', 2)],
    ],
    tables: {
      a: {
        columns,
        rows: [
          [1, 'Ann', 1, '<now>'],
          [2, 'Rob', 2, null],
          [3, 'Cy', 2, null],
        ],
      },
    },
  },
  {
    name: 'hard: all versions in one run, with records behind each',
    options: hard,
    runs: [
      [
        keyed,
        person(1, 'Ann', 1),
        person(2, 'Bob', 1),
        activate('a', 2),
        person(3, 'Cy', 2),
        activate('a', 2),
        person(4, 'Di', 1),
      ],
    ],
    tables: {
      a: {
        columns,
        rows: [
          [3, 'Cy', 2, null],
          [4, 'Di', 1, null],
        ],
      },
    },
  },
  {
    name: 'soft: a version that is sent again changes nothing, not even older marks',
    options: soft,
    runs: [
      [
        keyed,
        person(1, 'Ann', 1),
        record('a', { id: 1, ...deleted }, { version: 1 }),
        person(2, 'Bob', 2),
        activate('a', 2),
      ],
      [keyed, activate('a', 2), activate('a', 1), activate('a', 2)],
    ],
    tables: {
      a: {
        columns,
        rows: [
          [1, 'Ann', 1, at],
          [2, 'Bob', 2, null],
        ],
      },
    },
  },
  {
    name: 'hard: rows without a version are older than any',
    options: hard,
    runs: [[keyed, person(1, 'Ann'), person(2, 'Bob', null), person(3, 'Cy', 1), activate('a', 1)]],
    tables: { a: { columns, rows: [[3, 'Cy', 1, null]] } },
  },
  {
    name: 'soft: rows without a version are older than any',
    options: soft,
    runs: [[keyed, person(1, 'Ann'), person(2, 'Bob', null), person(3, 'Cy', 1), activate('a', 1)]],
    tables: {
      a: {
        columns,
        rows: [
          [1, 'Ann', null, '<now>'],
          [2, 'Bob', null, '<now>'],
          [3, 'Cy', 1, null],
        ],
      },
    },
  },
  {
    name: 'soft: a row of an old version that comes again in the new one lives again',
    options: soft,
    runs: [
      [keyed, person(1, 'Ann', 1), activate('a', 2)],
      [keyed, person(1, 'Anne', 2), activate('a', 2)],
    ],
    tables: { a: { columns, rows: [[1, 'Anne', 2, null]] } },
  },
  {
    name: 'hard: versions as large as the milliseconds that taps take for them',
    options: hard,
    runs: [
      [
        keyed,
        person(1, 'Ann', 1_700_000_000_000),
        person(2, 'Bob', 1_700_000_000_001),
        activate('a', 1_700_000_000_001),
      ],
    ],
    tables: { a: { columns, rows: [[2, 'Bob', 1_700_000_000_001, null]] } },
  },
  {
    name: 'hard: ACTIVATE_VERSION under a composite key',
    options: hard,
    runs: [
      [pair, paired('a,b', 'c', 'old', 1), paired('a', 'b,c', 'old', 1)],
      [pair, paired('a', 'b,c', 'new', 2), activate('a', 2)],
    ],
    tables: { a: { columns: pairColumns, rows: [['a', 'b,c', 'new', null]] } },
  },
  {
    name: 'soft: ACTIVATE_VERSION under a composite key, after deletes of the new version',
    options: soft,
    runs: [
      [pair, paired('a,b', 'c', 'old', 1), paired('a', 'b,c', 'old', 1)],
      [pair, record('a', { x: 'a', y: 'b,c', ...deleted }, { version: 2 }), activate('a', 2)],
    ],
    tables: {
      a: {
        columns: pairColumns,
        rows: [
          ['a,b', 'c', 'old', '<now>'],
          ['a', 'b,c', 'old', at],
        ],
      },
    },
  },
  {
    name: 'ACTIVATE_VERSION touches its own stream only',
    options: hard,
    runs: [
      [
        keyed,
        schema('b', people),
        person(1, 'Ann', 1),
        record('b', { id: 1, name: 'Bea' }, { version: 1 }),
        activate('a', 2),
        activate('b', 1),
      ],
    ],
    tables: { a: { columns, rows: [] }, b: { columns, rows: [[1, 'Bea', 1, null]] } },
  },
  {
    name: 'without metadata columns ACTIVATE_VERSION does nothing',
    runs: [[keyed, person(1, 'Ann', 1), activate('a', 2)]],
    tables: { a: { columns: peopleColumns, rows: [[1, 'Ann']] } },
  },
];
