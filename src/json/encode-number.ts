// JSON numbers, as bytes, → CSV fields, exact: digits are copied or moved, never computed through a double.
import { TargetError } from '../errors/target-error.ts';
import type { GrowingBytes } from '../memory/growing-bytes.ts';

const MINUS = 45;
const MAX_INT64 = Buffer.from('9223372036854775807');
const MIN_INT64 = Buffer.from('9223372036854775808');
/** Beyond this many digits no column type can hold the number: it bounds the work on an exponent such as 1e999999999. */
const MAX_EXPONENT = 400;

/** A BIGINT. [start, end) is a JSON number; `plain` says that it has neither fraction nor exponent. */
export function encodeBigint(source: Buffer, start: number, end: number, plain: boolean, out: GrowingBytes): void {
  if (!plain) return encodeBigintFrom(integerText(source.toString('latin1', start, end)), out);
  const first = source[start] === MINUS ? start + 1 : start;
  const digits = end - first;
  if (digits > 19 || (digits === 19 && exceeds(source, first, first === start ? MAX_INT64 : MIN_INT64)))
    throw new TargetError('INPUT_VALUE_INVALID', 'the integer is beyond 64 bits');
  // -0 is 0: one key must have one text
  out.copy(source, digits === 1 && source[first] === 48 ? first : start, end);
}

function encodeBigintFrom(text: string, out: GrowingBytes): void {
  const bytes = Buffer.from(text, 'latin1');
  encodeBigint(bytes, 0, bytes.length, true, out);
}

function exceeds(source: Buffer, start: number, limit: Buffer): boolean {
  return source.compare(limit, 0, limit.length, start, start + limit.length) > 0;
}

/** A DECIMAL(precision, scale), without superfluous zeros, so that equal values have equal text. */
export function encodeDecimal(
  source: Buffer,
  start: number,
  end: number,
  precision: number,
  scale: number,
  out: GrowingBytes,
): void {
  const { negative, digits, exponent } = decimalOf(source.toString('latin1', start, end));
  const fraction = Math.max(0, -exponent);
  const whole = digits === '' ? 0 : Math.max(0, digits.length + exponent);
  if (fraction > scale || whole > precision - scale) {
    const side = fraction > scale ? 'after' : 'before';
    const why = side === 'after' ? ', whose scale the schema sets (such as by "multipleOf")' : '';
    const text = `the number has more digits ${side} the point than the column's DECIMAL(${precision},${scale}) holds${why}`;
    throw new TargetError('INPUT_VALUE_INVALID', text);
  }
  out.reserve(precision + 8);
  out.ascii((negative ? '-' : '') + plainText(digits, exponent));
}

/** A decimal number of no more digits is always the shortest text of some double, unless it is very small. */
export const EXACT_DIGITS = 15;

/**
 * A DOUBLE: the source's own text, which readers round to the nearest double.
 * @returns true when the nearest double's shortest text is another number: the column holds the value only approximately
 * @throws TargetError for a number beyond the range of doubles
 */
export function encodeDouble(source: Buffer, start: number, end: number, plain: boolean, out: GrowingBytes): boolean {
  const isShort = end - start <= EXACT_DIGITS && (plain || !hasExponent(source, start, end));
  const isInexact = !isShort && !isShortest(source.toString('latin1', start, end));
  out.copy(source, start, end);
  return isInexact;
}

/** The nearest double. @throws TargetError for a number beyond the range of doubles */
export function nearestDouble(text: string): number {
  const nearest = Number(text);
  if (Number.isFinite(nearest)) return nearest;
  throw new TargetError('INPUT_VALUE_INVALID', 'the number is beyond the range of a double');
}

/** Whether the number is what its nearest double is written as. @throws TargetError for a number beyond the range of doubles */
export function isShortest(text: string): boolean {
  return isSameNumber(text, String(nearestDouble(text)));
}

function hasExponent(source: Buffer, start: number, end: number): boolean {
  for (let p = start; p < end; p++) if ((source[p]! | 32) === 101) return true;
  return false;
}

function isSameNumber(a: string, b: string): boolean {
  const [x, y] = [normalize(a), normalize(b)];
  return x.digits === y.digits && x.exponent === y.exponent && x.negative === y.negative;
}

/** For text in the place of a number. Throws TargetError when it is none. */
export function assertNumber(source: Buffer, start: number, end: number): void {
  parseNumber(source.toString('latin1', start, end));
}

/**
 * The one text of all JSON numbers that are equal: all digits, without exponent and without zeros that say nothing.
 * `numberText` of the warehouses writes the same.
 * @throws TargetError for a number of too many digits
 */
export function canonicalNumber(text: string): string {
  const { negative, digits, exponent } = decimalOf(text);
  return (negative ? '-' : '') + plainText(digits, exponent);
}

/** Whether a number, or the text of one, is zero; false for any other text. */
export const isZero = (text: string): boolean => /^-?0+(?:\.0+)?(?:[eE][+-]?\d+)?$/.test(text);

/** `digits` × 10^`exponent`, no leading and no trailing zeros in `digits`; zero has none at all. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

/** Sign, digits before and after the point, exponent. A JSON number always has them; some taps send decimals as strings. */
function parseNumber(text: string): RegExpExecArray {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!parts) throw new TargetError('INPUT_VALUE_INVALID', 'the text is no decimal number');
  return parts;
}

function decimalOf(text: string): Decimal {
  const decimal = normalize(text);
  if (Math.abs(decimal.exponent) > MAX_EXPONENT)
    throw new TargetError('INPUT_VALUE_INVALID', 'the number has too many digits for any column');
  return decimal;
}

function normalize(text: string): Decimal {
  const [, sign, whole, fraction = '', power = '0'] = parseNumber(text);
  const digits = (whole + fraction).replace(/^0+/, '');
  const trimmed = withoutTrailingZeros(digits);
  if (trimmed === '') return { negative: false, digits: '', exponent: 0 };
  const exponent = Number(power) - fraction.length + (digits.length - trimmed.length);
  return { negative: sign === '-', digits: trimmed, exponent };
}

/** A loop, because /0+$/ takes quadratic time where long runs of zeros end in another digit. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end--;
  return digits.slice(0, end);
}

function integerText(text: string): string {
  const { negative, digits, exponent } = decimalOf(text);
  if (exponent < 0)
    throw new TargetError('INPUT_VALUE_INVALID', 'the number has a fraction where the schema says integer');
  return (negative ? '-' : '') + plainText(digits, exponent);
}

function plainText(digits: string, exponent: number): string {
  if (digits === '') return '0';
  if (exponent >= 0) return digits + '0'.repeat(exponent);
  const point = digits.length + exponent;
  return point > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : `0.${'0'.repeat(-point)}${digits}`;
}
