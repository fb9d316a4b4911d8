// JSON strings, booleans, date-times and dates, as bytes, → Parquet values.

import { unescapeString } from '../../json/encode-text.ts';
import { type Instant, readDate, readTimestamp } from '../../json/encode-time.ts';
import { slotKind } from '../../json/slot-kind.ts';
import { characters } from '../../json/text-slice.ts';
import type { KeyDigest } from '../key-digest.ts';
import { ColumnBuffer, FixedWidthBuffer } from './column-buffer.ts';

const LENGTH_BYTES = 4;
/** The first byte of `true`. */
const TRUE = 116;

/** UTF-8, its length first. */
export class TextBuffer extends ColumnBuffer {
  value(bytes: Buffer, kind: number, start: number, end: number): boolean {
    const from = this.begin(end - start);
    if (kind === slotKind.string) this.output.copy(bytes, start + 1, end - 1);
    else if (kind === slotKind.escapedString) this.unescaped(bytes, start, end, from);
    else this.output.copy(bytes, start, end);
    this.finish(from);
    return false;
  }

  ascii(text: Buffer): void {
    const from = this.begin(text.length);
    this.output.copy(text, 0, text.length);
    this.finish(from);
  }

  override addToDigest(digest: KeyDigest): void {
    digest.add(this.output.bytes, this.last + LENGTH_BYTES, this.output.length);
  }

  /** @returns where the value begins. */
  private begin(maxBytes: number): number {
    const { output } = this;
    const from = output.length;
    output.reserve(LENGTH_BYTES + maxBytes);
    output.length += LENGTH_BYTES;
    return from;
  }

  private unescaped(bytes: Buffer, start: number, end: number, from: number): void {
    try {
      unescapeString(bytes, start, end, this.output, false);
    } catch (error) {
      this.output.length = from;
      throw error;
    }
  }

  private finish(from: number): void {
    const { bytes, length } = this.output;
    const size = length - from - LENGTH_BYTES;
    bytes[from] = size;
    bytes[from + 1] = size >>> 8;
    bytes[from + 2] = size >>> 16;
    bytes[from + 3] = size >>> 24;
    this.last = from;
  }
}

/** One byte each until the page is made: eight of them then become one. */
export class BooleanBuffer extends ColumnBuffer {
  value(bytes: Buffer, _kind: number, start: number): boolean {
    const { output } = this;
    output.reserve(1);
    this.last = output.length;
    output.byte(bytes[start] === TRUE ? 1 : 0);
    return false;
  }

  protected override plain(): Buffer {
    const { bytes, length } = this.output;
    const packed = Buffer.alloc((length + 7) >> 3);
    for (let i = 0; i < length; i++) packed[i >> 3]! |= bytes[i]! << (i & 7);
    return packed;
  }
}

const instant: Instant = { seconds: 0, microseconds: 0 };

/** Microseconds since 1970 in UTC. */
export class TimestampBuffer extends FixedWidthBuffer {
  value(bytes: Buffer, kind: number, start: number, end: number): boolean {
    if (kind === slotKind.string) return this.text(bytes, start + 1, end - 1);
    const text = characters(bytes, kind, start, end);
    return this.text(text.source, text.start, text.end);
  }

  text(source: Buffer, start: number, end: number): boolean {
    const isCut = readTimestamp(source, start, end, instant);
    this.putInstant(instant);
    return isCut;
  }

  put(milliseconds: number): void {
    instant.seconds = Math.floor(milliseconds / 1000);
    instant.microseconds = (milliseconds - instant.seconds * 1000) * 1000;
    this.putInstant(instant);
  }
}

/** Days since 1970. */
export class DateBuffer extends FixedWidthBuffer {
  value(bytes: Buffer, kind: number, start: number, end: number): boolean {
    const { source, start: from, end: to } = characters(bytes, kind, start, end);
    const days = readDate(source, from, to);
    const at = this.room(4);
    this.view.setInt32(at, days, true);
    return false;
  }
}
