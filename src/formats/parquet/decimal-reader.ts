// The text of a decimal number → its digits as one integer, shifted by the scale of its column.
import { WideInteger } from './wide-integer.ts';

const MINUS = 45;
const POINT = 46;
const ZERO = 48;
/** So many digits, and the integer is exact at every step as a double. */
const SAFE_DIGITS = 15;
const CHUNK_DIGITS = 9;
const POWERS = Array.from({ length: 39 }, (_, exponent) => Number(`1e${exponent}`));

/** One scratch object, because this is the inner loop. */
export class DecimalReader {
  /** What was read last, unless it is wide. */
  value = 0;
  isWide = false;
  /** What was read last, if it is wide. */
  readonly wide = new WideInteger();

  /**
   * Reads a sign, digits, a point and digits, and nothing else.
   * @param maxWhole digits that the column has before the point, @param scale digits after it
   * @returns false for any other text, which may be a number all the same: an exponent, zeros beyond the scale
   */
  read(source: Buffer, start: number, end: number, maxWhole: number, scale: number): boolean {
    const isNegative = source[start] === MINUS;
    const first = isNegative ? start + 1 : start;
    let point = -1;
    let value = 0;
    for (let p = first; p < end; p++) {
      const digit = source[p]! - ZERO;
      if (digit >= 0 && digit <= 9) value = value * 10 + digit;
      else if (source[p] === POINT && point < 0) point = p;
      else return false;
    }
    const wholeEnd = point < 0 ? end : point;
    const fraction = point < 0 ? 0 : end - point - 1;
    if (wholeEnd === first || (point >= 0 && fraction === 0) || fraction > scale) return false;
    let significant = first;
    while (significant < wholeEnd && source[significant] === ZERO) significant++;
    if (wholeEnd - significant > maxWhole) return false;
    const shifted = value * POWERS[scale - fraction]!;
    this.isWide = wholeEnd - significant + fraction > SAFE_DIGITS || shifted > Number.MAX_SAFE_INTEGER;
    if (this.isWide) this.readWide(source, significant, end, scale - fraction, isNegative);
    else this.value = isNegative ? -shifted : shifted;
    return true;
  }

  /** @param zeros to be put after the digits */
  private readWide(source: Buffer, start: number, end: number, zeros: number, isNegative: boolean): void {
    const { wide } = this;
    wide.clear();
    let chunk = 0;
    let digits = 0;
    for (let p = start; p < end; p++) {
      if (source[p] === POINT) continue;
      chunk = chunk * 10 + source[p]! - ZERO;
      if (++digits < CHUNK_DIGITS) continue;
      wide.multiplyAdd(POWERS[CHUNK_DIGITS]!, chunk);
      chunk = digits = 0;
    }
    wide.multiplyAdd(POWERS[digits]!, chunk);
    for (let rest = zeros; rest > 0; rest -= CHUNK_DIGITS) wide.multiplyAdd(POWERS[Math.min(rest, CHUNK_DIGITS)]!, 0);
    if (isNegative) wide.negate();
  }
}
