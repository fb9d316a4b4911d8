import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../../src/schema/columns.ts';
import { flattenedObjects, flattenProperties } from '../../../src/schema/flatten.ts';

const text = { type: ['null', 'string'] };
const pathsOf = (root: object, level: number) => flattenProperties(root, level)?.map(({ path }) => path.join('.'));

const nested = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    free: { type: ['null', 'object'] },
    obj: {
      type: ['null', 'object'],
      properties: { p1: text, p2: { type: ['null', 'object'], properties: { q1: text, q2: text } }, p3: text },
    },
  },
};

describe('flattenProperties', () => {
  it('takes nested objects apart down to the level asked for, in the order of declaration', () => {
    expect(pathsOf(nested, 0)).toEqual(['id', 'free', 'obj']);
    expect(pathsOf(nested, 1)).toEqual(['id', 'free', 'obj.p1', 'obj.p2', 'obj.p3']);
    expect(pathsOf(nested, 2)).toEqual(['id', 'free', 'obj.p1', 'obj.p2.q1', 'obj.p2.q2', 'obj.p3']);
    expect(pathsOf(nested, 10)).toEqual(pathsOf(nested, 2));
  });

  it('names and types the columns by their paths', () => {
    const columns = columnsOf(nested, { metadata: false, flattenMaxLevel: 1 });
    expect(columns.map(({ name, type }) => [name, type.kind])).toEqual([
      ['id', 'bigint'],
      ['free', 'json'],
      ['obj__p1', 'string'],
      ['obj__p2', 'json'],
      ['obj__p3', 'string'],
    ]);
  });

  it.each([
    ['an array may stand in its place', { type: ['null', 'array', 'object'], properties: { a: text } }],
    ['a string may stand in its place', { anyOf: [{ type: 'object', properties: { a: text } }, { type: 'string' }] }],
    ['it declares no properties', { type: 'object', properties: {} }],
    [
      'one alternative declares no properties',
      { anyOf: [{ type: 'object', properties: { a: text } }, { type: 'object' }] },
    ],
  ])('leaves an object whole when %s', (_, o) => {
    expect(pathsOf({ properties: { o } }, 5)).toEqual(['o']);
  });

  it('sees through references and combinators', () => {
    const root = {
      definitions: { address: { type: 'object', properties: { city: text } } },
      properties: {
        nullable: { anyOf: [{ $ref: '#/definitions/address' }, { type: 'null' }] },
        extended: { allOf: [{ $ref: '#/definitions/address' }, { properties: { zip: text } }] },
        either: {
          oneOf: [
            { type: 'object', properties: { k: { type: 'integer' } } },
            { properties: { k: { type: 'number' } } },
          ],
        },
        conditioned: { type: 'object', properties: { a: text }, anyOf: [{ required: ['a'] }, { required: [] }] },
      },
    };
    expect(pathsOf(root, 1)).toEqual(['nullable.city', 'extended.city', 'extended.zip', 'either.k', 'conditioned.a']);
    const columns = columnsOf(root, { metadata: false, flattenMaxLevel: 1 });
    expect(columns.find(({ name }) => name === 'either__k')?.type).toEqual({ kind: 'double' });
  });

  it('finds the properties of a root that is a reference', () => {
    expect(pathsOf({ $ref: '#/$defs/row', $defs: { row: { properties: { id: text } } } }, 0)).toEqual(['id']);
  });

  it('does not take a recursive object apart again', () => {
    const node = { type: 'object', properties: { value: text, next: { $ref: '#/definitions/node' } } };
    const root = { definitions: { node }, properties: { head: { $ref: '#/definitions/node' } } };
    expect(pathsOf(root, 10)).toEqual(['head.value', 'head.next']);
    expect(pathsOf({ type: 'object', properties: { id: text, parent: { $ref: '#' } } }, 10)).toEqual(['id', 'parent']);
  });

  it('gives nothing for a root without properties', () => {
    expect(flattenProperties({ type: 'object' }, 1)).toBeUndefined();
  });

  it('reads all that is said of a property in several places', () => {
    const [number, integer] = [{ properties: { k: { type: 'number' } } }, { properties: { k: { type: 'integer' } } }];
    const typeOf = (schema: object) => columnsOf(schema, { metadata: false, flattenMaxLevel: 0 })[0]?.type.kind;
    expect(typeOf({ allOf: [integer, { properties: { k: { maximum: 5 } } }] })).toBe('bigint');
    expect(typeOf({ anyOf: [number, integer] })).toBe('double');
    expect(typeOf({ oneOf: [number, integer] })).toBe('double');
  });

  describe('goes 64 levels deep, and no further:', () => {
    const found = (schema: unknown) => flattenProperties(schema, 0) !== undefined;
    const around = (depth: number, wrap: (inner: object) => object) => {
      let schema: object = { type: 'object', properties: { id: text } };
      for (let level = 0; level < depth; level++) schema = wrap(schema);
      return schema;
    };

    it.each([
      ['allOf', (inner: object) => ({ allOf: [inner] })],
      ['anyOf', (inner: object) => ({ anyOf: [inner] })],
      ['oneOf', (inner: object) => ({ oneOf: [inner] })],
    ])('%s', (_, wrap) => {
      expect(found(around(64, wrap))).toBe(true);
      expect(found(around(65, wrap))).toBe(false);
    });

    it('references', () => {
      const chain = (length: number) => {
        const $defs = Object.fromEntries(
          Array.from({ length }, (_, level) => [`d${level}`, { $ref: `#/$defs/d${level + 1}` }]),
        );
        return { $ref: '#/$defs/d0', $defs: { ...$defs, [`d${length}`]: { properties: { id: text } } } };
      };
      expect(found(chain(63))).toBe(true);
      expect(found(chain(64))).toBe(false);
    });

    it('objects', () => {
      const deep = around(100, (inner) => ({ type: 'object', properties: { o: inner } }));
      expect(flattenProperties(deep, 1000)?.map(({ path }) => path.length)).toEqual([65]);
    });
  });
});

describe('flattenedObjects', () => {
  const objectsOf = (root: object, level: number) => flattenedObjects(root, level).map(({ path }) => path.join('.'));

  it('are those that are taken apart, outer ones first', () => {
    expect(objectsOf(nested, 0)).toEqual([]);
    expect(objectsOf(nested, 1)).toEqual(['obj']);
    expect(objectsOf(nested, 5)).toEqual(['obj', 'obj.p2']);
    expect(flattenedObjects(nested, 1)[0]?.schema).toBe(nested.properties.obj);
  });

  it('are none in a root without properties', () => {
    expect(objectsOf({ type: 'object' }, 3)).toEqual([]);
  });
});

it('a small schema that would make millions of columns is refused, at once', () => {
  const levels = Array.from({ length: 10 }, (_, level) => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const $ref = `#/definitions/l${level + 1}`;
    return [`l${level}`, { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { $ref }])) }];
  });
  const definitions = Object.fromEntries([...levels, ['l10', { type: 'integer' }]]);
  const root = { properties: { x: { $ref: '#/definitions/l0' } }, definitions };
  expect(() => flattenProperties(root, 10)).toThrow(
    expect.objectContaining({
      code: 'INPUT_SCHEMA_INVALID',
      message: 'flattening makes more than 20000 columns of the schema: set "data_flattening_max_level" lower',
    }),
  );
  expect(flattenProperties(root, 3)).toHaveLength(6 ** 3);
});

it('20,000 columns are not too many, and one more is', () => {
  const flat = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`c${n}`, {}]));
  const root = (count: number) => ({ properties: { x: { type: 'object', properties: flat(count) } } });
  expect(flattenProperties(root(19_999), 1)).toHaveLength(19_999);
  expect(() => flattenProperties(root(20_000), 1)).toThrow('more than 20000 columns');
});

it('properties that nothing takes apart may be any number', () => {
  const properties = Object.fromEntries(Array.from({ length: 20_001 }, (_, n) => [`p${n}`, { type: 'integer' }]));
  expect(flattenProperties({ properties }, 10)).toHaveLength(20_001);
});
