// The grammar of schemas: what taps declare for one property, the column that docs/types.md promises for it, and values of it.
import fc from 'fast-check';
import {
  anyDoc,
  dates,
  integers,
  numbers,
  decimals as roughDecimals,
  texts,
  timestamps,
} from '../../unit/encode/generated-values.ts';
import { microseconds, scientific } from '../../unit/encode/row-oracle.ts';
import type { Doc } from '../../unit/encode/spelling.ts';

export type NumberType = 'double' | 'decimal' | 'string';

export interface Shape {
  readonly schema: unknown;
  /** What the schema refers to: members of `definitions` and `$defs` of the root. */
  readonly definitions: Readonly<Record<string, unknown>>;
  /** The column's type, in Spark's words. */
  readonly type: string;
  readonly values: fc.Arbitrary<Doc>;
}

type Leaf = Omit<Shape, 'definitions'> & { readonly schema: object };

const raw = (text: string): Doc => ({ raw: text });
const asText = (text: string): Doc => ({ text });

/** The same number in other words. */
const respelled = (numerals: fc.Arbitrary<string>): fc.Arbitrary<Doc> =>
  fc
    .tuple(numerals, fc.constantFrom('', '', '', '.0', '.000', 'e0', 'E+0', '0e-1', '000E-003'))
    .map(([numeral, tail]) => raw(/^-?\d+$/.test(numeral) && !/^-?0/.test(numeral) ? numeral + tail : numeral));

const isInstant = (text: string): boolean => {
  try {
    return microseconds(text) !== undefined;
  } catch {
    return false;
  }
};
const instants = timestamps.filter(isInstant).map(asText);
/** Those among the edges that DECIMAL(precision,scale) holds. */
const decimals = (scale: number, precision: number): fc.Arbitrary<string> =>
  roughDecimals(scale, precision).filter((text) => {
    const [digits = '', exponent = '0'] = scientific(text).replace('-', '').split('e');
    return Number(exponent) >= -scale && (digits === '0' || digits.length + Number(exponent) <= precision - scale);
  });
const strings = texts.map(asText);
const between = (low: bigint, high: bigint) => fc.bigInt({ min: low, max: high }).map(String);

function numberValues(numberType: NumberType): fc.Arbitrary<Doc> {
  // an undeclared decimal has 9 digits after the point
  return numberType === 'decimal' ? respelled(decimals(9, 38)) : numbers.map(raw);
}

const numberColumns = { double: 'DOUBLE', decimal: 'DECIMAL(38,9)', string: 'STRING' } as const;

const precisions = fc
  .tuple(fc.integer({ min: 1, max: 38 }), fc.nat(38))
  .map(([precision, scale]) => ({ precision, scale: Math.min(scale, precision) }));

const plainTexts = fc.constantFrom(
  {},
  { minLength: 0 },
  { format: 'uuid' },
  { format: 'time' },
  { format: 'x-singer.decimal' },
  { contentEncoding: 'base64', format: 'date-time' },
  { description: 'é "q" \\' },
);

const wide = { maximum: 1e38 };
const scalars: Record<string, (numberType: NumberType) => fc.Arbitrary<Leaf>> = {
  boolean: () =>
    fc.constant({ schema: { type: 'boolean' }, type: 'BOOLEAN', values: fc.constantFrom('true', 'false').map(raw) }),
  integer: () =>
    fc.constantFrom(
      { schema: { type: 'integer' }, type: 'BIGINT', values: respelled(integers) },
      {
        schema: { type: 'integer', minimum: -(2 ** 63), maximum: 2 ** 63 },
        type: 'BIGINT',
        values: respelled(integers),
      },
      {
        schema: { type: 'integer', minimum: 0, exclusiveMaximum: 2 ** 31, multipleOf: 1 },
        type: 'BIGINT',
        values: respelled(between(0n, 2n ** 31n - 1n)),
      },
      {
        schema: { type: 'integer', exclusiveMinimum: true, minimum: 0 },
        type: 'BIGINT',
        values: respelled(between(1n, 99n)),
      },
    ),
  bigInteger: () =>
    fc
      .constantFrom(wide, { minimum: -1e30 }, { exclusiveMaximum: 2 ** 64 }, { precision: 30, scale: 0 })
      .map((bounds) => ({
        schema: { type: 'integer', ...bounds },
        type: 'DECIMAL(38,0)',
        values: respelled(between(-(10n ** 38n) + 1n, 10n ** 38n - 1n)),
      })),
  number: (numberType) =>
    fc
      .constantFrom({}, { minimum: -1e308, maximum: 1e308 }, { format: 'float' }, { multipleOf: 1e-38 })
      .map((more) => ({
        schema: { type: 'number', ...more },
        type: numberColumns[numberType],
        values: numberValues(numberType),
      })),
  multiple: () =>
    fc.integer({ min: 1, max: 19 }).map((scale) => ({
      schema: { type: 'number', multipleOf: Number(`1e-${scale}`) },
      type: `DECIMAL(38,${scale})`,
      values: respelled(decimals(scale, 38)),
    })),
  declaredDecimal: () =>
    fc.tuple(precisions, fc.boolean()).map(([{ precision, scale }, isPair]) => ({
      schema: isPair
        ? { type: 'number', additionalProperties: { scale_precision: `(${precision},${scale})` } }
        : { type: 'number', precision, scale },
      type: `DECIMAL(${precision},${scale})`,
      values: respelled(decimals(scale, precision)),
    })),
  textDecimal: () =>
    precisions.map(({ precision, scale }) => ({
      schema: { type: 'string', format: 'x-singer.decimal', precision, scale },
      type: `DECIMAL(${precision},${scale})`,
      values: decimals(scale, precision).map(asText),
    })),
  string: () => plainTexts.map((more) => ({ schema: { type: 'string', ...more }, type: 'STRING', values: strings })),
  looseString: () =>
    fc.constantFrom({}, { maxLength: 3 }, { format: 'uuid' }).map((more) => ({
      schema: { type: 'string', ...more },
      type: 'STRING',
      values: fc.oneof(strings, anyDoc),
    })),
  timestamp: () =>
    fc.constant({ schema: { type: 'string', format: 'date-time' }, type: 'TIMESTAMP', values: instants }),
  date: () =>
    fc.constant({
      schema: { type: 'string', format: 'date' },
      type: 'DATE',
      values: fc
        .oneof(
          dates,
          dates.map((day) => `${day}T00:00:00.000Z`),
        )
        .map(asText),
    }),
};

const objects = fc.array(fc.tuple(texts, anyDoc), { maxLength: 4 }).map((members): Doc => ({ members }));
const arrays = fc.array(anyDoc, { maxLength: 4 }).map((items): Doc => ({ items }));

const structures: fc.Arbitrary<Leaf> = fc.constantFrom(
  { schema: { type: 'object' }, type: 'STRING', values: objects },
  { schema: { type: 'object', additionalProperties: { type: 'number' } }, type: 'STRING', values: objects },
  { schema: { type: 'array', items: { type: 'integer' } }, type: 'STRING', values: arrays },
  { schema: { items: {} }, type: 'STRING', values: arrays },
);

const typeless: fc.Arbitrary<Leaf> = fc
  .constantFrom({}, { title: 'anything' }, { format: 'date-time' }, { minimum: 1 }, { type: [] }, { type: 'any' })
  .map((schema) => ({ schema, type: 'STRING', values: anyDoc }));

const enums: fc.Arbitrary<Leaf> = fc.constantFrom(
  listed('STRING', ['', 'a', 'NULL', '2024-01-01', '"']),
  listed('STRING', ['a', null, 'é']),
  listed('BIGINT', [0, -1, 9007199254740991, null]),
  listed('BOOLEAN', [true, false]),
  listed('STRING', [true, 'true', 1]),
  listed('STRING', [1, 'one']),
  listed('STRING', [{ a: 1 }, [1, 'x'], 'y', null]),
  { schema: { const: 'only' }, type: 'STRING', values: fc.constant(asText('only')) },
  { schema: { const: 7 }, type: 'BIGINT', values: fc.constantFrom('7', '7.0').map(raw) },
  { schema: { const: [1.5] }, type: 'STRING', values: fc.constantFrom('[1.5]', '[ 15e-1]').map(raw) },
  { schema: { type: 'string', enum: ['a', 'b'] }, type: 'STRING', values: fc.constantFrom('a', 'b').map(asText) },
);

function listed(type: string, values: readonly unknown[]): Leaf {
  return {
    schema: { enum: values },
    type,
    values: fc.constantFrom(...values.map((value) => raw(JSON.stringify(value)))),
  };
}

/** Two kinds in one column → the narrowest that holds both. */
const unions = (numberType: NumberType): readonly (readonly [string, string, string])[] => [
  ['timestamp', 'date', 'TIMESTAMP'],
  ['timestamp', 'string', 'STRING'],
  ['date', 'string', 'STRING'],
  ['integer', 'string', 'STRING'],
  ['number', 'string', 'STRING'],
  ['timestamp', 'integer', 'STRING'],
  ['boolean', 'string', 'STRING'],
  ['boolean', 'integer', 'STRING'],
  ['integer', 'bigInteger', 'DECIMAL(38,0)'],
  ['integer', 'number', numberColumns[numberType]],
];

function unionOf(numberType: NumberType): fc.Arbitrary<Leaf> {
  return fc.constantFrom(...unions(numberType)).chain(([one, other, type]) =>
    fc
      .tuple(scalars[one]!(numberType), scalars[other]!(numberType), fc.constantFrom('anyOf', 'oneOf'))
      .map(([a, b, combinator]) => ({
        schema: { [combinator]: [a.schema, b.schema] },
        type,
        values: fc.oneof(...[a, b].map(({ values }) => values)),
      })),
  );
}

/** With an object among them everything is JSON. */
const withObject = (leaf: fc.Arbitrary<Leaf>): fc.Arbitrary<Leaf> =>
  leaf.map(({ schema, values }) => ({
    schema: { anyOf: [schema, { type: 'object', properties: { a: { type: 'integer' } } }, { type: 'array' }] },
    type: 'STRING',
    values: fc.oneof(values, objects, arrays),
  }));

/** `type: [...]` where one name stood. */
function withTypes({ schema, ...rest }: Leaf): Leaf {
  const { type } = schema as { type?: unknown };
  return { ...rest, schema: typeof type === 'string' ? { ...schema, type: ['null', type] } : schema };
}

type Wrapping = (shape: Shape, name: string) => Shape;

const wrappings: readonly Wrapping[] = [
  (shape) => shape,
  (shape) => ({ ...shape, schema: { anyOf: [shape.schema, { type: 'null' }] } }),
  (shape) => ({ ...shape, schema: { oneOf: [{ type: 'null' }, shape.schema] } }),
  (shape) => ({ ...shape, schema: { allOf: [shape.schema] } }),
  (shape) => ({ ...shape, schema: { allOf: [{ description: 'says nothing' }, shape.schema], default: null } }),
  (shape, name) => referred(shape, 'definitions', name),
  (shape, name) => referred(shape, '$defs', name),
  (shape, name) => {
    const { schema, ...rest } = referred(shape, 'definitions', name);
    return { ...rest, schema: { anyOf: [schema, { type: 'null' }, schema] } };
  },
];

/** The schema stands among the definitions, and a reference to it in its place. */
function referred(shape: Shape, place: 'definitions' | '$defs', name: string): Shape {
  const $ref = `#/${place}/${name.replace('/', '~1').replace(' ', '%20')}`;
  return { ...shape, schema: { $ref }, definitions: { ...shape.definitions, [name]: shape.schema } };
}

export function shapes(numberType: NumberType): fc.Arbitrary<Shape> {
  const scalar = fc.oneof(...Object.values(scalars).map((leaf) => leaf(numberType)));
  const leaf = fc.oneof(
    { weight: 10, arbitrary: scalar },
    { weight: 3, arbitrary: scalar.map(withTypes) },
    { weight: 2, arbitrary: unionOf(numberType) },
    { weight: 1, arbitrary: withObject(scalar) },
    { weight: 1, arbitrary: structures },
    { weight: 1, arbitrary: structures.map(withTypes) },
    { weight: 1, arbitrary: typeless },
    { weight: 2, arbitrary: enums },
  );
  const wrapping = fc.tuple(
    fc.constantFrom(...wrappings),
    fc.noBias(fc.maxSafeNat()),
    fc.constantFrom('', '', '/of', ' of'),
  );
  return fc.tuple(leaf, fc.array(wrapping, { maxLength: 3 })).map(([bare, wraps]) =>
    wraps.reduce<Shape>((shape, [wrap, number, tail]) => wrap(shape, `d${number}${tail}`), {
      ...bare,
      definitions: {},
    }),
  );
}
