// Arbitrary values as JSON spells them, most of them near the edges of their types.
import fc from 'fast-check';
import type { Doc } from './spelling.ts';

export const integers = fc.oneof(
  fc.constantFrom('0', '1', '1', '-0', '1.0', '1e0', '10e-1', '1e3', '-42', '9007199254740993', '9223372036854775807'),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
);
export const numbers = fc.oneof(
  integers,
  fc.constantFrom('0.0', '-0.0', '0.1', '1.50', '5e-324', '1e-400', '123456789012345678901234567890', '100e-2'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);
export const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', '"', '""', ',', '\n', '\r\n', '\u0000', '\\', '\\N', 'NULL', '\ufeff', '\u2028', 'k', 'k', 'K'),
);
export const decimals = (scale: number, digits: number) =>
  fc.oneof(
    fc.constantFrom('0', '-0.0', '1', '1', '1e1', '12.0', '1.0'),
    fc.tuple(fc.bigInt({ min: 0n, max: 10n ** BigInt(digits) - 1n }), fc.boolean()).map(([unscaled, negative]) => {
      const padded = String(unscaled).padStart(scale + 1, '0');
      const point = padded.length - scale;
      return `${negative ? '-' : ''}${padded.slice(0, point)}${scale > 0 ? `.${padded.slice(point)}` : ''}`;
    }),
  );
const two = (max: number, min = 0) => fc.integer({ min, max }).map((n) => String(n).padStart(2, '0'));
export const dates = fc
  .tuple(fc.constantFrom('0001', '1582', '1900', '1969', '2024', '2024', '9999'), two(12, 1), two(28, 1))
  .map((parts) => parts.join('-'));
export const timestamps = fc.oneof(
  fc.constantFrom('2024-05-05T10:00:00Z', '2024-05-05T12:00:00.000+02:00', '2024-05-05 10:00', '2024-05-05T09:00-0100'),
  dates,
  fc
    .tuple(
      dates,
      fc.constantFrom('T', ' ', 't'),
      two(23),
      two(59),
      fc.option(two(60), { nil: undefined }),
      fc.option(fc.stringMatching(/^\d{1,9}$/), { nil: undefined }),
      fc.constantFrom('', 'Z', ' Z', '+00:00', '-05:30', '+1400', '+01', '+00:19:32'),
    )
    .map(([date, separator, hour, minute, second, fraction, offset]) => {
      const tail = second === undefined ? '' : `:${second}${fraction === undefined ? '' : `.${fraction}`}`;
      return `${date}${separator}${hour}:${minute}${tail}${offset}`;
    }),
);
export const anyDoc: fc.Arbitrary<Doc> = fc.letrec<{ doc: Doc }>((tie) => ({
  doc: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom('null', 'true', 'false').map((raw) => ({ raw })),
    numbers.map((raw) => ({ raw })),
    texts.map((text) => ({ text })),
    fc.array(tie('doc'), { maxLength: 3 }).map((items) => ({ items })),
    fc.array(fc.tuple(texts, tie('doc')), { maxLength: 3 }).map((members) => ({ members })),
  ),
})).doc;
