// An overwrite that brings far fewer rows than the table has → an error: a source that answers empty empties no table.
import { number } from '../../errors/counted.ts';
import { TargetError } from '../../errors/target-error.ts';
import type { TableName } from '../../schema/model.ts';
import { type Dialect, tableReference } from './dialect.ts';

export interface LeastRowsCheck {
  /** Answers with one row: `brought`, how many rows are new; `had`, how many the table has. */
  readonly statement: string;
  /** @throws TargetError OVERWRITE_TOO_FEW */
  check(row: Readonly<Record<string, unknown>>): void;
}

/**
 * @param side the staging table; undefined when the run has brought no rows
 * @param percent of the table's rows, that the overwrite must have at least; 0 for any number
 */
export function leastRows(
  dialect: Dialect,
  {
    table,
    side,
    percent,
  }: { readonly table: TableName; readonly side: TableName | undefined; readonly percent: number },
): LeastRowsCheck | undefined {
  if (percent === 0) return undefined;
  const count = (of: TableName) => `(SELECT count(*) FROM ${tableReference(dialect, of)})`;
  return {
    statement: `SELECT ${side === undefined ? '0' : count(side)} AS brought, ${count(table)} AS had`,
    check: (row) => {
      const [brought, had] = [BigInt(String(row.brought)), BigInt(String(row.had))];
      if (brought * 100n >= had * BigInt(percent)) return;
      const name = `${table.schema}.${table.table}`;
      throw new TargetError(
        'OVERWRITE_TOO_FEW',
        `${name} keeps its ${number(had)} rows, as the run has only ${number(brought)} to replace them: fewer than the ${percent} percent of "overwrite_min_rows_percent"`,
      );
    },
  };
}
