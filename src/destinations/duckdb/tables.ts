// A DuckDB file that no run has open → the tables that streams are loaded into.
import { resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { TargetError } from '../../errors/target-error.ts';
import type { TableName } from '../../schema/model.ts';
import type { FoundTable, Tables } from '../destination.ts';
import { tableReference } from '../sql/dialect.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { existingFile } from './existing-file.ts';

/** @param drop false opens the file to be read only @throws TargetError DESTINATION_BUSY, DESTINATION_FILE */
export async function duckdbTables(file: string, drop: boolean): Promise<Tables> {
  const path = resolve(file);
  const instance = await existingFile(path, drop);
  if (instance === undefined) return { find: async () => undefined, close: async () => {} };
  const connection = await instance.connect();
  return {
    find: (table) => find(connection, path, table),
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function find(connection: DuckDBConnection, path: string, wanted: TableName): Promise<FoundTable | undefined> {
  const [schema, table] = [wanted.schema, wanted.table].map((name) => duckdbDialect.quoteText(name));
  const found = await connection.runAndReadAll(
    `SELECT table_catalog, table_schema, table_name, table_type FROM information_schema.tables
     WHERE table_catalog = current_database() AND lower(table_schema) = lower(${schema}) AND lower(table_name) = lower(${table})`,
  );
  const [row] = found.getRows();
  if (row === undefined) return undefined;
  const [catalog, ownSchema, ownTable, type] = row.map(String) as [string, string, string, string];
  const place = `${ownSchema}.${ownTable} in ${path}`;
  if (type === 'VIEW') throw new TargetError('TABLE_IS_VIEW', `${place} is a view`);
  const reference = tableReference(duckdbDialect, { catalog, schema: ownSchema, table: ownTable });
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${reference}`);
  return {
    place,
    rows: BigInt(String(counted.getRows()[0]![0])),
    drop: async () => void (await connection.run(`DROP TABLE IF EXISTS ${reference}`)),
  };
}
