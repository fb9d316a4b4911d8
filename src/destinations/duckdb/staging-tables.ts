// Staging tables in a DuckDB file: which tables are some, and how one goes. The name alone is no reason to drop a table.
import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableName } from '../../schema/model.ts';
import { tableReference } from '../sql/dialect.ts';
import { duckdbDialect, stagingComment } from '../sql/duckdb-dialect.ts';
import { firstValue, isNamed } from './statements.ts';

/** False for what is gone. */
export async function isStagingTable(connection: DuckDBConnection, table: TableName): Promise<boolean> {
  const where = isNamed(table, 'database_name', 'schema_name');
  return (await firstValue(connection, `SELECT comment FROM duckdb_tables() WHERE ${where}`)) === stagingComment;
}

/** Leaves a table that has no mark. Fine when it is gone. */
export async function dropStagingTable(connection: DuckDBConnection, table: TableName): Promise<void> {
  if (await isStagingTable(connection, table))
    await connection.run(`DROP TABLE IF EXISTS ${tableReference(duckdbDialect, table)}`);
}
