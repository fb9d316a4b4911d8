// Parquet files of others → their rows in the table, in one commit, after every value was found to fit.
import type { DuckDBConnection } from '@duckdb/node-api';
import { TargetError } from '../../errors/target-error.ts';
import type { ParquetFile, ParquetLoad, ParquetOutcome } from '../destination.ts';
import { undeclared } from '../sql/parquet-columns.ts';
import {
  checkedOutcome,
  type DescribedFile,
  loadOfParquet,
  type ParquetSource,
  parquetSource,
  placeOf,
} from '../sql/parquet-source.ts';
import type { PreparedTable } from '../sql/prepared-table.ts';
import { isParquetError, statementError } from './duckdb-errors.ts';
import { loadRelation } from './load-files.ts';
import { duckdbFileType, duckdbParquetDialect } from './parquet-dialect.ts';
import { globOf } from './staged-relation.ts';
import { firstValue } from './statements.ts';
import type { TableKeys } from './table-keys.ts';

export interface ParquetToLoad {
  readonly load: ParquetLoad;
  /** Quoted. */
  readonly table: string;
  readonly prepared: PreparedTable;
  readonly syncStartedAtMs: number;
  readonly keys: TableKeys;
  /** Told the names of columns that are in a file and not in the stream. */
  ignored(columns: readonly string[]): void;
}

/** @throws TargetError, and what DuckDB throws. The table is as it was then. */
export async function loadParquet(connection: DuckDBConnection, target: ParquetToLoad): Promise<ParquetOutcome> {
  const { load, table, prepared, syncStartedAtMs, keys } = target;
  const { columns, others, discards } = prepared;
  // times with a zone become text, and text such times, by the session's zone
  await connection.run("SET TimeZone = 'UTC'");
  const files = [];
  for (const file of load.files) files.push(await describe(connection, file));
  target.ignored(files.flatMap((file) => undeclared(file.columns, load.version)));
  const source = parquetSource(duckdbParquetDialect, load.version, files, discards);
  const outcome = await check(connection, source, load);
  if (outcome.rows === 0) return outcome;
  const repeats = source.repeats === undefined ? 0 : Number(await firstValue(connection, source.repeats));
  const staged = loadOfParquet(load, source, outcome, repeats);
  const loaded = { load: staged, table, columns, others, syncStartedAtMs, keys };
  return { ...outcome, ...(await loadRelation(connection, loaded, `(${source.select})`)) };
}

async function describe(connection: DuckDBConnection, file: ParquetFile): Promise<DescribedFile> {
  const path = duckdbParquetDialect.quoteText(globOf(file.location));
  const plain = `read_parquet(${path}, hive_partitioning = false)`;
  try {
    const found = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${plain}`);
    const columns = found.getRows().map(([name, type]) => ({ name: String(name), type: duckdbFileType(String(type)) }));
    const clash = columns.some(({ name }) => name.toLowerCase() === 'file_row_number');
    if (clash) throw new TargetError('INPUT_BATCH_FILE', 'a column named "file_row_number" can\'t be read by DuckDB');
    const relation = `read_parquet(${path}, hive_partitioning = false, file_row_number = true)`;
    return { file, columns, relation, rowNumber: 'file_row_number' };
  } catch (error) {
    throw unreadable(error, file);
  }
}

async function check(connection: DuckDBConnection, source: ParquetSource, load: ParquetLoad): Promise<ParquetOutcome> {
  try {
    const counted = await connection.runAndReadAll(source.check);
    return checkedOutcome(source, load, counted.getRowObjects());
  } catch (error) {
    // all files are read here: of several, DuckDB's own words tell which
    throw unreadable(error, load.files.length === 1 ? load.files[0] : undefined);
  }
}

function unreadable(error: unknown, file: ParquetFile | undefined): unknown {
  const place = file === undefined ? {} : placeOf(file);
  if (error instanceof TargetError) return error.at(place);
  if (!isParquetError(error)) return error;
  return new TargetError('INPUT_BATCH_FILE', `the file can't be read: ${statementError(error, {}).message}`, place);
}
