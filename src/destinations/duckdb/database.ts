// A database file → an open DuckDB instance, or a coded error that names the file.
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Log } from '../../errors/log.ts';
import { TargetError } from '../../errors/target-error.ts';
import { checkpointWarning, openError } from './duckdb-errors.ts';

export interface DuckdbSettings {
  /** The database file; made when it does not exist, in a folder that does. */
  readonly path: string;
  /** In DuckDB's words: `1GB`, `512MiB`. What does not fit goes to the disk. */
  readonly memoryLimit: string;
  /**
   * Where DuckDB makes a folder for what does not fit into memory, rows in clear. Nothing is there yet, and only this user
   * may enter the folder around it: DuckDB would write into files that somebody else has put there.
   */
  spillPath(): Promise<string>;
  /** Start of the run, in milliseconds since 1970. */
  readonly syncStartedAtMs: number;
}

export interface Database {
  readonly instance: DuckDBInstance;
  /**
   * Writes what is in the log into the file, and lets go of it. All other connections are closed: with one open, DuckDB
   * keeps the file, and its next opening by this process waits without end.
   */
  close(): Promise<void>;
}

/** How the folder is called in which DuckDB puts what its memory can't hold, within the run's folder. */
export const spillFolder = 'spill';

/** In earlier versions the folder lay beside the run's, and its name was this and the run's twelve digits. */
export const formerSpillPrefix = 'duckdb-spill-';

/**
 * @param log is told when closing leaves the log beside the file
 * @throws TargetError DESTINATION_BUSY, DESTINATION_FILE, STAGE_DISK_FULL
 */
export async function openDatabase(settings: DuckdbSettings, log: Log): Promise<Database> {
  // The native library takes a tenth of a second to load, which other destinations need not wait for.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  // Absolute, so that DuckDB does not read `md:…` or `:memory:` as something else than a file.
  const path = resolve(settings.path);
  const spill = await settings.spillPath();
  const options = {
    memory_limit: settings.memoryLimit,
    temp_directory: spill,
    preserve_insertion_order: 'false',
    // Staged files are read once or twice and are in the system's cache anyway: here it would hold 90 to 140 MB of them.
    enable_external_file_cache: 'false',
    // Memory that DuckDB has freed goes back to the system at once: its limit says nothing of what the allocator keeps.
    allocator_background_threads: 'true',
    allocator_flush_threshold: '8MB',
    allocator_bulk_deallocation_flush_threshold: '16MB',
    // Nothing is downloaded: all that is used is built in.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
  let instance: DuckDBInstance;
  try {
    // The cache refuses a second opening by this process with other settings, which the file's lock would let pass.
    instance = await DuckDBInstance.fromCache(path, options);
    await refuseDataFile(instance, path);
  } catch (error) {
    await removeFolder(spill);
    throw error instanceof TargetError ? error : openError(error, path);
  }
  return { instance, close: () => closeDatabase(instance, { path, spill }, log) };
}

/** DuckDB opens an existing CSV or Parquet file as a database in memory, in which all would be lost. */
async function refuseDataFile(instance: DuckDBInstance, path: string): Promise<void> {
  const opened = await withConnection(instance, (connection) =>
    connection.runAndReadAll(
      'SELECT count(*) FROM duckdb_databases() WHERE database_name = current_database() AND path IS NOT NULL',
    ),
  );
  if (opened.getRows()[0]?.[0] === 1n) return;
  instance.closeSync();
  throw new TargetError('DESTINATION_FILE', `${path} is not a DuckDB database`);
}

async function closeDatabase(
  instance: DuckDBInstance,
  { path, spill }: { readonly path: string; readonly spill: string },
  log: Log,
): Promise<void> {
  // Closing would do this too, but on the main thread. All is durable without it: a failure leaves the log beside the file.
  try {
    await withConnection(instance, (connection) => connection.run('CHECKPOINT'));
  } catch (error) {
    log.warn(checkpointWarning(error, path));
  }
  instance.closeSync();
  await removeFolder(spill);
}

const removeFolder = (path: string): Promise<void> => rm(path, { recursive: true, force: true }).catch(() => {});

async function withConnection<T>(
  instance: DuckDBInstance,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const connection = await instance.connect();
  try {
    return await use(connection);
  } finally {
    connection.closeSync();
  }
}
