import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snappy } from '../../../../src/formats/parquet/snappy.ts';

/** The format, read as its description says. */
function decompress(bytes: Buffer): Buffer {
  let at = 0;
  let size = 0;
  for (let factor = 1, more = true; more; factor *= 128) {
    const byte = bytes[at++]!;
    size += (byte & 127) * factor;
    more = byte > 127;
  }
  const out = Buffer.alloc(size);
  let filled = 0;
  const copy = (distance: number, length: number) => {
    if (distance === 0 || distance > filled) throw new Error(`a copy from ${distance} before the start`);
    for (let i = 0; i < length; i++, filled++) out[filled] = out[filled - distance]!;
  };
  while (at < bytes.length) {
    const tag = bytes[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      const more = Math.max(0, (tag >> 2) - 59);
      const length = (more === 0 ? tag >> 2 : bytes.readUIntLE(at, more)) + 1;
      filled += bytes.copy(out, filled, at + more, at + more + length);
      at += more + length;
    } else if (kind === 1) copy(((tag >> 5) << 8) | bytes[at++]!, ((tag >> 2) & 7) + 4);
    else if (kind === 2) {
      copy(bytes.readUInt16LE(at), (tag >> 2) + 1);
      at += 2;
    } else throw new Error('a distance beyond 64 KiB');
  }
  if (filled !== size) throw new Error(`${filled} bytes instead of ${size}`);
  return out;
}

const roundTrip = (bytes: Uint8Array) => decompress(Buffer.from(snappy(Buffer.from(bytes))));

const piece = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 200 })).map(([unit, times]) => {
    return Uint8Array.from({ length: unit.length * times }, (_, i) => unit[i % unit.length]!);
  }),
);

describe('compressed bytes', () => {
  it('become what they were', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const bytes = Buffer.concat(pieces);
        expect(roundTrip(bytes).equals(bytes)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  // blocks have 64 KiB
  it.each([0, 1, 14, 15, 16, 59, 60, 61, 62, 256, 257, 65_535, 65_536, 65_537, 65_551, 200_000])(
    'of %i bytes, too',
    (size) => {
      const texts = Buffer.from(
        Array.from({ length: size }, (_, i) => `${i % 1000},`)
          .join('')
          .slice(0, size),
        'latin1',
      );
      const noise = Buffer.from(Array.from({ length: size }, (_, i) => Math.imul(i + 7, 0x9e3779b1) >>> 24));
      for (const bytes of [texts, noise, Buffer.alloc(size)]) expect(roundTrip(bytes).equals(bytes)).toBe(true);
      if (size > 1000) expect(snappy(texts).length).toBeLessThan(size / 2);
    },
  );

  it('are never much longer than they were', () => {
    const noise = Buffer.from(Array.from({ length: 100_000 }, (_, i) => Math.imul(i + 7, 0x9e3779b1) >>> 24));
    expect(snappy(noise).length).toBeLessThan(100_100);
  });
});
