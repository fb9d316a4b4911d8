// The contract of a destination: what the pipeline may ask of one, and what it may rely on.

import type { Log } from '../errors/log.ts';
import type { TargetError } from '../errors/target-error.ts';
import type { RowFormat } from '../formats/format.ts';
import type { RowsFile } from '../formats/rows-file.ts';
import type { StagedFile } from '../formats/staged-file.ts';
import type { BatchFiles, PlacedFile } from '../input/batch-files.ts';
import type { LoadMethod, StreamVersion, TableName } from '../schema/model.ts';
import type { Orphan, Skipped } from '../stage/orphan.ts';
import type { Stage } from '../stage/store.ts';

/** Files of one stream version, contiguous in the input, oldest first: they become visible together. */
export interface Load {
  readonly version: StreamVersion;
  readonly files: readonly StagedFile[];
  /** Rows in all files. The destination checks that it reads as many, before it changes the table. */
  readonly rows: number;
  /** True when one key may come more than once: then the source is reduced to the last state of each key. */
  readonly mayRepeatKeys: boolean;
  /** Rows with the key digest of an earlier row of the load, where digests were counted. Two keys rarely share a digest. */
  readonly repeats?: number | undefined;
  /** Indexes into `version.columns` of properties that at least one record lacks. Absent is not null: an update keeps the old value. */
  readonly absentColumns: ReadonlySet<number>;
  /** True when at least one record carries `_sdc_deleted_at`. */
  readonly hasDeletes: boolean;
  /** When the batch was made, for `_sdc_batched_at`. */
  readonly batchedAt: Date;
}

/** What of a version is not loaded, as `schema_contract` says. */
export interface Discards {
  /** True when there is no table and none may be made: `commit` and `expire` are not called for the version. */
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
export type InexactCounts = ReadonlyMap<number, number>;

/** What became of a load's rows. A row that no count below includes was inserted, or has updated a row. */
export interface LoadOutcome {
  readonly inexact: InexactCounts;
  /** Rows that a later row of the load with the same key has updated or replaced. */
  readonly deduplicated: number;
  /** Delete markers that are the last row of their key. The key's row is gone, or there and marked. */
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
 * Where the rows of one stream go in one run. `create` may be called at any time, also while another call is under way.
 * All other calls never overlap: the pipeline awaits each before the next, in the order of the input.
 */
export interface StreamSink {
  /**
   * Makes the table fit the version: creates schema and table, adds columns, widens types, renames what is incompatible.
   * Called before the first `commit` of each version. Leaves a table that fits as it is. Where `schema_contract` forbids a
   * change, rejects with SCHEMA_CONTRACT, or resolves to what the commits that follow leave out, as the option says.
   */
  prepare(version: StreamVersion): Promise<Discards | undefined>;
  /** A new file for rows of the version. The caller fills it, and closes or aborts it. */
  create(version: StreamVersion): RowsFile;
  /**
   * Makes the rows of the files readable, in one commit: by keys, or appended when the version has none.
   * Resolves only when the commit is known to have happened. Rejects when the commit is known to have failed, or when
   * nobody can know. From the call on the sink alone decides about the files.
   */
  commit(load: Load): Promise<LoadOutcome>;
  /** Removes files that `create` has made and that nobody wants. Never rejects. */
  drop(files: readonly StagedFile[]): void;
  /**
   * The same as `commit` for Parquet files of others, whose columns are found by their names. Of rows with one key the
   * last counts, in the order of the files and of the rows in each.
   * @throws TargetError INPUT_VALUE_INVALID, INPUT_KEY_MISSING, INPUT_BATCH_FILE, before the table is changed: a value
   * that its column can't hold exactly, a row without its key, a file that can't be read as Parquet
   */
  commitFiles?(load: ParquetLoad): Promise<ParquetOutcome>;
  /** Deletes (hard) or marks as deleted (soft) the rows whose `_sdc_table_version` is lower than `below` or null. */
  expire?(version: StreamVersion, below: bigint): Promise<void>;
  /**
   * Only for a stream that is overwritten. Replaces the table's rows by the rows committed so far, which nobody can see
   * yet. Readers see either all of the old or all of the new. Called last, after at least one `prepare`.
   * Resolves only when the commit is known to have happened; rejects with OVERWRITE_CONFLICT, and leaves all rows as they
   * are, when another writer has changed the table since the first `prepare`.
   */
  complete?(): Promise<InexactCounts>;
  /** Resolves when all files of the sink are removed. Before `complete`, `close` abandons the overwrite. */
  close(): Promise<void>;
}

/** How a destination wants its commits. */
export interface LoadPace {
  /** Most rows of a commit of several batches. Commits are cheap in one warehouse and expensive in another. */
  readonly maxLoadRows: number;
  /** Most values of such a commit, NULL or not: rows times columns. No limit when not set. */
  readonly maxLoadValues?: number;
  /** How long a commit waits for another batch of its stream, in milliseconds, after each batch. No wait when not set. */
  readonly coalesceMs?: number;
}

/** One destination in one run. */
export interface Destination {
  /** What encoders make of rows. */
  readonly format: RowFormat;
  readonly pace: LoadPace;
  /** Where dead letters go: their files stay. A folder of this machine when not set. */
  readonly deadLetters?: Stage | undefined;
  /** How files that a BATCH names are read, and where the destination finds them. Files of this machine when not set. */
  readonly files?: BatchFiles | undefined;
  /** Proves that the run can begin: connects, checks credentials, waits for a lakehouse that is starting. Throws coded errors. */
  connect(): Promise<void>;
  /** Where rows of the version go, for people: `main.orders in shop.duckdb`. */
  placeOf?(version: StreamVersion): string;
  /** Cheap: connections are opened when the sink is first used. */
  openStream(stream: string, method: LoadMethod): StreamSink;
  /** Lets go of connections, and removes what is left of the run's files. All sinks are closed by then. */
  close(): Promise<void>;
}

/** What a destination must know of the run. */
export interface RunInfo {
  /** Unique, and lexically later than those of earlier runs. */
  readonly runId: string;
  readonly startedAtMs: number;
  readonly log: Log;
}

/** What killed runs have left. Steps come in their order: a step begins when the one before has ended. */
export interface Orphans {
  readonly steps: readonly OrphanStep[];
  readonly skipped: readonly Skipped[];
  close(): Promise<void>;
}

export interface OrphanStep {
  readonly things: readonly Orphan[];
  /** How many may be removed at a time. */
  readonly atOnce: number;
}

/** A table that rows of a stream go into, outside of a run. */
export interface FoundTable {
  /** For people: the table, and the file or server that holds the table. */
  readonly place: string;
  readonly rows: bigint;
  /** Removes the table and all of its rows, for good. */
  drop(): Promise<void>;
}

export interface Tables {
  /** @throws TargetError TABLE_IS_VIEW, TABLE_NOT_ICEBERG: what stands there is none of ours */
  find(table: TableName): Promise<FoundTable | undefined>;
  close(): Promise<void>;
}

/** What is done to a column of a table that is there. Types are in the words of the warehouse. */
export type ColumnChange =
  | { readonly kind: 'add'; readonly column: string; readonly type: string }
  | { readonly kind: 'widen'; readonly column: string; readonly from: string; readonly to: string }
  /** The column keeps its values under the new name, and gets no more. */
  | { readonly kind: 'rename'; readonly column: string; readonly to: string };

/** What a run would do to the table of a stream before the first rows. */
export interface TablePlan {
  /** `keep`: the table fits as it is. `none`: there is no table, and none may be made. */
  readonly action: 'make' | 'change' | 'keep' | 'none';
  /** Of a table that is there, in the order in which they are made. */
  readonly changes: readonly ColumnChange[];
  /** Statements that make or change the table, in their order. */
  readonly statements: readonly string[];
  /**
   * What a load does to the table, told as simply as can be: no key repeats, and no record lacks a property. Runs take
   * other statements to the same end where these cost less.
   */
  readonly load: readonly string[];
  /** A column that new rows can't be without, and that no property fills: a load of new rows would end the run. */
  readonly unfilled: string | undefined;
  /** Properties whose columns have other names than theirs in lower case. */
  readonly names: readonly { readonly property: readonly string[]; readonly column: string }[];
  /** Columns that are left out, as `schema_contract` says. */
  readonly discarded: readonly { readonly column: string; readonly of: 'columns' | 'types' }[];
  /** Why the run would end here, after the statements. */
  readonly refusal: TargetError | undefined;
}

/** Says what loads would do to tables, which stay as they are. */
export interface Planner {
  /**
   * @param versions of one stream, in the order of the input; at least one
   * @throws TargetError DESTINATION_UNREACHABLE and others that say nothing of the table
   */
  plan(versions: readonly StreamVersion[]): Promise<TablePlan>;
  close(): Promise<void>;
}

/** Something that a run needs, and how that is shown. Leaves nothing behind. */
export interface Proof {
  /** In a few words, such as `write to the stage`. */
  readonly what: string;
  /** @throws TargetError that says what is missing, and the fix */
  prove(): Promise<void>;
  /** Removes what the proof has made, when a later proof does not. Never rejects. */
  undo?(): Promise<void>;
}

/** What a destination held at some moment. */
export interface Remembered {
  /** Removes these tables, and every schema and file that was not there at that moment. */
  restore(tables: readonly TableName[]): Promise<void>;
}

/** The entry point of a destination: opens it for a run, and finds what killed runs have left. */
export interface DestinationModule<Options = never> {
  /** The value of the option `destination`. */
  readonly name: string;
  /** Cheap: nothing is connected to. */
  open(options: Options, run: RunInfo): Destination;
  /** @param remove whether the things are to be removed, or only listed */
  orphans?(options: Options, remove: boolean, log: Log): Promise<Orphans>;
  /** What a run needs before it connects, in the order in which it needs these things. */
  proofs?(options: Options, run: RunInfo): readonly Proof[];
  /** Connects. @param schemas that are about to be used @throws TargetError what connecting throws */
  remember?(options: Options, schemas: readonly string[], log: Log): Promise<Remembered>;
  /** Connects. Nothing is made, no file either. @throws TargetError what connecting throws */
  planner?(options: Options, run: RunInfo): Promise<Planner>;
  /** @param drop whether tables are to be dropped, or only found */
  tables?(options: Options, drop: boolean, log: Log): Promise<Tables>;
}

/** Says what a module must have, where a program writes one of its own. */
export const defineDestination = <Options = never>(module: DestinationModule<Options>): DestinationModule<Options> =>
  module;
