import { describe, expect, it } from 'vitest';
import { nearestName, suggestion } from '../../../src/config/nearest-name.ts';

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
