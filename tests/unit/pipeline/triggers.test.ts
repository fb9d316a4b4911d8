import { expect, it } from 'vitest';
import { isFull, isOld, mustCloseBefore } from '../../../src/pipeline/triggers.ts';

const limits = { maxRows: 100, maxBytes: 1000, maxAgeMs: 5000 };
const batch = (size: { rows?: number; inputBytes?: number; openedAtMs?: number }) => ({
  rows: 0,
  inputBytes: 0,
  openedAtMs: 0,
  ...size,
});

it('closes a batch before rows that would make it too large, so that none exceeds the limit', () => {
  expect(mustCloseBefore(batch({ rows: 60 }), 40, limits)).toBe(false);
  expect(mustCloseBefore(batch({ rows: 60 }), 41, limits)).toBe(true);
  expect(mustCloseBefore(batch({ rows: 0 }), 500, limits)).toBe(false);
});

it('closes a batch that has reached its rows or its bytes', () => {
  expect(isFull(batch({ rows: 99, inputBytes: 999 }), limits)).toBe(false);
  expect(isFull(batch({ rows: 100 }), limits)).toBe(true);
  expect(isFull(batch({ inputBytes: 1000 }), limits)).toBe(true);
});

it('closes a batch by age only where an age is set', () => {
  expect(isOld(batch({ openedAtMs: 1000 }), limits, 5999)).toBe(false);
  expect(isOld(batch({ openedAtMs: 1000 }), limits, 6000)).toBe(true);
  expect(isOld(batch({}), { ...limits, maxAgeMs: undefined }, 1e12)).toBe(false);
});
