import { describe, expect, it } from 'vitest';
import { DigestList } from '../../../src/memory/digest-list.ts';
import { free } from '../../../src/memory/free.ts';
import { PartBuffers } from '../../../src/memory/part-buffer.ts';

describe('a buffer that is freed', () => {
  it('is gone at once', () => {
    const bytes = new Uint8Array(1 << 20);
    const others = new Uint32Array(1000);
    const before = process.memoryUsage().arrayBuffers;
    free(bytes, others);
    expect({ bytes: bytes.length, others: others.length }).toEqual({ bytes: 0, others: 0 });
    expect(before - process.memoryUsage().arrayBuffers).toBeGreaterThanOrEqual(1 << 20);
  });

  it('may be empty', () => {
    expect(() => free(new Uint8Array(0))).not.toThrow();
  });
});

describe('part buffers', () => {
  it('take bytes up to a part, and say how many', () => {
    const buffer = new PartBuffers(1_000_000).take();
    const taken = [700_000, 400_000, 1].map((count, value) => buffer.append(new Uint8Array(count).fill(value + 1)));
    expect(taken).toEqual([700_000, 300_000, 0]);
    expect(buffer.isFull).toBe(true);
    expect([buffer.bytes.length, buffer.bytes[699_999], buffer.bytes[700_000]]).toEqual([1_000_000, 1, 2]);
  });

  it('are used again, empty', () => {
    const buffers = new PartBuffers(1000);
    const buffer = buffers.take();
    buffer.append(Uint8Array.of(1, 2, 3));
    buffers.giveBack(buffer);
    expect(buffers.take()).toBe(buffer);
    expect(buffer.length).toBe(0);
    expect(buffers.take()).not.toBe(buffer);
  });
});

describe('a list of digests', () => {
  it('holds copies of what was appended, in order', () => {
    const list = new DigestList();
    const sent = [1, 5, 40_000, 2, 100_000].map((count, i) => new Uint32Array(count).fill(i + 1));
    for (const digests of sent) list.append(digests);
    const expected = sent.flatMap((digests) => [...digests]);
    for (const digests of sent) digests.fill(9);
    expect(list.lists.flatMap((digests) => [...digests])).toEqual(expected);
  });

  it('is empty when it was freed, and can be used again', () => {
    const list = new DigestList();
    list.append(new Uint32Array(50_000));
    expect(list.byteLength).toBeGreaterThanOrEqual(200_000);
    list.free();
    expect([list.byteLength, list.lists.flatMap((digests) => [...digests])]).toEqual([0, []]);
    list.append(Uint32Array.of(7, 8));
    expect(list.lists.flatMap((digests) => [...digests])).toEqual([7, 8]);
  });
});
