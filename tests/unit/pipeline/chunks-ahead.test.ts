import { expect, it } from 'vitest';
import { ChunksAhead } from '../../../src/pipeline/chunks-ahead.ts';
import type { EncodedChunk } from '../../../src/pipeline/encoded-chunk.ts';

const chunk = (inputOffset: number): EncodedChunk => ({
  steps: [],
  results: Promise.resolve([]),
  placeOf: () => ({}),
  inputOffset,
  inputBytes: 0,
  failure: undefined,
});
const resting = () => new Promise((resolve) => setImmediate(resolve));

it('so many chunks are asked for before the first is, one after the other, and come in their order', async () => {
  let asked = 0;
  let underWay = 0;
  const intake = {
    next: async () => {
      expect(++underWay).toBe(1);
      const offset = asked++;
      await resting();
      underWay--;
      return offset < 5 ? chunk(offset) : undefined;
    },
  };
  const ahead = new ChunksAhead(intake, 3);
  expect(asked).toBe(0);
  expect((await ahead.next())?.inputOffset).toBe(0);
  for (let turn = 0; turn < 10; turn++) await resting();
  expect(asked).toBe(3);
  const offsets = [];
  for (let next = await ahead.next(); next; next = await ahead.next()) offsets.push(next.inputOffset);
  expect(offsets).toEqual([1, 2, 3, 4]);
});

it('what reading throws is thrown once all chunks before it were given', async () => {
  let asked = 0;
  const intake = {
    next: async () => {
      if (asked++ === 2) throw new Error('no more');
      return chunk(asked);
    },
  };
  const ahead = new ChunksAhead(intake, 4);
  expect((await ahead.next())?.inputOffset).toBe(1);
  for (let turn = 0; turn < 10; turn++) await resting();
  expect((await ahead.next())?.inputOffset).toBe(2);
  await expect(ahead.next()).rejects.toThrow('no more');
  expect(asked).toBe(3);
});
