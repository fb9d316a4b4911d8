// A table's decimal columns and the scales that are wanted → which of the columns can be made to have them, as all values fit.
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ExistingColumn, Widen } from '../../schema/evolve.ts';
import type { ColumnType, StreamVersion, TableName } from '../../schema/model.ts';
import { decimalForBoth, type TableColumnType, widened } from '../../schema/table-types.ts';
import { tableReference, tryCast } from '../sql/dialect.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { planFor } from '../sql/prepared-table.ts';
import { firstValue } from './statements.ts';
import type { TableLimits } from './table-limits.ts';

interface Table {
  readonly name: TableName;
  readonly columns: readonly ExistingColumn[];
  readonly limits: TableLimits;
}

/** How DuckDB can widen columns in place: as Iceberg can, and decimals to a larger scale. */
export async function rescalable(
  connection: DuckDBConnection,
  version: StreamVersion,
  { name, columns, limits }: Table,
): Promise<Widen> {
  const candidates = new Map<string, TableColumnType>();
  const widen: Widen = (found, wanted) => {
    const plain = widened(found.type, wanted);
    const scaled = plain ?? rescaled(found, wanted, limits);
    if (plain === undefined && scaled !== undefined) candidates.set(found.name, scaled);
    return scaled;
  };
  planFor(version, columns, { widen });
  const table = tableReference(duckdbDialect, name);
  for (const [column, type] of candidates) {
    if (!(await fitsAll(connection, table, column, type))) candidates.delete(column);
  }
  return (found, wanted) => widened(found.type, wanted) ?? candidates.get(found.name);
}

const rescaled = ({ name, type }: ExistingColumn, wanted: ColumnType, limits: TableLimits) =>
  type.kind === 'decimal' && limits.keepsType(name) === undefined ? decimalForBoth(type, wanted) : undefined;

async function fitsAll(connection: DuckDBConnection, table: string, column: string, type: TableColumnType) {
  const name = duckdbDialect.quoteName(column);
  const cast = tryCast(name, duckdbDialect.typeName(type));
  const unfit = `SELECT 1 FROM ${table} WHERE ${name} IS NOT NULL AND ${cast} IS NULL LIMIT 1`;
  return (await firstValue(connection, unfit)) === undefined;
}
