// Evolution steps → DDL, and ACTIVATE_VERSION → DELETE or UPDATE. Every `table` and `schema` comes in quoted.
import { sourceComment } from '../../schema/column-source.ts';
import type { Step } from '../../schema/evolve.ts';
import type { ColumnType, StreamVersion } from '../../schema/model.ts';
import { castTo, type Dialect, tryCast } from './dialect.ts';
import { type TableColumn, wantedColumns } from './table-columns.ts';

interface ColumnDefinition {
  readonly name: string;
  readonly type: ColumnType;
  /** The path of the property that it is for. */
  readonly source?: readonly string[] | undefined;
}

export const createSchemaStatement = (schema: string): string => `CREATE SCHEMA IF NOT EXISTS ${schema}`;

/** CREATE TABLE, and where the warehouse wants them apart a staging table's mark and the comments of columns. */
export function createTableStatements(
  dialect: Dialect,
  table: string,
  columns: readonly ColumnDefinition[],
  isStaging = false,
): readonly string[] {
  const definitions = columns.map((column) => definition(dialect, column)).join(', ');
  const suffix = isStaging ? dialect.createStagingSuffix : dialect.createTableSuffix;
  const create = `CREATE TABLE IF NOT EXISTS ${table} (${definitions})${suffix}`;
  const mark = isStaging ? dialect.markStaging(table) : undefined;
  return [create, ...(mark === undefined ? [] : [mark]), ...comments(dialect, table, columns)];
}

/** The steps in their order; columns that are added next to each other share a statement where the warehouse can. */
export function evolveStatements(dialect: Dialect, table: string, steps: readonly Step[]): readonly string[] {
  const statements: string[] = [];
  let added: ColumnDefinition[] = [];
  const flush = () => {
    const definitions = added.map((column) => definition(dialect, column));
    if (added.length > 0)
      statements.push(...dialect.addColumns(table, definitions), ...comments(dialect, table, added));
    added = [];
  };
  for (const step of steps) {
    if (step.kind === 'add') {
      added.push(step);
      continue;
    }
    flush();
    statements.push(...alterations(dialect, step).map((alteration) => `ALTER TABLE ${table} ${alteration}`));
  }
  flush();
  return statements;
}

/**
 * Removes or marks the rows whose `_sdc_table_version` is lower than `tableVersion`, NULL, or text that is no number; rows that are marked
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
  const held = find('_sdc_table_version');
  const isText = held.type.kind === 'string' || held.type.kind === 'json';
  const rowVersion = isText
    ? tryCast(dialect.quoteName(held.name), dialect.typeName({ kind: 'bigint' }))
    : dialect.quoteName(held.name);
  const isOld = `(${rowVersion} IS NULL OR ${rowVersion} < ${tableVersion})`;
  if (version.deletes === 'hard') return `DELETE FROM ${table} WHERE ${isOld}`;
  const deletedAt = find('_sdc_deleted_at');
  const name = dialect.quoteName(deletedAt.name);
  const time = castTo(dialect, dialect.timestampLiteral(now), { kind: 'timestamp' }, deletedAt.type);
  return `UPDATE ${table} SET ${name} = ${time} WHERE ${isOld} AND ${name} IS NULL`;
}

function definition(dialect: Dialect, column: ColumnDefinition): string {
  const comment = commentOf(column);
  const suffix = comment === undefined ? '' : dialect.comment(comment);
  return `${dialect.quoteName(column.name)} ${dialect.typeName(column.type)}${suffix}`;
}

function comments(dialect: Dialect, table: string, columns: readonly ColumnDefinition[]): readonly string[] {
  return columns
    .map((column) => {
      const comment = commentOf(column);
      return comment === undefined ? undefined : dialect.commentOn(table, column.name, comment);
    })
    .filter((statement) => statement !== undefined);
}

const commentOf = ({ name, source }: ColumnDefinition): string | undefined =>
  source === undefined ? undefined : sourceComment(source, name);

function alterations(dialect: Dialect, step: Exclude<Step, { kind: 'add' }>): readonly string[] {
  if (step.kind === 'widen') {
    return dialect.widenColumn(step.name, step.from, step.to);
  }
  const from = dialect.quoteName(step.from);
  const rename = `RENAME COLUMN ${from} TO ${dialect.quoteName(step.to)}`;
  return step.dropNotNull ? [`ALTER COLUMN ${from} DROP NOT NULL`, rename] : [rename];
}
