import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../../src/schema/columns.ts';
import { flattenProperties } from '../../../src/schema/flatten.ts';

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
});
