// What a message says beside its record, and the record's delete marker → the metadata fields of a row.
import { TargetError } from '../errors/target-error.ts';
import { skipString } from '../protocol/json-bytes.ts';
import type { StreamVersion } from '../schema/model.ts';
import type { CsvOutput } from './csv-output.ts';
import { encodeBigint } from './encode-number.ts';
import { encodeDeletedAt, encodeTimestamp } from './encode-time.ts';
import { type RecordScanner, slotKind } from './record-scanner.ts';
import { characters, isText } from './text-slice.ts';

/** A slice of the line that holds a header value, `start` < 0 when the message has none. */
export interface HeaderSlice {
  start: number;
  end: number;
}

/** What a message says beside its record. */
export interface RecordHeader {
  readonly timeExtracted: HeaderSlice;
  readonly version: HeaderSlice;
}

const COMMA = 44;
const QUOTE = 34;
/** The first byte of `null`. */
const NULL = 110;

/** Writes the fields in the order of the staged layout, each with the comma after it. */
export class MetadataFields {
  private readonly version: StreamVersion;
  private readonly scanner: RecordScanner;
  private readonly output: CsvOutput;
  private receivedAtMs = Number.NaN;
  private receivedText = '';

  constructor(version: StreamVersion, scanner: RecordScanner, output: CsvOutput) {
    this.version = version;
    this.scanner = scanner;
    this.output = output;
  }

  /** @returns true when the record scanned last carries a delete marker. */
  write(bytes: Buffer, header: RecordHeader, receivedAtMs: number): boolean {
    const { version, output } = this;
    const kind = this.scanner.kinds[this.scanner.deletedSlot]!;
    const deleted = kind !== slotKind.null && kind !== slotKind.absent;
    if (version.deletes !== 'ignore' || version.metadata) {
      if (deleted) this.deletedAt(bytes, kind);
      output.byte(COMMA);
    }
    if (!version.metadata) return deleted;
    const { timeExtracted } = header;
    if (timeExtracted.start >= 0) this.extractedAt(bytes, timeExtracted);
    output.byte(COMMA);
    output.ascii(this.receivedFields(receivedAtMs));
    if (header.version.start >= 0) this.tableVersion(bytes, header.version);
    output.byte(COMMA);
    return deleted;
  }

  private deletedAt(bytes: Buffer, kind: number): void {
    const slot = this.scanner.deletedSlot;
    if (!isText(kind))
      throw new TargetError('INPUT_VALUE_INVALID', 'expected a date-time', { column: '_sdc_deleted_at' });
    const text = characters(bytes, kind, this.scanner.starts[slot]!, this.scanner.ends[slot]!);
    named('_sdc_deleted_at', () => encodeDeletedAt(text.source, text.start, text.end, this.output));
  }

  private extractedAt(bytes: Buffer, slice: HeaderSlice): void {
    if (bytes[slice.start] === NULL) return;
    named('time_extracted', () => {
      if (bytes[slice.start] !== QUOTE) throw new TargetError('INPUT_VALUE_INVALID', 'expected a date-time');
      const kind = skipString(bytes, slice.start) < 0 ? slotKind.escapedString : slotKind.string;
      const text = characters(bytes, kind, slice.start, slice.end);
      encodeTimestamp(text.source, text.start, text.end, this.output);
    });
  }

  private tableVersion(bytes: Buffer, slice: HeaderSlice): void {
    if (bytes[slice.start] === NULL) return;
    named('version', () => {
      if (!/^-?\d+$/.test(bytes.toString('latin1', slice.start, slice.end)))
        throw new TargetError('INPUT_MESSAGE_INVALID', 'the version of a record must be an integer');
      encodeBigint(bytes, slice.start, slice.end, true, this.output);
    });
  }

  /** `_sdc_received_at` and `_sdc_sequence`, which all rows of a chunk have in common. */
  receivedFields(atMs: number): string {
    if (atMs !== this.receivedAtMs) {
      this.receivedText = `${new Date(atMs).toISOString().slice(0, 23).replace('T', ' ')},${atMs},`;
      this.receivedAtMs = atMs;
    }
    return this.receivedText;
  }
}

function named(column: string, encode: () => void): void {
  try {
    encode();
  } catch (error) {
    throw error instanceof TargetError ? error.at({ column }) : error;
  }
}
