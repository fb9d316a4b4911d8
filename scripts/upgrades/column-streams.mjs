// One run, staged as CSV: columns of every plain type, names that need comments, composite keys, dated columns.
import { nullable, records, schema } from './messages.mjs';

const decimal = (precision, scale) => nullable('number', { precision, scale });

const types = {
  id: { type: 'integer' },
  flag: nullable('boolean'),
  count: nullable('integer'),
  huge: nullable('integer', { minimum: -1e37, maximum: 1e37 }),
  ratio: nullable('number'),
  price: nullable('number', { multipleOf: 0.01 }),
  money: decimal(10, 2),
  name: nullable('string'),
  at: nullable('string', { format: 'date-time' }),
  day: nullable('string', { format: 'date' }),
  clock: nullable('string', { format: 'time' }),
  raw: nullable('string', { contentEncoding: 'base16' }),
  doc: nullable('object'),
  list: nullable('array'),
  either: { type: ['null', 'integer', 'string'] },
  narrow: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
  free: {},
};

const everyType = [
  {
    id: 1,
    flag: true,
    count: -7,
    huge: 12,
    ratio: 0.1,
    price: 12.34,
    money: 99999999.99,
    name: 'quotes " \' and, comma\nline \u00e9\ud834\udd1e',
    at: '2024-02-29T12:34:56.123456Z',
    day: '2024-02-29',
    clock: '12:34:56.123456789+02:00',
    raw: '6461746131',
    doc: { b: 1.5, a: ['\u00e9'] },
    list: [1, 'two', null],
    either: 7,
    narrow: '2024-03-01T00:30:00+01:00',
    free: { any: ['thing'] },
  },
  {
    id: 9007199254740993n,
    flag: false,
    count: -9223372036854775808n,
    huge: 9999999999999999999999999999999999999n,
    ratio: 5e-324,
    price: -0.1,
    money: 0,
    name: '',
    at: '0001-01-01T00:00:00Z',
    day: '9999-12-31',
    clock: '',
    raw: '',
    doc: {},
    list: [],
    either: '007',
    narrow: '9999-12-31T23:59:59.999999Z',
    free: 'text',
  },
  { id: 3 },
];

const typesMore = { ...types, money: decimal(14, 2), Extra: nullable('string') };

const long = 'x'.repeat(300);
const names = {
  Id: { type: 'integer' },
  Foo: nullable('string'),
  foo: nullable('string'),
  'a,b': nullable('integer'),
  'a;b': nullable('integer'),
  [long]: nullable('string'),
  'unit price': nullable('number'),
  select: nullable('string'),
  'it\'s "so"': nullable('string'),
  ÉTÉ: nullable('string'),
};
const named = (Id) => ({
  Id,
  Foo: 'upper',
  foo: 'lower',
  'a,b': 1,
  'a;b': 2,
  [long]: 'long',
  'unit price': 1.5,
  select: 'reserved',
  'it\'s "so"': 'quotes',
  ÉTÉ: 'summer',
});

/** `Foo` and `a,b` alone: only the columns' comments tell them from `foo` and `a;b`. */
const withoutTwins = ({ foo: _, 'a;b': __, ...rest }) => rest;

const visits = {
  at: { type: 'string', format: 'date-time' },
  page: { type: 'string' },
  day: { type: 'string', format: 'date' },
  code: { type: 'number', multipleOf: 0.01 },
  level: { type: 'number' },
  hits: nullable('integer'),
};
const visitKeys = ['at', 'page', 'day', 'code', 'level'];
const visit = (page) => ({
  at: '2024-02-29T12:34:56.123456Z',
  page,
  day: '2024-02-29',
  code: 1.5,
  level: 0.5,
  hits: 3,
});

const prices = { id: { type: 'integer' }, amount: nullable('integer'), rate: nullable('number', { multipleOf: 0.01 }) };
const pricesNow = { ...prices, amount: nullable('string'), rate: nullable('number', { multipleOf: 0.0001 }) };

const log = { at: nullable('string', { format: 'date-time' }), line: nullable('string') };
const logged = (line) => ({ at: '2024-01-01T00:00:00Z', line });

/** @type {import('./streams.mjs').Run} */
export const columnRun = {
  name: 'columns',
  options: { primary_key_required: false, stage_format: 'csv', invalid_values: 'dead_letter' },
  streams: [
    {
      table: 'main.types',
      messages: [
        schema({ stream: 'types', properties: types, keys: ['id'] }),
        ...records('types', [...everyType, { id: 4, count: 'to be set aside' }]),
      ],
      again: [
        schema({ stream: 'types', properties: types, keys: ['id'] }),
        ...records('types', [everyType[0], { ...everyType[0], id: 101 }]),
      ],
      copy: { of: { id: '1' }, as: { id: '101' } },
      onward: {
        messages: [
          schema({ stream: 'types', properties: typesMore, keys: ['id'] }),
          ...records('types', [{ ...everyType[0], money: 123456789012.34, Extra: 'new' }]),
        ],
        added: [['extra', { duckdb: 'VARCHAR', iomete: 'STRING' }, 'Property "Extra" of the stream']],
        widened: [['money', { duckdb: 'DECIMAL(14,2)', iomete: 'DECIMAL(14,2)' }]],
        row: { of: { id: '1' }, as: { money: '123456789012.34', extra: 'new' } },
      },
    },
    {
      table: 'main.names',
      messages: [schema({ stream: 'names', properties: names, keys: ['Id'] }), ...records('names', [1, 2].map(named))],
      again: [
        schema({ stream: 'names', properties: withoutTwins(names), keys: ['Id'] }),
        ...records('names', [1, 101].map(named).map(withoutTwins)),
      ],
      copy: { of: { id: '1' }, as: { id: '101', foo: null, a_b_07cd: null } },
    },
    {
      table: 'other.visits',
      messages: [
        schema({ stream: 'shop-visits', properties: visits, keys: visitKeys }),
        ...records('shop-visits', ['a', 'a,b'].map(visit)),
      ],
      again: [
        schema({ stream: 'shop-visits', properties: visits, keys: visitKeys }),
        ...records('shop-visits', ['a', 'new'].map(visit)),
      ],
      copy: { of: { page: 'a' }, as: { page: 'new' } },
    },
    {
      table: 'main.prices',
      messages: [
        schema({ stream: 'prices', properties: prices, keys: ['id'] }),
        ...records('prices', [{ id: 1, amount: 5, rate: 0.25 }]),
        schema({ stream: 'prices', properties: pricesNow, keys: ['id'] }),
        ...records('prices', [{ id: 2, amount: 'six', rate: 0.0625 }]),
      ],
      again: [
        schema({ stream: 'prices', properties: pricesNow, keys: ['id'] }),
        ...records(
          'prices',
          [2, 102].map((id) => ({ id, amount: 'six', rate: 0.0625 })),
        ),
      ],
      copy: { of: { id: '2' }, as: { id: '102' } },
    },
    {
      table: 'main.log',
      messages: [schema({ stream: 'log', properties: log }), ...records('log', ['first', 'second'].map(logged))],
      again: [schema({ stream: 'log', properties: log }), ...records('log', [logged('third')])],
      copy: { of: { line: 'first' }, as: { line: 'third' } },
    },
  ],
};
