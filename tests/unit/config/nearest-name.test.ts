import { describe, expect, it } from 'vitest';
import { isTypoOf, nearestName, suggestion } from '../../../src/config/nearest-name.ts';

const known = ['host', 'password', 'batch_size_rows', 'port'];

describe('of known names', () => {
  it.each([
    ['hots', 'host'],
    ['HOST', 'host'],
    ['pasword', 'password'],
    ['passwrod_', 'password'],
    ['xaxxword_', undefined],
    ['batchsizerow', 'batch_size_rows'],
    ['frobnicate', undefined],
    ['ab', undefined],
    ['prt', 'port'],
  ])('%j was probably meant to be %j', async (name, expected) => {
    expect(await nearestName(name, known)).toBe(expected);
  });
});

it('a suggestion ends the sentence, where there is one', () => {
  expect(suggestion('"host"')).toBe('; did you mean "host"?');
  expect(suggestion(undefined)).toBe('');
});

it.each([
  ['hsot', 'host', true],
  ['HOST', 'host', true],
  ['hos', 'host', true],
  ['ho', 'host', false],
  ['pasword', 'password', true],
  ['pswrdddd', 'password', false],
  ['paxxword', 'password', true],
  ['paxxxord', 'password', false],
  ['batch_size_rox', 'batch_size_rows', true],
])('that %j is a slip of %j: %s', async (name, known, expected) => {
  expect(await isTypoOf(name, known)).toBe(expected);
});
