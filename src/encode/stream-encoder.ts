// One stream version's records → segments: scan, validate, encode, and set aside what can't be loaded.
import { TargetError } from '../errors/target-error.ts';
import { pack } from '../formats/compress/pack.ts';
import { formats } from '../formats/registry.ts';
import type { LoopTarget } from '../formats/row-writer.ts';
import type { Segment } from '../formats/segment.ts';
import { skipStructure } from '../json/json-bytes.ts';
import { awaitsColumns } from '../schema/awaits-columns.ts';
import { isNested, type StreamVersion } from '../schema/model.ts';
import { columnlessRecord } from './awaited-columns.ts';
import type { EncoderSettings } from './chunk.ts';
import { DeadLetterLines } from './dead-letters.ts';
import type { RecordHeader } from './metadata-fields.ts';
import { namingRecord } from './record-name.ts';
import type { LearnedKeys } from './record-scanner.ts';
import { discardsValues, RowEncoder, type WrittenRows } from './row-encoder.ts';
import { type RecordCheck, recordCheck } from './validate.ts';

/** Offsets of a message's line and, in it, of its record. */
export interface RecordSpan {
  readonly start: number;
  readonly recordStart: number;
  readonly recordEnd: number;
  /** After the line feed. */
  readonly end: number;
}

/** Where and when the slab came from. */
export interface Place {
  /** Of the slab's first byte, as loads count it. */
  readonly inputOffset: number;
  /** Of the slab's first byte in the input, or in the file. */
  readonly sourceOffset: number;
  /** A file that a BATCH names. */
  readonly file?: string;
  readonly receivedAtMs: number;
}

const setAsideCodes = new Set(['INPUT_VALUE_INVALID', 'INPUT_KEY_MISSING']);

export class StreamEncoder {
  readonly version: StreamVersion;
  /** True when the stream's name is written in JSON without escapes. */
  readonly isPlainName: boolean;
  private readonly settings: EncoderSettings;
  private readonly rows: RowEncoder;
  private readonly check: RecordCheck | undefined;
  private readonly deadLetters = new DeadLetterLines();
  private readonly awaitsColumns: boolean;
  private inputBytes = 0;
  private lastOffset = 0;
  private slowLines = 0;
  /** What was wrong with the record scanned last, where it could still be scanned to its end. */
  private invalid: TargetError | undefined;

  constructor(version: StreamVersion, settings: EncoderSettings) {
    this.version = version;
    this.settings = settings;
    this.isPlainName = JSON.stringify(version.stream) === `"${version.stream}"`;
    this.rows = new RowEncoder(
      version,
      formats[settings.format].writer(version, settings.compression),
      settings.invalidValues === 'null',
    );
    this.check = recordCheck(version);
    this.awaitsColumns = awaitsColumns(version);
  }

  get isEmpty(): boolean {
    return this.rows.rows === 0 && this.deadLetters.isEmpty;
  }

  /** A segment must not have more rows than this. */
  get isFull(): boolean {
    return this.rows.rows >= this.settings.maxSegmentRows;
  }

  /** How many more rows the segment may have. */
  get roomRows(): number {
    return this.settings.maxSegmentRows - this.rows.rows;
  }

  /** What the row loop must know of the records; undefined before the first one, and where it can't encode such rows. */
  get learned(): LearnedKeys | undefined {
    const { columns, keys } = this.version;
    if (this.awaitsColumns) return undefined;
    const isHashable = keys.every((key) => columns[key]!.type.kind !== 'double');
    const isPlain = isHashable && !columns.some(({ type }) => isNested(type)) && !discardsValues(this.version);
    return isPlain ? this.rows.scanner.learned : undefined;
  }

  /** True when records are validated, which the row loop does not do. */
  get isChecked(): boolean {
    return this.check !== undefined;
  }

  /** Whether the record of a line is as the schema has it: if not, it is for {@link add} to say what is wrong. */
  passes(bytes: Buffer, start: number, end: number): boolean {
    return this.check?.passes(bytes, start, end) !== false;
  }

  /** @returns the offset after the record whose brace is at `at`. */
  scan(bytes: Buffer, at: number): number {
    this.invalid = undefined;
    try {
      return this.rows.scanner.scan(bytes, at);
    } catch (error) {
      if (!this.setsAside(error)) throw this.named(error, bytes);
      this.invalid = error;
      return skipStructure(bytes, at);
    }
  }

  /** Encodes the record scanned last, whose message is sound. @throws TargetError when it can't be loaded nor set aside */
  add(bytes: Buffer, span: RecordSpan, header: RecordHeader, place: Place): void {
    const { start, recordStart, recordEnd, end } = span;
    const offset = place.inputOffset + start;
    this.inputBytes += end - start;
    this.lastOffset = offset;
    this.slowLines++;
    try {
      if (this.invalid) throw this.invalid;
      this.check?.assert(bytes, recordStart, recordEnd);
      if (this.awaitsColumns) throw columnlessRecord(this.version, this.rows.scanner);
      this.rows.encode(bytes, end - start, header, offset, place.receivedAtMs);
    } catch (error) {
      if (!this.setsAside(error)) throw this.named(error, bytes);
      const source = { ...place, offset: place.sourceOffset + start };
      const record = bytes.subarray(recordStart, recordEnd);
      this.deadLetters.add(error.at({ stream: this.version.stream }), record, offset, source);
    }
  }

  /**
   * Rows that the row loop has written to `loop`.
   * @param inputBytes of their lines, @param lastOffset of the last one's line in the input
   */
  append(rows: WrittenRows, inputBytes: number, lastOffset: number): void {
    this.inputBytes += inputBytes;
    this.lastOffset = lastOffset;
    this.rows.append(rows);
  }

  /** Where the row loop writes rows. */
  get loop(): LoopTarget | undefined {
    return this.rows.loop;
  }

  /** What has been added since the last call. */
  take(): Segment {
    const taken = this.rows.take();
    const letters = this.deadLetters.take();
    const { inputBytes, slowLines } = this;
    this.inputBytes = this.slowLines = 0;
    const firstOffsets = [...(taken.rows > 0 ? [taken.inputOffset] : []), ...letters.offsets.slice(0, 1)];
    return {
      ...taken,
      stream: this.version.stream,
      versionId: this.version.id,
      inputBytes,
      slowLines,
      lastOffset: this.lastOffset,
      inputOffset: Math.min(...firstOffsets),
      deadLetters:
        letters.offsets.length > 0
          ? { offsets: letters.offsets, bytes: pack(letters.bytes, this.settings.compression) }
          : undefined,
    };
  }

  private named(error: unknown, bytes: Buffer): unknown {
    return namingRecord(error, bytes, this.version, this.rows.scanner);
  }

  private setsAside(error: unknown): error is TargetError {
    return (
      this.settings.invalidValues === 'dead_letter' && error instanceof TargetError && setAsideCodes.has(error.code)
    );
  }
}
