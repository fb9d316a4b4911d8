// Queries on a DuckDB in memory, for tests of one statement.
import { DuckDBInstance } from '@duckdb/node-api';

/** @returns the rows of the last statement, by the names of their columns */
export async function query(...statements: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    for (const statement of statements.slice(0, -1)) await connection.run(statement);
    return (await connection.runAndReadAll(statements.at(-1)!)).getRowObjectsJson() as Record<string, unknown>[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Rows that may stand after FROM. @param columns c0, c1, … when they are not named */
export const values = (rows: readonly (readonly string[])[], columns = rows[0]!.map((_, index) => `c${index}`)) =>
  `(VALUES ${rows.map((row) => `(${row.join(', ')})`).join(', ')}) v(${columns.join(', ')})`;
