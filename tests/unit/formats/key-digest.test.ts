import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FormatName } from '../../../src/formats/format.ts';
import { countRepeats } from '../../../src/formats/key-digest.ts';
import { type Column, jsonKind, type PlainType } from '../../../src/schema/model.ts';
import { chunk, column, encode, line, version } from '../encode/encoder-input.ts';

/** The digest of each record's key, as one text. */
function digestsOf(
  format: FormatName,
  types: readonly (PlainType['kind'] | PlainType | Pick<Column, 'type' | 'accepts'>)[],
  keys: readonly (readonly string[])[],
  order?: number[],
) {
  const given = version({
    columns: types.map((type, i) =>
      typeof type === 'object' && 'accepts' in type ? { ...column(`k${i}`, 'string'), ...type } : column(`k${i}`, type),
    ),
    keys: order ?? [...types.keys()],
  });
  const text = keys.map((key) => line(`{${key.map((value, i) => `"k${i}":${value}`).join()}}`)).join('');
  const [result] = encode([given], chunk(text), keys.length, format);
  expect(result?.failure).toBeUndefined();
  const { digests } = result!.segments[0]!;
  return keys.map((_, row) => `${digests[row * 2]} ${digests[row * 2 + 1]}`);
}

/** Strings and numbers in one column. */
const mixed = { type: { kind: 'string' }, accepts: jsonKind.number | jsonKind.string } as const;

const distinct = (values: readonly string[]) => new Set(values).size;

describe.each(['csv', 'parquet', 'jsonl'] as const)('the digests of keys, written as %s,', (format) => {
  it.each<[string, PlainType['kind'] | PlainType | typeof mixed, string[]]>([
    ['a BIGINT', 'bigint', ['1', '1.0', '1e0', '10e-1']],
    ['a BIGINT zero', 'bigint', ['0', '-0', '0.0', '0e5']],
    ['a DOUBLE', 'double', ['1', '1.0', '1e0', '0.1e1', '1.00000000000000000000']],
    ['a DOUBLE zero', 'double', ['0', '-0', '-0.0', '-0e-400', '0.000']],
    ['a DECIMAL', { kind: 'decimal', precision: 9, scale: 3 }, ['1.5', '1.500', '15e-1', '"1.50"']],
    ['a TIMESTAMP', 'timestamp', ['"2024-01-01T00:00:00Z"', '"2024-01-01 02:00+02:00"', '"2023-12-31T24:00:00.000"']],
    ['a fraction of a second', 'timestamp', ['"2024-01-01T00:00:00.5Z"', '"2024-01-01T01:00:00.500+01:00"']],
    ['a DATE', 'date', ['"2024-01-01"', '"2024-01-01T00:00:00Z"', '"2024\\u002d01-01"']],
    ['a string', 'string', ['"a/\\""', '"\\u0061\\/\\u0022"']],
    ['a wide DECIMAL', { kind: 'decimal', precision: 38, scale: 9 }, ['-1.5', '-1.500', '-15e-1', '"-001.50"']],
    ['a boolean', 'boolean', ['true', 'true']],
    ['a number in text', mixed, ['-1500', '-15e2', '-1500.00', '-0.15E+4']],
    ['a zero in text', mixed, ['0', '-0', '0.00', '-0e-400']],
    ['a large number in text', mixed, [`1${'0'.repeat(400)}`, '1e400', '1.0e400']],
  ])('are equal for all spellings of %s', (_, type, spellings) => {
    expect(
      distinct(
        digestsOf(
          format,
          [type],
          spellings.map((value) => [value]),
        ),
      ),
    ).toBe(1);
  });

  it('tell columns of a composite key apart, and where one ends', () => {
    const keys = [
      ['"a,b"', '"c"'],
      ['"a"', '"b,c"'],
      ['"ab"', '"c"'],
      ['"a"', '"bc"'],
      ['"abc"', '""'],
      ['""', '"abc"'],
      ['"c"', '"ab"'],
      ['"a\\""', '"b"'],
      ['"a"', '"\\"b"'],
    ];
    expect(distinct(digestsOf(format, ['string', 'string'], keys))).toBe(keys.length);
  });

  it('do not repeat over keys as they come: rising numbers, texts, times', () => {
    const count = 5_000;
    const shapes: [PlainType['kind'], (n: number) => string][] = [
      ['bigint', (n) => String(n)],
      ['bigint', (n) => String(2n ** 62n + BigInt(n))],
      ['string', (n) => `"customer-${n}"`],
      ['string', (n) => `"${String.fromCharCode(97 + (n % 26)).repeat(1 + Math.floor(n / 26))}"`.slice(0, 900)],
      ['timestamp', (n) => `"${new Date(1e12 + n * 1000).toISOString()}"`],
    ];
    for (const [type, key] of shapes) {
      const keys = [...new Set(Array.from({ length: count }, (_, n) => key(n)))];
      expect(
        distinct(
          digestsOf(
            format,
            [type],
            keys.map((value) => [value]),
          ),
        ),
      ).toBe(keys.length);
    }
  });

  it('are none for a stream without keys', () => {
    const [result] = encode([version({ keys: [] })], chunk(line('{"id":1}')));
    expect(result?.segments[0]?.digests).toHaveLength(0);
  });
});

describe('repeats among digests', () => {
  const lists = (digests: readonly (readonly [number, number])[], cuts: readonly number[]) => {
    const out: Uint32Array[] = [];
    for (let at = 0, i = 0; at < digests.length; i++) {
      const size = cuts[i % cuts.length]!;
      out.push(new Uint32Array(digests.slice(at, at + size).flat()));
      at += size;
    }
    return out;
  };
  const lane = fc.oneof(fc.nat({ max: 3 }), fc.integer({ min: 0, max: 0xffffffff }), fc.constant(0xffffffff));
  const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

  it('are found exactly, in one list or across several', () => {
    fc.assert(
      // a low lane of 0 counts as 1: rather one look too many than a slot more
      fc.property(
        fc.array(
          fc.tuple(
            lane,
            lane.map((n) => n || 1),
          ),
          { maxLength: 40 },
        ),
        cuts,
        (digests, sizes) => {
          const repeats = digests.length - new Set(digests.map(String)).size;
          expect(countRepeats(lists(digests, sizes))).toBe(repeats);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('are never missed, whatever the digest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(lane, lane), { minLength: 1, maxLength: 40 }),
        fc.nat(),
        cuts,
        (digests, which, sizes) => {
          const forced = [...digests, digests[which % digests.length]!];
          expect(countRepeats(lists(forced, sizes))).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('are told among 100,000 random ones', () => {
    let state = 1;
    const random = () => {
      state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
      return state >>> 0;
    };
    const seen = new Set<string>();
    while (seen.size < 100_000) seen.add(`${random()},${random() || 1}`);
    const digests = new Uint32Array([...seen].flatMap((pair) => pair.split(',').map(Number)));
    expect(countRepeats([digests])).toBe(0);
    expect(countRepeats([digests, digests.slice(99_998, 100_000)])).toBe(1);
  });

  it('are told among more than fit into one table, wherever they are', () => {
    const count = 700_000;
    const digests = new Uint32Array(count * 2);
    // each number once in either lane: both factors are odd
    for (let i = 0; i < count; i++)
      digests.set([Math.imul(i + 1, 0x9e3779b1), Math.imul(i + 1, 0x85ebca6b) | 1], i * 2);
    expect(countRepeats([digests])).toBe(0);
    for (const which of [0, 1, 349_999, count - 1]) {
      expect(countRepeats([digests, digests.slice(which * 2, which * 2 + 2)])).toBe(1);
    }
  });

  it('are reported rather than not when all digests fall into one share', () => {
    const count = 300_000;
    // the hash of a digest is high ^ low * factor: the same for all of these
    const digests = new Uint32Array(count * 2);
    for (let i = 0; i < count; i++) digests.set([Math.imul(i + 1, 0x9e3779b1) ^ (i & 0xff), i + 1], i * 2);
    expect(countRepeats([digests.subarray(0, 2_000)])).toBe(0);
    expect(countRepeats([digests])).toBeGreaterThan(0);
  });

  it('are none among nothing, or one', () => {
    expect(countRepeats([])).toBe(0);
    expect(countRepeats([new Uint32Array(0), new Uint32Array([0, 0])])).toBe(0);
  });
});
