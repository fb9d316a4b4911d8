// Values of one staged column, in the order of rows → the body of a Parquet page: which rows have a value, then the values.

import type { Instant } from '../../json/encode-time.ts';
import { GrowingBytes } from '../../memory/growing-bytes.ts';
import type { KeyDigest } from '../key-digest.ts';
import type { ColumnValues } from '../row-writer.ts';
import type { DecimalReader } from './decimal-reader.ts';

/** Columns are many, and most of them narrow. */
const FIRST_CAPACITY = 1024;

export abstract class ColumnBuffer {
  /** The values, as Parquet's PLAIN encoding has them unless `plain` says otherwise. */
  protected readonly output = new GrowingBytes(FIRST_CAPACITY);
  /** Where the value written last begins. */
  protected last = 0;
  /** How many rows have a value. */
  private values = 0;
  /** A bit for each row, lowest first: 1 where there is a value. */
  private present = new Uint8Array(32);

  /**
   * Appends the value, which counts when `keep` follows.
   * @param kind a slot kind of the record scanner that the column's type takes
   * @returns true when it is held only approximately
   * @throws TargetError; the buffer is as it was then
   */
  abstract value(bytes: Buffer, kind: number, start: number, end: number): boolean;

  /** The value written last is that of `row`. */
  keep(row: number): void {
    const place = row >> 3;
    if (place >= this.present.length) this.growPresent(place);
    this.present[place]! |= 1 << (row & 7);
    this.values++;
  }

  /** `row` has no value, if it had one: it is the last row. */
  drop(row: number): void {
    const place = row >> 3;
    const bit = 1 << (row & 7);
    if (place >= this.present.length || (this.present[place]! & bit) === 0) return;
    this.present[place]! &= ~bit;
    this.values--;
    this.output.length = this.last;
  }

  /** Values of rows that come after all others. */
  append(firstRow: number, { values, count, present }: ColumnValues): void {
    this.output.reserve(values.length);
    this.output.copy(values, 0, values.length);
    this.values += count;
    const place = firstRow >> 3;
    const end = place + present.length;
    if (end > this.present.length) this.growPresent(end - 1);
    // the first byte may belong to rows before, too
    const shared = this.present[place]!;
    this.present.set(present, place);
    this.present[place]! |= shared;
  }

  /** The value written last: equal values have equal bytes. */
  addToDigest(digest: KeyDigest): void {
    digest.add(this.output.bytes, this.last, this.output.length);
  }

  /** Appends the page's body for so many rows to `page`. @returns how many of them are NULL */
  writeTo(page: GrowingBytes, rows: number): number {
    const values = this.plain();
    page.reserve(values.length + (rows >> 3) + 16);
    this.writeLevels(page, rows);
    page.copy(values, 0, values.length);
    return rows - this.values;
  }

  clear(): void {
    this.output.clear();
    this.present.fill(0);
    this.values = this.last = 0;
  }

  protected plain(): Buffer {
    return this.output.bytes.subarray(0, this.output.length);
  }

  /** Definition levels of one bit in the hybrid encoding, their size first: one run of equal levels, or one of packed ones. */
  private writeLevels(page: GrowingBytes, rows: number): void {
    const sizeAt = page.length;
    page.length += 4;
    if (this.values === 0 || this.values === rows) {
      writeVarint(page, rows * 2);
      page.byte(this.values === 0 ? 0 : 1);
    } else {
      const groups = (rows + 7) >> 3;
      writeVarint(page, groups * 2 + 1);
      const used = Math.min(groups, this.present.length);
      page.bytes.set(this.present.subarray(0, used), page.length);
      page.bytes.fill(0, page.length + used, page.length + groups);
      page.length += groups;
    }
    page.bytes.writeUInt32LE(page.length - sizeAt - 4, sizeAt);
  }

  private growPresent(place: number): void {
    const grown = new Uint8Array(Math.max(place + 1, this.present.length * 2));
    grown.set(this.present);
    this.present = grown;
  }
}

/** Values of the same width. */
export abstract class FixedWidthBuffer extends ColumnBuffer {
  protected view = viewOf(this.output.bytes);
  private viewed = this.output.bytes;

  /** Room for one value. @returns where `view` has it */
  protected room(width: number): number {
    const { output } = this;
    output.reserve(width);
    if (output.bytes !== this.viewed) {
      this.viewed = output.bytes;
      this.view = viewOf(output.bytes);
    }
    this.last = output.length;
    output.length += width;
    return this.last;
  }

  /** Any integer that a double holds exactly, as eight bytes. */
  protected putInt64(value: number): void {
    const high = Math.floor(value / 2 ** 32);
    const at = this.room(8);
    this.view.setUint32(at, value - high * 2 ** 32, true);
    this.view.setInt32(at + 4, high, true);
  }

  protected putUnscaled({ isWide, wide, value }: DecimalReader): void {
    if (!isWide) return this.putInt64(value);
    const at = this.room(8);
    for (let i = 0; i < 4; i++) this.view.setUint16(at + i * 2, wide.limbs[i]!, true);
  }

  protected putInstant({ seconds, microseconds }: Instant): void {
    // × 1,000,000 in two steps, of which the first stays below 2^53
    const quotient = seconds * 15_625;
    let high = Math.floor(quotient / 2 ** 26);
    let low = (quotient - high * 2 ** 26) * 64 + microseconds;
    if (low >= 2 ** 32) {
      low -= 2 ** 32;
      high++;
    }
    const at = this.room(8);
    this.view.setUint32(at, low, true);
    this.view.setInt32(at + 4, high, true);
  }
}

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

function writeVarint(page: GrowingBytes, value: number): void {
  let rest = value;
  for (; rest > 127; rest >>>= 7) page.byte((rest & 127) | 128);
  page.byte(rest);
}
