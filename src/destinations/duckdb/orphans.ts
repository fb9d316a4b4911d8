// A DuckDB file that no run has open → the staging tables that killed runs have left in it.
import { resolve } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import { TargetError } from '../../errors/target-error.ts';
import { stagingTableId } from '../../schema/names.ts';
import type { Orphan, Skipped } from '../../stage/orphan.ts';
import { duckdbDialect, stagingComment } from '../sql/duckdb-dialect.ts';
import { notMarked } from '../sql/staging-table.ts';
import { existingFile } from './existing-file.ts';
import { dropStagingTable } from './staging-tables.ts';

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
    `SELECT database_name, schema_name, table_name, comment FROM duckdb_tables()
     WHERE database_name = current_database() AND lower(schema_name) IN (${wanted})`,
  );
  const named = found.getRows().flatMap(([catalog, schema, table, comment]) => {
    if (stagingTableId(String(table)) === undefined) return [];
    const name = { catalog: String(catalog), schema: String(schema), table: String(table) };
    return [{ name, place: `${name.schema}.${name.table} in ${path}`, isMarked: comment === stagingComment }];
  });
  const things = named
    .filter(({ isMarked }) => isMarked)
    .map(({ name, place }) => ({ what: 'staging table', place, remove: () => dropStagingTable(connection, name) }));
  const skipped = named.filter(({ isMarked }) => !isMarked).map(({ place }) => ({ place, why: notMarked }));
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  return { things, skipped, close };
}
