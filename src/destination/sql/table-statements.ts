// Evolution steps → DDL, and ACTIVATE_VERSION → DELETE or UPDATE. Every `table` and `schema` comes in quoted.
import type { Step } from '../../schema/evolve.ts';
import type { ColumnType, StreamVersion } from '../../schema/model.ts';
import { castTo, type Dialect } from './dialect.ts';
import { type TableColumn, wantedColumns } from './table-columns.ts';

interface ColumnDefinition {
  readonly name: string;
  readonly type: ColumnType;
}

export const createSchemaStatement = (schema: string): string => `CREATE SCHEMA IF NOT EXISTS ${schema}`;

export function createTableStatement(dialect: Dialect, table: string, columns: readonly ColumnDefinition[]): string {
  const definitions = columns.map((column) => definition(dialect, column)).join(', ');
  return `CREATE TABLE IF NOT EXISTS ${table} (${definitions})${dialect.createTableSuffix}`;
}

/** The steps in their order; columns that are added next to each other share a statement where the warehouse can. */
export function evolveStatements(dialect: Dialect, table: string, steps: readonly Step[]): readonly string[] {
  const statements: string[] = [];
  let added: string[] = [];
  const flush = () => {
    if (added.length > 0) statements.push(...dialect.addColumns(table, added));
    added = [];
  };
  for (const step of steps) {
    if (step.kind === 'add') {
      added.push(definition(dialect, step));
      continue;
    }
    flush();
    statements.push(...alterations(dialect, step).map((alteration) => `ALTER TABLE ${table} ${alteration}`));
  }
  flush();
  return statements;
}

/**
 * Removes or marks the rows whose `_sdc_table_version` is lower than `tableVersion` or NULL; rows that are marked
 * already keep their time. Undefined when the version writes no metadata columns: then nothing tells old rows from new.
 * @param columns for each of `wantedColumns(version)`, the table's column that holds it.
 */
export function activateStatement(
  dialect: Dialect,
  table: string,
  version: StreamVersion,
  columns: readonly (TableColumn | undefined)[],
  tableVersion: bigint,
  now: Date,
): string | undefined {
  if (!version.metadata) return undefined;
  const find = (name: string) => columns[wantedColumns(version).findIndex((wanted) => wanted.name === name)]!;
  const rowVersion = dialect.quoteName(find('_sdc_table_version').name);
  const isOld = `(${rowVersion} IS NULL OR ${rowVersion} < ${tableVersion})`;
  if (version.deletes === 'hard') return `DELETE FROM ${table} WHERE ${isOld}`;
  const deletedAt = find('_sdc_deleted_at');
  const name = dialect.quoteName(deletedAt.name);
  const time = castTo(dialect, dialect.timestampLiteral(now), { kind: 'timestamp' }, deletedAt.type);
  return `UPDATE ${table} SET ${name} = ${time} WHERE ${isOld} AND ${name} IS NULL`;
}

function definition(dialect: Dialect, { name, type }: ColumnDefinition): string {
  return `${dialect.quoteName(name)} ${dialect.typeName(type)}`;
}

function alterations(dialect: Dialect, step: Exclude<Step, { kind: 'add' }>): readonly string[] {
  if (step.kind === 'widen') {
    return dialect.widenColumn(step.name, step.from, step.to);
  }
  const from = dialect.quoteName(step.from);
  const rename = `RENAME COLUMN ${from} TO ${dialect.quoteName(step.to)}`;
  return step.dropNotNull ? [`ALTER COLUMN ${from} DROP NOT NULL`, rename] : [rename];
}
