// A table before and after a load → what is wrong with it, in sentences; none when old rows are as they were.
import { TargetError } from '../../../src/errors/target-error.ts';
import { type Cell, changeOf, expectationOf, keysOf, recordsOf } from './hand-made-table.ts';
import { checksum, type FoundRow, plainText, type TableState } from './table-state.ts';

export interface Loaded {
  readonly before: TableState;
  readonly after: TableState;
  /** How the load ended. */
  readonly error: unknown;
  /** How many loads of the same records stand between. */
  readonly loads: number;
}

export function problemsOf(cell: Cell, loaded: Loaded): readonly string[] {
  const { outcome } = expectationOf(cell);
  const { error } = loaded;
  if (error === undefined && outcome === 'refused') return ['the load was not refused', ...changesOf(loaded)];
  if (error !== undefined && outcome === 'loads') return [`the load failed: ${said(error)}`, ...changesOf(loaded)];
  return error === undefined ? problemsOfLoad(cell, loaded) : problemsOfRefusal(cell, loaded);
}

/** Codes that say nothing of the cause. */
const isCoded = (code: string): boolean => !/^(INTERNAL|LOAD_FAILED|LOAD_UNANSWERED|LOAD_ROWS_MISMATCH)$/.test(code);

function problemsOfRefusal(cell: Cell, loaded: Loaded): readonly string[] {
  const { column } = expectationOf(cell);
  const { error } = loaded;
  if (!(error instanceof TargetError) || !isCoded(error.code))
    return [`the error is raw: ${said(error)}`, ...changesOf(loaded)];
  const problems: string[] = [];
  if (error.context.stream !== cell.id) problems.push(`the error names no stream: ${said(error)}`);
  const named = error.context.column;
  if (column === undefined ? named === undefined : named?.toLowerCase() !== column.toLowerCase())
    problems.push(`the error names the column ${named}, not ${column ?? 'any'}: ${said(error)}`);
  return [...problems, ...changesOf(loaded)];
}

/** After an error all is as it was. */
function changesOf({ before, after, error }: Loaded): readonly string[] {
  if (error === undefined) return [];
  const problems = before.details === after.details ? [] : [`the table is changed:\n${firstChange(before, after)}`];
  if (typeof after.rows === 'string')
    return typeof before.rows === 'string' ? problems : [...problems, `nobody can read the table: ${after.rows}`];
  if (typeof before.rows === 'string') return problems;
  const same = checksum(before.rows.map(line)) === checksum(after.rows.map(line));
  return same ? problems : [...problems, `rows are changed: ${after.rows.map(line).join(' ')}`];
}

function firstChange({ details: before }: TableState, { details: after }: TableState): string {
  const known = before.split('\n');
  return after.split('\n').find((one) => !known.includes(one)) ?? known.find((one) => !after.includes(one)) ?? '';
}

function problemsOfLoad(cell: Cell, { before, after, loads }: Loaded): readonly string[] {
  if (typeof before.rows === 'string') return [`nobody could read the table: ${before.rows}`];
  if (typeof after.rows === 'string') return [`nobody can read the table: ${after.rows}`];
  const names = after.columns.map(([name]) => name);
  const added = names.filter((name) => !before.columns.some(([old]) => old === name));
  const datedNames = new Map(
    before.columns.flatMap(([old]) => {
      const name = added.find(
        (one) => one.startsWith(`${old}_`) && /^\d{8}_\d{4}(_\d+)?$/.test(one.slice(old.length + 1)),
      );
      return name === undefined ? [] : [[old, name] as const];
    }),
  );
  const problems: string[] = [];
  const { dated: due = [] } = expectationOf(cell);
  if (due !== 'maybe' && [...datedNames.keys()].sort().join() !== [...due].sort().join())
    problems.push(`columns kept under dated names are ${[...datedNames.values()]}, not those of ${due}`);
  const lost = before.columns.filter(([old]) => !names.includes(datedNames.get(old) ?? old));
  if (lost.length > 0) problems.push(`columns are lost: ${lost.map(([name]) => name)}`);

  const old = untouched(cell, before.rows);
  const asBefore = (row: FoundRow) =>
    line(Object.fromEntries(before.columns.map(([name]) => [name, row[datedNames.get(name) ?? name] ?? null])));
  const { kept, rest } = parted(after.rows, old.map(asOld(before)), asBefore);
  if (checksum(kept.map(asBefore)) !== checksum(old.map(asOld(before)))) {
    const missing = old.map(asOld(before)).filter((one) => !kept.map(asBefore).includes(one));
    problems.push(
      `old rows read differently: ${missing[0]} is not among ${after.rows.map(asBefore).slice(0, 5).join(' ')}`,
    );
  }
  const fresh = names.filter((name) => !before.columns.some(([one]) => one === name && !datedNames.has(one)));
  const filled = fresh.filter((name) => ![...datedNames.values()].includes(name));
  const wrong = kept.find((row) => filled.some((name) => row[name] !== null));
  if (wrong !== undefined) problems.push(`new columns are not NULL in old rows: ${line(wrong)}`);
  return [...problems, ...newRowProblems(cell, rest, after, loads)];
}

const asOld =
  ({ columns }: TableState) =>
  (row: FoundRow): string =>
    line(Object.fromEntries(columns.map(([name]) => [name, row[name] ?? null])));

const line = (row: FoundRow): string => JSON.stringify(row);
const said = (error: unknown): string =>
  error instanceof TargetError ? `${error.code} ${JSON.stringify(error.context)} ${error.message}` : String(error);

/** The old rows that a load must leave as they are. */
function untouched(cell: Cell, rows: readonly FoundRow[]): readonly FoundRow[] {
  if (cell.method === 'overwrite') return [];
  if (cell.method === 'append-only') return rows;
  const sent = new Set(recordsOf(cell).map((record) => keyText(cell, record)));
  return rows.filter((row) => !sent.has(keyText(cell, row)));
}

function keyText(cell: Cell, row: Readonly<Record<string, unknown>>): string {
  return Object.keys(keysOf(cell.table))
    .map((key) => plainText(valueIn(row, key)))
    .join('|');
}

const valueIn = (row: Readonly<Record<string, unknown>>, name: string): unknown =>
  row[name] ?? Object.entries(row).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];

/** The rows that are the old ones, each once, and all others. */
function parted(rows: readonly FoundRow[], old: readonly string[], asBefore: (row: FoundRow) => string) {
  const open = [...old];
  const kept: FoundRow[] = [];
  const rest: FoundRow[] = [];
  for (const row of rows) {
    const index = open.indexOf(asBefore(row));
    if (index >= 0) open.splice(index, 1);
    (index >= 0 ? kept : rest).push(row);
  }
  return { kept, rest };
}

function newRowProblems(
  cell: Cell,
  rows: readonly FoundRow[],
  { columns }: TableState,
  loads: number,
): readonly string[] {
  const sent = recordsOf(cell).flatMap((record) => Array(cell.method === 'append-only' ? loads : 1).fill(record));
  const names = columns.map(([name]) => name);
  const properties = { ...cell.table.stream, ...changeOf(cell) };
  const held = new Map(
    [...Object.keys(keysOf(cell.table)), ...Object.keys(properties)].map((name) => [name, columnFor(name, names)]),
  );
  const due = sent.map((record) =>
    line(Object.fromEntries([...held].map(([name]) => [name, plainText(record[name])]))),
  );
  const found = rows.map((row) =>
    line(Object.fromEntries([...held].map(([name, column]) => [name, row[column] ?? null]))),
  );
  const same =
    cell.table.repeatedKey && cell.method === 'upsert'
      ? due.every((one) => found.includes(one))
      : checksum(due) === checksum(found);
  return same ? [] : [`new rows are ${[...found].sort().join(' ')}, not ${[...due].sort().join(' ')}`];
}

/** Names that are taken or reserved get something behind. */
function columnFor(property: string, names: readonly string[]): string {
  const wanted = property.toLowerCase().trim();
  const escaped = wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const isNamed = (name: string) => name.toLowerCase() === wanted;
  return (
    names.find((name) => name === property) ??
    names.find(isNamed) ??
    names.find((name) => new RegExp(`^_?${escaped}_?(_[0-9a-f]{4,8})?$`).test(name.toLowerCase())) ??
    property
  );
}
