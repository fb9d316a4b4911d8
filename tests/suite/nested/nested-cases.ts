// Schemas of nested columns, values as a tap would write them, and what a warehouse must hold afterwards.
import fc from 'fast-check';
import { type ColumnType, isNested } from '../../../src/schema/model.ts';

/** What a column holds, in a form in which two values are equal when they are the same; members are called by their JSON name. */
export type Held = null | string | readonly Held[] | { readonly members: readonly (readonly [string, Held])[] };

interface Written {
  /** JSON text. */
  readonly json: string;
  readonly held: Held;
}

interface Shape {
  readonly schema: object;
  readonly value: fc.Arbitrary<Written>;
}

export interface NestedColumn {
  readonly schema: object;
  /** One for each row. */
  readonly values: readonly Written[];
}

export const rowsPerCase = 8;

/** A column that is a struct or array at its root. */
export const nestedColumn: fc.Arbitrary<NestedColumn> = fc
  .constantFrom(1, 2, 2, 3)
  .chain((depth) => fc.oneof(struct(depth), array(depth)))
  .chain(({ schema, value }) =>
    fc
      .array(orNull(value), { minLength: rowsPerCase, maxLength: rowsPerCase })
      .map((values) => ({ schema: { ...schema, type: ['null', (schema as { type: string }).type] }, values })),
  );

const NULL: Written = { json: 'null', held: null };
const orNull = (value: fc.Arbitrary<Written>): fc.Arbitrary<Written> =>
  fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.constant(NULL) });

const leaf = <T>(schema: object, values: fc.Arbitrary<T>, write: (value: T) => Written): Shape => ({
  schema,
  value: values.map(write),
});

/** Without the sign of a zero, which DuckDB's compression does not keep. */
export const doubleText = (value: number) => String(value + 0);
const pad = (value: number, digits: number) => String(value).padStart(digits, '0');

const instants = fc.tuple(
  fc.date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T23:59:59Z'), noInvalidDate: true }),
  fc.integer({ min: 0, max: 999_999 }),
);
const second = (date: Date) => date.toISOString().slice(0, 19);

/** As JSON.stringify does, or all in escapes. */
const stringLiteral = (text: string, escaped: boolean): string =>
  escaped
    ? `"${text
        .split('')
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join('')}"`
    : JSON.stringify(text);

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    'null',
    'NULL',
    ' ',
    '\u0000',
    '\u001e',
    '\u2028',
    '𝄞"\\\'`',
    '\r\n\t',
    '{"a":1}',
    'x'.repeat(5000),
  ),
);

const int64s = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), 9007199254740993n, 0n),
);
const doubles = fc.oneof(
  fc.double(),
  fc.constantFrom(5e-324, 1.7976931348623157e308, -0, 1e21, 1e-7, 0.1, 123456789012345680000, 2.225073858507201e-308),
);

function decimalText(digits: bigint, scale: number): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  return `${digits < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}
/** Of nine decimals at most. Spark writes small ones as `3.8E-8`. */
export function plainDecimal(text: string): string {
  const [digits = '', exponent] = text.split('E');
  const plain = exponent === undefined ? digits : Number(text).toFixed(9);
  return (plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain).replace(/^-0$/, '0');
}

const leaves: fc.Arbitrary<Shape> = fc.constantFrom(
  leaf({ type: ['null', 'boolean'] }, fc.boolean(), (value) => ({ json: String(value), held: String(value) })),
  leaf({ type: ['null', 'integer'] }, int64s, (value) => ({ json: String(value), held: String(value) })),
  leaf({ type: ['null', 'number'] }, doubles, (value) => ({
    json: Object.is(value, -0) ? '-0.0' : String(value),
    held: doubleText(value),
  })),
  leaf(
    { type: ['null', 'string'], format: 'x-singer.decimal', precision: 38, scale: 9 },
    fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
    (digits) => ({ json: `"${decimalText(digits, 9)}"`, held: plainDecimal(decimalText(digits, 9)) }),
  ),
  leaf(
    { type: ['null', 'integer'], maximum: 1e38 },
    fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
    (value) => ({ json: String(value), held: String(value) }),
  ),
  leaf({ type: ['null', 'string'], format: 'date-time' }, instants, ([date, micros]) => ({
    json: `"${second(date)}.${pad(micros, 6)}Z"`,
    held: `${second(date)}.${pad(micros, 6)}`,
  })),
  leaf({ type: ['null', 'string'], format: 'date' }, instants, ([date]) => ({
    json: `"${date.toISOString().slice(0, 10)}"`,
    held: date.toISOString().slice(0, 10),
  })),
  leaf({ type: ['null', 'string'] }, fc.tuple(texts, fc.boolean()), ([text, escaped]) => ({
    json: stringLiteral(text, escaped),
    held: text,
  })),
  leaf(
    {},
    fc.oneof(fc.json(), fc.constantFrom('{"a": [1.50, 1E400, "\\u00e9\\n"]}', '12345678901234567890.10')),
    anyJson,
  ),
  leaf({ type: ['null', 'object'] }, fc.constantFrom('{}', '{"k":{"deep":[[[]]]}}', '[ 1 ,\t2 ]'), anyJson),
);

function anyJson(json: string): Written {
  if (json.trim() === 'null') return NULL;
  return { json, held: json.startsWith('"') ? (JSON.parse(json) as string) : json };
}

const memberNames = fc.constantFrom(
  ...['a', 'A', 'b', 'b.c', 'select', 'q"uote', "it's", ' sp ', 'é𝄞', 'back\\slash', '1', '0', '__proto__', 'x<y>'],
  ...[
    '$(x)',
    '_corrupt_record',
    't`ick',
    'col:on',
    '',
    'v0',
    'v1',
    'element',
    'ﬁ',
    'İ',
    'comma,',
    'par(en)',
    '-',
    '🙂',
  ],
);

function shape(depth: number): fc.Arbitrary<Shape> {
  if (depth === 0) return leaves;
  return fc.oneof({ weight: 2, arbitrary: leaves }, struct(depth), array(depth));
}

function array(depth: number): fc.Arbitrary<Shape> {
  return shape(depth - 1)
    .filter(({ schema }) => Object.keys(schema).length > 0)
    .map(({ schema, value }) => ({
      schema: { type: 'array', items: { anyOf: [schema, { type: 'null' }] } },
      value: fc.array(orNull(value), { maxLength: 4 }).map((items) => ({
        json: `[${items.map(({ json }) => json).join(' ,')}]`,
        held: items.map(({ held }) => held),
      })),
    }));
}

interface Member {
  readonly name: string;
  readonly shape: Shape;
}

function struct(depth: number): fc.Arbitrary<Shape> {
  const member = fc.record({ name: memberNames, shape: shape(depth - 1) });
  return fc
    .uniqueArray(member, { selector: ({ name }) => name, minLength: 1, maxLength: 5 })
    .map((members) => ({ schema: structSchema(members), value: structValue(members) }));
}

function structSchema(members: readonly Member[]): object {
  // by way of JSON: an object literal would not own a property called __proto__
  const properties = members.map(({ name, shape }) => `${JSON.stringify(name)}:${JSON.stringify(shape.schema)}`);
  return { type: 'object', properties: JSON.parse(`{${properties.join(',')}}`) };
}

function structValue(members: readonly Member[]): fc.Arbitrary<Written> {
  const values = members.map(({ shape: { value } }) =>
    fc.record({
      value: orNull(value),
      fate: fc.constantFrom('sent', 'sent', 'sent', 'missing', 'twice'),
      order: fc.nat(),
    }),
  );
  return fc.tuple(...values).map((sent) => {
    const written = sent.flatMap(({ value, fate, order }, index) => {
      const name = JSON.stringify(members[index]!.name);
      const once = { order, text: `${name}: ${value.json}` };
      if (fate === 'missing') return [];
      return fate === 'twice' ? [{ order: -1, text: `${name}:"not this"` }, once] : [once];
    });
    const undeclared = { order: 7, text: '"not declared":{"x":[1]}' };
    const json = [...written, undeclared].sort((a, b) => a.order - b.order).map(({ text }) => text);
    return {
      json: `{ ${json.join(', ')} }`,
      held: {
        members: members.map(({ name }, index) => {
          const { value, fate } = sent[index]!;
          return [name, fate === 'missing' ? null : value.held] as const;
        }),
      },
    };
  });
}

/** What `held` says, in the order and under the names that the table's type has. */
export function inTable(held: Held, type: ColumnType): Held {
  if (held === null || !isNested(type)) return held;
  if (type.kind === 'array') return (held as readonly Held[]).map((item) => inTable(item, type.element.type));
  const { members } = held as Extract<Held, { members: unknown }>;
  const byName = new Map(members);
  return {
    members: type.fields.map(({ name, property, type: inner }) => [name, inTable(byName.get(property) ?? null, inner)]),
  };
}
