// Property paths → column names: lower case, unique without regard to case, and the same whatever the order of the properties.
//
// Kept as they are: letters of any script, digits, `minus-column`, inner spaces, dots, quotes (Spark 3.5 on Iceberg and
// DuckDB take them all when quoted). Replaced by `_`: `,` `:` `;` (some Hive metastores refuse them), backticks, control
// characters (DuckDB refuses NUL) and lone surrogates (not UTF-8). Blanks at both ends are cut, what is then empty is
// called `unnamed`. Flattened names are joined by `__`.
//
// When two names meet, case aside, the property whose own name it is keeps it, and each other gets a suffix from a hash of its path
// (`name_1f3a`). A name longer than 255 is cut and gets the suffix too.
import { createHash } from 'node:crypto';
import type { Column, ColumnType } from './model.ts';
import { foldCase } from './name-case.ts';

const maxNameLength = 255;
/** The hash has no more than 64 digits, of which each round adds four. */
const maxRound = 16;

/** What a kind of name can't hold: `_` stands for it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const refusedInColumns = /[,:;`\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/gu;

/** Hive's metastore reads no others in the type of a struct: letters and digits of the first plane, and `_ . $` and blanks. */
const refusedInMembers = /[^\p{L}\p{Nd}_.$ ]|[\u{10000}-\u{10ffff}]/gu;

/** Whether a member can have this name, as far as its characters go. */
export const isMemberName = (name: string): boolean => name.search(refusedInMembers) < 0;

type Path = readonly string[];

/**
 * @param paths all different.
 * @param reserved lower-case names that no data column may take.
 * @returns one name for each path, in their order.
 */
export function columnNames(
  paths: readonly Path[],
  reserved: ReadonlySet<string>,
  refused = refusedInColumns,
): readonly string[] {
  // A name's round says how long its suffix is: 0 for none. All names that clash go one round further at once, so the
  // outcome depends on which paths there are and on nothing else.
  const rounds = paths.map((path): number => (plainName(path, refused).length > maxNameLength ? 1 : 0));
  for (;;) {
    const names = paths.map((path, index) => nameInRound(path, rounds[index] as number, refused));
    const clashing = clashes(names, paths, reserved);
    if (clashing.length === 0) return names;
    for (const index of clashing) rounds[index] = (rounds[index] as number) + 1;
  }
}

/**
 * The same for columns whose types are known. Iceberg knows members by their path, so a column `a.b` can't be beside the
 * member `b` of a column `a` (measured: the table can't be made): the column with the dot gets a suffix.
 */
export function columnNamesBeside(
  paths: readonly Path[],
  types: readonly ColumnType[],
  reserved: ReadonlySet<string>,
  refused = refusedInColumns,
): readonly string[] {
  const names = columnNames(paths, reserved, refused);
  if (!names.some((name) => name.includes('.'))) return names;
  const members = new Set(names.flatMap((name, index) => memberPaths(name, types[index] as ColumnType)));
  return names.some((name) => members.has(foldCase(name)))
    ? columnNames(paths, new Set([...reserved, ...members]), refused)
    : names;
}

/** The names of a struct's members, by the same rules, but of fewer characters. @param properties all different. */
export function memberNames(properties: readonly string[], types: readonly ColumnType[]): readonly string[] {
  return columnNamesBeside(
    properties.map((property) => [property]),
    types,
    new Set(),
    refusedInMembers,
  );
}

function memberPaths(name: string, type: ColumnType): readonly string[] {
  if (type.kind === 'struct') {
    return type.fields.flatMap((field) => {
      const path = `${name}.${field.name}`;
      return [foldCase(path), ...memberPaths(path, field.type)];
    });
  }
  if (type.kind !== 'array') return [];
  const element = `${name}.element`;
  return [foldCase(element), ...memberPaths(element, type.element.type)];
}

/** The columns and members whose name is more than their property's name in lower case: a person should be told of them. */
export function renamedColumns(columns: readonly Column[]): readonly Pick<Column, 'path' | 'name'>[] {
  return columns.flatMap(({ path, name, type }) => [
    ...(name === joined(path) ? [] : [{ path, name }]),
    ...renamedMembers(path, name, type),
  ]);
}

function renamedMembers(path: Path, name: string, type: ColumnType): readonly Pick<Column, 'path' | 'name'>[] {
  if (type.kind === 'array') return renamedMembers(path, name, type.element.type);
  if (type.kind !== 'struct') return [];
  return type.fields.flatMap((field) => {
    const member = { path: [...path, field.property], name: `${name}.${field.name}` };
    const isRenamed = field.name !== joined([field.property]);
    return [...(isRenamed ? [member] : []), ...renamedMembers(member.path, member.name, field.type)];
  });
}

const joined = (path: Path): string => path.join('__').toLowerCase();

/** Whether a column of this path can be called so, whatever else its table has. */
export function isNameOf(name: string, path: Path): boolean {
  const fold = foldCase(name);
  const rounds = Array.from({ length: maxRound + 1 }, (_, round) => round);
  return rounds.some((round) => foldCase(nameInRound(path, round, refusedInColumns)) === fold);
}

function plainName(path: Path, refused: RegExp): string {
  const name = joined(path).replace(refused, '_');
  return name.trim() || 'unnamed';
}

function nameInRound(path: Path, round: number, refused: RegExp): string {
  if (round === 0) return plainName(path, refused);
  const hash = createHash('sha256').update(JSON.stringify([round, ...path]));
  const suffix = `_${hash.digest('hex').slice(0, 4 * round)}`;
  return cut(plainName(path, refused), maxNameLength - suffix.length) + suffix;
}

/** Never between the halves of a surrogate pair. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/\p{Surrogate}$/u, '');
}

function clashes(names: readonly string[], paths: readonly Path[], reserved: ReadonlySet<string>): readonly number[] {
  const groups = new Map<string, number[]>();
  names.forEach((name, index) => {
    const fold = foldCase(name);
    const group = groups.get(fold);
    if (group) group.push(index);
    else groups.set(fold, [index]);
  });
  return [...groups].flatMap(([fold, group]) => {
    if (reserved.has(fold)) return group;
    return group.length === 1 ? [] : group.filter((index) => index !== ownerOf(group, names, paths));
  });
}

/** Of the names that clash, the one that is its property's own; the first by code when there are several (`adi`, `adı`). */
function ownerOf(group: readonly number[], names: readonly string[], paths: readonly Path[]): number | undefined {
  const own = group.filter((index) => paths[index]?.length === 1 && paths[index]?.[0] === names[index]);
  return own.sort((a, b) => ((names[a] as string) < (names[b] as string) ? -1 : 1))[0];
}
