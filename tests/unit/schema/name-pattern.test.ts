import { expect, it, vi } from 'vitest';
import { matchesName } from '../../../src/schema/name-pattern.ts';

it('a pattern matches names as its expression does', () => {
  const pattern = /^x_/;
  expect(matchesName(pattern, 'x_1')).toBe(true);
  expect(matchesName(pattern, 'y_1')).toBe(false);
  expect(matchesName(/^y_/, 'y_1')).toBe(true);
});

it('a name is tested once, until a thousand others have come', () => {
  const pattern = /^x/;
  const test = vi.spyOn(pattern, 'test');
  const names = Array.from({ length: 1_000 }, (_, n) => `x${n}`);
  for (const name of [...names, ...names]) expect(matchesName(pattern, name)).toBe(true);
  expect(test).toHaveBeenCalledTimes(1_000);
  matchesName(pattern, 'y');
  matchesName(pattern, 'y');
  expect(test).toHaveBeenCalledTimes(1_001);
  matchesName(pattern, 'x0');
  expect(test).toHaveBeenCalledTimes(1_002);
});

it('a pattern that backtracks for too long is refused, with the name of the field', () => {
  const name = `${'a'.repeat(60)}!`;
  expect(() => matchesName(/^(a+)+$/, name, 50)).toThrow(
    expect.objectContaining({
      code: 'INPUT_SCHEMA_INVALID',
      message:
        'the pattern "^(a+)+$" of "patternProperties" takes more than 0.05 s on the name of this field: write the pattern so that it does not backtrack',
      context: { column: name },
    }),
  );
});
