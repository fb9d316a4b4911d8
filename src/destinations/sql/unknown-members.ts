// The table's columns for members of flattened objects that a version does not know → when a record takes them away.
//
// An object takes the place of the old one as a whole. A column that an earlier run has made for a member of it (another
// SCHEMA declared it, or a record had it) is not in the version, and would keep a value that the object no longer has.
import { isNameOf } from '../../schema/column-names.ts';
import type { Dialect } from './dialect.ts';
import type { LoadTarget, SourceColumn } from './source.ts';
import { type OtherColumn, wantedColumns } from './table-columns.ts';

/** @returns a condition that the record has the object; undefined when none of the version's objects had the column */
export function objectGiven(
  dialect: Dialect,
  { source: path, name }: OtherColumn,
  { load, columns }: LoadTarget,
  written: readonly SourceColumn[],
): string | undefined {
  // a column under a dated name keeps what it holds
  if (path === undefined || path.length === 1 || !isNameOf(name, path)) return undefined;
  const place = wantedColumns(load.version).findIndex(
    ({ source, key }, index) =>
      columns[index] !== undefined && !key && source !== undefined && source.length > 1 && source[0] === path[0],
  );
  if (place === -1) return undefined;
  const target = dialect.quoteName(columns[place]!.name);
  return written.find((column) => column.target === target)?.given ?? 'true';
}
