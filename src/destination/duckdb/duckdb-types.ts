// Type names as DuckDB's catalog gives them → column types. The only place that reads them.
import type { TableColumnType } from '../sql/dialect.ts';

/** @param sql in DuckDB's words: `BIGINT`, `DECIMAL(38,9)`, `TIMESTAMP WITH TIME ZONE`. */
export function parseDuckdbType(sql: string): TableColumnType {
  const kind = kinds.get(sql);
  if (kind !== undefined) return { kind };
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(sql);
  if (decimal) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  return { kind: 'other', sql };
}

const kinds: ReadonlyMap<string, 'boolean' | 'bigint' | 'double' | 'string' | 'timestamp' | 'date'> = new Map([
  ['BOOLEAN', 'boolean'],
  ['BIGINT', 'bigint'],
  ['DOUBLE', 'double'],
  ['VARCHAR', 'string'],
  ['TIMESTAMP', 'timestamp'],
  ['DATE', 'date'],
] as const);
