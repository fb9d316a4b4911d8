// The constraints, indexes, foreign keys and generated columns of a table → what DuckDB would refuse to do to it, and why.
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ExistingColumn } from '../../schema/evolve.ts';
import type { TableName } from '../../schema/model.ts';
import { foldCase } from '../../schema/name-case.ts';
import { tableReference } from '../sql/dialect.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { isNamed } from './statements.ts';

export interface TableLimits {
  /** For people; undefined where the column's type can be changed. */
  keepsType(column: string): string | undefined;
  /** For people; undefined where the column can be renamed, and rows may have no value in it from then on. */
  keepsName(column: string): string | undefined;
  /** A column that rows give no value to. */
  isGenerated(column: string): boolean;
}

interface Constraint {
  /** `PRIMARY KEY`, `UNIQUE`, `CHECK`, `FOREIGN KEY` or `NOT NULL`. */
  readonly kind: string;
  /** As DuckDB writes it. */
  readonly text: string;
  /** Of this table; none of a foreign key in another table. */
  readonly columns: ReadonlySet<string>;
}

export async function limitsOf(
  connection: DuckDBConnection,
  name: TableName,
  columns: readonly ExistingColumn[],
): Promise<TableLimits> {
  const constraints = await constraintsOf(connection, name);
  const fixed = await dependentsOf(connection, name);
  const generated = await generatedColumns(connection, name, columns);
  const constrains = (column: string, kinds: ReadonlySet<string>) =>
    constraints.find(({ kind, columns }) => kinds.has(kind) && columns.has(foldCase(column)))?.text;
  return {
    // An expression of a generated column is not taken apart: DuckDB asks for less than this.
    keepsType: (column) => fixed ?? constrains(column, keepType) ?? generated.values().next().value,
    keepsName: (column) => fixed ?? constrains(column, keepName),
    isGenerated: (column) => generated.has(foldCase(column)),
  };
}

const keepType: ReadonlySet<string> = new Set(['PRIMARY KEY', 'UNIQUE', 'CHECK', 'FOREIGN KEY']);
/** A renamed column has no value in new rows, which only a primary key can't do without. */
const keepName: ReadonlySet<string> = new Set(['PRIMARY KEY', 'FOREIGN KEY']);

async function constraintsOf(connection: DuckDBConnection, name: TableName): Promise<readonly Constraint[]> {
  const found = await connection.runAndReadAll(
    `SELECT constraint_type, constraint_text, to_json(constraint_column_names) FROM duckdb_constraints() WHERE ${isNamed(name, 'database_name', 'schema_name')}`,
  );
  return found.getRows().map(([kind, text, columns]) => ({
    kind: String(kind),
    text: String(text),
    columns: new Set((JSON.parse(String(columns)) as string[]).map(foldCase)),
  }));
}

/** What keeps DuckDB from any change but a further column. */
async function dependentsOf(connection: DuckDBConnection, name: TableName): Promise<string | undefined> {
  const { quoteText } = duckdbDialect;
  const found = await connection.runAndReadAll(
    `SELECT 'the index ' || index_name FROM duckdb_indexes() WHERE ${isNamed(name, 'database_name', 'schema_name')}
     UNION ALL SELECT 'the foreign key of the table ' || schema_name || '.' || table_name FROM duckdb_constraints()
     WHERE constraint_type = 'FOREIGN KEY' AND lower(database_name) = lower(${quoteText(name.catalog ?? '')})
     AND lower(referenced_table) = lower(${quoteText(name.table)}) LIMIT 1`,
  );
  const reason = found.getRows()[0]?.[0];
  return reason === undefined ? undefined : String(reason);
}

/** DuckDB's catalog shows the expression of such a column as a default: only an INSERT tells them apart. By folded names. */
async function generatedColumns(
  connection: DuckDBConnection,
  name: TableName,
  columns: readonly ExistingColumn[],
): Promise<ReadonlyMap<string, string>> {
  const table = tableReference(duckdbDialect, name);
  const generated = new Map<string, string>();
  for (const { name: column, default: expression } of columns) {
    if (expression === undefined) continue;
    try {
      await connection.run(`EXPLAIN INSERT INTO ${table} (${duckdbDialect.quoteName(column)}) SELECT NULL`);
    } catch (error) {
      if (!/generated column/i.test(String(error))) throw error;
      generated.set(foldCase(column), `the generated column ${column}`);
    }
  }
  return generated;
}
