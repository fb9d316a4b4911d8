// JSON numbers → fields. What isn't plain (exponents, fractions in integers, leading zeros in text) is refused.
import { putBigint, putDecimal } from './binary';
import { copy, digitRun, pack } from './bytes';
import { beginText, endText, isColumnar } from './form';

/** Result bits of `numberEnd`, above the end. */
export const INTEGER: u64 = 1 << 32;
export const EXPONENT: u64 = 2 << 32;

/** The end of the JSON number at `q`, with bits that say what it looks like; 0 when it is none. */
export function numberEnd(q: u32): u64 {
  let p = q;
  if (load<u8>(p) === 45) p++;
  const whole = digitRun(p);
  if (whole === 0 || (whole > 1 && load<u8>(p) === 48)) return 0;
  p += whole;
  let look: u64 = INTEGER;
  if (load<u8>(p) === 46) {
    look = 0;
    const fraction = digitRun(p + 1);
    if (fraction === 0) return 0;
    p += 1 + fraction;
  }
  if (((load<u8>(p) as u32) | 32) === 101) {
    look = EXPONENT;
    p++;
    const sign: u32 = load<u8>(p);
    if (sign === 43 || sign === 45) p++;
    const exponent = digitRun(p);
    if (exponent === 0) return 0;
    p += exponent;
  }
  return (p as u64) | look;
}

/** The 19 digits at `q` as a number: it fits 64 bits without a sign. */
function nineteenDigits(q: u32): u64 {
  let value: u64 = 0;
  for (let i: u32 = 0; i < 19; i++) value = value * 10 + (load<u8>(q + i) - 48);
  return value;
}

/** A BIGINT from the integer [q, end). @returns the place after it, 0 when it is beyond 64 bits */
export function writeBigint(q: u32, end: u32, o: u32): u32 {
  const negative: bool = load<u8>(q) === 45;
  const first = negative ? q + 1 : q;
  const digits = end - first;
  if (digits >= 19) {
    if (digits > 19) return 0;
    const limit = ((1 as u64) << 63) - (negative ? 0 : 1);
    if (nineteenDigits(first) > limit) return 0;
  }
  if (isColumnar) return putBigint(first, end, negative, o);
  // -0 is 0: one key must have one text
  return copy(digits === 1 && load<u8>(first) === 48 ? first : q, end, o);
}

/**
 * A DECIMAL(precision, scale) from the number without exponent [q, end), without superfluous zeros.
 * @returns the place after it, 0 when it does not fit
 */
export function writeDecimalNumber(q: u32, end: u32, precision: u32, scale: u32, o: u32): u32 {
  const negative: bool = load<u8>(q) === 45;
  const first = negative ? q + 1 : q;
  const digits = digitRun(first);
  const point = first + digits;
  let stop = end;
  if (point < end) while (stop > point && load<u8>(stop - 1) === 48) stop--;
  if (stop === point + 1) stop = point;
  const fraction: u32 = stop > point ? stop - point - 1 : 0;
  const isBelowOne: bool = load<u8>(first) === 48;
  const whole: u32 = isBelowOne ? 0 : digits;
  if (fraction > scale || whole > precision - scale) return 0;
  if (isColumnar) return putDecimal(first, stop, scale - fraction, negative, precision, o);
  // -0 is 0
  return copy(isBelowOne && fraction === 0 ? first : q, stop, o);
}

/** Digits that any double keeps, unless it is very small. */
const EXACT_DIGITS: u32 = 15;

/** Whether the number [q, end) is surely the shortest text of some double. */
export function isSurelyExact(q: u32, end: u32, look: u64): bool {
  if ((look & EXPONENT) !== 0) return false;
  const signs: u32 = (load<u8>(q) === 45 ? 1 : 0) + ((look & INTEGER) !== 0 ? 0 : 1);
  return end - q - signs <= EXACT_DIGITS;
}

/** A number as text. */
export function quoteNumber(q: u32, end: u32, o: u32): u64 {
  return pack(end, endText(o, copy(q, end, beginText(o))));
}
