// The table in which the rows of an overwrite gather before anybody may see them: its name, and its rows as a version.
import { createHash } from 'node:crypto';
import { type ExistingColumn, planEvolution } from '../../schema/evolve.ts';
import { type Column, type ColumnType, isNested, type StreamVersion, type TableName } from '../../schema/model.ts';
import type { Dialect } from './dialect.ts';
import { convertedValue } from './nested-value.ts';
import type { TableColumn } from './table-columns.ts';

/** Hive's metastore takes 128 characters, and 24 come behind it. */
const maxPrefixLength = 100;

/** @param runId twelve lower-case hexadecimal digits, another in every run. */
export function sideTable(name: TableName, runId: string): TableName {
  return { ...name, table: `${prefixOf(name.table)}${runId}` };
}

/** What every side table of this table begins with. */
function prefixOf(table: string): string {
  if (table.length <= maxPrefixLength) return `${table}__overwrite_`;
  const suffix = createHash('sha256').update(table).digest('hex').slice(0, 8);
  return `${table.slice(0, maxPrefixLength - suffix.length - 1)}_${suffix}__overwrite_`;
}

/** Of some tables' names those of side tables that earlier runs have made for this table. */
export function leftoverSideTables(table: string, runId: string, names: readonly string[]): readonly string[] {
  const prefix = prefixOf(table);
  return names.filter(
    (name) => name.startsWith(prefix) && /^[0-9a-f]{12}$/.test(name.slice(prefix.length)) && !name.endsWith(runId),
  );
}

/**
 * The rows of a side table as a version of their own, to which the table is fitted before they go into it: all columns
 * that any version has had are data, and none is a key, as nothing is looked up.
 */
export function versionOfSide(latest: StreamVersion, columns: readonly TableColumn[]): StreamVersion {
  return { ...latest, columns: columns.map(asColumn), keys: [], metadata: false };
}

function asColumn({ name, type }: TableColumn): Column {
  // never another kind: the side table was made by us
  return { path: [name], name, type: type as ColumnType, accepts: 0 };
}

/**
 * The version with text instead of the structs and arrays that the table holds as text: only what is staged knows a
 * value's own JSON text, so the side table has to hold it, too. @param existing the table's own columns.
 */
export function withTextKept(version: StreamVersion, existing: readonly ExistingColumn[]): StreamVersion {
  const columns = version.columns.map((column): Column => {
    if (!isNested(column.type)) return column;
    const [held] = planEvolution(existing, [{ name: column.name, type: column.type, key: false }], new Date()).columns;
    return held?.type.kind === 'string' || held?.type.kind === 'json' ? { ...column, type: { kind: 'json' } } : column;
  });
  return { ...version, columns };
}

/** @param into for each of the side table's columns, the table's column that holds it. @returns an expression for each. */
export function sideValues(
  dialect: Dialect,
  from: readonly TableColumn[],
  into: readonly TableColumn[],
): readonly string[] {
  return from.map(({ name, type }, index) => convertedValue(dialect, dialect.quoteName(name), type, into[index]!.type));
}
