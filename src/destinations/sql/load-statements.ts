// LoadTarget → the statements that put its rows into the table.
import type { Dialect } from './dialect.ts';
import {
  keyNames,
  type LoadTarget,
  loadSource,
  newRowsSource,
  type Source,
  type SourceColumn,
  stagedSide,
} from './source.ts';
import type { OtherColumn } from './table-columns.ts';
import { objectGiven } from './unknown-members.ts';

/** A merge when the version has keys, an append when it has none: one statement, one commit. */
export function loadStatement(dialect: Dialect, target: LoadTarget): string {
  return target.load.version.keys.length > 0 ? mergeStatement(dialect, target) : insertStatement(dialect, target);
}

/** For a version with keys: deletes, updates and inserts by key. Columns of the table that the version lacks keep their values, except in a row that is deleted and made again, and those of an object that comes anew. */
function mergeStatement(dialect: Dialect, target: LoadTarget): string {
  const { select, columns, removed, remade } = loadSource(dialect, target);
  const keys = columns.filter(({ key }) => key);
  const updates = columns.filter(({ key }) => !key).map(assignment);
  for (const other of target.others) {
    const when = [remade, objectGiven(dialect, other, target, columns)].filter((condition) => condition !== undefined);
    if (when.length > 0) updates.push(reset(dialect, other, when.join(' OR ')));
  }
  const clauses = [
    `MERGE INTO ${target.table} t USING (${select}) s`,
    `ON ${keys.map((key) => `t.${key.target} = ${key.value}`).join(' AND ')}`,
  ];
  if (removed !== undefined) clauses.push(`WHEN MATCHED AND ${removed} THEN DELETE`);
  if (updates.length > 0) clauses.push(`WHEN MATCHED THEN UPDATE SET ${updates.join(', ')}`);
  clauses.push(`WHEN NOT MATCHED${removed === undefined ? '' : ` AND NOT ${removed}`} THEN INSERT ${row(columns)}`);
  return clauses.join('\n');
}

/** Appends the rows: right for a version without keys, and for one with keys when its table is empty. */
export function insertStatement(dialect: Dialect, target: LoadTarget): string {
  return appendOf(dialect, target.table, loadSource(dialect, target));
}

/**
 * True when a MERGE would leave nothing of the rows that it updates: then deleting them and appending all does the same.
 * For versions with keys.
 */
export function replacesWholeRows({ load, others }: Pick<LoadTarget, 'load' | 'others'>): boolean {
  return load.version.keys.length > 0 && !load.hasDeletes && load.absentColumns.size === 0 && others.length === 0;
}

/** Rows of the table that have a key of the load's. */
export function deleteStatement(dialect: Dialect, target: LoadTarget): string {
  const { select, values } = stagedSide(dialect, target);
  const keys = values.filter(({ key }) => key).map((value) => value.target);
  return `DELETE FROM ${target.table} WHERE (${keys.join(', ')}) IN (SELECT ${keyNames(values).join(', ')} FROM (${select}) staged)`;
}

/** Appends the last row of each key, when {@link replacesWholeRows} and none is in the table. */
export function insertNewStatement(dialect: Dialect, target: LoadTarget): string {
  return appendOf(dialect, target.table, newRowsSource(dialect, target));
}

function appendOf(dialect: Dialect, table: string, { select, columns, removed }: Source): string {
  return dialect.append({
    table,
    columns: columns.map((column) => column.target),
    values: columns.map(({ inserted }) => inserted),
    source: `(${select}) s`,
    where: removed === undefined ? undefined : `NOT ${removed}`,
  });
}

function assignment({ target, value, given }: SourceColumn): string {
  return `${target} = ${given === undefined ? value : `CASE WHEN ${given} THEN ${value} ELSE t.${target} END`}`;
}

function reset(dialect: Dialect, { name, default: fallback = 'NULL' }: OtherColumn, when: string): string {
  const column = dialect.quoteName(name);
  return `${column} = CASE WHEN ${when} THEN ${fallback} ELSE t.${column} END`;
}

function row(columns: readonly SourceColumn[]): string {
  const names = columns.map(({ target }) => target).join(', ');
  return `(${names}) VALUES (${columns.map(({ inserted }) => inserted).join(', ')})`;
}
