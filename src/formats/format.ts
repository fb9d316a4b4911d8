// The contract of a format: what encoders write rows as. A format is one folder.
import type { StreamVersion } from '../schema/model.ts';
import type { StagedCompression } from './compress/compression.ts';
import type { RowWriter } from './row-writer.ts';
import type { RowsFile } from './rows-file.ts';
import type { StagedFileWriter } from './staged-file.ts';

/**
 * - `csv`, `parquet`: the staged layout (`layout.ts`), which a warehouse reads by position.
 * - `jsonl`: an object for each row, by the names of its columns, for people and other programs.
 */
export type FormatName = 'csv' | 'parquet' | 'jsonl';

/** What a warehouse reads from a stage. */
export type StageFormat = Exclude<FormatName, 'jsonl'>;

/** Plain data: it crosses threads. */
export interface RowFormat {
  readonly format: FormatName;
  readonly compression: StagedCompression;
}

export interface FormatModule {
  /** What the row loop makes of lines for this format. Not set: rows come from the TypeScript path alone. */
  readonly loop?: LoopForm | undefined;
  /** Used by encoders: rows of one version, in memory. */
  writer(version: StreamVersion, compression: StagedCompression): RowWriter;
  /** Used by the pipeline: segments of one version, as they come from the encoders, one after the other in a file. */
  file(version: StreamVersion, compression: StagedCompression, file: StagedFileWriter): RowsFile;
}

/** Finished rows of CSV, or rows whose columns are taken later. */
export type LoopForm = 'csv' | 'columns';
