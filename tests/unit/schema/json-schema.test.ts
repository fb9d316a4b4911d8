import { expect, it } from 'vitest';
import { isJsonObject, resolveRef } from '../../../src/schema/json-schema.ts';

const root = {
  definitions: { id: { type: 'integer' }, 'a/b': 1, 'a~b': 2, 'a b': 3, none: null, list: ['x'] },
  undefined: 4,
};

it.each([
  ['#', root],
  ['#/definitions/id', root.definitions.id],
  ['#/definitions/id/type', 'integer'],
  ['#/definitions/a~1b', 1],
  ['#/definitions/a~0b', 2],
  ['#/definitions/a%20b', 3],
  ['#/definitions/list/0', 'x'],
  ['#/definitions/none', null],
])('the reference %s is followed', (ref, expected) => {
  expect(resolveRef(ref, root)).toBe(expected);
});

it.each([
  '',
  'definitions/id',
  'other.json/definitions/id',
  'other.json#/definitions/id',
  '#definitions/id',
  '#/definitions/none/x',
  '#/definitions/id/type/0',
  '#/definitions/toString',
  '#/%zz',
  7,
  undefined,
])('the reference %j names nothing', (ref) => {
  expect(resolveRef(ref, root)).toBeUndefined();
});

it('an object of JSON is neither null nor a list', () => {
  expect([{}, null, [], 'x', undefined].map(isJsonObject)).toEqual([true, false, false, false, false]);
});
