// Taps as they are: SCHEMAs of every kind of column, and a few lines of each stream. What the fuzz starts from.

export interface CorpusStream {
  readonly name: string;
  readonly schema: object;
  readonly keys: readonly string[];
  /** Records as JSON text, so that spellings count. */
  readonly records: readonly string[];
}

const nullable = (type: string, more: object = {}) => ({ type: ['null', type], ...more });
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });

export const corpus: readonly CorpusStream[] = [
  {
    name: 'orders',
    schema: object({
      id: { type: 'integer' },
      customer: nullable('string'),
      total: nullable('number', { multipleOf: 0.01 }),
      weight: nullable('number'),
      paid: nullable('boolean'),
      placed_at: nullable('string', { format: 'date-time' }),
      due_on: nullable('string', { format: 'date' }),
      note: nullable('string', { maxLength: 400 }),
    }),
    keys: ['id'],
    records: [
      '{"id":1,"customer":"Zoë","total":12.50,"weight":0.1,"paid":true,"placed_at":"2024-02-29T10:00:00.123456Z","due_on":"2024-03-01","note":"a \\"quoted\\" word\\n"}',
      '{"id":9223372036854775807,"customer":null,"total":-0.01,"weight":1e-7,"paid":false,"placed_at":"1969-12-31T23:59:59-05:00","due_on":null,"note":""}',
      '{"id":-3,"customer":"日本 😀","total":99999999.99}',
      '{ "id" : 4, "note" : "\\ud834\\udd1e\\u0000,", "undeclared" : [1, {"a": null}] }',
    ],
  },
  {
    name: 'public-Ünïcode "names"',
    schema: object({
      Größe: nullable('number'),
      'a b': nullable('string'),
      'q"q\\': nullable('integer'),
      '': nullable('string'),
      __proto__x: nullable('boolean'),
      'a name of more than thirty-two letters': nullable('string', { format: 'date-time' }),
    }),
    keys: ['a b'],
    records: [
      '{"Größe":1.5,"a b":"k","q\\"q\\\\":7,"":"empty","__proto__x":true,"a name of more than thirty-two letters":"2024-01-01"}',
      '{"Gr\\u00f6\\u00dfe":-0.0,"a\\u0020b":"","q\\"q\\\\":null}',
    ],
  },
  {
    name: 'nested',
    schema: object({
      key: object({ a: { type: 'integer' }, b: { type: 'string' } }),
      address: nullable('object', {
        properties: { city: nullable('string'), at: nullable('object', { properties: { lat: nullable('number') } }) },
      }),
      tags: nullable('array', { items: { type: 'string' } }),
      anything: {},
      plain: { type: 'integer' },
    }),
    keys: ['plain'],
    records: [
      '{"plain":1,"key":{"a":1,"b":"x"},"address":{"city":"Ulm","at":{"lat":48.4}},"tags":["a","b\\n"],"anything":{"deep":[[[1.50,true,null]]]}}',
      '{"plain":2,"key":{"a":2,"b":""},"address":null,"tags":[],"anything":"text"}',
      '{"plain":3,"key":{"b":"y","a":3},"address":{"at":null},"anything":12e2}',
    ],
  },
  {
    name: 'kinds',
    schema: object({
      d: nullable('number', { multipleOf: 1e-9 }),
      huge: nullable('integer', { minimum: -1e30, maximum: 1e30 }),
      union: { type: ['null', 'integer', 'string'] },
      any: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'string' }, { type: 'null' }] },
      time: nullable('string', { format: 'time' }),
      flag: { type: ['boolean', 'null'] },
      choice: { enum: ['a', 'b', 1, null] },
      date: nullable('string', { format: 'date' }),
    }),
    keys: ['date', 'd'],
    records: [
      '{"d":0.123456789,"huge":12345678901234567890123456789,"union":5,"any":"2024-05-05T00:00:00Z","time":"23:59:60","flag":false,"choice":"a","date":"2000-02-29"}',
      '{"date":"0001-01-01","d":-12345678901234567890.5,"union":"5","any":"soon","choice":1}',
      '{"d":1E3,"date":"9999-12-31T00:00:00Z","huge":-1.0e2}',
    ],
  },
  {
    name: 'log',
    schema: object({
      at: nullable('string', { format: 'date-time' }),
      line: nullable('string'),
      level: nullable('integer'),
    }),
    keys: [],
    records: [
      '{"at":"2024-05-05 10:00:00,5+0530","line":"GET /index.html?q=%20&amp;x=\\u0001","level":3}',
      '{"level":null}',
      '{}',
      '{"line":"_","_sdc_deleted_at":"2024-01-01T00:00:00Z"}',
    ],
  },
  {
    name: 'numbers',
    schema: object(
      Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`n${i}`, nullable(i % 2 ? 'number' : 'integer')])),
    ),
    keys: ['n0', 'n2'],
    records: [
      `{${Array.from({ length: 40 }, (_, i) => `"n${i}":${i % 2 ? `${i}.${i}` : i}`).join(',')}}`,
      `{"n0": 0, "n2": -0, "n39": 1.7976931348623157e308, "n1": 5e-324}`,
    ],
  },
];

export const schemaLine = ({ name, schema, keys }: CorpusStream): string =>
  JSON.stringify({ type: 'SCHEMA', stream: name, schema, key_properties: keys });

/** A line of each message for the stream, records in the headers that taps write. */
export function linesOf(stream: CorpusStream): string[] {
  const name = JSON.stringify(stream.name);
  return stream.records.flatMap((record, index) => [
    `{"type":"RECORD","stream":${name},"record":${record}}`,
    index % 2
      ? `{"type": "RECORD", "stream": ${name}, "record": ${record}, "time_extracted": "2024-05-05T10:00:00.5Z"}`
      : `{"type":"RECORD","stream":${name},"version":1700000000000,"time_extracted":"2024-05-05T10:00:00Z","record":${record}}`,
  ]);
}

export const otherLines = ({ name }: CorpusStream): string[] => [
  JSON.stringify({ type: 'STATE', value: { bookmarks: { [name]: { at: '2024-01-01', n: 12345678901234 } } } }),
  `{"type": "STATE", "value": {"big": 123456789012345678901234567890.10, "t": "a b\\u0020"}}`,
  JSON.stringify({ type: 'ACTIVATE_VERSION', stream: name, version: 1700000000000 }),
  JSON.stringify({
    type: 'BATCH',
    stream: name,
    encoding: { format: 'parquet' },
    manifest: ['file:///nowhere.parquet'],
  }),
];
