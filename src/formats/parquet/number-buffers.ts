// JSON numbers, as bytes, → INT64, DOUBLE and decimals of any width: exact, and refused where CSV refuses them.

import {
  assertNumber,
  EXACT_DIGITS,
  encodeBigint,
  encodeDecimal,
  isShortest,
  nearestDouble,
} from '../../json/encode-number.ts';
import { slotKind } from '../../json/slot-kind.ts';
import { characters, isText } from '../../json/text-slice.ts';
import { GrowingBytes } from '../../memory/growing-bytes.ts';
import type { KeyDigest } from '../key-digest.ts';
import { FixedWidthBuffer } from './column-buffer.ts';
import { DecimalReader } from './decimal-reader.ts';
import { physical, physicalType, WIDE_DECIMAL_BYTES } from './parquet-type.ts';

const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const MAX_INT64_DIGITS = 19;
/** What the form of a number leaves no quick way for is first written as text. */
const text = new GrowingBytes(512);
const decimal = new DecimalReader();

export class BigintBuffer extends FixedWidthBuffer {
  value(bytes: Buffer, kind: number, start: number, end: number): boolean {
    if (kind === slotKind.integer && end - start <= EXACT_DIGITS) this.put(smallInteger(bytes, start, end));
    else this.encoded(bytes, start, end, kind === slotKind.integer);
    return false;
  }

  /** @param plain whether the number has neither fraction nor exponent. @throws TargetError beyond 64 bits */
  encoded(bytes: Buffer, start: number, end: number, plain: boolean): void {
    text.length = 0;
    text.reserve(end - start);
    encodeBigint(bytes, start, end, plain, text);
    decimal.read(text.bytes, 0, text.length, MAX_INT64_DIGITS, 0);
    this.putUnscaled(decimal);
  }

  put(value: number): void {
    this.putInt64(value);
  }
}

function smallInteger(bytes: Buffer, start: number, end: number): number {
  const isNegative = bytes[start] === MINUS;
  let value = 0;
  for (let p = isNegative ? start + 1 : start; p < end; p++) value = value * 10 + bytes[p]! - ZERO;
  return isNegative ? -value : value;
}

export class DoubleBuffer extends FixedWidthBuffer {
  value(bytes: Buffer, kind: number, start: number, end: number): boolean {
    if (isText(kind)) {
      const { source, start: from, end: to } = characters(bytes, kind, start, end);
      assertNumber(source, from, to);
      return this.number(source, from, to);
    }
    if (kind !== slotKind.notFinite) return this.number(bytes, start, end);
    this.put(Number(bytes.toString('latin1', start, end)));
    return false;
  }

  /** The two zeros of a DOUBLE are one key. */
  override addToDigest(digest: KeyDigest): void {
    if (this.view.getFloat64(this.last, true) === 0) digest.add(ZERO_DOUBLE, 0, 8);
    else super.addToDigest(digest);
  }

  private number(source: Buffer, start: number, end: number): boolean {
    const quick = end - start <= EXACT_DIGITS ? shortDecimal(source, start, end) : Number.NaN;
    if (!Number.isNaN(quick)) {
      this.put(quick);
      return false;
    }
    const digits = source.toString('latin1', start, end);
    const isExact = isShortest(digits);
    this.put(nearestDouble(digits));
    return !isExact;
  }

  private put(value: number): void {
    const at = this.room(8);
    this.view.setFloat64(at, value, true);
  }
}

const ZERO_DOUBLE = new Uint8Array(8);
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/** Both the digits and the power of ten are exact doubles, so that their quotient is the nearest one. NaN for an exponent. */
function shortDecimal(source: Buffer, start: number, end: number): number {
  const isNegative = source[start] === MINUS;
  let value = 0;
  let point = end - 1;
  for (let p = isNegative ? start + 1 : start; p < end; p++) {
    const c = source[p]!;
    if (c === POINT) point = p;
    else if (c >= ZERO && c <= 57) value = value * 10 + c - ZERO;
    else return Number.NaN;
  }
  const magnitude = value / POWERS[end - 1 - point]!;
  return isNegative ? -magnitude : magnitude;
}

/** Some taps send decimals as strings, so as not to lose digits. */
export class DecimalBuffer extends FixedWidthBuffer {
  private readonly precision: number;
  private readonly scale: number;
  private readonly form: number;

  constructor(precision: number, scale: number) {
    super();
    this.precision = precision;
    this.scale = scale;
    this.form = physicalType({ kind: 'decimal', precision, scale });
  }

  value(bytes: Buffer, kind: number, start: number, end: number): boolean {
    if (isText(kind)) {
      const { source, start: from, end: to } = characters(bytes, kind, start, end);
      this.number(source, from, to);
    } else this.number(bytes, start, end);
    return false;
  }

  private number(source: Buffer, start: number, end: number): void {
    const { precision, scale } = this;
    if (!decimal.read(source, start, end, precision - scale, scale)) {
      text.length = 0;
      encodeDecimal(source, start, end, precision, scale, text);
      decimal.read(text.bytes, 0, text.length, precision - scale, scale);
    }
    if (this.form === physical.int32) this.putInt32(decimal.value);
    else if (this.form === physical.fixedBytes) this.putFixedBytes(decimal);
    else this.putUnscaled(decimal);
  }

  private putInt32(value: number): void {
    const at = this.room(4);
    this.view.setInt32(at, value, true);
  }

  private putFixedBytes({ isWide, wide, value }: DecimalReader): void {
    const at = this.room(WIDE_DECIMAL_BYTES);
    const { view } = this;
    if (isWide) {
      for (let i = 0; i < 8; i++) view.setUint16(at + 14 - i * 2, wide.limbs[i]!);
      return;
    }
    const high = Math.floor(value / 2 ** 32);
    const sign = value < 0 ? -1 : 0;
    view.setInt32(at, sign);
    view.setInt32(at + 4, sign);
    view.setInt32(at + 8, high);
    view.setUint32(at + 12, value - high * 2 ** 32);
  }
}
