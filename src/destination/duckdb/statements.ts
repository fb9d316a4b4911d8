// Statements → their one value, or all of them or none.
import type { DuckDBConnection } from '@duckdb/node-api';

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
