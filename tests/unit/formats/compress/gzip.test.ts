import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gzip } from '../../../../src/formats/compress/gzip/gzip.ts';

const gzip = new Gzip();
/** Of one piece of input, as src/formats/compress/gzip/gzip.ts takes them. */
const WINDOW_BYTES = 1 << 20;

function expectSame(bytes: Uint8Array): void {
  const unpacked = gunzipSync(gzip.compress(bytes));
  if (!unpacked.equals(bytes)) expect.fail(`differs: ${Buffer.from(bytes).toString('base64').slice(0, 10_000)}`);
}

describe('gzip', () => {
  it('gives back what was compressed: pieces, copied from near and far, beside bytes of every evenness', () => {
    const piece = fc.oneof(
      fc.record({
        kind: fc.constant('random' as const),
        alphabet: fc.integer({ min: 1, max: 256 }),
        bytes: length(2_000),
      }),
      fc.record({ kind: fc.constant('run' as const), value: fc.integer({ min: 0, max: 255 }), bytes: length(70_000) }),
      fc.record({ kind: fc.constant('copy' as const), back: length(40_000), bytes: length(600) }),
    );
    const input = fc.tuple(fc.array(piece, { minLength: 1, maxLength: 60 }), fc.integer());
    fc.assert(
      fc.property(input, ([pieces, seed]) => expectSame(assembled(pieces, seed))),
      { numRuns: 1_000 },
    );
  });

  it('gives back input of every length up to some hundred bytes', () => {
    for (let size = 1; size < 300; size++) {
      expectSame(Buffer.alloc(size, 'a'));
      expectSame(Buffer.from(Array.from({ length: size }, (_, i) => (i * 7919) % 251)));
    }
  });

  it('gives back input of several windows, whatever the last one is', () => {
    for (const rest of [0, 1, 7, 8, 9, 100_000]) {
      const text = Buffer.from(
        Array.from({ length: 40_000 }, (_, i) => `${i},"order ${(i * 31) % 977}",${i * 1.25}\n`).join(''),
      );
      const bytes = Buffer.alloc(2 * WINDOW_BYTES + rest, text);
      expectSame(bytes);
      expect(gzip.compress(bytes).length).toBeLessThan(bytes.length / 2);
    }
  });

  it('adds next to nothing to what can not be compressed', () => {
    const bytes = randomBytes(WINDOW_BYTES + 123_456, 256, 1);
    expectSame(bytes);
    expect(gzip.compress(bytes).length).toBeLessThan(bytes.length * 1.0002 + 100);
  });

  it('limits the codes of very uneven symbols', () => {
    // frequencies like Fibonacci's numbers make the deepest trees
    const counts = [1, 1];
    while (counts.length < 26) counts.push(counts.at(-1)! + counts.at(-2)!);
    const bytes = counts.flatMap((count, symbol) => Array<number>(count).fill(symbol + 65));
    expectSame(shuffled(Buffer.from(bytes)));
  });

  it('makes the same of the same, whatever was compressed before', () => {
    const bytes = randomBytes(50_000, 20, 3);
    const first = gzip.compress(bytes);
    gzip.compress(randomBytes(300_000, 5, 4));
    expect(Buffer.compare(gzip.compress(bytes), first)).toBe(0);
  });
});

type Piece =
  | { kind: 'random'; alphabet: number; bytes: number }
  | { kind: 'run'; value: number; bytes: number }
  | { kind: 'copy'; back: number; bytes: number };

function length(max: number) {
  return fc.integer({ min: 1, max });
}

function assembled(pieces: readonly Piece[], seed: number): Uint8Array {
  const bytes = Buffer.alloc(pieces.reduce((sum, piece) => sum + piece.bytes, 0));
  let end = 0;
  pieces.forEach((piece, index) => {
    if (piece.kind === 'random') bytes.set(randomBytes(piece.bytes, piece.alphabet, seed + index), end);
    if (piece.kind === 'run') bytes.fill(piece.value, end, end + piece.bytes);
    if (piece.kind === 'copy')
      for (let i = 0; i < piece.bytes; i++) bytes[end + i] = bytes[Math.max(0, end + i - piece.back)]!;
    end += piece.bytes;
  });
  return bytes;
}

/** The same for the same seed. */
function randomBytes(count: number, alphabet: number, seed: number): Buffer {
  let state = seed | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return Buffer.from(Array.from({ length: count }, () => next() % alphabet));
}

function shuffled(bytes: Buffer): Buffer {
  const order = randomBytes(bytes.length * 2, 256, 9);
  for (let i = bytes.length - 1; i > 0; i--) {
    const j = order.readUInt16LE(i * 2) % (i + 1);
    [bytes[i], bytes[j]] = [bytes[j]!, bytes[i]!];
  }
  return bytes;
}
