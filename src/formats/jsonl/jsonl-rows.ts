// Values of rows → JSON Lines: an object for each row, by the names of the version's columns.

import { CLOSE_BRACE, COMMA, LINE_FEED, OPEN_BRACE, QUOTE, SPACE } from '../../json/ascii.ts';
import { encodeBigint } from '../../json/encode-number.ts';
import { assertWholeText } from '../../json/encode-text.ts';
import { encodeDate, encodeTimestamp } from '../../json/encode-time.ts';
import { slotKind } from '../../json/slot-kind.ts';
import { characters, isText } from '../../json/text-slice.ts';
import { GrowingBytes } from '../../memory/growing-bytes.ts';
import type { PlainType, StreamVersion } from '../../schema/model.ts';
import type { StagedCompression } from '../compress/compression.ts';
import { pack } from '../compress/pack.ts';
import type { KeyDigest } from '../key-digest.ts';
import { stagedLayout } from '../layout.ts';
import { writeDecimal, writeDouble } from '../number-texts.ts';
import type { PackedRows, RowWriter } from '../row-writer.ts';

const LETTER_T = 84;
const LETTER_Z = 90;
/** Of `YYYY-MM-DD`. */
const DATE_BYTES = 10;
/** Upper bound of what a value grows by, beside doubling: quotes, a shifted date-time. */
const GROWTH_BYTES = 64;
const FIRST_CAPACITY = 4096;

interface Field {
  /** The key with its colon. Undefined: the position is not written. */
  readonly key: Buffer | undefined;
  readonly type: PlainType;
  readonly isNested: boolean;
}

/**
 * Each line has the version's columns by their names, then the metadata columns that are known of each record. Values are
 * JSON as the source sent them: numbers with all their digits, objects and arrays as such. A time is `YYYY-MM-DD` or
 * `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`. NaN and the infinities are the strings "NaN", "Infinity" and "-Infinity", as JSON has
 * no such numbers. A property that a record lacks is null: all lines of a file have the same keys.
 */
export class JsonlRows implements RowWriter {
  private readonly fields: readonly Field[];
  private readonly keyBytes: number;
  private readonly compression: StagedCompression;
  private readonly output = new GrowingBytes(FIRST_CAPACITY);
  /** What a key's digest is made of. */
  private readonly scratch = new GrowingBytes(FIRST_CAPACITY);
  private rowStart = 0;
  private rowBytes = 0;
  private fieldStart = 0;
  private isFirst = true;

  constructor(version: StreamVersion, compression: StagedCompression) {
    this.compression = compression;
    this.fields = stagedLayout(version).map((staged) => {
      const column = staged.role === 'data' ? version.columns[staged.index]! : undefined;
      const name = column?.name ?? (staged.role === 'metadata' ? staged.name : undefined);
      const isNested = column !== undefined && (column.type.kind === 'struct' || column.type.kind === 'array');
      return {
        key: name === undefined ? undefined : Buffer.from(`${JSON.stringify(name)}:`),
        type: staged.type,
        isNested,
      };
    });
    this.keyBytes = this.fields.reduce((sum, { key }) => sum + (key?.length ?? 0) + GROWTH_BYTES, 0);
  }

  begin(lineBytes: number): void {
    const { output } = this;
    this.rowStart = output.length;
    this.rowBytes = lineBytes * 2 + this.keyBytes;
    output.reserve(this.rowBytes);
    output.byte(OPEN_BRACE);
    this.isFirst = true;
  }

  value(position: number, bytes: Buffer, kind: number, start: number, end: number): boolean {
    const { output, isFirst } = this;
    const before = output.length;
    this.field(position);
    try {
      return this.encode(position, bytes, kind, start, end);
    } catch (error) {
      output.length = before;
      this.isFirst = isFirst;
      throw error;
    }
  }

  null(position: number): void {
    if (this.field(position)) this.output.ascii('null');
  }

  timestamp(position: number, source: Buffer, start: number, end: number): void {
    this.field(position);
    this.time(() => encodeTimestamp(source, start, end, this.output));
  }

  instant(position: number, milliseconds: number): void {
    this.field(position);
    this.output.ascii(`"${new Date(milliseconds).toISOString()}"`);
  }

  bigint(position: number, source: Buffer, start: number, end: number): void {
    this.field(position);
    encodeBigint(source, start, end, true, this.output);
  }

  integer(position: number, value: number): void {
    if (this.field(position)) this.output.ascii(String(value));
  }

  /** Which properties a record lacks has no place in its line. */
  ascii(): void {}

  /** Equal texts may be spelled with other escapes, equal doubles with other digits. */
  addToDigest(digest: KeyDigest, position: number): void {
    const { output, fieldStart, scratch } = this;
    const { kind } = this.fields[position]!.type;
    if (kind !== 'double' && kind !== 'string' && kind !== 'json')
      return digest.add(output.bytes, fieldStart, output.length);
    const text = output.bytes.toString('utf8', fieldStart, output.length);
    const canonical = kind === 'double' ? String(Number(text) + 0) : text.startsWith('"') ? JSON.parse(text) : text;
    scratch.clear();
    scratch.reserve(Buffer.byteLength(canonical));
    scratch.length = scratch.bytes.write(canonical);
    digest.add(scratch.bytes, 0, scratch.length);
  }

  end(): void {
    this.output.byte(CLOSE_BRACE);
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

  /** @returns false where the position is not written */
  private field(position: number): boolean {
    const { output } = this;
    const { key } = this.fields[position]!;
    if (!key) return false;
    if (!this.isFirst) output.byte(COMMA);
    this.isFirst = false;
    output.copy(key, 0, key.length);
    this.fieldStart = output.length;
    return true;
  }

  private encode(position: number, bytes: Buffer, kind: number, start: number, end: number): boolean {
    const { output } = this;
    const { type, isNested } = this.fields[position]!;
    if (isNested) {
      this.json(bytes, start, end);
      return false;
    }
    switch (type.kind) {
      case 'string':
        this.string(bytes, kind, start, end);
        return false;
      case 'json':
        if (isText(kind)) this.string(bytes, kind, start, end);
        else if (kind === slotKind.notFinite) this.quoted(bytes, start, end);
        else this.json(bytes, start, end);
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
      case 'date': {
        const { source, start: from, end: to } = characters(bytes, kind, start, end);
        if (type.kind === 'timestamp') return this.time(() => encodeTimestamp(source, from, to, output));
        return this.time(() => {
          encodeDate(source, from, to, output);
          return false;
        });
      }
    }
  }

  private double(bytes: Buffer, kind: number, start: number, end: number): boolean {
    if (kind !== slotKind.notFinite) return writeDouble(bytes, kind, start, end, this.output);
    this.quoted(bytes, start, end);
    return false;
  }

  /** A string as it is spelled; of anything else the JSON text, as a string. */
  private string(bytes: Buffer, kind: number, start: number, end: number): void {
    if (kind === slotKind.escapedString) assertWholeText(bytes, start, end);
    if (isText(kind)) return this.output.copy(bytes, start, end);
    assertWholeText(bytes, start, end);
    const text = Buffer.from(JSON.stringify(bytes.toString('utf8', start, end)));
    this.output.reserve(text.length + this.rowBytes);
    this.output.copy(text, 0, text.length);
  }

  private json(bytes: Buffer, start: number, end: number): void {
    assertWholeText(bytes, start, end);
    this.output.reserve(end - start + this.rowBytes);
    this.output.copy(bytes, start, end);
  }

  private quoted(bytes: Buffer, start: number, end: number): void {
    this.output.byte(QUOTE);
    this.output.copy(bytes, start, end);
    this.output.byte(QUOTE);
  }

  /** In ISO 8601: with a T, and in UTC. @returns what `write` does */
  private time(write: () => boolean): boolean {
    const { output } = this;
    output.byte(QUOTE);
    const from = output.length;
    const isCut = write();
    if (output.bytes[from + DATE_BYTES] === SPACE && output.length > from + DATE_BYTES) {
      output.bytes[from + DATE_BYTES] = LETTER_T;
      output.byte(LETTER_Z);
    }
    output.byte(QUOTE);
    return isCut;
  }
}
