// The text keys of a table → whether DuckDB tells two different texts in them apart.
import type { DuckDBConnection } from '@duckdb/node-api';
import { TargetError } from '../../errors/target-error.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import { type TableColumn, wantedColumns } from '../sql/table-columns.ts';
import { firstValue, isNamed } from './statements.ts';

/**
 * @param held the table's column for each of `wantedColumns(version)`, in their order; undefined for one it lacks
 * @throws TargetError TABLE_KEY_TYPE for a key that a collation compares, such as NOCASE, in which `a` and `A` are one key
 */
export async function refuseCollatedKeys(
  connection: DuckDBConnection,
  version: StreamVersion,
  name: TableName,
  held: readonly (TableColumn | undefined)[],
): Promise<void> {
  const keys = wantedColumns(version).flatMap(({ key }, place) => {
    const column = held[place];
    return key && (column?.type.kind === 'string' || column?.type.kind === 'json') ? [column.name] : [];
  });
  if (keys.length === 0) return;
  // DuckDB shows a column's collation in the table's own statement only.
  const statement = await firstValue(
    connection,
    `SELECT sql FROM duckdb_tables() WHERE ${isNamed(name, 'database_name', 'schema_name')}`,
  );
  for (const key of keys) {
    const collation = collationOf(String(statement), key);
    if (collation !== undefined)
      throw new TargetError(
        'TABLE_KEY_TYPE',
        `the table compares the key column by its collation ${collation}, so that two different keys can be one row: give the column the collation C, by ALTER COLUMN … TYPE VARCHAR COLLATE C`,
        { column: key },
      );
  }
}

/** Undefined for one under which texts are the same only when their bytes are. */
function collationOf(statement: string, column: string): string | undefined {
  const names = [column, `"${column.replaceAll('"', '""')}"`].map((name) => name.replaceAll(/[^\p{L}\p{N}]/gu, '\\$&'));
  const found = new RegExp(`[(,] ?(?:${names.join('|')}) VARCHAR COLLATE ([^,) ]+)`).exec(statement)?.[1];
  return found === undefined || /^"?(c|binary|posix)"?$/i.test(found) ? undefined : found;
}
