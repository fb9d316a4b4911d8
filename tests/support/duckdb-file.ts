// A DuckDB file that nobody has open → what a statement says of it.
import { DuckDBInstance, type DuckDBResultReader } from '@duckdb/node-api';

/** Opens the file, which is made when it is not there, and closes it again. */
export const inDuckdb = (path: string, sql: string): Promise<DuckDBResultReader> => asked(path, sql, {});

/** The same for a file that must be there, and stays as it is. */
export const readDuckdb = (path: string, sql: string): Promise<DuckDBResultReader> =>
  asked(path, sql, { access_mode: 'READ_ONLY' });

async function asked(path: string, sql: string, options: Record<string, string>): Promise<DuckDBResultReader> {
  const instance = await DuckDBInstance.create(path, options);
  const connection = await instance.connect();
  try {
    return await connection.runAndReadAll(sql);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
