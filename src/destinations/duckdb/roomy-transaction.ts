// A transaction that does not fit into the memory limit → the same with one thread, for which there may be room.
import type { DuckDBConnection } from '@duckdb/node-api';
import { isOutOfMemory } from './duckdb-errors.ts';
import { firstValue, inTransaction } from './statements.ts';

/**
 * Each thread of DuckDB's that inserts holds blocks for all columns: 20,000 rows of 1,000 columns took 1.1 GB with two
 * threads and 0.6 GB with one, in the same time. It stays with one, since wide rows go on to come.
 */
export async function inRoomyTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  try {
    return await inTransaction(connection, work);
  } catch (error) {
    if (!isOutOfMemory(error) || Number(await firstValue(connection, "SELECT current_setting('threads')")) === 1)
      throw error;
    await connection.run('SET threads = 1');
    return await inTransaction(connection, work);
  }
}
