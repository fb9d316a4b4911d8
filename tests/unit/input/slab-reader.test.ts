import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../src/input/input.ts';
import { type FilledSlab, type SlabPool, SlabReader } from '../../../src/input/slab-reader.ts';

/** A pool without a limit that knows what is out. */
function countingPool(slabBytes: number): SlabPool & { out: number; largestReleased: number } {
  return {
    slabBytes,
    out: 0,
    largestReleased: 0,
    acquire() {
      this.out++;
      return Promise.resolve(new Uint8Array(new ArrayBuffer(slabBytes)));
    },
    release(slab) {
      this.out--;
      this.largestReleased = Math.max(this.largestReleased, slab.length);
    },
  };
}

/** Gives its parts one read at a time, out of one buffer that the next read overwrites, as a real source does. */
function sourceOf(parts: readonly Uint8Array[], atEnd: () => Promise<Uint8Array | undefined> = async () => undefined) {
  const buffer = Buffer.alloc(Math.max(1, ...parts.map((part) => part.length)));
  const waiting = [...parts];
  return {
    async read() {
      const part = waiting.shift();
      if (!part) return atEnd();
      buffer.fill(0x21);
      buffer.set(part);
      return buffer.subarray(0, part.length);
    },
    close() {},
  } satisfies ByteSource;
}

async function readAll(reader: SlabReader): Promise<Buffer[]> {
  const slabs: Buffer[] = [];
  for (let filled = await reader.next(); filled; filled = await reader.next()) slabs.push(copyOf(filled));
  return slabs;
}

const copyOf = ({ slab, length }: FilledSlab) => Buffer.from(slab.subarray(0, length));

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    parts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return parts;
}

const NEVER = () => new Promise<undefined>(() => {});

describe('a slab reader', () => {
  it('hands out whole lines, split only at line feeds, however the input is cut into reads', async () => {
    const line = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom('', '\r', 'a\r', '\u2028x', 'x\u0085y', '\v\f'),
      fc.nat({ max: 300 }).map((length) => 'y'.repeat(length)),
    );
    const input = fc
      .tuple(fc.array(line, { maxLength: 30 }), fc.boolean())
      .map(([lines, ended]) => Buffer.from(lines.join('\n') + (ended && lines.length > 0 ? '\n' : '')));
    const sizes = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(input, sizes, fc.integer({ min: 1, max: 64 }), async (bytes, reads, slabBytes) => {
        const pool = countingPool(slabBytes);
        const slabs = await readAll(new SlabReader(sourceOf(cut(bytes, reads)), pool, { maxWaitMs: 10_000 }));
        const whole = bytes.length === 0 || bytes.at(-1) === 10 ? bytes : Buffer.concat([bytes, Buffer.from('\n')]);
        expect(Buffer.concat(slabs)).toEqual(whole);
        for (const slab of slabs) expect(slab.at(-1)).toBe(10);
        expect(pool.out).toBe(slabs.length);
      }),
      { numRuns: 500 },
    );
  });

  it('fills its slabs: a slab is only left when the next line does not fit', async () => {
    const bytes = Buffer.from('123456789\n'.repeat(100));
    const slabs = await readAll(new SlabReader(sourceOf(cut(bytes, [7])), countingPool(64), { maxWaitMs: 10_000 }));
    expect(slabs.map((slab) => slab.length)).toEqual([...Array(16).fill(60), 40]);
  });

  it('gives the last line a line feed when it has none, even in a slab that is full', async () => {
    const slabs = await readAll(
      new SlabReader(sourceOf([Buffer.from('abcd')]), countingPool(4), { maxWaitMs: 10_000 }),
    );
    expect(slabs.map(String)).toEqual(['abcd\n']);
  });

  it('leaves carriage returns to the framer', async () => {
    const slabs = await readAll(
      new SlabReader(sourceOf([Buffer.from('a\r\nb\r\n\r\n')]), countingPool(64), { maxWaitMs: 10_000 }),
    );
    expect(slabs.map(String)).toEqual(['a\r\nb\r\n\r\n']);
  });

  it('grows a slab for a line longer than it, and keeps all of the long line that follows', async () => {
    // the rest of the grown slab is longer than the next slab: it must be carried over whole
    const lines = `${'a'.repeat(130)}\n${'b'.repeat(500)}\n${'c'.repeat(90)}\nd\n`;
    const slabs = await readAll(
      new SlabReader(sourceOf([Buffer.from(lines)]), countingPool(64), { maxWaitMs: 10_000 }),
    );
    expect(slabs.join('')).toBe(lines);
  });

  it('is at its end at once when the input is empty', async () => {
    const pool = countingPool(64);
    const reader = new SlabReader(sourceOf([]), pool, { maxWaitMs: 10_000 });
    expect(await reader.next()).toBeUndefined();
    expect(await reader.next()).toBeUndefined();
    expect(pool.out).toBe(0);
  });

  it('refuses a line that is longer than allowed, after all lines before it, and holds no more of it than that', async () => {
    const limits = { maxWaitMs: 10_000, maxLineBytes: 100 };
    const longest = `${'x'.repeat(99)}\n`;
    const allowed = await readAll(
      new SlabReader(sourceOf([Buffer.from(`a\n${longest}b\n`)]), countingPool(16), limits),
    );
    expect(String(Buffer.concat(allowed))).toBe(`a\n${longest}b\n`);

    const pool = countingPool(16);
    const reader = new SlabReader(sourceOf(cut(Buffer.from(`a\n${'x'.repeat(5_000)}`), [50])), pool, limits);
    expect(String(copyOf((await reader.next())!))).toBe('a\n');
    pool.out--;
    await expect(reader.next()).rejects.toMatchObject({
      code: 'INPUT_LINE_TOO_LONG',
      message: expect.stringContaining('100 bytes'),
    });
    expect(pool.out).toBe(0);
    expect(pool.largestReleased).toBeLessThanOrEqual(101);
  });

  it('hands out a complete line soon although no more comes, and what comes later afterwards', async () => {
    let arrive: (bytes: Uint8Array) => void = () => {};
    const later = new Promise<Uint8Array>((resolve) => {
      arrive = resolve;
    });
    let reads = 0;
    const reader = new SlabReader(
      sourceOf([Buffer.from('first\nsec')], () => (reads++ === 0 ? later : Promise.resolve(undefined))),
      countingPool(1024),
      { maxWaitMs: 30 },
    );
    const startedAt = performance.now();
    expect(String(copyOf((await reader.next())!))).toBe('first\n');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(25);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    const next = reader.next();
    arrive(Buffer.from('ond\n'));
    expect(String(copyOf((await next)!))).toBe('second\n');
    expect(await reader.next()).toBeUndefined();
  });

  it('hands out a complete line in time although bytes go on trickling in', async () => {
    const trickle: ByteSource = {
      // always a little faster than the shortest timer that starts after it
      read: () => new Promise((resolve) => setTimeout(resolve, 1, Buffer.from('x\n'))),
      close() {},
    };
    const reader = new SlabReader(trickle, countingPool(1 << 24), { maxWaitMs: 20 });
    const startedAt = performance.now();
    await reader.next();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    reader.stop();
  });

  it('waits for the rest of a line without a deadline', async () => {
    const reader = new SlabReader(sourceOf([Buffer.from('incomplete')], NEVER), countingPool(1024), { maxWaitMs: 5 });
    const outcome = await Promise.race([reader.next(), new Promise((resolve) => setTimeout(resolve, 60, 'waiting'))]);
    expect(outcome).toBe('waiting');
  });

  it('ends when it is stopped in the middle of a read that never returns', async () => {
    const pool = countingPool(1024);
    const reader = new SlabReader(sourceOf([Buffer.from('dropped')], NEVER), pool, { maxWaitMs: 10_000 });
    const next = reader.next();
    await new Promise((resolve) => setTimeout(resolve, 10));
    reader.stop();
    expect(await next).toBeUndefined();
    expect(await reader.next()).toBeUndefined();
    expect(pool.out).toBe(0);
  });

  it('hands out nothing more after it was stopped, not even whole lines that it has read', async () => {
    const reader = new SlabReader(sourceOf([Buffer.from('a\nb\nc\n')]), countingPool(2), { maxWaitMs: 10_000 });
    expect(String(copyOf((await reader.next())!))).toBe('a\n');
    reader.stop();
    expect(await reader.next()).toBeUndefined();
  });

  it('passes on what the source fails with', async () => {
    const broken: ByteSource = { read: () => Promise.reject(new Error('EIO')), close() {} };
    await expect(new SlabReader(broken, countingPool(64), { maxWaitMs: 10 }).next()).rejects.toThrow('EIO');
  });
});
