import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonError } from '../../../src/json/find-json-error.ts';

describe('the place of an error in JSON', () => {
  it.each([
    ['', 1, 1],
    ['{"a": }', 1, 7],
    ['{"a": 1,}', 1, 9],
    ['{"a": 1\n "b": 2}', 2, 2],
    ['{a: 1}', 1, 2],
    ['[1, 2', 1, 6],
    ['{"a": "x\ny"}', 1, 7],
    ['{} x', 1, 4],
    ['01', 1, 2],
  ])('%j is line %i, column %i', (text, line, column) => {
    expect(findJsonError(text)).toEqual({ line, column });
  });

  it('exists exactly when the text is not JSON', () => {
    const damaged = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', '{', ']', ',', ':', '\\', '\n', '1', 'e', '-', '\u0001', 'é'),
      )
      .map(([text, at, inserted]) => {
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + inserted + text.slice(cut + (inserted === '' ? 1 : 0));
      });
    fc.assert(
      fc.property(damaged, (text) => {
        expect(findJsonError(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
