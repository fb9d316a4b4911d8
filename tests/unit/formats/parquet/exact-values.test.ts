// Integers, decimals and times at the edges of the limbs that they are put together from, by the row loop and without it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EncoderSettings, RangeResult } from '../../../../src/encode/chunk.ts';
import { stagedLayout } from '../../../../src/formats/layout.ts';
import type { PlainType } from '../../../../src/schema/model.ts';
import { readPages } from '../../../support/parquet-pages.ts';
import { chunk, column, encode, line, version } from '../../encode/encoder-input.ts';

/** What the pages of a column hold of the JSON values, whichever path writes them. */
function held(type: PlainType, values: readonly string[]): (string | null)[] {
  const [slow, fast] = [heldBy('never', type, values), heldBy('always', type, values)];
  expect(fast).toEqual(slow);
  return fast;
}

function heldBy(rowLoop: EncoderSettings['rowLoop'], type: PlainType, values: readonly string[]): (string | null)[] {
  const of = version({ columns: [column('v', type)], keys: [] });
  const lines = values.map((value) => line(`{"v":${value}}`)).join('');
  const [{ segments, failure }] = encode([of], chunk(lines), values.length, 'parquet', rowLoop) as [RangeResult];
  expect(failure).toBeUndefined();
  return segments.flatMap(({ bytes, rows }) => readPages(bytes, stagedLayout(of), rows)).map(([value]) => value!);
}

/** Any below the limit, and those around multiples of powers of two. */
const integers = (limit: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(
    fc.bigInt({ min: -limit + 1n, max: limit - 1n }),
    fc
      .tuple(
        fc.bigInt({ min: -limit, max: limit }),
        fc.constantFrom(16n, 32n, 48n, 64n, 96n),
        fc.integer({ min: -1, max: 1 }),
      )
      .map(([any, bits, delta]) => (any >> bits) * 2n ** bits + BigInt(delta))
      .filter((value) => value > -limit && value < limit),
  );

const arrays = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 1, maxLength: 50 });

it.each<[PlainType, bigint]>([
  [{ kind: 'bigint' }, 2n ** 63n],
  [{ kind: 'decimal', precision: 9, scale: 0 }, 10n ** 9n],
  [{ kind: 'decimal', precision: 18, scale: 0 }, 10n ** 18n],
  [{ kind: 'decimal', precision: 38, scale: 0 }, 10n ** 38n],
])('%j holds every integer', (type, limit) => {
  fc.assert(
    fc.property(arrays(integers(limit)), (values) => {
      expect(held(type, values.map(String))).toEqual(values.map(String));
    }),
    { numRuns: 300 },
  );
});

it.each([
  [9, 4],
  [18, 18],
  [18, 2],
  [38, 37],
  [38, 9],
])('DECIMAL(%i,%i) holds every fraction', (precision, scale) => {
  const text = (unscaled: bigint, digits: number) => {
    const padded = String(unscaled < 0n ? -unscaled : unscaled).padStart(digits + 1, '0');
    const fraction = padded.slice(padded.length - digits);
    return `${unscaled < 0n ? '-' : ''}${padded.slice(0, padded.length - digits)}${fraction && `.${fraction}`}`;
  };
  const values = fc.tuple(integers(10n ** BigInt(precision)), fc.nat({ max: scale }));
  fc.assert(
    fc.property(arrays(values), (pairs) => {
      const given = pairs.map(([value, digits]) => [value / 10n ** BigInt(scale - digits), digits] as const);
      const due = given.map(([value, digits]) => String(value * 10n ** BigInt(scale - digits)));
      expect(
        held(
          { kind: 'decimal', precision, scale },
          given.map(([value, digits]) => text(value, digits)),
        ),
      ).toEqual(due);
    }),
    { numRuns: 200 },
  );
});

it('TIMESTAMP holds every microsecond of the years 1 to 9999', () => {
  const [first, last] = [-62_135_596_800_000_000n, 253_402_300_799_999_999n];
  const near = fc
    .tuple(
      fc.bigInt({ min: first / 2n ** 32n, max: last / 2n ** 32n }),
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
    )
    .map(([high, low]) => high * 2n ** 32n + BigInt(low))
    .filter((value) => value >= first && value <= last);
  fc.assert(
    fc.property(arrays(fc.oneof(near, fc.bigInt({ min: first, max: last }))), (values) => {
      const texts = values.map((value) => {
        const microseconds = ((value % 1_000_000n) + 1_000_000n) % 1_000_000n;
        const seconds = new Date(Number((value - microseconds) / 1000n)).toISOString().slice(0, 19);
        return `"${seconds}.${String(microseconds).padStart(6, '0')}Z"`;
      });
      expect(held({ kind: 'timestamp' }, texts)).toEqual(values.map(String));
    }),
    { numRuns: 300 },
  );
});

it('DATE holds days of all years from 1 to 9999', () => {
  const days = Array.from({ length: 3_652_059 / 7 }, (_, n) => new Date((n * 7 - 719_162) * 86_400_000));
  const texts = days.map((day) => day.toISOString().slice(0, 10));
  expect(
    held(
      { kind: 'date' },
      texts.map((text) => `"${text}"`),
    ),
  ).toEqual(texts);
});
