import { expect, it } from 'vitest';
import { DeleteSigns } from '../../../src/pipeline/delete-signs.ts';
import { versionOf } from './parts.ts';

it('a stream without a row misses no sign, and one with rows does', () => {
  const version = { ...versionOf('a', { deletes: 'hard' }), isWholeTable: true };
  const signs = new DeleteSigns();
  expect(signs.isMissing(version)).toBe(false);
  signs.rows(version, 0, false);
  expect(signs.isMissing(version)).toBe(false);
  signs.rows(version, 1, false);
  expect(signs.isMissing(version)).toBe(true);
  expect(signs.isMissing({ ...version, isWholeTable: false })).toBe(false);
});
