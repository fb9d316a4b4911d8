import { expect, it } from 'vitest';
import { inWords } from '../../../src/config/expectation.ts';
import type { ValueSchema } from '../../../src/config/option.ts';

it.each<[ValueSchema, string]>([
  [{ type: 'boolean' }, 'true or false'],
  [{ type: 'integer' }, 'a whole number'],
  [{ type: 'integer', minimum: 1 }, 'a whole number of at least 1'],
  [{ type: 'integer', maximum: 9 }, 'a whole number of at most 9'],
  [{ type: 'integer', minimum: 1, maximum: 9 }, 'a whole number from 1 to 9'],
  [{ type: 'string' }, 'a string'],
  [{ type: 'string', enum: ['a', 'b'] }, '"a" or "b"'],
  [{ type: 'object' }, 'an object'],
  [{ type: 'array', items: { type: 'string' } }, 'an array of strings'],
  [{ anyOf: [{ type: 'string', enum: ['a', 'b'] }, { type: 'object' }] }, '"a" or "b" or an object'],
])('%j is %s', (schema, words) => {
  expect(inWords(schema)).toBe(words);
});
