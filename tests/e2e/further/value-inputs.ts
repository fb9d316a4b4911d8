// Further decimals whose scale changes, objects that are flattened, and markers in any case.
import {
  add,
  append,
  aside,
  csv,
  type FurtherInput,
  hard,
  integer,
  keyed,
  multipleOf,
  object,
  overwrite,
  parquet,
  record,
  records,
  row,
  run,
  STATE,
  schema,
  text,
} from './input.ts';

const id = { type: 'integer' };
const valued = (v: object) => schema({ id, v });
const val = (n: number, v: string) => record(`{"id":${n},"v":${v}}`);
const turns = (a: object, b: object, options = {}, more: object[] = [a]) =>
  [a, b, ...more].map((t, n) => run([valued(t), val(n + 1, n === 1 ? '2.0625' : '1.25')], options));
const declared = (precision: number, scale: number) => ({
  type: ['null', 'string'],
  format: 'x-singer.decimal',
  precision,
  scale,
});

export const decimals: readonly FurtherInput[] = [
  {
    name: 'decimals: appended',
    runs: turns(multipleOf(0.01), multipleOf(0.0001), append),
    rows: ['1|1.2500', '2|2.0625', '3|1.2500'],
  },
  {
    name: 'decimals: staged as CSV, two threads',
    runs: turns(multipleOf(0.01), multipleOf(0.0001), { ...csv, workers: 2 }),
    rows: ['1|1.2500', '2|2.0625', '3|1.2500'],
  },
  {
    name: 'decimals: of a flattened object',
    runs: [0.01, 0.0001, 0.01].map((step, n) =>
      run([schema({ id, a: object({ v: multipleOf(step) }) }), record(`{"id":${n},"a":{"v":1.25}}`)], {
        data_flattening_max_level: 1,
      }),
    ),
    rows: ['0|1.2500', '1|1.2500', '2|1.2500'],
  },
  {
    name: 'decimals: of a Parquet file',
    runs: [
      run([valued(multipleOf(0.0001)), val(1, '2.0625')]),
      run([valued(multipleOf(0.01)), { parquet: 'SELECT 2 AS id, 1.25::DECIMAL(9,2) AS v' }]),
    ],
    rows: ['1|2.0625', '2|1.2500'],
  },
  {
    name: 'decimals: whole steps, halves, whole steps',
    runs: [5, 0.5, 5].map((step, n) => run([valued(multipleOf(step)), val(n, n === 1 ? '0.5' : '5')])),
    rows: ['0|5.0', '1|0.5', '2|5.0'],
  },
  {
    name: 'decimals: a step that is written with an exponent',
    runs: [0.01, 1e-10, 0.01].map((step, n) => run([valued(multipleOf(step)), val(n, n === 1 ? '1e-10' : '5')])),
    rows: ['0|5.0000000000', '1|0.0000000001', '2|5.0000000000'],
  },
  {
    name: 'decimals: in an overwrite',
    runs: [0.01, 0.0001, 0.01].map((step, n) => run([valued(multipleOf(step)), val(n, '1.25'), STATE], overwrite)),
    rows: ['2|1.2500'],
  },
  {
    name: 'decimals: a value too fine for the schema of the moment is set aside',
    runs: [
      run([valued(multipleOf(0.0001)), val(1, '1.0625')]),
      run([valued(multipleOf(0.01)), val(2, '2.0625'), val(3, '3.25')], aside),
    ],
    rows: ['1|1.0625', '3|3.2500'],
  },
  {
    name: 'decimals: fewer digits in all',
    runs: [
      run([valued(declared(12, 2)), val(1, '"1234567890.12"')]),
      run([valued(declared(5, 2)), val(2, '"1.25"')], parquet),
      run([valued(declared(12, 2)), val(3, '"3.25"')]),
    ],
    rows: ['1|1234567890.12', '2|1.25', '3|3.25'],
  },
  {
    name: 'decimals: of a key',
    runs: [0.01, 0.0001, 0.01].map((step, n) =>
      run([keyed({ type: 'number', multipleOf: step }), row('1.25', `${n}`)]),
    ),
    rows: ['1.2500|2'],
  },
  {
    name: 'decimals: validated, where doubles have no such step',
    runs: [0.01, 0.0001, 0.01].map((step, n) =>
      run([valued(multipleOf(step)), val(n, '0.07')], { validate_records: true }),
    ),
    rows: ['0|0.0700', '1|0.0700', '2|0.0700'],
  },
];

const flat = { data_flattening_max_level: 1 };
const deep = { data_flattening_max_level: 3 };
const a = object({ x: integer, y: integer });
const plain = schema({ id, a });

export const flattened: readonly FurtherInput[] = [
  {
    name: 'flattened: parts in one load, an absent object between them',
    runs: [run([plain, ...records('{"id":1,"a":{"x":1}}', '{"id":1}', '{"id":1,"a":{"y":2}}', '{"id":1}')], flat)],
    rows: ['1||2'],
  },
  {
    name: 'flattened: empty and null objects, each record a batch',
    runs: [
      run(
        [
          plain,
          ...records(
            '{"id":1,"a":{"x":1,"y":1}}',
            '{"id":2,"a":{"x":1,"y":1}}',
            '{"id":1,"a":{}}',
            '{"id":2,"a":null}',
          ),
        ],
        { ...flat, batch_size_rows: 1 },
      ),
    ],
    rows: ['1||', '2||'],
  },
  {
    name: 'flattened: an empty object within an object',
    runs: [
      run(
        [
          schema({ id, a: object({ z: object({ q: integer, r: integer }), y: integer }) }),
          ...records('{"id":1,"a":{"z":{"q":1,"r":2},"y":3}}', '{"id":1,"a":{"z":{}}}'),
        ],
        deep,
      ),
    ],
    rows: ['1|||'],
  },
  {
    name: 'flattened: from a file of lines into a table that exists',
    runs: [
      run([plain, record('{"id":1,"a":{"x":1,"y":2}}')], { ...flat, ...csv }),
      run([plain, { lines: ['{"id":1,"a":{"x":3}}'] }], { ...flat, ...parquet }),
    ],
    rows: ['1|3|'],
  },
  {
    name: 'flattened: what lies deeper is text, and goes with its object',
    runs: [
      run(
        [
          schema({ id, a: object({ x: integer, z: object({ q: integer }) }) }),
          ...records('{"id":1,"a":{"x":1,"z":{"q":1}}}', '{"id":1,"a":{"x":2}}'),
        ],
        flat,
      ),
    ],
    rows: ['1|2|'],
  },
  {
    name: 'flattened: the object twice in one record: the last counts',
    runs: [run([plain, record('{"id":1,"a":{"x":1},"a":{"y":2}}')], flat)],
    rows: ['1||2'],
  },
  {
    name: 'flattened: members that a later schema lacks',
    runs: [
      run([plain, record('{"id":1,"a":{"x":1,"y":2}}')], flat),
      run([schema({ id, a: object({ x: integer }) }), record('{"id":1,"a":{"x":3}}')], flat),
    ],
    rows: ['1|3|'],
  },
  {
    name: 'flattened: a property with the name of a member is no member',
    runs: [
      run(
        [schema({ id, a, a__x: text }), ...records('{"id":1,"a":{"x":1,"y":1},"a__x":"own"}', '{"id":1,"a":{"y":2}}')],
        flat,
      ),
    ],
    rows: ['1||2|own'],
  },
  {
    name: 'flattened: undeclared members go with their object',
    runs: [
      run([plain, record('{"id":1,"a":{"x":1,"new":"n"}}')], { ...flat, ...add }),
      run([plain, record('{"id":1,"a":{"y":2}}')], flat),
    ],
    rows: ['1||2|'],
  },
  {
    name: 'flattened: a member that can not be held becomes NULL, the absent one too',
    runs: [
      run([plain, ...records('{"id":1,"a":{"x":1,"y":2}}', '{"id":1,"a":{"x":"bad"}}')], {
        ...flat,
        invalid_values: 'null',
        workers: 2,
      }),
    ],
    rows: ['1||'],
  },
];

const at = '"2024-01-01T00:00:00Z"';
const v = keyed(id);
const two = [row('1', 'a'), row('2', 'b')];

export const markers: readonly FurtherInput[] = [
  {
    name: 'markers: in a file of lines',
    runs: [run([v, ...two, { lines: [`{"id":1,"_SDC_Deleted_AT":${at}}`] }], hard)],
    rows: ['2|b'],
  },
  {
    name: 'markers: a column of a Parquet file',
    runs: [
      run([v, ...two]),
      run([v, { parquet: `SELECT 1::BIGINT AS id, 'x' AS v, TIMESTAMP '2024-01-01' AS "_SDC_DELETED_AT"` }], hard),
    ],
    rows: ['2|b'],
  },
  {
    name: 'markers: written with an escape',
    runs: [run([v, ...two, record(`{"id":1,"\\u005fSDC_deleted_at":${at}}`)], hard)],
    rows: ['2|b'],
  },
  {
    name: 'markers: the long s is another letter',
    runs: [run([v, ...two, record(`{"id":1,"v":"c","_\u017fdc_deleted_at":${at}}`)], hard)],
    rows: ['1|c', '2|b'],
  },
  {
    name: 'markers: validated against a shut schema',
    runs: [
      run(
        [
          schema({ id, v: text }, ['id'], { additionalProperties: false, required: ['id', 'v'] }),
          ...two,
          record(`{"id":1,"_SDC_DELETED_AT":${at}}`),
        ],
        { ...hard, validate_records: true },
      ),
    ],
    rows: ['2|b'],
  },
  {
    name: 'markers: undeclared, with columns for what is undeclared',
    runs: [
      run([v, ...two, record(`{"id":1,"_SDC_DELETED_AT":${at}}`), record('{"id":2,"_SDC_DELETED_AT":null,"w":1}')], {
        ...hard,
        ...add,
      }),
    ],
    rows: ['2|b|1'],
  },
  {
    name: 'markers: of a composite key, two threads',
    runs: [
      run(
        [
          schema({ k: text, id, v: text }, ['k', 'id']),
          ...records(
            '{"k":"x","id":1,"v":"a"}',
            '{"k":"y","id":1,"v":"b"}',
            `{"k":"x","id":1.0,"_SDC_deleted_at":${at}}`,
          ),
        ],
        { ...hard, workers: 2 },
      ),
    ],
    rows: ['y|1|b'],
  },
  {
    name: 'markers: deleted and sent again, in another case each time',
    runs: [
      run([v, ...two, record(`{"id":1,"_SDC_DELETED_AT":${at}}`), record('{"id":1,"_Sdc_Deleted_At":null}')], hard),
    ],
    rows: ['1|', '2|b'],
  },
  {
    name: 'markers: in an overwrite',
    runs: [
      run([v, ...two, STATE]),
      run([v, ...two, record(`{"id":1,"_SDC_DELETED_AT":${at}}`), STATE], { ...hard, ...overwrite }),
    ],
    rows: ['2|b'],
  },
  {
    name: 'markers: of a flattened key',
    runs: [
      run(
        [
          schema({ a: object({ id }), v: text }, ['a__id']),
          ...records('{"a":{"id":1},"v":"a"}', '{"a":{"id":2},"v":"b"}', `{"a":{"id":1},"_SDC_DELETED_AT":${at}}`),
        ],
        { ...flat, ...hard },
      ),
    ],
    rows: ['2|b'],
  },
];
