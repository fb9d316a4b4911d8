// What goes into an encode worker and what comes out. Plain data: it crosses threads.

import type { ErrorCode } from '../errors/codes.ts';
import type { ErrorContext } from '../errors/target-error.ts';
import type { StagedCompression } from '../formats/compress/compression.ts';
import type { FormatName } from '../formats/format.ts';
import type { Segment } from '../formats/segment.ts';
import type { BareLine, RecordLine } from '../protocols/record-line.ts';

/** A stretch of a slab in which no message but RECORD stands and no stream's version changes. */
export interface RecordRange {
  /** Pairs of offsets [start, end) of whole lines, one after the other. */
  readonly ranges: readonly number[];
  /** How many of the run's definitions (all that the pool was ever given) are in force: the last one of a stream counts. */
  readonly definitions: number;
}

/** A slab of whole lines, to be encoded in order. Every line ends with a line feed. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly runs: readonly RecordRange[];
  /** Offset of the slab's first byte in the input, as if the files of a BATCH stood in its place. */
  readonly inputOffset: number;
  readonly receivedAtMs: number;
  /** Offset of the slab's first byte where it was read, in the input or in a batch file; `inputOffset` when it is not set. */
  readonly sourceOffset?: number | undefined;
  /** The slab is of a file that a message names, and not of the input itself. */
  readonly file?: ChunkFile | undefined;
}

interface ChunkFile {
  /** As the message names it. */
  readonly name: string;
  readonly line: BareLine;
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

export interface RangeResult {
  readonly segments: readonly Segment[];
  readonly failure?: Failure | undefined;
}

export interface EncoderSettings {
  /** How the lines of the input hold their records. */
  readonly recordLine: RecordLine;
  readonly format: FormatName;
  readonly compression: StagedCompression;
  /** No segment has more rows, so that no batch need have. */
  readonly maxSegmentRows: number;
  readonly invalidValues: InvalidValues;
  /**
   * Seconds that the records of one slab may take, where they are validated: a schema's pattern can backtrack for years.
   * Slabs then always go to worker threads, so that the main thread stays free. No limit when it is not set.
   */
  readonly maxSlabSeconds?: number | undefined;
  /** Whether lines go through the WebAssembly row loop where it takes them. `auto`, which is the default: unless there are few. */
  readonly rowLoop?: 'auto' | 'always' | 'never' | undefined;
}
