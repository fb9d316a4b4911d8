// The contract of a destination: what the pipeline may ask of a warehouse, and what it may rely on.

import type { StagedFile } from '../formats/staged-file.ts';
import type { PlacedFile } from '../input/batch-files.ts';
import type { StreamVersion } from '../schema/model.ts';

/** Staged files of one stream version, contiguous in the input, oldest first: they become visible together. */
export interface Load {
  readonly version: StreamVersion;
  readonly files: readonly StagedFile[];
  /** Rows in all files. The destination checks that it reads as many, before it changes the table. */
  readonly rows: number;
  /** True when one key may come more than once: then the source is reduced to the last state of each key. */
  readonly mayRepeatKeys: boolean;
  /** Rows whose key digest came before in the load, where they were counted: two keys that share one are rare, but possible. */
  readonly repeats?: number | undefined;
  /** Indexes into `version.columns` of properties that at least one record lacks. Absent is not null: such a row keeps its old value on update. */
  readonly absentColumns: ReadonlySet<number>;
  /** True when at least one record carries `_sdc_deleted_at`. */
  readonly hasDeletes: boolean;
  /** When the batch was made, for `_sdc_batched_at`. */
  readonly batchedAt: Date;
}

/** What of a version is not loaded, as `schema_contract` says. */
export interface Discards {
  /** True when there is no table and none may be made: `load` and `activateVersion` are not called for the version. */
  readonly stream: boolean;
  /** By index into `version.columns`: whether the column or its type is what the table lacks. */
  readonly columns: ReadonlyMap<number, 'columns' | 'types'>;
}

/** Parquet files that somebody else wrote, oldest first: they become visible together. */
export interface ParquetLoad {
  readonly version: StreamVersion;
  readonly files: readonly ParquetFile[];
  /** When the load began, for `_sdc_batched_at`. */
  readonly batchedAt: Date;
}

export interface ParquetFile extends PlacedFile {
  /** Line of the input whose BATCH names it. */
  readonly line: number;
  /** What the message says of all rows, for metadata that is in no column of the file. */
  readonly receivedAt: Date;
  readonly tableVersion: bigint | undefined;
  /** As the tap wrote it: a date-time. */
  readonly extractedAt: string | undefined;
}

/** By index into `version.columns`: values that the table's column, which is a DOUBLE, holds only approximately. */
export type Rounded = ReadonlyMap<number, number>;

/** What became of a load's rows. Those of which nothing is said here have been inserted, or have updated a row. */
export interface LoadOutcome {
  readonly rounded: Rounded;
  /** Rows that a later one of the same load and key has updated, or taken the place of. */
  readonly superseded: number;
  /** Delete markers that are the last of their key: its row is not in the table, or is marked, be it made for that. */
  readonly deleted: number;
}

export interface ParquetOutcome extends LoadOutcome {
  readonly rows: number;
  /** True when at least one row carries `_sdc_deleted_at`. */
  readonly hasDeletes: boolean;
  /** By index into `version.columns`: values, not NULL, of columns that are discarded. */
  readonly discarded: ReadonlyMap<number, number>;
}

/**
 * One table, used by one stream. Calls never overlap: the pipeline awaits each before the next.
 */
export interface TableLoader {
  /**
   * Makes the table fit the version: creates schema and table, adds columns, widens types, renames what is incompatible.
   * Called before the first load of each version. Does nothing to a table that already fits, nor what the version's
   * contract forbids: rejects with SCHEMA_CONTRACT then, or resolves to what is left out of the loads that follow.
   */
  prepare(version: StreamVersion): Promise<Discards | undefined>;
  /**
   * Loads the files in one commit: MERGE by keys, INSERT when the version has none.
   * Resolves only when the commit that makes the rows readable is known to have happened; rejects when it is known that it
   * did not happen or when that can't be known.
   */
  load(load: Load): Promise<LoadOutcome>;
  /**
   * The same for Parquet files, whose columns are found by their names. Of rows with one key the last counts, in the order
   * of the files and of the rows in each.
   * @throws TargetError INPUT_VALUE_INVALID, INPUT_KEY_MISSING, INPUT_BATCH_FILE, before the table is changed: a value that
   * its column can't hold exactly, a row without its key, a file that can't be read as Parquet
   */
  loadParquet(load: ParquetLoad): Promise<ParquetOutcome>;
  /** Deletes (hard) or marks as deleted (soft) the rows whose `_sdc_table_version` is lower than `tableVersion` or null. */
  activateVersion(version: StreamVersion, tableVersion: bigint): Promise<void>;
  close(): Promise<void>;
}

/**
 * One table whose rows are to be replaced by those of one run. `prepare`, `load` and `activateVersion` work on new rows
 * that nobody sees yet, first none: keys, versions and deletes are about these alone. The table itself, its columns
 * included, stays as it is until `complete`. What a killed run has left of its new rows is removed by the next
 * overwrite of the table.
 */
export interface OverwriteLoader extends TableLoader {
  /**
   * Makes the table fit all versions that were prepared, and replaces its rows, whatever they are, by those that were
   * loaded: readers see either all of the old or all of the new, at once. Called last, after at least one `prepare`.
   * Resolves only when the commit is known to have happened; rejects with OVERWRITE_CONFLICT, and leaves all rows as
   * they are, when another writer has changed the table since the first `prepare`.
   * @returns by index into the columns of the version that was prepared last, values that the table's own column, which is
   * a DOUBLE, holds only approximately, where those of the new rows were exact.
   */
  complete(): Promise<Rounded>;
  /** Removes what is left of the new rows. Before a `complete` this abandons the overwrite: the table keeps its rows. */
  close(): Promise<void>;
}

export interface Destination {
  /** For messages: `iomete`, `duckdb`. */
  readonly name: string;
  /** A load takes no further batch beyond so many rows: a commit each is cheap for one warehouse and dear for another. */
  readonly maxLoadRows: number;
  /** Nor beyond so many values, NULL or not: rows times columns. No limit when not set. */
  readonly maxLoadValues?: number;
  /** A load waits so many milliseconds for another batch of its stream, and again when one has come; not at all when not set. */
  readonly gatherMs?: number;
  /** Connects and checks credentials; waits for a lakehouse that is starting. Throws coded errors. */
  connect(): Promise<void>;
  /** Cheap: connections are opened when the loader is first used. */
  openTable(stream: string): TableLoader;
  /** The same for a stream whose rows are to replace those of its table. */
  openOverwrite(stream: string): OverwriteLoader;
  close(): Promise<void>;
}
