// What goes into an encode worker and what comes out. Plain data: it crosses threads.
import type { ErrorCode } from '../errors/codes.ts';
import type { ErrorContext } from '../errors/target-error.ts';
import type { StagedCompression } from './file-names.ts';
import type { PageSizes } from './parquet/page.ts';
import type { StageFormat } from './row-writer.ts';

/** A stretch of a slab in which no message but RECORD stands and no stream's version changes. */
export interface Run {
  /** Pairs of offsets [start, end) of whole lines, one after the other. */
  readonly ranges: readonly number[];
  /** How many of the run's definitions (all that the pool was ever given) are in force: the last one of a stream counts. */
  readonly definitions: number;
}

/** A slab of whole lines, to be encoded in order. Every line ends with a line feed. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly runs: readonly Run[];
  /** Offset of the slab's first byte in the input, as if the files of a BATCH stood in its place. */
  readonly inputOffset: number;
  readonly receivedAtMs: number;
  /** Offset of the slab's first byte where it was read, in the input or in a batch file; `inputOffset` when it is not set. */
  readonly sourceOffset?: number | undefined;
  /** The slab is of a file that a BATCH names: each line is a record and nothing else. */
  readonly batch?: BatchLines | undefined;
}

export interface BatchLines {
  readonly stream: string;
  /** As the manifest names it. */
  readonly file: string;
  /** What a RECORD would say beside its record, as JSON text. */
  readonly version: string | undefined;
  readonly timeExtracted: string | undefined;
}

/** Rows of one stream version out of one run, encoded and compressed. */
export interface Segment {
  readonly stream: string;
  readonly versionId: number;
  readonly rows: number;
  /** Offset in the input of the first line that the rows and dead letters came from. */
  readonly inputOffset: number;
  /** Offset in the input of the last row's line. */
  readonly lastOffset: number;
  readonly bytes: Uint8Array;
  /** Where the columns' pages lie in `bytes`; for Parquet only. */
  readonly pages?: PageSizes | undefined;
  /** Bytes of the lines that the rows came from. */
  readonly inputBytes: number;
  /** Lines among them that the row loop did not take. */
  readonly slowLines: number;
  /** Two 32-bit numbers per row; empty for a stream without keys. */
  readonly digests: Uint32Array;
  /** Indexes of columns that at least one record lacked. */
  readonly absent: readonly number[];
  /** Per column, how many values other than null the rows hold; empty where the version's contract discards nothing. */
  readonly values: Uint32Array;
  readonly notes: readonly ColumnNote[];
  /** Fields of the records that were ignored. */
  readonly ignored: readonly FieldCount[];
  /** Records of the stream that are set aside: they are in no row. */
  readonly deadLetters: DeadLetters | undefined;
  readonly hasDeletes: boolean;
}

/**
 * Values of a column that did not arrive exactly as they were sent.
 * - `inexact`: the column holds them approximately: numbers that no double equals and, in a TIMESTAMP column, fractions
 *   finer than a microsecond.
 * - `cut`: values of a nested column with such a fraction in them.
 * - `nulled`: invalid values that are NULL instead (`invalid_values: null`).
 * - `asText`: values of another kind than the declared string: the column holds their JSON text.
 */
export interface ColumnNote {
  readonly what: 'inexact' | 'cut' | 'nulled' | 'asText';
  /** Index into the version's columns. */
  readonly column: number;
  readonly count: number;
}

/** A field of records that no column takes. */
export interface FieldCount {
  readonly name: string;
  /** Records in which it was not null. */
  readonly count: number;
  /**
   * Why it has no column, whatever `undeclared_fields` says: the schema excludes it, or it is a member of a STRUCT.
   * Undefined: the option ignores such fields.
   */
  readonly because?: 'schema' | 'struct' | undefined;
}

/** Lines of JSON, compressed with gzip or not at all. */
export interface DeadLetters {
  /** Of each record's line in the input, rising. */
  readonly offsets: readonly number[];
  readonly bytes: Uint8Array;
}

/** What becomes of a record with a value that its column can't hold. */
export type InvalidValues = 'fail' | 'null' | 'dead_letter';

/** Why encoding stopped, at a line that is not encoded, nor any after it. */
export interface Failure {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly context: ErrorContext;
  /** Offset of the line's first byte in the slab. */
  readonly offset: number;
  /** Lines of the slab before it. */
  readonly linesBefore: number;
}

export interface RunResult {
  readonly segments: readonly Segment[];
  readonly failure?: Failure | undefined;
}

export interface EncoderSettings {
  readonly format: StageFormat;
  readonly compression: StagedCompression;
  /** No segment has more rows, so that no batch need have. */
  readonly maxSegmentRows: number;
  readonly invalidValues: InvalidValues;
  /** Whether lines go through the WebAssembly row loop where it takes them. `auto`, which is the default: unless there are few. */
  readonly rowLoop?: 'auto' | 'always' | 'never' | undefined;
}
