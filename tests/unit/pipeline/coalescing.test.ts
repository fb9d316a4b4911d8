import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Coalescing } from '../../../src/pipeline/coalescing.ts';

describe('a load', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** When it is over, in milliseconds from now; -1 as long as it is not. */
  function gather(coalescing: Coalescing, waiting: () => number | undefined) {
    const startedAt = performance.now();
    const over = { atMs: -1 };
    void coalescing.done(waiting).then(() => {
      over.atMs = performance.now() - startedAt;
    });
    return over;
  }

  it('waits while batches come in quick succession, and no longer', async () => {
    let rows = 1;
    const over = gather(new Coalescing(400), () => rows);
    for (let batch = 0; batch < 4; batch++) {
      await vi.advanceTimersByTimeAsync(300);
      rows++;
    }
    await vi.advanceTimersByTimeAsync(5_000);
    expect(over.atMs).toBe(2_000);
  });

  it('waits no longer when it is full', async () => {
    let rows: number | undefined = 1;
    const over = gather(new Coalescing(400), () => rows);
    await vi.advanceTimersByTimeAsync(100);
    rows = undefined;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(over.atMs).toBe(400);
  });

  it('does not wait for ever, however fast they come', async () => {
    let rows = 1;
    const over = gather(new Coalescing(400), () => rows++);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(over.atMs).toBe(5_200);
  });

  it('begins at once when nothing more can join, at the end of input, and where waiting was not asked for', async () => {
    const asked = new Coalescing(400);
    const overs = [gather(asked, () => undefined), gather(new Coalescing(0), () => 1)];
    const ending = gather(asked, () => 1);
    await vi.advanceTimersByTimeAsync(100);
    asked.end();
    await vi.advanceTimersByTimeAsync(0);
    overs.push(gather(asked, () => 1));
    await vi.advanceTimersByTimeAsync(0);
    expect(overs.map(({ atMs }) => atMs)).toEqual([0, 0, 0]);
    expect(ending.atMs).toBe(100);
  });
});
