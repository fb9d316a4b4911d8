import { describe, expect, it } from 'vitest';
import { undeclaredRule, verdictOf } from '../../../src/schema/member-rules.ts';
import { asText, jsonKind } from '../../../src/schema/model.ts';

const integer = { type: { kind: 'bigint' }, accepts: jsonKind.number };
const text = { type: { kind: 'string' }, accepts: jsonKind.string | asText };

type Options = Parameters<typeof undeclaredRule>[1];

/** What the schema says of a field that it does not declare. */
const says = (schema: unknown, path: readonly string[] = ['x'], options: Options = { flattenMaxLevel: 0 }) =>
  verdictOf(undeclaredRule(schema, options), path);

describe('of fields that it does not declare, a schema', () => {
  it.each([
    [{}],
    [{ additionalProperties: true }],
    [{ additionalProperties: {} }],
    [{ unevaluatedProperties: true }],
    [{ patternProperties: [] }],
    [[]],
    ['no schema'],
  ])('says nothing: %j', (schema) => {
    expect(says(schema)).toBeUndefined();
    expect(undeclaredRule(schema, { flattenMaxLevel: 0 }).objects.size).toBe(0);
  });

  it('may say that there are none', () => {
    expect(says({ additionalProperties: false })).toBe('none');
    expect(says({ unevaluatedProperties: false })).toBe('none');
    expect(says({ additionalProperties: { type: 'integer' }, unevaluatedProperties: false })).toEqual(integer);
  });

  it('may give them all one type', () => {
    expect(says({ additionalProperties: { type: 'integer' } })).toEqual(integer);
    const root = { additionalProperties: { $ref: '#/$defs/n' }, $defs: { n: { type: 'integer' } } };
    expect(says(root)).toEqual(integer);
  });

  it('may go by their names, of which the first pattern that matches decides', () => {
    const schema = {
      patternProperties: { '^n_': { type: 'integer' }, _x$: false, '^any_': {}, '^\\p{Lu}$': { type: 'string' } },
      additionalProperties: false,
    };
    expect(says(schema, ['n_x'])).toEqual(integer);
    expect(says(schema, ['a_x'])).toBe('none');
    expect(says(schema, ['any_'])).toBeUndefined();
    expect(says(schema, ['É'])).toEqual(text);
    expect(says(schema, ['other'])).toBe('none');
    expect(says({ patternProperties: { '^n_': { type: 'integer' } } }, ['other'])).toBeUndefined();
  });

  it('says it by references, by all of its parts, and by the only alternative that is an object', () => {
    const closed = { additionalProperties: false };
    expect(says({ $ref: '#/$defs/a', $defs: { a: closed } })).toBe('none');
    expect(says({ allOf: [{}, { additionalProperties: { type: 'integer' } }] })).toEqual(integer);
    expect(says({ allOf: [{ additionalProperties: { type: 'integer' } }, closed] })).toBe('none');
    expect(says({ allOf: [{ patternProperties: { '^x': { type: 'integer' } } }, {}] })).toEqual(integer);
    for (const either of ['anyOf', 'oneOf']) {
      expect(says({ [either]: [{ type: 'null' }, { type: 'object', ...closed }] })).toBe('none');
      expect(says({ [either]: [{ type: 'object' }, { type: 'object', ...closed }] })).toBeUndefined();
      expect(says({ [either]: [{ type: 'string', ...closed }] })).toBeUndefined();
    }
  });

  it('is read 64 levels deep, and no further', () => {
    const around = (depth: number) => {
      let schema: object = { additionalProperties: false };
      for (let level = 0; level < depth; level++) schema = { allOf: [schema] };
      return schema;
    };
    expect(says(around(64))).toBe('none');
    expect(says(around(65))).toBeUndefined();
  });

  it('that refers to itself says what it says once', () => {
    expect(says({ $ref: '#', additionalProperties: { type: 'integer' } })).toEqual(integer);
  });
});

describe('of members of an object', () => {
  const o = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'integer' } };
  const root = { properties: { o }, additionalProperties: false };

  it('that is flattened the schema of the object decides', () => {
    expect(says(root, ['o', 'x'], { flattenMaxLevel: 1 })).toEqual(integer);
    expect(says(root, ['x'], { flattenMaxLevel: 1 })).toBe('none');
  });

  it('that is one column nothing is said', () => {
    expect(says(root, ['o', 'x'])).toBeUndefined();
    expect(says(root, ['p', 'x'], { flattenMaxLevel: 1 })).toBeUndefined();
  });
});

describe('the options', () => {
  const numbers = { additionalProperties: { type: 'number' } };

  it('choose the type of numbers', () => {
    expect(says(numbers, ['x'], { flattenMaxLevel: 0, numberType: 'string' })).toMatchObject({
      type: { kind: 'string' },
    });
    expect(undeclaredRule({}, { flattenMaxLevel: 0, numberType: 'decimal' }).numbers).toBe('decimal');
    expect(undeclaredRule({}, { flattenMaxLevel: 0 }).numbers).toBe('double');
  });

  it('choose the type of objects', () => {
    const objects = { additionalProperties: { type: 'object', properties: { a: { type: 'integer' } } } };
    expect(says(objects)).toMatchObject({ type: { kind: 'json' } });
    expect(says(objects, ['x'], { flattenMaxLevel: 0, nestedColumns: 'struct' })).toMatchObject({
      type: { kind: 'struct' },
    });
  });
});

describe('a pattern that is no regular expression', () => {
  const broken = { patternProperties: { '(': {} } };

  it('is refused, and named', () => {
    expect(() => says(broken)).toThrow(
      expect.objectContaining({
        code: 'INPUT_SCHEMA_INVALID',
        message: expect.stringMatching(
          /^the pattern "\(" of "patternProperties" is no regular expression of JavaScript: ./,
        ),
        context: { column: undefined },
      }),
    );
  });

  it('is refused with the path of its object', () => {
    const inner = { type: 'object', properties: { a: {} }, ...broken };
    const outer = { properties: { o: { type: 'object', properties: { p: inner } } } };
    expect(() => says(outer, ['x'], { flattenMaxLevel: 2 })).toThrow(
      expect.objectContaining({ context: { column: 'o.p' } }),
    );
    expect(says(outer, ['x'])).toBeUndefined();
  });
});
