// The dialect of DuckDB, 1.4 or later (MERGE INTO).
import type { ColumnType } from '../../schema/model.ts';
import type { Dialect } from './dialect.ts';

const typeNames = {
  boolean: 'BOOLEAN',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  json: 'VARCHAR',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
} as const;

export const duckdbDialect: Dialect = {
  quoteName: (name) => `"${name.replaceAll('"', '""')}"`,
  quoteText: (text) => `'${text.replaceAll("'", "''")}'`,
  timestampLiteral: (instant) => `TIMESTAMP '${instant.toISOString().slice(0, -1).replace('T', ' ')}'`,
  typeName: (type: ColumnType) =>
    type.kind === 'decimal' ? `DECIMAL(${type.precision},${type.scale})` : typeNames[type.kind],
  // arg_max leaves rows out whose value is NULL; arg_max_null does not.
  maxBy: (value, order, where) =>
    `arg_max_null(${value}, ${order})${where === undefined ? '' : ` FILTER (WHERE ${where})`}`,
  struct: (names) => `struct_pack(${names.map((name) => `${name} := ${name}`).join(', ')})`,
  createTableSuffix: '',
  append: ({ table, columns, values, source, where }) =>
    `INSERT INTO ${table} (${columns.join(', ')})\nSELECT ${values.join(', ')} FROM ${source}${where === undefined ? '' : `\nWHERE ${where}`}`,
  addColumns: (table, definitions) => definitions.map((definition) => `ALTER TABLE ${table} ADD COLUMN ${definition}`),
};
