// A table before and after → which of its rows are the old ones, and whether they read the same.
import { checksum, type FoundRow, type TableState } from './table-state.ts';

export interface OldRows {
  readonly problems: readonly string[];
  /** Old columns that are kept under dated names. */
  readonly dated: readonly string[];
  /** All rows that are none of the old ones. */
  readonly rest: readonly FoundRow[];
}

export const line = (row: FoundRow): string => JSON.stringify(row);

/** @param old those of the rows before that must be there. @param after of a table that can be read */
export function compareOldRows(
  before: TableState,
  old: readonly FoundRow[],
  after: TableState & { readonly rows: readonly FoundRow[] },
): OldRows {
  const dated = datedNames(before, after);
  const held = before.columns.map(([name]) => [name, dated.get(name) ?? name] as const);
  const asBefore = (row: FoundRow) => line(Object.fromEntries(held.map(([name, now]) => [name, row[now] ?? null])));
  const due = old.map((row) => line(Object.fromEntries(held.map(([name]) => [name, row[name] ?? null]))));
  const { kept, rest } = parted(after.rows, due, asBefore);
  return {
    problems: [
      ...lostColumns(after, held),
      ...otherValues(after, due, kept, asBefore),
      ...filledColumns(after, held, kept),
    ],
    dated: [...dated.keys()],
    rest,
  };
}

/** Old name → `name_yyyymmdd_hhmm`, of those that are new. */
function datedNames(before: TableState, after: TableState): ReadonlyMap<string, string> {
  const known = new Set(before.columns.map(([name]) => name));
  const added = after.columns.map(([name]) => name).filter((name) => !known.has(name));
  const isDated = (name: string, old: string) =>
    name.startsWith(`${old}_`) && /^\d{8}_\d{4}(_\d+)?$/.test(name.slice(old.length + 1));
  return new Map(
    [...known].flatMap((old) => {
      const name = added.find((one) => isDated(one, old));
      return name === undefined ? [] : [[old, name] as const];
    }),
  );
}

/** Each old row once. */
function parted(rows: readonly FoundRow[], due: readonly string[], asBefore: (row: FoundRow) => string) {
  const open = new Map<string, number>();
  for (const one of due) open.set(one, (open.get(one) ?? 0) + 1);
  const isOld = (row: FoundRow): boolean => {
    const text = asBefore(row);
    const count = open.get(text) ?? 0;
    open.set(text, count - 1);
    return count > 0;
  };
  const marked = rows.map((row) => [row, isOld(row)] as const);
  return {
    kept: marked.filter(([, old]) => old).map(([row]) => row),
    rest: marked.filter(([, old]) => !old).map(([row]) => row),
  };
}

type Held = readonly (readonly [old: string, now: string])[];

function lostColumns({ columns }: TableState, held: Held): readonly string[] {
  const lost = held.filter(([, now]) => !columns.some(([name]) => name === now)).map(([old]) => old);
  return lost.length === 0 ? [] : [`columns are lost: ${lost}`];
}

function otherValues(
  { rows }: { readonly rows: readonly FoundRow[] },
  due: readonly string[],
  kept: readonly FoundRow[],
  asBefore: (row: FoundRow) => string,
): readonly string[] {
  const found = kept.map(asBefore);
  if (checksum(found) === checksum(due)) return [];
  const missing = due.find((one) => !found.includes(one)) ?? 'one of several equal rows';
  return [`old rows read differently: ${missing} is not among ${rows.slice(0, 5).map(asBefore).join(' ')}`];
}

function filledColumns({ columns }: TableState, held: Held, kept: readonly FoundRow[]): readonly string[] {
  const old = new Set(held.map(([, now]) => now));
  const fresh = columns.map(([name]) => name).filter((name) => !old.has(name));
  const wrong = kept.find((row) => fresh.some((name) => row[name] !== null));
  return wrong === undefined ? [] : [`new columns are not NULL in old rows: ${line(wrong)}`];
}
