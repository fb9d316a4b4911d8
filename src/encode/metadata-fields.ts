// What a message says beside its record, and the record's delete marker → the metadata fields of a row.
import { TargetError } from '../errors/target-error.ts';
import type { RowWriter } from '../formats/row-writer.ts';
import { QUOTE } from '../json/ascii.ts';
import { endOfDeletedAt } from '../json/encode-time.ts';
import { skipString } from '../json/json-bytes.ts';
import { slotKind } from '../json/slot-kind.ts';
import { characters, isText } from '../json/text-slice.ts';
import type { StreamVersion } from '../schema/model.ts';
import type { RecordScanner } from './record-scanner.ts';

/** A slice of the line that holds a header value, `start` < 0 when the message has none. */
export interface HeaderSlice {
  /** The member of the message, for errors. */
  readonly key: string;
  start: number;
  end: number;
  /** What it is a slice of, when that is not the line. */
  source?: Buffer | undefined;
}

/** What a message says beside its record. */
export interface RecordHeader {
  readonly extractedAt: HeaderSlice & { readonly form?: 'date-time' | 'milliseconds' | undefined };
  readonly version: HeaderSlice;
}

/** The first byte of `null`. */
const NULL = 110;
/** 9999-12-31T23:59:59.999Z, in milliseconds since 1970. */
const MAX_INSTANT = 253_402_300_799_999;

/** Writes the fields at their positions in the staged layout. */
export class MetadataFields {
  private readonly version: StreamVersion;
  private readonly scanner: RecordScanner;
  private readonly writer: RowWriter;

  constructor(version: StreamVersion, scanner: RecordScanner, writer: RowWriter) {
    this.version = version;
    this.scanner = scanner;
    this.writer = writer;
  }

  /** @returns true when the record scanned last carries a delete marker. */
  write(bytes: Buffer, header: RecordHeader, receivedAtMs: number): boolean {
    const { version, writer } = this;
    const kind = this.scanner.kinds[this.scanner.deletedSlot]!;
    const deleted = kind !== slotKind.null && kind !== slotKind.absent;
    let position = version.columns.length;
    if (version.deletes !== 'ignore' || version.metadata) {
      if (deleted) this.deletedAt(position++, bytes, kind);
      else writer.null(position++);
    }
    if (!version.metadata) return deleted;
    const { extractedAt, version: tableVersion } = header;
    if (isGiven(bytes, extractedAt)) this.extractedAt(position++, extractedAt.source ?? bytes, extractedAt);
    else writer.null(position++);
    writer.instant(position++, receivedAtMs);
    writer.integer(position++, receivedAtMs);
    if (isGiven(bytes, tableVersion)) this.tableVersion(position, tableVersion.source ?? bytes, tableVersion);
    else writer.null(position);
    return deleted;
  }

  private deletedAt(position: number, bytes: Buffer, kind: number): void {
    const slot = this.scanner.deletedSlot;
    if (!isText(kind))
      throw new TargetError('INPUT_VALUE_INVALID', 'expected a date-time', { column: '_sdc_deleted_at' });
    const { source, start, end } = characters(bytes, kind, this.scanner.starts[slot]!, this.scanner.ends[slot]!);
    named('_sdc_deleted_at', () => this.writer.timestamp(position, source, start, endOfDeletedAt(source, start, end)));
  }

  private extractedAt(position: number, bytes: Buffer, slice: RecordHeader['extractedAt']): void {
    named(slice.key, () => {
      if (slice.form === 'milliseconds') return this.writer.instant(position, milliseconds(bytes, slice));
      if (bytes[slice.start] !== QUOTE) throw new TargetError('INPUT_VALUE_INVALID', 'expected a date-time');
      const kind = skipString(bytes, slice.start) < 0 ? slotKind.escapedString : slotKind.string;
      const text = characters(bytes, kind, slice.start, slice.end);
      this.writer.timestamp(position, text.source, text.start, text.end);
    });
  }

  private tableVersion(position: number, bytes: Buffer, slice: HeaderSlice): void {
    named(slice.key, () => {
      if (!/^-?\d+$/.test(bytes.toString('latin1', slice.start, slice.end)))
        throw new TargetError('INPUT_MESSAGE_INVALID', 'the version of a record must be an integer');
      this.writer.bigint(position, bytes, slice.start, slice.end);
    });
  }
}

function milliseconds(bytes: Buffer, { start, end }: HeaderSlice): number {
  const text = bytes.toString('latin1', start, end);
  // later instants have five-digit years
  if (!/^-?\d{1,15}$/.test(text) || Number(text) > MAX_INSTANT)
    throw new TargetError('INPUT_VALUE_INVALID', 'expected an instant in milliseconds');
  return Number(text);
}

const isGiven = (bytes: Buffer, { start, source = bytes }: HeaderSlice): boolean =>
  start >= 0 && source[start] !== NULL;

function named(column: string, encode: () => void): void {
  try {
    encode();
  } catch (error) {
    throw error instanceof TargetError ? error.at({ column }) : error;
  }
}
