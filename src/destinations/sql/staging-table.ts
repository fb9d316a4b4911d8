// The table in which the rows of an overwrite gather before anybody may see them: its name, and its rows as a version.
import { createHash } from 'node:crypto';
import { TargetError } from '../../errors/target-error.ts';
import type { ExistingColumn } from '../../schema/evolve.ts';
import { type Column, type ColumnType, isNested, type StreamVersion, type TableName } from '../../schema/model.ts';
import { foldCase } from '../../schema/name-case.ts';
import type { Dialect, TableColumnType } from './dialect.ts';
import { type InexactCount, inexactCount } from './inexact-columns.ts';
import { convertedValue } from './nested-value.ts';
import type { PreparedTable } from './prepared-table.ts';
import { type TableColumn, wantedColumns } from './table-columns.ts';
import { type UnfitCount, unfitCount } from './unfit-values.ts';

/** Hive's metastore takes 128 characters, and 24 come behind it. */
const maxPrefixLength = 100;

/** @param runId twelve lower-case hexadecimal digits, another in every run. */
export function stagingTable(name: TableName, runId: string): TableName {
  return { ...name, table: `${prefixOf(name.table)}${runId}` };
}

/** What every staging table of this table begins with. */
function prefixOf(table: string): string {
  if (table.length <= maxPrefixLength) return `${table}__overwrite_`;
  const suffix = createHash('sha256').update(table).digest('hex').slice(0, 8);
  return `${table.slice(0, maxPrefixLength - suffix.length - 1)}_${suffix}__overwrite_`;
}

/** What `clean` says of a table that has the name of a staging table, and not its mark. */
export const notMarked =
  'it has the name of a staging table and no mark of one (version 0.1.0 made none): look at it, and drop it yourself';

/** A table that somebody else has made has the name of a staging table. */
export const inTheWay = ({ schema, table }: TableName, stream: string): TargetError =>
  new TargetError(
    'TABLE_UNSUPPORTED',
    `${schema}.${table} has the name of this run's staging table, and no mark of one: rename or drop it`,
    { stream },
  );

/** Of some tables' names those of staging tables that earlier runs have made for this table. */
export function leftoverStagingTables(table: string, runId: string, names: readonly string[]): readonly string[] {
  const prefix = prefixOf(table);
  return names.filter(
    (name) => name.startsWith(prefix) && /^[0-9a-f]{12}$/.test(name.slice(prefix.length)) && !name.endsWith(runId),
  );
}

/**
 * The rows of a staging table as a version of their own, to which the table is fitted before they go into it: all columns
 * that any version has had are data, each of its own property, and none is a key, as nothing is looked up.
 */
export function versionOfSide(latest: StreamVersion, columns: readonly ExistingColumn[]): StreamVersion {
  return { ...latest, columns: columns.map(asColumn), keys: [], metadata: false };
}

function asColumn({ name, type, source }: ExistingColumn): Column {
  // never another kind: the staging table was made by us
  return { path: source ?? [name], name, type: type as ColumnType, accepts: 0 };
}

/** The staging table's columns, whose members know their properties again: DESCRIBE tells only their names. */
export function withProperties<Column extends ExistingColumn>(
  columns: readonly Column[],
  latest: StreamVersion,
): readonly Column[] {
  return columns.map((column) => {
    const made = latest.columns[placeIn(latest, column)];
    return made === undefined ? column : { ...column, type: withPropertiesOf(column.type, made.type) };
  });
}

/** -1 for a column that only an earlier version had. */
function placeIn({ columns }: StreamVersion, { name, source }: Pick<ExistingColumn, 'name' | 'source'>): number {
  if (source === undefined) return columns.findIndex((column) => foldCase(column.name) === foldCase(name));
  return columns.findIndex(({ path }) => JSON.stringify(path) === JSON.stringify(source));
}

function withPropertiesOf(type: TableColumnType, made: TableColumnType): TableColumnType {
  if (type.kind === 'array' && made.kind === 'array')
    return { kind: 'array', element: { type: withPropertiesOf(type.element.type, made.element.type) } };
  if (type.kind !== 'struct' || made.kind !== 'struct') return type;
  const fields = type.fields.map((field) => {
    const known = made.fields.find(({ name }) => name === field.name);
    if (known === undefined) return field;
    return { ...field, property: known.property, type: withPropertiesOf(field.type, known.type) };
  });
  return { kind: 'struct', fields };
}

/**
 * The version with text instead of the doubles, structs and arrays that the table holds as text: only what is staged
 * knows a value's own JSON text, so the staging table has to hold it, too.
 * @param held for each of `wantedColumns(version)`, the table's column that is to hold it.
 */
export function withTextKept(version: StreamVersion, held: PreparedTable['columns']): StreamVersion {
  const wanted = wantedColumns(version);
  const columns = version.columns.map((column, index): Column => {
    const hasOwnText = isNested(column.type) || (column.type.kind === 'double' && !version.keys.includes(index));
    if (!hasOwnText) return column;
    const place = wanted.findIndex(({ from }) => 'data' in from && from.data === index);
    const kind = held[place]?.type.kind;
    return kind === 'string' || kind === 'json' ? { ...column, type: { kind: 'json' } } : column;
  });
  return { ...version, columns };
}

/**
 * What a table's own DOUBLE columns make of the integers and decimals of a staging table.
 * @param side quoted, @param into as in {@link sideValues}
 * @returns what is to be asked, and answers by the columns of `latest`; undefined when nothing can be rounded
 */
export function inexactBySwap(
  dialect: Dialect,
  latest: StreamVersion,
  { side, from, into }: { side: string; from: readonly ExistingColumn[]; into: PreparedTable['columns'] },
): InexactCount | undefined {
  const nameOf = (index: number) => dialect.quoteName(from[index]!.name);
  const keys = [...from.keys()].filter((index) => latest.keys.includes(placeIn(latest, from[index]!)));
  const count = inexactCount(dialect, { ...versionOfSide(latest, from), keys }, into, side, nameOf);
  return (
    count && {
      statement: count.statement,
      read: (row) =>
        new Map(
          [...count.read(row)].flatMap(([index, values]) => {
            const place = placeIn(latest, from[index]!);
            return place === -1 ? [] : [[place, values] as const];
          }),
        ),
    }
  );
}

/** What of a staging table's rows the table's own columns can't hold. Parameters as in {@link inexactBySwap}. */
export function unfitBySwap(
  dialect: Dialect,
  latest: StreamVersion,
  { side, from, into }: Parameters<typeof inexactBySwap>[2],
): UnfitCount | undefined {
  const nameOf = (index: number) => dialect.quoteName(from[index]!.name);
  return unfitCount(dialect, versionOfSide(latest, from), into, side, nameOf);
}

/**
 * @param into for each of the staging table's columns, the table's column that holds it; undefined for one that is left out.
 * @returns by the name of the table's column, the expression that fills it.
 */
export function sideValues(
  dialect: Dialect,
  from: readonly TableColumn[],
  into: readonly (TableColumn | undefined)[],
): ReadonlyMap<string, string> {
  return new Map(
    from.flatMap(({ name, type }, index) => {
      const column = into[index];
      if (column === undefined) return [];
      return [[column.name, convertedValue(dialect, dialect.quoteName(name), type, column.type)] as const];
    }),
  );
}
