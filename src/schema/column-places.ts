// The columns that a table has and those that are wanted → which is for which. The property that a column was made for
// goes before names: names depend on what else a schema declares, and a column must not get another property's values.
import { columnNames } from './column-names.ts';
import { metadataColumns } from './model.ts';
import { foldCase } from './name-case.ts';

export interface NamedColumn {
  readonly name: string;
  /**
   * Of a wanted column: the path of its property; undefined for the target's own columns. Of a table's column: the path
   * that its comment keeps; undefined where there is none: then it is for whichever property has its name.
   */
  readonly source?: readonly string[] | undefined;
}

export interface ColumnPlace<Existing> {
  /** The table's column; undefined where it has none. */
  readonly found: Existing | undefined;
  /** What a column is called that is added for it. */
  readonly name: string;
}

/**
 * @param reserved lower-case names that no column may be added under; one that is there already stays.
 * @returns a place for each wanted column, in their order. No two have the same column, nor the same name.
 */
export function placesOf<Existing extends NamedColumn>(
  existing: readonly Existing[],
  wanted: readonly NamedColumn[],
  reserved: ReadonlySet<string> = new Set(),
): readonly ColumnPlace<Existing>[] {
  const own = new Set(wanted.filter(({ source }) => source === undefined).map(({ name }) => foldCase(name)));
  const kept = existing.filter(({ name, source }) => source !== undefined && !own.has(foldCase(name)));
  const places = wanted.map((column): ColumnPlace<Existing> | undefined => {
    const made = kept.find(({ source }) => samePath(source, column.source));
    if (made !== undefined) return { found: made, name: isSame(made, column) ? column.name : made.name };
    const found = findColumn(existing, column.name);
    const isTaken = found === undefined ? reserved.has(foldCase(column.name)) : kept.includes(found);
    return isTaken && column.source !== undefined ? undefined : { found, name: column.name };
  });
  const displaced = wanted.filter((_, index) => places[index] === undefined);
  if (displaced.length === 0) return places as readonly ColumnPlace<Existing>[];
  const taken = new Set([...reserved, ...[...kept, ...wanted, ...metadataColumns].map(({ name }) => foldCase(name))]);
  const names = columnNames(
    displaced.map(({ source }) => source!),
    taken,
  );
  return wanted.map((column, index) => {
    const name = names[displaced.indexOf(column)]!;
    return places[index] ?? { found: findColumn(existing, name), name };
  });
}

const isSame = (a: NamedColumn, b: NamedColumn): boolean => foldCase(a.name) === foldCase(b.name);

function samePath(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a !== undefined && a.length === b?.length && a.every((part, index) => part === b[index]);
}

function findColumn<Existing extends NamedColumn>(existing: readonly Existing[], name: string): Existing | undefined {
  const fold = foldCase(name);
  return existing.find((column) => column.name === name) ?? existing.find((column) => foldCase(column.name) === fold);
}
