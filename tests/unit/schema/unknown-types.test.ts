// Types that no JSON Schema has, wherever a schema may name a type.
import { expect, it } from 'vitest';
import { unknownTypes, unknownTypeText } from '../../../src/schema/unknown-types.ts';

const found = (schema: unknown) => unknownTypes(schema).map(({ property, type }) => `${property}: ${type}`);

it.each([
  [{ type: 'obj' }, [': obj']],
  [
    { properties: { a: { type: 'integr' }, b: { type: ['null', 'nubmer', 'text'] } } },
    ['a: integr', 'b: nubmer', 'b: text'],
  ],
  [{ properties: { a: { properties: { b: { type: 'x' } } } } }, ['a.b: x']],
  [{ properties: { a: { items: { type: 'x' } } } }, ['a: x']],
  [
    { properties: { a: { anyOf: [{ type: 'x' }], oneOf: [{ type: 'y' }], allOf: [{ type: 'z' }] } } },
    ['a: x', 'a: y', 'a: z'],
  ],
])('are found in %j', (schema, expected) => {
  expect(found(schema)).toEqual(expected);
});

it.each([
  ['null', 'boolean', 'integer', 'number', 'string', 'object', 'array'].map((type) => ({ type })),
  [true, null, 'x', 7, ['x']],
  [{ type: 7 }, { type: [7, null] }, { properties: ['x'] }, { items: [{ type: 'x' }] }, { properties: { a: 'x' } }],
])('are none in schemas without them, and in what is no schema', (...schemas) => {
  for (const schema of schemas) expect(found(schema)).toEqual([]);
});

it('are looked for 20 levels deep', () => {
  const nested = (depth: number): object => (depth === 0 ? { type: 'x' } : { properties: { a: nested(depth - 1) } });
  expect(found(nested(20))).toEqual([`${'a.'.repeat(19)}a: x`]);
  expect(found(nested(21))).toEqual([]);
});

it('are told with the property, and with the types that there are', () => {
  const known = 'it knows null, boolean, integer, number, string, object, array';
  expect(unknownTypeText({ property: 'a.b', type: 'integr' })).toBe(
    `the schema of the property "a.b" has the type "integr", which JSON Schema does not know (${known}): values are kept as text`,
  );
  expect(unknownTypeText({ property: '', type: 'obj' })).toMatch(/^the schema of records has the type "obj", which/);
});

it('are told by the beginning of what is long', () => {
  const long = 'x'.repeat(100_000);
  expect(unknownTypeText({ property: long, type: long }).length).toBeLessThan(800);
});
