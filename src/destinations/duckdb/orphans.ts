// A DuckDB file that no run has open → the staging tables that killed runs have left in it.
import { resolve } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import { TargetError } from '../../errors/target-error.ts';
import type { Orphan, Skipped } from '../../stage/orphan.ts';
import { tableReference } from '../sql/dialect.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { stagingTableId } from '../sql/staging-table.ts';
import { existingFile } from './existing-file.ts';

export interface DuckdbOrphanSettings {
  readonly path: string;
  /** Those that streams are loaded into. */
  readonly schemas: readonly string[];
  /** Whether things are to be removed; else the file is opened to be read only. */
  readonly remove: boolean;
}

export interface DuckdbOrphans {
  /** To be removed one after another. */
  readonly things: readonly Orphan[];
  readonly skipped: readonly Skipped[];
  close(): void;
}

/** One process has the file at a time, so staging tables in a file that can be opened belong to nobody. @throws TargetError */
export async function duckdbOrphans(settings: DuckdbOrphanSettings): Promise<DuckdbOrphans> {
  const path = resolve(settings.path);
  const nothing = { things: [], skipped: [], close: () => {} };
  try {
    const file = await existingFile(path, settings.remove);
    return file === undefined ? nothing : await stagingTablesIn(file, path, settings.schemas);
  } catch (error) {
    if (!(error instanceof TargetError) || error.code !== 'DESTINATION_BUSY') throw error;
    return { ...nothing, skipped: [{ place: path, why: 'another process has it open' }] };
  }
}

async function stagingTablesIn(
  instance: DuckDBInstance,
  path: string,
  schemas: readonly string[],
): Promise<DuckdbOrphans> {
  const connection = await instance.connect();
  const wanted = schemas.map((schema) => `lower(${duckdbDialect.quoteText(schema)})`).join(', ');
  const found = await connection.runAndReadAll(
    `SELECT database_name, schema_name, table_name FROM duckdb_tables()
     WHERE database_name = current_database() AND lower(schema_name) IN (${wanted})`,
  );
  const tables = found.getRows().map(([catalog, schema, table]) => ({
    catalog: String(catalog),
    schema: String(schema),
    table: String(table),
  }));
  const things = tables
    .filter(({ table }) => stagingTableId(table) !== undefined)
    .map((table) => ({
      what: 'staging table',
      place: `${table.schema}.${table.table} in ${path}`,
      remove: async () => void (await connection.run(`DROP TABLE IF EXISTS ${tableReference(duckdbDialect, table)}`)),
    }));
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  return { things, skipped: [], close };
}
