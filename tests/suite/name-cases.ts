// Names of columns and streams that SQL, Hive or another case of their letters make difficult.
import { integer, people, peopleColumns, record, type SuiteCase, schema, text } from './suite-case.ts';

/** Columns that keep their names, lower case apart. */
function kept(name: string, columns: readonly string[]): SuiteCase {
  const properties = { id: people.id, ...Object.fromEntries(columns.map((column) => [column, text])) };
  const cell = (column: string, run: number) => (column === 'id' ? 1 : `${column} of run ${run}`);
  // a name that is a number goes before all others
  const inOrder = Object.keys(properties);
  return {
    name,
    runs: [1, 2].map((run) => [
      schema('a', properties),
      record('a', Object.fromEntries(inOrder.map((column) => [column, cell(column, run)]))),
    ]),
    tables: {
      a: {
        columns: Object.fromEntries(inOrder.map((name) => [name.toLowerCase(), name === 'id' ? 'BIGINT' : 'STRING'])),
        rows: [inOrder.map((column) => cell(column, 2))],
      },
    },
  };
}

const stream = (name: string, table: string): SuiteCase => ({
  name: `a stream called ${name}`,
  ownNames: true,
  runs: [1, 2].map((run) => [schema(name, people), record(name, { id: 1, name: `run ${run}` })]),
  tables: { [table]: { columns: peopleColumns, rows: [[1, 'run 2']] } },
});

export const nameCases: readonly SuiteCase[] = [
  kept('columns with reserved words for names', [
    'select',
    'ORDER',
    'table',
    'from',
    'null',
    'current_date',
    'values',
    'latest',
    'seq',
    'place',
    'c0',
    's',
    't',
  ]),
  kept('columns with quotes, dots, spaces and brackets in their names', [
    "it's",
    '"quoted"',
    'a.b',
    'two words',
    'f(x)',
    'a/b',
    '50%',
    '$',
    '#',
    '[0]',
    '{x}',
    'a=b',
    '-- c',
    '\\n',
  ]),
  kept('columns in other scripts, with accents and emoji', ['Größe', 'имя', '名前', '😀', 'e\u0301', 'שם']),
  kept('columns that begin with digits, or are nothing else', ['1', '2nd', '3.5', '_', '__']),
  {
    name: 'columns whose names differ only by case are two',
    runs: [1, 2].map((run) => [
      schema('a', { id: people.id, Name: text, name: integer }),
      record('a', { id: 1, Name: `run ${run}`, name: run }),
    ]),
    tables: { a: { columns: { id: 'BIGINT', name_0f50: 'STRING', name: 'BIGINT' }, rows: [[1, 'run 2', 2]] } },
  },
  {
    name: 'names that hold what Hive refuses, or nothing at all',
    runs: [
      [
        schema('a', { id: people.id, 'a,b': text, 'c`d': text, ' ': text }),
        record('a', { id: 1, 'a,b': '1', 'c`d': '2', ' ': '3' }),
      ],
    ],
    tables: {
      a: { columns: { id: 'BIGINT', a_b: 'STRING', c_d: 'STRING', unnamed: 'STRING' }, rows: [[1, '1', '2', '3']] },
    },
  },
  {
    name: 'a name of 300 letters is cut, and another like it stays another',
    runs: [
      [
        schema('a', { id: people.id, [`${'x'.repeat(300)}1`]: text, [`${'x'.repeat(300)}2`]: text }),
        record('a', { id: 1, [`${'x'.repeat(300)}1`]: 'one', [`${'x'.repeat(300)}2`]: 'two' }),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', [`${'x'.repeat(250)}_ca0a`]: 'STRING', [`${'x'.repeat(250)}_d177`]: 'STRING' },
        rows: [[1, 'one', 'two']],
      },
    },
  },
  {
    name: 'a flattened name that another property has already',
    options: { data_flattening_max_level: 1 },
    runs: [
      [
        schema('a', { id: people.id, o: { type: 'object', properties: { x: text } }, o__x: text }),
        record('a', { id: 1, o: { x: 'inner' }, o__x: 'own' }),
      ],
    ],
    tables: { a: { columns: { id: 'BIGINT', o__x_1dcd: 'STRING', o__x: 'STRING' }, rows: [[1, 'inner', 'own']] } },
  },
  stream('Order', 'order'),
  stream('public-Two Words.x', 'two_words_x'),
  stream('catalog-public-a-b', 'a_b'),
  stream('it\'s "quoted"', 'it_s__quoted_'),
  stream('😀', '__f0443a34'),
];
