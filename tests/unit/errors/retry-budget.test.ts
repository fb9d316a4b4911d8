import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeTried, type RetryClock, retryBudget } from '../../../src/errors/retry-budget.ts';

/** Time that passes only when somebody waits, or says so. */
function fakeClock(random: () => number = () => 1) {
  const pauses: number[] = [];
  let now = 1_000;
  const clock: RetryClock = {
    now: () => now,
    sleep: async (ms) => {
      pauses.push(ms);
      now += ms;
    },
    random,
  };
  return { clock, pauses, pass: (ms: number) => (now += ms) };
}

describe('patience', () => {
  test('waits longer each time, up to a limit, and not beyond its deadline', async () => {
    const { clock, pauses } = fakeClock();
    const patient = retryBudget({ maxMs: 60_000, clock });
    let attempts = 1;
    while (await patient.wait()) attempts++;
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 12_000, 12_000, 12_000, 8_500]);
    expect(patient.tried).toEqual({ attempts, ms: 60_000 });
    expect(describeTried(patient.tried)).toBe('10 attempts in 60 s');
  });

  test('begins to count with the first failure, not with the operation', async () => {
    const { clock, pass } = fakeClock(() => 0);
    const patient = retryBudget({ maxMs: 1_000, clock });
    pass(3_600_000);
    expect(await patient.wait()).toBe(true);
    expect(patient.tried).toEqual({ attempts: 1, ms: 0 });
  });

  test('repeats what takes longer than its deadline twice', async () => {
    const { clock, pass } = fakeClock();
    const patient = retryBudget({ maxMs: 1_000, clock });
    const repeated = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      pass(3_600_000);
      repeated.push(await patient.wait());
    }
    expect(repeated).toEqual([true, true, false, false]);
  });

  test('of no time is none', async () => {
    const { clock, pauses } = fakeClock();
    expect(await retryBudget({ maxMs: 0, clock }).wait()).toBe(false);
    expect(pauses).toEqual([]);
  });

  test('takes any part of a pause, so that two that failed together do not come back together', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3 }), async (parts) => {
        const left = [...parts];
        const { clock, pauses } = fakeClock(() => left.shift()!);
        const patient = retryBudget({ maxMs: Number.MAX_SAFE_INTEGER, clock });
        for (const _ of parts) await patient.wait();
        expect(pauses).toEqual(parts.map((part, n) => part * Math.min(12_000, 500 * 2 ** n)));
      }),
    );
  });

  test('ends with the signal, in the middle of a pause', async () => {
    const ending = new AbortController();
    const patient = retryBudget({ maxMs: 3_600_000, signal: ending.signal, clock: { random: () => 1 } });
    await patient.wait();
    const startedAt = performance.now();
    setTimeout(() => ending.abort(), 50);
    expect(await patient.wait()).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(900);
    expect(await patient.wait()).toBe(false);
  });
});
