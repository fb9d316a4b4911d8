import { beforeEach, describe, expect, it } from 'vitest';
import type { Batch } from '../../../src/pipeline/batch.ts';
import { type BatchSettings, OpenBatches } from '../../../src/pipeline/open-batches.ts';
import { batchOf, deadLettersAt, Files, segmentOf, versionOf } from './parts.ts';

let files: Files;
let opened: Batch[];
let closed: Batch[];
beforeEach(() => {
  files = new Files();
  opened = [];
  closed = [];
});

const limits = { maxRows: 100, maxBytes: 1e9, maxAgeMs: undefined };
const open = (settings: Partial<BatchSettings> = {}) =>
  new OpenBatches(
    files.stages,
    { limits, flushAllStreams: false, ...settings },
    (batch) => opened.push(batch),
    (batch) => closed.push(batch),
  );
const rowsOf = (batches: readonly Batch[]) => batches.map(({ stream, rows }) => `${stream} ${rows}`);
const [a, b] = [versionOf('a'), versionOf('b')];

describe('the open batches', () => {
  it('are one for each stream, at the place of its first rows', async () => {
    const batches = open();
    await batches.append(a, segmentOf('a', 10), 5);
    await batches.append(b, segmentOf('b', 20), 6);
    await batches.append(a, segmentOf('a', 30), 7);
    expect(opened.map(({ stream, position }) => [stream, position])).toEqual([
      ['a', 5],
      ['b', 6],
    ]);
    expect(closed).toEqual([]);
    batches.closeAll();
    expect(rowsOf(closed)).toEqual(['a 40', 'b 20']);
    batches.closeAll();
    expect(closed).toHaveLength(2);
  });

  it('close when they are full, and before rows that they have no room for', async () => {
    const batches = open();
    await batches.append(a, segmentOf('a', 60), 0);
    await batches.append(a, segmentOf('a', 60), 1);
    await batches.append(a, segmentOf('a', 40), 2);
    expect(rowsOf(closed)).toEqual(['a 60', 'a 100']);
    expect(opened.map(({ position }) => position)).toEqual([0, 1]);
  });

  it('close by themselves, or all together where that is set, once the stretch of input has ended', async () => {
    for (const flushAllStreams of [false, true]) {
      closed = [];
      const batches = open({ flushAllStreams });
      await batches.append(b, segmentOf('b', 1), 0);
      await batches.append(a, segmentOf('a', 100), 1);
      await batches.append(b, segmentOf('b', 1), 2);
      expect(rowsOf(closed)).toEqual(['a 100']);
      batches.endOfRange();
      expect(rowsOf(closed)).toEqual(flushAllStreams ? ['a 100', 'b 2'] : ['a 100']);
      await batches.append(b, segmentOf('b', 1), 3);
      batches.endOfRange();
      expect(closed).toHaveLength(flushAllStreams ? 2 : 1);
    }
  });

  it('stay open at the end of a stretch of input in which none was full', async () => {
    const batches = open({ flushAllStreams: true });
    await batches.append(a, segmentOf('a', 1), 0);
    batches.endOfRange();
    expect(closed).toEqual([]);
  });

  it('close one by one, and nothing happens where none is open', async () => {
    const batches = open();
    await batches.append(a, segmentOf('a', 1), 0);
    await batches.append(b, segmentOf('b', 1), 0);
    batches.close('a');
    batches.close('a');
    batches.close('c');
    expect(rowsOf(closed)).toEqual(['a 1']);
  });

  it('close by their age', async () => {
    const batches = open({ limits: { ...limits, maxAgeMs: 1000 } });
    await batches.append(a, segmentOf('a', 1), 0);
    batches.closeOld(opened[0]!.openedAtMs + 999);
    expect(closed).toEqual([]);
    batches.closeOld(opened[0]!.openedAtMs + 1000);
    expect(closed).toHaveLength(1);
  });

  it('close when they hold anything from before a place', async () => {
    const batches = open();
    await batches.append(a, segmentOf('a', 1), 10);
    await batches.append(b, segmentOf('b', 1), 20);
    batches.closeBefore(10);
    expect(closed).toEqual([]);
    batches.closeBefore(20);
    expect(rowsOf(closed)).toEqual(['a 1']);
  });

  it('hold memory: of files, and of digests; the largest can be closed', async () => {
    const batches = open();
    expect(batches.closeLargest()).toBe(false);
    expect(batches.memoryBytes).toBe(0);
    await batches.append(a, segmentOf('a', 1, { digests: new Uint32Array(2) }), 0);
    await batches.append(b, segmentOf('b', 2, { digests: new Uint32Array(4) }), 0);
    expect(batches.memoryBytes).toBe(8 + 16);
    files.buffered = 1000;
    expect(batches.memoryBytes).toBe(1000 + 8 + 1000 + 16);
    files.buffered = 0;
    expect(batches.closeLargest()).toBe(true);
    expect(rowsOf(closed)).toEqual(['b 2']);
    expect(batches.closeLargest()).toBe(true);
    expect(batches.closeLargest()).toBe(false);
  });

  it('that hold no memory are not closed for it', async () => {
    const batches = open();
    await batches.append(a, segmentOf('a', 1), 0);
    expect(batches.closeLargest()).toBe(false);
    expect(closed).toEqual([]);
  });

  it('are dropped with what they hold', async () => {
    const batches = open();
    await batches.append(a, segmentOf('a', 1, { deadLetters: deadLettersAt(3) }), 0);
    await batches.abortAll();
    expect(files.done).toEqual(['a 0 gets 1', 'letters of a 1 get 1', 'a 0 is dropped', 'letters of a 1 are dropped']);
    batches.closeAll();
    expect(closed).toEqual([]);
    expect(batches.memoryBytes).toBe(0);
  });
});

describe('a batch', () => {
  it('adds up what its segments hold', async () => {
    const batch = await batchOf(
      files,
      a,
      { rows: 3, inputBytes: 30, absent: [1], values: Uint32Array.of(3, 1) },
      { rows: 2, inputBytes: 20, hasDeletes: true, absent: [0, 1], values: Uint32Array.of(2, 2) },
      { rows: 1, inputBytes: 10, deadLetters: deadLettersAt(1, 2) },
    );
    expect(batch).toMatchObject({ rows: 6, inputBytes: 60, hasDeletes: true, deadLetters: 2, values: [5, 3] });
    expect([...batch.absent]).toEqual([1, 0]);
  });

  it('has no delete markers unless one of its segments has', async () => {
    expect((await batchOf(files, a, 1, 1)).hasDeletes).toBe(false);
  });

  it('keeps digests, and leaves those of the segment', async () => {
    const digests = Uint32Array.of(1, 2);
    const batch = await batchOf(files, a, { digests });
    expect(batch.digests.lists.flatMap((list) => [...list])).toEqual([1, 2]);
    expect(digests.length).toBe(0);
  });

  it('writes nothing of a segment without rows, and dead letters to a file of their own', async () => {
    const letters = deadLettersAt(1);
    const batch = await batchOf(files, a, { rows: 0, deadLetters: letters }, 2, { rows: 1, deadLetters: letters });
    expect(await batch.close()).toMatchObject({ key: 'a 0' });
    expect(files.done).toEqual([
      'letters of a 1 get 1',
      'a 0 gets 2',
      'a 0 gets 1',
      'letters of a 1 get 1',
      'letters of a 1 are closed',
      'a 0 is closed',
    ]);
    expect(batch.bufferedBytes).toBe(5);
  });

  it('is closed once, after all that was appended, and is not dropped then', async () => {
    const batch = await batchOf(files, a);
    const appended = batch.append(segmentOf('a', 4));
    expect(batch.close()).toBe(batch.close());
    await batch.abort();
    await Promise.all([appended, batch.close()]);
    expect(files.done).toEqual(['a 0 gets 4', 'a 0 is closed']);
  });
});
