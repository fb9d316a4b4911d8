// Tests over generated values take the same ones for each mutant, and fewer than in other runs.
import { vi } from 'vitest';

const mostRuns = 25;

vi.mock('fast-check', async (importOriginal) => {
  const original = await importOriginal<typeof import('fast-check')>();
  const assert = (property: never, { numRuns = 100, ...parameters }: { readonly numRuns?: number } = {}) =>
    original.assert(property, { seed: 1, ...parameters, numRuns: Math.min(numRuns, mostRuns) });
  return { ...original, assert, default: { ...original.default, assert } };
});
