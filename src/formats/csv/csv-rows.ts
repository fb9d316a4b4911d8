// Values of rows → CSV: every text quoted, NULL as nothing at all, one line feed after each row.

import { COMMA, LINE_FEED, QUOTE } from '../../json/ascii.ts';
import { encodeBigint } from '../../json/encode-number.ts';
import { encodeEscapedString, encodeJsonText } from '../../json/encode-text.ts';
import { encodeDate, encodeTimestamp } from '../../json/encode-time.ts';
import { slotKind } from '../../json/slot-kind.ts';
import { characters } from '../../json/text-slice.ts';
import { GrowingBytes } from '../../memory/growing-bytes.ts';
import type { Column, ColumnType } from '../../schema/model.ts';
import type { StagedCompression } from '../compress/compression.ts';
import { pack } from '../compress/pack.ts';
import type { KeyDigest } from '../key-digest.ts';
import { writeDecimal, writeDouble } from '../number-texts.ts';
import type { LoopTarget, PackedRows, RowWriter } from '../row-writer.ts';

/** Upper bound of what a row adds beside its values: separators, metadata, order. */
const FIXED_BYTES = 256;
/** Upper bound of what a value of any kind grows by, beside doubling: quotes, a shifted date-time. */
const GROWTH_BYTES = 64;

/** Grows with the rows: many streams have few. */
const FIRST_CAPACITY = 4096;

export class CsvRows implements RowWriter {
  private readonly columns: readonly Column[];
  private readonly compression: StagedCompression;
  private readonly output = new GrowingBytes(FIRST_CAPACITY);
  /** Upper bound of a row, but for what `NestedEncoder` makes of its values. */
  private rowBytes = 0;
  readonly loop: LoopTarget = {
    form: 'csv',
    append: (csv) => {
      const { output } = this;
      output.reserve(csv.length);
      output.copy(csv, 0, csv.length);
    },
  };
  private rowStart = 0;
  private fieldStart = 0;
  private instantMs = Number.NaN;
  private instantText = '';

  constructor(columns: readonly Column[], compression: StagedCompression) {
    this.columns = columns;
    this.compression = compression;
  }

  begin(lineBytes: number): void {
    const { output } = this;
    this.rowStart = output.length;
    this.rowBytes = lineBytes * 2 + this.columns.length * GROWTH_BYTES + FIXED_BYTES;
    output.reserve(this.rowBytes);
  }

  value(position: number, bytes: Buffer, kind: number, start: number, end: number): boolean {
    const { output } = this;
    const before = output.length;
    this.field(position);
    try {
      return this.encode(this.columns[position]!.type, bytes, kind, start, end);
    } catch (error) {
      output.length = before;
      throw error;
    }
  }

  null(position: number): void {
    this.field(position);
  }

  timestamp(position: number, source: Buffer, start: number, end: number): void {
    this.field(position);
    encodeTimestamp(source, start, end, this.output);
  }

  /** All rows of a chunk have it in common. */
  instant(position: number, milliseconds: number): void {
    this.field(position);
    if (milliseconds !== this.instantMs) {
      this.instantText = new Date(milliseconds).toISOString().slice(0, 23).replace('T', ' ');
      this.instantMs = milliseconds;
    }
    this.output.ascii(this.instantText);
  }

  bigint(position: number, source: Buffer, start: number, end: number): void {
    this.field(position);
    encodeBigint(source, start, end, true, this.output);
  }

  integer(position: number, value: number): void {
    this.field(position);
    this.output.ascii(String(value));
  }

  ascii(position: number, text: Buffer): void {
    this.field(position);
    const { output } = this;
    output.byte(QUOTE);
    output.copy(text, 0, text.length);
    output.byte(QUOTE);
  }

  /** Encoded text is canonical for every type but DOUBLE, where 1 and 1.0 are one key. */
  addToDigest(digest: KeyDigest, position: number): void {
    const { output, fieldStart } = this;
    if (this.columns[position]!.type.kind !== 'double') return digest.add(output.bytes, fieldStart, output.length);
    const canonical = Buffer.from(String(Number(output.bytes.toString('latin1', fieldStart, output.length)) + 0));
    digest.add(canonical, 0, canonical.length);
  }

  end(): void {
    this.output.byte(LINE_FEED);
  }

  rollback(): void {
    this.output.length = this.rowStart;
  }

  take(): PackedRows {
    const { output } = this;
    const bytes = pack(output.bytes.subarray(0, output.length), this.compression);
    output.clear();
    return { bytes };
  }

  private field(position: number): void {
    const { output } = this;
    if (position > 0) output.byte(COMMA);
    this.fieldStart = output.length;
  }

  private encode(type: ColumnType, bytes: Buffer, kind: number, start: number, end: number): boolean {
    const { output } = this;
    switch (type.kind) {
      case 'string':
      case 'json':
        this.text(bytes, kind, start, end);
        return false;
      case 'bigint':
        encodeBigint(bytes, start, end, kind === slotKind.integer, output);
        return false;
      case 'double':
        return this.double(bytes, kind, start, end);
      case 'decimal':
        writeDecimal(bytes, kind, start, end, type, output);
        return false;
      case 'boolean':
        output.copy(bytes, start, end);
        return false;
      case 'timestamp':
      case 'date':
        return this.time(bytes, type.kind, kind, start, end);
      case 'struct':
      case 'array':
        this.jsonText(bytes, start, end);
        return false;
    }
  }

  private double(bytes: Buffer, kind: number, start: number, end: number): boolean {
    if (kind !== slotKind.notFinite) return writeDouble(bytes, kind, start, end, this.output);
    this.output.copy(bytes, start, end);
    return false;
  }

  private text(bytes: Buffer, kind: number, start: number, end: number): void {
    // a string without escapes is already what CSV wants, quotes included
    if (kind === slotKind.string) this.output.copy(bytes, start, end);
    else if (kind === slotKind.escapedString) encodeEscapedString(bytes, start, end, this.output);
    else this.jsonText(bytes, start, end);
  }

  /** It may be longer than what it was made of: there must be room for the rest of the row behind it. */
  private jsonText(bytes: Buffer, start: number, end: number): void {
    this.output.reserve((end - start) * 2 + this.rowBytes);
    encodeJsonText(bytes, start, end, this.output);
  }

  private time(bytes: Buffer, type: 'timestamp' | 'date', kind: number, start: number, end: number): boolean {
    const text = characters(bytes, kind, start, end);
    if (type === 'timestamp') return encodeTimestamp(text.source, text.start, text.end, this.output);
    encodeDate(text.source, text.start, text.end, this.output);
    return false;
  }
}
