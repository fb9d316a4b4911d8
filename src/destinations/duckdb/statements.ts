// Statements → their one value, or all of them or none; a table's name → the condition that finds it in the catalog.
import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableName } from '../../schema/model.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';

/** The first column of the first row; undefined when there is no row. */
export async function firstValue(connection: DuckDBConnection, sql: string): Promise<unknown> {
  return (await connection.runAndReadAll(sql)).getRows()[0]?.[0];
}

/** By the names of the columns; undefined when there is no row. */
export async function firstRow(
  connection: DuckDBConnection,
  sql: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await connection.runAndReadAll(sql)).getRowObjects()[0];
}

export async function inTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN TRANSACTION');
  try {
    const result = await work();
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    // A failed COMMIT has rolled back already.
    await connection.run('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** DuckDB compares names without regard to case. */
export function isNamed({ catalog, schema, table }: TableName, catalogColumn: string, schemaColumn: string): string {
  const same = (column: string, name: string) => `lower(${column}) = lower(${duckdbDialect.quoteText(name)})`;
  return [same(catalogColumn, catalog ?? ''), same(schemaColumn, schema), same('table_name', table)].join(' AND ');
}
