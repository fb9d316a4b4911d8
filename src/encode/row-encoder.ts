// A scanned record → one row in the staged layout of its stream version: what it lacks, what its columns refuse, what its key is.
import { TargetError } from '../errors/target-error.ts';
import { KeyDigest } from '../formats/key-digest.ts';
import { stagedLayout } from '../formats/layout.ts';
import type { LoopTarget, PackedRows, RowWriter } from '../formats/row-writer.ts';
import { slotKind } from '../json/slot-kind.ts';
import type { ColumnNote, FieldCount } from '../report/facts.ts';
import { asText, type Column, isNested, type StreamVersion } from '../schema/model.ts';
import { ColumnCounts } from './column-counts.ts';
import { NestedEncoder } from './encode-nested.ts';
import { assertKeyIsHeld, keyNumber, withKey } from './key-values.ts';
import { MetadataFields, type RecordHeader } from './metadata-fields.ts';
import { acceptBits, RecordScanner } from './record-scanner.ts';
import { unexpectedKind } from './unexpected-kind.ts';

/** What is to be known of rows that the row loop has written: views that are valid only during the call. */
export interface WrittenRows {
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
  rows = 0;
  /** Of the first row's line. */
  private inputOffset = 0;
  hasDeletes = false;
  /** Per column: records that lacked the property. */
  readonly absences: Uint32Array;
  /** Per column: values other than null; empty where nobody asks. */
  private readonly values: Uint32Array;
  private readonly inexact: ColumnCounts;
  private readonly cut: ColumnCounts;
  private readonly nulled: ColumnCounts;
  private readonly asText: ColumnCounts;
  private readonly nullInvalid: boolean;
  private readonly nested: NestedEncoder;
  private digests = new Uint32Array(128);
  private readonly digest = new KeyDigest();
  private readonly keyPlace: Int32Array;
  private readonly metadata: MetadataFields;
  private readonly writer: RowWriter;
  private readonly flags: Buffer;
  /** Places in the staged layout. */
  private readonly orderPosition: number;
  private readonly absentPosition: number;

  /** @param nullInvalid whether a value that its column can't hold becomes NULL, and is counted, instead of an error */
  constructor(version: StreamVersion, writer: RowWriter, nullInvalid = false) {
    this.version = version;
    this.writer = writer;
    this.nullInvalid = nullInvalid;
    this.nested = new NestedEncoder(nullInvalid);
    this.scanner = new RecordScanner(version);
    this.metadata = new MetadataFields(version, this.scanner, writer);
    const layout = stagedLayout(version);
    this.orderPosition = layout.findIndex(({ role }) => role === 'order');
    this.absentPosition = layout.findIndex(({ role }) => role === 'absent');
    this.flags = Buffer.alloc(version.columns.length);
    this.absences = new Uint32Array(version.columns.length);
    this.values = new Uint32Array(discardsValues(version) ? version.columns.length : 0);
    this.inexact = new ColumnCounts(version.columns.length);
    this.cut = new ColumnCounts(version.columns.length);
    this.nulled = new ColumnCounts(version.columns.length);
    this.asText = new ColumnCounts(version.columns.length);
    this.keyPlace = new Int32Array(version.columns.length).fill(-1);
    version.keys.forEach((column, place) => {
      this.keyPlace[column] = place;
    });
  }

  /**
   * Writes the record that `scanner` scanned last.
   * @param bytes what was scanned, @param length bytes of the whole line
   * @throws TargetError that names the column; the row is not written then
   */
  encode(bytes: Buffer, length: number, header: RecordHeader, order: number, receivedAtMs: number): void {
    const { writer } = this;
    let deleted: boolean;
    writer.begin(length);
    try {
      this.digest.reset();
      const absent = this.columns(bytes);
      deleted = this.metadata.write(bytes, header, receivedAtMs);
      writer.integer(this.orderPosition, order);
      if (absent > 0) writer.ascii(this.absentPosition, this.absentFlags());
      else writer.null(this.absentPosition);
      writer.end();
    } catch (error) {
      writer.rollback();
      this.inexact.forget();
      this.cut.forget();
      this.nulled.forget();
      this.asText.forget();
      throw error;
    }
    this.inexact.keep();
    this.cut.keep();
    this.nulled.keep();
    this.asText.keep();
    if (this.values.length > 0) this.countValues();
    if (this.version.keys.length > 0) this.keepDigest();
    if (deleted) this.hasDeletes = true;
    if (this.rows === 0) this.inputOffset = order;
    this.rows++;
  }

  /** Where the row loop writes rows of the same layout. */
  get loop(): LoopTarget | undefined {
    return this.writer.loop;
  }

  /** Rows that were written to `loop`. */
  append(given: WrittenRows): void {
    if (this.version.keys.length > 0) {
      this.reserveDigests(given.rows);
      this.digests.set(given.digests, this.rows * 2);
    }
    for (const [column, count] of given.absent) this.absences[column]! += count;
    for (const [column, count] of given.inexact) this.inexact.addKept(column, count);
    if (this.rows === 0) this.inputOffset = given.inputOffset;
    this.rows += given.rows;
  }

  /** The rows since the last call. */
  take(): PackedRows & {
    rows: number;
    inputOffset: number;
    digests: Uint32Array;
    absent: number[];
    values: Uint32Array;
    notes: ColumnNote[];
    ignored: FieldCount[];
    hasDeletes: boolean;
  } {
    const taken = {
      ...this.writer.take(),
      rows: this.rows,
      inputOffset: this.inputOffset,
      digests: this.version.keys.length > 0 ? this.digests.slice(0, this.rows * 2) : new Uint32Array(0),
      absent: [...this.absences.keys()].filter((column) => this.absences[column]! > 0),
      values: this.values.slice(),
      notes: this.takeNotes(),
      ignored: [...this.scanner.takeUndeclared(), ...this.nested.undeclared.take('struct')],
      hasDeletes: this.hasDeletes,
    };
    this.rows = 0;
    this.hasDeletes = false;
    this.absences.fill(0);
    this.values.fill(0);
    return taken;
  }

  private takeNotes(): ColumnNote[] {
    const { inexact, cut, nulled, asText } = this;
    return [...inexact.take('inexact'), ...cut.take('cut'), ...nulled.take('nulled'), ...asText.take('asText')];
  }

  /** @returns how many properties the record lacks. */
  private columns(bytes: Buffer): number {
    const { kinds } = this.scanner;
    const { columns } = this.version;
    const { writer, keyPlace } = this;
    let absent = 0;
    for (let i = 0; i < columns.length; i++) {
      const kind = kinds[i]!;
      if (kind === slotKind.absent) absent++;
      if (kind === slotKind.null || kind === slotKind.absent) {
        if (keyPlace[i]! >= 0) throw this.missingKey(i, kind);
        writer.null(i);
        continue;
      }
      if (keyPlace[i]! >= 0) {
        this.key(i, bytes, kind);
        continue;
      }
      try {
        if (this.value(i, bytes, kind)) this.inexact.add(i);
      } catch (error) {
        if (!this.nullInvalid || !(error instanceof TargetError)) throw inColumn(error, columns[i]!);
        writer.null(i);
        this.nulled.add(i);
      }
    }
    return absent;
  }

  /** @throws TargetError for a key that its column can't hold exactly, or would take for another */
  private key(position: number, bytes: Buffer, kind: number): void {
    const { writer } = this;
    const column = this.version.columns[position]!;
    const start = this.scanner.starts[position]!;
    const end = this.scanner.ends[position]!;
    try {
      if (!isAccepted(column, kind)) throw unexpectedKind(column, kind);
      const number = keyNumber(column, bytes, kind, start, end);
      const isInexact =
        number === undefined
          ? writer.value(position, bytes, kind, start, end)
          : writer.value(position, number, slotKind.number, 0, number.length);
      assertKeyIsHeld(column, isInexact, bytes, kind, start, end);
    } catch (error) {
      throw inColumn(withKey(error, bytes, start, end), column);
    }
    writer.addToDigest(this.digest, position);
  }

  /** @returns true when the column holds the value only approximately. */
  private value(position: number, bytes: Buffer, kind: number): boolean {
    const column = this.version.columns[position]!;
    const start = this.scanner.starts[position]!;
    const end = this.scanner.ends[position]!;
    if (this.isTakenAsText(position, kind)) this.asText.add(position);
    if (!isNested(column.type)) return this.writer.value(position, bytes, kind, start, end);
    const { nested } = this;
    nested.encode(bytes, start, end, column);
    this.writer.value(position, nested.output.bytes, kind, 0, nested.output.length);
    for (let n = 0; n < nested.nulled; n++) this.nulled.add(position);
    for (let n = 0; n < nested.takenAsText; n++) this.asText.add(position);
    if (nested.cut) this.cut.add(position);
    return nested.inexact;
  }

  /** @throws TargetError when the column takes no such value at all */
  private isTakenAsText(position: number, kind: number): boolean {
    const column = this.version.columns[position]!;
    if (isAccepted(column, kind)) return false;
    if ((column.accepts & asText) === 0) throw unexpectedKind(column, kind);
    return true;
  }

  private countValues(): void {
    const { kinds } = this.scanner;
    for (let i = 0; i < this.values.length; i++)
      if (kinds[i] !== slotKind.null && kinds[i] !== slotKind.absent) this.values[i]!++;
  }

  /** One character for each column. */
  private absentFlags(): Buffer {
    const { kinds } = this.scanner;
    const { flags } = this;
    for (let i = 0; i < flags.length; i++) {
      const isAbsent = kinds[i] === slotKind.absent;
      flags[i] = isAbsent ? 49 : 48;
      if (isAbsent) this.absences[i]!++;
    }
    return flags;
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
    const { path } = this.version.columns[index]!;
    const isNull = kind === slotKind.null ? 'the key property is null' : 'the record lacks its key property';
    // what a flattened object lacks is NULL, too
    const what = path.length > 1 ? 'the record has no value of its key property' : isNull;
    return new TargetError('INPUT_KEY_MISSING', what, { column: path.join('.') });
  }
}

/** Whether values have to be counted, as some may be left out of the table. */
export function discardsValues({ contract }: StreamVersion): boolean {
  return contract?.columns === 'discard' || contract?.types === 'discard';
}

/** NaN and the infinities are doubles; text holds them as they are written. */
function isAccepted({ type, accepts }: Column, kind: number): boolean {
  if ((accepts & acceptBits[kind]!) === 0) return false;
  return kind !== slotKind.notFinite || type.kind === 'double' || type.kind === 'string' || type.kind === 'json';
}

function inColumn(error: unknown, column: Column): unknown {
  return error instanceof TargetError ? error.at({ column: column.path.join('.') }) : error;
}
