// What the intake hands on: rows on their way through the encoders, and what is to be done after them.
import type { RangeResult } from '../encode/chunk.ts';
import type { ErrorContext, TargetError } from '../errors/target-error.ts';
import type { CheckpointEvent, ExpireEvent, FilesEvent } from '../protocols/front-end.ts';
import type { StreamVersion } from '../schema/model.ts';

interface VersionChange {
  readonly kind: 'version';
  readonly version: StreamVersion;
  readonly offset: number;
}

/** An overwritten stream was declared again, as before: more of the stream may have been meant to follow. */
interface DeclaredAgain {
  readonly kind: 'again';
  readonly stream: string;
  readonly offset: number;
}

/**
 * What is to be done after the rows of a run, in this order. Of a BATCH of JSON lines the rows come in the chunks that
 * follow; those of Parquet files are not read here.
 */
export type Instruction = CheckpointEvent | ExpireEvent | FilesEvent | VersionChange | DeclaredAgain;

/** One run of rows, then instructions. A STATE may stand among the rows: what it waits for is told by its offset. */
export interface Step {
  readonly ranges: number[];
  readonly instructions: Instruction[];
}

export interface EncodedChunk {
  readonly steps: readonly Step[];
  /** One result per step, fewer after a failure. */
  readonly results: Promise<readonly RangeResult[]>;
  /** Where in the input, or in which file, the line is that so many lines of this chunk precede. */
  placeOf(linesBefore: number): ErrorContext;
  /** Offset of the chunk in the input. */
  readonly inputOffset: number;
  readonly inputBytes: number;
  /** A message that ended the input: everything before it is in `steps`. */
  readonly failure: TargetError | undefined;
}
