import { describe, expect, it } from 'vitest';
import { GrowingBytes } from '../../../src/memory/growing-bytes.ts';

describe('the output of an encoder', () => {
  it('keeps what it holds when it grows', () => {
    const out = new GrowingBytes(4);
    out.ascii('abcd');
    out.reserve(1_000_000);
    out.copy(Buffer.from('--efgh--'), 2, 6);
    expect(out.bytes.toString('latin1', 0, out.length)).toBe('abcdefgh');
  });

  it('copies short and long slices alike', () => {
    const source = Buffer.from(Array.from({ length: 300 }, (_, i) => i % 256));
    const out = new GrowingBytes(1000);
    for (const [start, end] of [
      [3, 3],
      [5, 53],
      [5, 54],
      [0, 300],
    ] as const) {
      const from = out.length;
      out.copy(source, start, end);
      expect(out.bytes.subarray(from, out.length)).toEqual(source.subarray(start, end));
    }
  });

  it('gives the memory back that one huge row needed, and keeps what usual rows need', () => {
    const out = new GrowingBytes(64);
    out.reserve(4 << 20);
    out.clear();
    expect(out.bytes.length).toBe(4 << 20);
    out.reserve(100 << 20);
    out.clear();
    expect(out.bytes.length).toBe(64);
    out.ascii('ok');
    expect(out.length).toBe(2);
  });
});
