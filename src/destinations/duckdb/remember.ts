// What a DuckDB file holds now → the way back to that.
import { rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Remembered } from '../destination.ts';
import { tableReference } from '../sql/dialect.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { existingFile } from './existing-file.ts';

/** @throws TargetError DESTINATION_BUSY, DESTINATION_FILE */
export async function rememberFile(file: string, schemas: readonly string[]): Promise<Remembered> {
  const path = resolve(file);
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  const known = isThere ? await inFile(path, false, schemaNames) : [];
  const isNew = (schema: string) => !known.includes(schema.toLowerCase());
  return {
    restore: async (tables) => {
      if (!isThere) return rm(path, { force: true });
      await inFile(path, true, async (connection) => {
        for (const table of tables)
          await connection.run(
            `DROP TABLE IF EXISTS ${tableReference(duckdbDialect, { ...table, catalog: undefined })}`,
          );
        for (const schema of schemas.filter(isNew))
          await connection.run(`DROP SCHEMA IF EXISTS ${duckdbDialect.quoteName(schema)}`);
      });
    },
  };
}

async function inFile<T>(
  path: string,
  isWritten: boolean,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await existingFile(path, isWritten);
  const connection = await instance!.connect();
  try {
    return await use(connection);
  } finally {
    connection.closeSync();
    instance!.closeSync();
  }
}

async function schemaNames(connection: DuckDBConnection): Promise<readonly string[]> {
  const found = await connection.runAndReadAll(
    'SELECT lower(schema_name) FROM duckdb_schemas() WHERE database_name = current_database()',
  );
  return found.getRows().map(([name]) => String(name));
}
