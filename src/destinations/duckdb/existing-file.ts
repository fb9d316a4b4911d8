// The path of a database file → the file open outside of a run, when there is one.
import { access } from 'node:fs/promises';
import type { DuckDBInstance } from '@duckdb/node-api';
import { openError } from './duckdb-errors.ts';

/** @returns undefined where there is no file @throws TargetError DESTINATION_BUSY, DESTINATION_FILE */
export async function existingFile(path: string, isWritten: boolean): Promise<DuckDBInstance | undefined> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists) return undefined;
  const { DuckDBInstance } = await import('@duckdb/node-api');
  try {
    return await DuckDBInstance.create(path, { access_mode: isWritten ? 'READ_WRITE' : 'READ_ONLY' });
  } catch (error) {
    throw openError(error, path);
  }
}
