// The constraints, indexes, foreign keys and generated columns of a table → what DuckDB would refuse to do to it, and why.
import type { DuckDBConnection } from '@duckdb/node-api';
import { TargetError } from '../../errors/target-error.ts';
import type { ExistingColumn } from '../../schema/evolve.ts';
import type { TableName } from '../../schema/model.ts';
import { foldCase } from '../../schema/name-case.ts';
import { tableReference } from '../sql/dialect.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { brokenConstraint } from './duckdb-errors.ts';
import { firstValue, isNamed } from './statements.ts';

export interface TableLimits {
  /** For people; undefined where the column's type can be changed. */
  keepsType(column: string): string | undefined;
  /** For people; undefined where the column can be renamed, and rows may have no value in it from then on. */
  keepsName(column: string): string | undefined;
  /** A column that rows give no value to. */
  isGenerated(column: string): boolean;
  /** By CREATE INDEX. */
  readonly hasIndex: boolean;
}

interface Constraint {
  /** `PRIMARY KEY`, `UNIQUE`, `CHECK`, `FOREIGN KEY` or `NOT NULL`. */
  readonly kind: string;
  /** As DuckDB writes it. */
  readonly text: string;
  readonly columns: readonly string[];
}

export async function limitsOf(
  connection: DuckDBConnection,
  name: TableName,
  columns: readonly ExistingColumn[],
): Promise<TableLimits> {
  const constraints = await constraintsOf(connection, name);
  const index = await indexOf(connection, name);
  const fixed = index ?? (await referrerOf(connection, name));
  const generated = await generatedColumns(connection, name, columns);
  const constrains = (column: string, kinds: ReadonlySet<string>) =>
    constraints.find(
      ({ kind, columns }) => kinds.has(kind) && columns.some((name) => foldCase(name) === foldCase(column)),
    )?.text;
  return {
    // An expression of a generated column is not taken apart: DuckDB asks for less than this.
    keepsType: (column) => fixed ?? constrains(column, keepType) ?? generated.values().next().value,
    keepsName: (column) => fixed ?? constrains(column, keepName),
    isGenerated: (column) => generated.has(foldCase(column)),
    hasIndex: index !== undefined,
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
    columns: JSON.parse(String(columns)) as string[],
  }));
}

/** An index, or a table whose foreign key leads here, keeps DuckDB from any change but a further column. */
async function indexOf(connection: DuckDBConnection, name: TableName): Promise<string | undefined> {
  const index = await firstValue(
    connection,
    `SELECT index_name FROM duckdb_indexes() WHERE ${isNamed(name, 'database_name', 'schema_name')} LIMIT 1`,
  );
  return index === undefined ? undefined : `the index ${index}`;
}

async function referrerOf(connection: DuckDBConnection, name: TableName): Promise<string | undefined> {
  const same = (column: string, value: string) => `lower(${column}) = lower(${duckdbDialect.quoteText(value)})`;
  const isHere = `${same('database_name', name.catalog ?? '')} AND ${same('referenced_table', name.table)}`;
  const table = await firstValue(
    connection,
    `SELECT schema_name || '.' || table_name FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY' AND ${isHere} LIMIT 1`,
  );
  return table === undefined ? undefined : `the foreign key of the table ${table}`;
}

/**
 * What an error of DuckDB's does not always say: of which of the table's constraints, and so of which column, it speaks.
 * @param error as it will be told, of which `thrown` is the cause
 */
export async function withConstraint(
  error: TargetError,
  thrown: unknown,
  connection: DuckDBConnection,
  name: TableName,
): Promise<TargetError> {
  const broken = brokenConstraint(thrown);
  if (error.code !== 'TABLE_CONSTRAINT' || error.context.column !== undefined || broken === undefined) return error;
  const constraints = await constraintsOf(connection, name).catch(() => []);
  const meant = constraints.filter(
    ({ kind, text }) => broken.kinds.includes(kind) && (broken.text === undefined || broken.text === text),
  );
  const column = meant.length === 1 ? meant[0]!.columns[0] : undefined;
  const shown = broken.text === undefined && meant.length > 0 ? ` (${meant.map(({ text }) => text).join(', ')})` : '';
  return new TargetError(error.code, `${error.message}${shown}`, { ...error.context, column }, error.cause);
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
