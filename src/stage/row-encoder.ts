// A scanned record → one CSV row in the staged layout of its stream version.
import { TargetError } from '../errors/target-error.ts';
import type { Column, ColumnType, StreamVersion } from '../schema/model.ts';
import type { ColumnNote } from './chunk.ts';
import { ColumnCounts } from './column-counts.ts';
import { CsvOutput } from './csv-output.ts';
import { assertNumber, encodeBigint, encodeDecimal, encodeDouble } from './encode-number.ts';
import { encodeEscapedString, encodeJsonText } from './encode-text.ts';
import { encodeDate, encodeTimestamp } from './encode-time.ts';
import { KeyDigest } from './key-digest.ts';
import { MetadataFields, type RecordHeader } from './metadata-fields.ts';
import { acceptBits, RecordScanner, slotKind } from './record-scanner.ts';
import { characters, isText } from './text-slice.ts';
import { unexpectedKind } from './unexpected-kind.ts';

const COMMA = 44;
const QUOTE = 34;
const LINE_FEED = 10;
/** Upper bound of what a row adds beside its values: separators, metadata, order. */
const FIXED_BYTES = 256;
/** Upper bound of what a value of any kind grows by, beside doubling: quotes, a shifted date-time. */
const GROWTH_BYTES = 64;

type DecimalType = Extract<ColumnType, { kind: 'decimal' }>;

/** Whole rows, as views that are valid only during the call. */
export interface WrittenRows {
  readonly bytes: Buffer;
  readonly rows: number;
  /** Of the first row's line. */
  readonly inputOffset: number;
  /** Two 32-bit numbers per row, when the stream has keys. */
  readonly digests: Uint32Array;
  /** Columns, and how many of the rows lack the property. */
  readonly absent: readonly (readonly [column: number, count: number])[];
  readonly inexact: readonly (readonly [column: number, count: number])[];
}

/** Encodes the rows of one stream version; what `take` hands out are the rows since the last `take`. */
export class RowEncoder {
  readonly version: StreamVersion;
  readonly scanner: RecordScanner;
  readonly output = new CsvOutput(64 * 1024);
  rows = 0;
  /** Of the first row's line. */
  private inputOffset = 0;
  hasDeletes = false;
  /** Per column: records that lacked the property. */
  readonly absences: Uint32Array;
  private readonly inexact: ColumnCounts;
  private readonly nulled: ColumnCounts;
  private readonly nullInvalid: boolean;
  private digests = new Uint32Array(2048);
  private readonly digest = new KeyDigest();
  private readonly keyPlace: Int32Array;
  readonly metadata: MetadataFields;

  /** @param nullInvalid whether a value that its column can't hold becomes NULL, and is counted, instead of an error */
  constructor(version: StreamVersion, nullInvalid = false) {
    this.version = version;
    this.nullInvalid = nullInvalid;
    this.scanner = new RecordScanner(version);
    this.metadata = new MetadataFields(version, this.scanner, this.output);
    this.absences = new Uint32Array(version.columns.length);
    this.inexact = new ColumnCounts(version.columns.length);
    this.nulled = new ColumnCounts(version.columns.length);
    this.keyPlace = new Int32Array(version.columns.length).fill(-1);
    version.keys.forEach((column, place) => {
      this.keyPlace[column] = place;
    });
  }

  /**
   * Writes the record that `scanner` scanned last.
   * @param bytes what was scanned, @param length bytes of the whole line
   * @throws TargetError that names the column; the output is then as before
   */
  encode(bytes: Buffer, length: number, header: RecordHeader, order: number, receivedAtMs: number): void {
    const { output } = this;
    const before = output.length;
    let deleted: boolean;
    output.reserve(length * 2 + this.version.columns.length * GROWTH_BYTES + FIXED_BYTES);
    try {
      this.digest.reset();
      const absent = this.columns(bytes);
      deleted = this.metadata.write(bytes, header, receivedAtMs);
      output.ascii(String(order));
      output.byte(COMMA);
      if (absent > 0) this.absentFlags();
      output.byte(LINE_FEED);
    } catch (error) {
      output.length = before;
      this.inexact.forget();
      this.nulled.forget();
      throw error;
    }
    this.inexact.keep();
    this.nulled.keep();
    if (this.version.keys.length > 0) this.keepDigest();
    if (deleted) this.hasDeletes = true;
    if (this.rows === 0) this.inputOffset = order;
    this.rows++;
  }

  /** Rows of the same layout that the row loop has written. */
  append(given: WrittenRows): void {
    const { output } = this;
    output.reserve(given.bytes.length);
    output.copy(given.bytes, 0, given.bytes.length);
    if (this.version.keys.length > 0) {
      this.reserveDigests(given.rows);
      this.digests.set(given.digests, this.rows * 2);
    }
    for (const [column, count] of given.absent) this.absences[column]! += count;
    for (const [column, count] of given.inexact) this.inexact.addKept(column, count);
    if (this.rows === 0) this.inputOffset = given.inputOffset;
    this.rows += given.rows;
  }

  /** The rows so far, as views that the next `encode` overwrites: the caller copies or compresses them at once. */
  take(): {
    bytes: Buffer;
    rows: number;
    inputOffset: number;
    digests: Uint32Array;
    absent: number[];
    notes: ColumnNote[];
    hasDeletes: boolean;
  } {
    const taken = {
      bytes: this.output.bytes.subarray(0, this.output.length),
      rows: this.rows,
      inputOffset: this.inputOffset,
      digests: this.version.keys.length > 0 ? this.digests.slice(0, this.rows * 2) : new Uint32Array(0),
      absent: [...this.absences.keys()].filter((column) => this.absences[column]! > 0),
      notes: [...this.inexact.take('inexact'), ...this.nulled.take('nulled')],
      hasDeletes: this.hasDeletes,
    };
    this.output.clear();
    this.rows = 0;
    this.hasDeletes = false;
    this.absences.fill(0);
    return taken;
  }

  /** @returns how many properties the record lacks. */
  private columns(bytes: Buffer): number {
    const { kinds, starts, ends } = this.scanner;
    const { columns } = this.version;
    const { output, keyPlace } = this;
    let absent = 0;
    for (let i = 0; i < columns.length; i++) {
      const kind = kinds[i]!;
      if (kind === slotKind.absent) absent++;
      if (kind === slotKind.null || kind === slotKind.absent) {
        if (keyPlace[i]! >= 0) throw this.missingKey(i, kind);
      } else {
        const column = columns[i]!;
        const from = output.length;
        try {
          if (this.value(bytes, column, kind, starts[i]!, ends[i]!)) this.inexact.add(i);
        } catch (error) {
          if (!this.nullInvalid || keyPlace[i]! >= 0 || !(error instanceof TargetError)) throw inColumn(error, column);
          output.length = from;
          this.nulled.add(i);
        }
        if (keyPlace[i]! >= 0) this.addToDigest(column, from);
      }
      output.byte(COMMA);
    }
    return absent;
  }

  /** @returns true when the column holds the value only approximately. */
  private value(bytes: Buffer, column: Column, kind: number, start: number, end: number): boolean {
    if ((column.accepts & acceptBits[kind]!) === 0) throw unexpectedKind(column, kind);
    const { output } = this;
    const { type } = column;
    if (kind === slotKind.notFinite) return this.notFinite(bytes, column, start, end);
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
        this.decimal(bytes, kind, start, end, type);
        return false;
      case 'boolean':
        output.copy(bytes, start, end);
        return false;
      case 'timestamp':
      case 'date':
        return this.time(bytes, type.kind, kind, start, end);
    }
  }

  /** NaN and the infinities are doubles; text holds them as they are written. */
  private notFinite(bytes: Buffer, column: Column, start: number, end: number): boolean {
    const { kind } = column.type;
    if (kind === 'double') this.output.copy(bytes, start, end);
    else if (kind === 'string' || kind === 'json') encodeJsonText(bytes, start, end, this.output);
    else throw unexpectedKind(column, slotKind.notFinite);
    return false;
  }

  private double(bytes: Buffer, kind: number, start: number, end: number): boolean {
    if (!isText(kind)) return encodeDouble(bytes, start, end, kind === slotKind.integer, this.output);
    const text = characters(bytes, kind, start, end);
    assertNumber(text.source, text.start, text.end);
    return encodeDouble(text.source, text.start, text.end, false, this.output);
  }

  /** Some taps send decimals as strings, so as not to lose digits. */
  private decimal(bytes: Buffer, kind: number, start: number, end: number, { precision, scale }: DecimalType): void {
    const text = isText(kind) ? characters(bytes, kind, start, end) : { source: bytes, start, end };
    encodeDecimal(text.source, text.start, text.end, precision, scale, this.output);
  }

  private text(bytes: Buffer, kind: number, start: number, end: number): void {
    // a string without escapes is already what CSV wants, quotes included
    if (kind === slotKind.string) this.output.copy(bytes, start, end);
    else if (kind === slotKind.escapedString) encodeEscapedString(bytes, start, end, this.output);
    else encodeJsonText(bytes, start, end, this.output);
  }

  private time(bytes: Buffer, type: 'timestamp' | 'date', kind: number, start: number, end: number): boolean {
    const text = characters(bytes, kind, start, end);
    if (type === 'timestamp') return encodeTimestamp(text.source, text.start, text.end, this.output);
    encodeDate(text.source, text.start, text.end, this.output);
    return false;
  }

  private absentFlags(): void {
    const { kinds } = this.scanner;
    const { output } = this;
    output.byte(QUOTE);
    for (let i = 0; i < this.absences.length; i++) {
      const isAbsent = kinds[i] === slotKind.absent;
      output.byte(isAbsent ? 49 : 48);
      if (isAbsent) this.absences[i]!++;
    }
    output.byte(QUOTE);
  }

  /** Encoded text is canonical for every type but DOUBLE, where 1 and 1.0 are one key. */
  private addToDigest(column: Column, from: number): void {
    const { output, digest } = this;
    if (column.type.kind !== 'double') return digest.add(output.bytes, from, output.length);
    const canonical = Buffer.from(String(Number(output.bytes.toString('latin1', from, output.length)) + 0));
    digest.add(canonical, 0, canonical.length);
  }

  private keepDigest(): void {
    const at = this.rows * 2;
    this.reserveDigests(1);
    this.digests[at] = this.digest.high;
    this.digests[at + 1] = this.digest.low;
  }

  private reserveDigests(rows: number): void {
    const needed = (this.rows + rows) * 2;
    if (needed <= this.digests.length) return;
    const grown = new Uint32Array(Math.max(needed, this.digests.length * 2));
    grown.set(this.digests);
    this.digests = grown;
  }

  private missingKey(index: number, kind: number): TargetError {
    const what = kind === slotKind.null ? 'the key property is null' : 'the record lacks its key property';
    return new TargetError('INPUT_KEY_MISSING', what, { column: this.version.columns[index]!.path.join('.') });
  }
}

function inColumn(error: unknown, column: Column): unknown {
  return error instanceof TargetError ? error.at({ column: column.path.join('.') }) : error;
}
