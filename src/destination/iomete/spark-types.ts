// Type names as Spark's DESCRIBE prints them → column types. The only place that reads them.
import type { ColumnType } from '../../schema/model.ts';
import type { TableColumnType } from '../sql/dialect.ts';

/** @param sql in Spark's words: `bigint`, `decimal(38,9)`, `struct<a:int>`. */
export function parseSparkType(sql: string): TableColumnType {
  const name = sql.trim().toLowerCase();
  const simple = simpleTypes[name];
  if (simple !== undefined) return simple;
  const decimal = /^decimal\((\d+),\s*(-?\d+)\)$/.exec(name);
  if (decimal) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  return { kind: 'other', sql: sql.trim() };
}

/** `long` is Iceberg's word for BIGINT, and what the Python reference calls it. */
const simpleTypes: Readonly<Record<string, ColumnType>> = {
  boolean: { kind: 'boolean' },
  bigint: { kind: 'bigint' },
  long: { kind: 'bigint' },
  double: { kind: 'double' },
  string: { kind: 'string' },
  timestamp: { kind: 'timestamp' },
  timestamp_ltz: { kind: 'timestamp' },
  date: { kind: 'date' },
};
