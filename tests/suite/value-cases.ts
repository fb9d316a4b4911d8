// Values at the edges of their types where tests/suite/types doesn't look: as keys, in one record, absent, of several kinds.
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
  text,
} from './suite-case.ts';

const hostile = 'NUL \u0000 CR \r LF \n CRLF \r\n quotes " \' ` "" \\ \\N NULL \ufeff \u2028 𝄞 e\u0301,;\t ';
/** Each half of a surrogate pair, and the last and the first characters beside them. */
const unicode = Array.from({ length: 1024 }, (_, half) => 0x10000 + half * 0x400 + half)
  .concat([0, 0xd7ff, 0xe000, 0xfffd, 0xfffe, 0xffff, 0x10ffff])
  .map((point) => `"${String.fromCodePoint(point)}`)
  .join('');
const valued = (type: object) => ({ id: { type: 'integer' }, v: type });

export const valueCases: readonly SuiteCase[] = [
  {
    name: 'null and absent are both NULL in a new row',
    runs: [[schema('a', people), ...records('a', '{"id":1,"name":null}', '{"id":2}')]],
    tables: {
      a: {
        columns: peopleColumns,
        rows: [
          [1, null],
          [2, null],
        ],
      },
    },
  },
  {
    name: 'null takes the place of a value, absent keeps it',
    runs: [
      [schema('a', people), ...records('a', { id: 1, name: 'Ann' }, { id: 2, name: 'Bob' })],
      [schema('a', people), ...records('a', '{"id":1,"name":null}', '{"id":2}')],
    ],
    tables: {
      a: {
        columns: peopleColumns,
        rows: [
          [1, null],
          [2, 'Bob'],
        ],
      },
    },
  },
  {
    name: 'an empty text is not NULL, nor is the word NULL',
    runs: [[schema('a', people), ...records('a', { id: 1, name: '' }, { id: 2, name: 'NULL' }, { id: 3, name: ' ' })]],
    tables: {
      a: {
        columns: peopleColumns,
        rows: [
          [1, ''],
          [2, 'NULL'],
          [3, ' '],
        ],
      },
    },
  },
  {
    name: 'a text of every character that readers of CSV stumble over',
    runs: [[schema('a', people), record('a', { id: 1, name: hostile })]],
    tables: { a: { columns: peopleColumns, rows: [[1, hostile]] } },
  },
  {
    name: 'characters from all of Unicode in a text that holds quotes',
    runs: [[schema('a', people), record('a', { id: 1, name: unicode })]],
    tables: { a: { columns: peopleColumns, rows: [[1, unicode]] } },
  },
  {
    name: 'a byte order mark at the start of a text',
    runs: [[schema('a', people), record('a', { id: 1, name: '\ufefftext' })]],
    tables: { a: { columns: peopleColumns, rows: [[1, '\ufefftext']] } },
  },
  {
    name: 'a text of a million characters with quotes and line feeds',
    runs: [[schema('a', people), record('a', { id: 1, name: '"é\n'.repeat(333_333) })]],
    tables: { a: { columns: peopleColumns, rows: [[1, '"é\n'.repeat(333_333)]] } },
  },
  {
    name: 'integers at the limits of 64 bits, as values and as keys',
    runs: [
      [
        schema('a', valued(integer)),
        ...records(
          'a',
          '{"id":9223372036854775807,"v":-9223372036854775808}',
          '{"id":9223372036854775806,"v":9007199254740993}',
        ),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', v: 'BIGINT' },
        rows: [
          ['9223372036854775807', '-9223372036854775808'],
          ['9223372036854775806', '9007199254740993'],
        ],
      },
    },
  },
  {
    name: 'numbers that no double equals are counted',
    runs: [
      [
        schema('a', valued(number)),
        ...records('a', '{"id":1,"v":0.1}', '{"id":2,"v":9007199254740993}', '{"id":3,"v":0.12345678901234567890}'),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', v: 'DOUBLE' },
        rows: [
          [1, '0.1'],
          [2, '9007199254740992'],
          [3, '0.12345678901234568'],
        ],
      },
    },
    inexact: { 'a.v': 2 },
  },
  {
    name: 'the two zeros and what is no number in a DOUBLE',
    runs: [
      [
        schema('a', valued(number)),
        ...records('a', '{"id":1,"v":-0.0}', '{"id":2,"v":NaN}', '{"id":3,"v":-Infinity}', '{"id":4,"v":0}'),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', v: 'DOUBLE' },
        rows: [
          [1, '-0'],
          [2, 'NaN'],
          [3, '-Infinity'],
          [4, '0'],
        ],
      },
    },
  },
  {
    name: 'number_type decimal: 38 digits, 9 of them after the point',
    options: { number_type: 'decimal' },
    runs: [[schema('a', valued(number)), record('a', '{"id":1,"v":-12345678901234567890123456789.123456789}')]],
    tables: {
      a: {
        columns: { id: 'BIGINT', v: 'DECIMAL(38,9)' },
        rows: [[1, '-12345678901234567890123456789.123456789']],
      },
    },
  },
  {
    name: 'number_type string: numbers as they were written',
    options: { number_type: 'string' },
    runs: [
      [schema('a', valued(number)), ...records('a', '{"id":1,"v":1.50}', '{"id":2,"v":-0E+5}', '{"id":3,"v":1e999}')],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', v: 'STRING' },
        rows: [
          [1, '1.50'],
          [2, '-0E+5'],
          [3, '1e999'],
        ],
      },
    },
  },
  {
    name: 'a declared scale is kept whatever number_type says',
    options: { number_type: 'string' },
    runs: [[schema('a', valued({ type: 'number', multipleOf: 0.01 })), record('a', '{"id":1,"v":10.5}')]],
    tables: { a: { columns: { id: 'BIGINT', v: 'DECIMAL(38,2)' }, rows: [[1, '10.50']] } },
  },
  {
    name: 'one instant in many spellings',
    runs: [
      [
        schema('a', valued(dateTime)),
        ...records(
          'a',
          ...[
            '2024-02-29T23:30:00Z',
            '2024-03-01 00:30:00+01:00',
            '2024-02-29T18:30:00.000-0500',
            '2024-02-29 23:30',
          ].map((v, id) => ({ id, v })),
        ),
      ],
    ],
    tables: {
      a: { columns: { id: 'BIGINT', v: 'TIMESTAMP' }, rows: [0, 1, 2, 3].map((id) => [id, '2024-02-29 23:30:00']) },
    },
  },
  {
    name: 'fractions finer than a microsecond are cut and counted',
    runs: [
      [
        schema('a', valued(dateTime)),
        ...records('a', { id: 1, v: '2024-01-01T00:00:00.123456789Z' }, { id: 2, v: '2024-01-01T00:00:00.123456000Z' }),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', v: 'TIMESTAMP' },
        rows: [
          [1, '2024-01-01 00:00:00.123456'],
          [2, '2024-01-01 00:00:00.123456'],
        ],
      },
    },
    inexact: { 'a.v': 1 },
  },
  {
    name: 'the first and the last instant and day, and those before 1970 and 1582',
    runs: [
      [
        schema('a', { id: { type: 'integer' }, v: dateTime, d: date }),
        ...records(
          'a',
          { id: 1, v: '0001-01-01T00:00:00Z', d: '0001-01-01' },
          { id: 2, v: '9999-12-31T23:59:59.999999Z', d: '9999-12-31' },
          { id: 3, v: '1969-12-31T23:59:59.999999Z', d: '1582-10-10' },
          { id: 4, v: '1582-10-14T12:00:00Z', d: '1500-02-28' },
        ),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', v: 'TIMESTAMP', d: 'DATE' },
        rows: [
          [1, '0001-01-01 00:00:00', '0001-01-01'],
          [2, '9999-12-31 23:59:59.999999', '9999-12-31'],
          [3, '1969-12-31 23:59:59.999999', '1582-10-10'],
          [4, '1582-10-14 12:00:00', '1500-02-28'],
        ],
      },
    },
  },
  {
    name: 'objects and arrays are their own text, to the space',
    runs: [
      [
        schema('a', { id: { type: 'integer' }, o: { type: 'object' }, l: { type: ['null', 'array'] } }),
        record('a', '{"id":1,"o":{ "b" : 1.0,"a":12345678901234567890},"l":[ "\\u00e9", null,{}]}'),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', o: 'STRING', l: 'STRING' },
        rows: [[1, '{ "b" : 1.0,"a":12345678901234567890}', '[ "\\u00e9", null,{}]']],
      },
    },
  },
  {
    name: 'a property of any type holds texts bare and all else as JSON',
    runs: [
      [
        schema('a', valued({})),
        ...records('a', '{"id":1,"v":"7"}', '{"id":2,"v":7}', '{"id":3,"v":true}', '{"id":4,"v":{"a":null}}'),
      ],
    ],
    tables: {
      a: {
        columns: { id: 'BIGINT', v: 'STRING' },
        rows: [
          [1, '7'],
          [2, '7'],
          [3, 'true'],
          [4, '{"a":null}'],
        ],
      },
    },
  },
  {
    name: 'a property that comes twice in a record: the last counts',
    runs: [[schema('a', people), record('a', '{"id":1,"name":"first","name":"last"}')]],
    tables: { a: { columns: peopleColumns, rows: [[1, 'last']] } },
  },
  {
    name: 'properties that no SCHEMA declares are left out',
    runs: [[schema('a', people), record('a', { id: 1, name: 'Ann', extra: { deep: [1] } })]],
    tables: { a: { columns: peopleColumns, rows: [[1, 'Ann']] } },
  },
  {
    name: 'a row of nothing but NULL, and a column that is never given',
    options: { primary_key_required: false },
    runs: [[schema('a', { x: text, y: dateTime }, []), record('a', '{}'), record('a', '{"x":null}')]],
    tables: {
      a: {
        columns: { x: 'STRING', y: 'TIMESTAMP' },
        rows: [
          [null, null],
          [null, null],
        ],
      },
    },
  },
];
