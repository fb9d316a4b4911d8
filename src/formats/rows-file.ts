// A staged file of rows, as each format writes it.
import type { Segment } from './segment.ts';
import type { StagedFile } from './staged-file.ts';

/** A staged file of rows being written. Calls must not overlap: await each before the next. */
export interface RowsFile {
  /** Takes the segment's bytes over. Resolves when more may be appended. */
  append(segment: Segment): Promise<void>;
  /** Resolves when the file is durable in the stage and readable by the destination. */
  close(): Promise<StagedFile>;
  /** Drops what was written; never throws. */
  abort(): Promise<void>;
  /** Bytes held in this process's memory at the moment. */
  readonly bufferedBytes: number;
}
