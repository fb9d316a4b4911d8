// "Staged files and a table loader", one way to be a destination: what a warehouse must be able to do for it.

import type { StreamVersion, TableName } from '../../schema/model.ts';
import type {
  Discards,
  InexactCounts,
  Load,
  LoadOutcome,
  LoadPace,
  ParquetLoad,
  ParquetOutcome,
} from '../destination.ts';

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
  complete(): Promise<InexactCounts>;
  /** Removes what is left of the new rows. Before a `complete` this abandons the overwrite: the table keeps its rows. */
  close(): Promise<void>;
}

/** A warehouse that reads staged files by itself. */
export interface Warehouse {
  /** For messages: `iomete`, `duckdb`. */
  readonly name: string;
  readonly pace: LoadPace;
  /** Connects and checks credentials; waits for a lakehouse that is starting. Throws coded errors. */
  connect(): Promise<void>;
  /** For people: the table, and the file or server that holds the table. */
  placeOf(table: TableName): string;
  /** Cheap: connections are opened when the loader is first used. */
  openTable(stream: string): TableLoader;
  /** The same for a stream whose rows are to replace those of its table. */
  openOverwrite(stream: string): OverwriteLoader;
  close(): Promise<void>;
}
