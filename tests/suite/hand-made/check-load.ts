// A table before and after a load → what is wrong with it, in sentences; none when all is as the cell expects.
import { TargetError } from '../../../src/errors/target-error.ts';
import { type Cell, changeOf, expectationOf, keysOf, recordsOf } from './hand-made-table.ts';
import { compareOldRows, line } from './old-rows.ts';
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
  if (error === undefined)
    return [...(outcome === 'refused' ? ['the load was not refused'] : []), ...problemsOfLoad(cell, loaded)];
  if (outcome === 'loads') return [`the load failed: ${said(error)}`, ...changesOf(loaded)];
  return [...problemsOfError(cell, error), ...(expectationOf(cell).isLate ? lossesOf(loaded) : changesOf(loaded))];
}

const said = (error: unknown): string =>
  error instanceof TargetError ? `${error.code} ${JSON.stringify(error.context)} ${error.message}` : String(error);

/** False for codes that say nothing of the cause. */
const isCoded = (code: string): boolean => !/^(INTERNAL|LOAD_FAILED|LOAD_UNANSWERED|LOAD_ROWS_MISMATCH)$/.test(code);

function problemsOfError(cell: Cell, error: unknown): readonly string[] {
  if (!(error instanceof TargetError) || !isCoded(error.code)) return [`the error is raw: ${said(error)}`];
  const isNamed = expectationOf(cell).isOfTable ? error.message.includes(cell.id) : namesColumn(cell, error);
  return [
    ...(error.context.stream === cell.id ? [] : [`the error names no stream: ${said(error)}`]),
    ...(isNamed ? [] : [`the error names something else than its cause: ${said(error)}`]),
  ];
}

function namesColumn(cell: Cell, error: TargetError): boolean {
  const { column } = expectationOf(cell);
  const named = error.context.column;
  return column === undefined ? named !== undefined : named?.toLowerCase() === column.toLowerCase();
}

/** After an error all is as it was. */
function changesOf({ before, after }: Loaded): readonly string[] {
  const details = before.details === after.details ? [] : [`the table is changed: ${firstChange(before, after)}`];
  return [...details, ...changedRows(before.rows, after.rows)];
}

function changedRows(before: TableState['rows'], after: TableState['rows']): readonly string[] {
  if (typeof before === 'string') return [];
  if (typeof after === 'string') return [`nobody can read the table: ${after}`];
  const isSame = checksum(before.map(line)) === checksum(after.map(line));
  return isSame ? [] : [`rows are changed: ${after.slice(0, 5).map(line).join(' ')}`];
}

function firstChange({ details: before }: TableState, { details: after }: TableState): string {
  const known = before.split('\n');
  return after.split('\n').find((one) => !known.includes(one)) ?? 'something is gone';
}

/** After an error that the rows have caused, columns may be new. */
function lossesOf({ before, after }: Loaded): readonly string[] {
  const { rows } = after;
  if (typeof before.rows === 'string') return [];
  if (typeof rows === 'string') return [`nobody can read the table: ${rows}`];
  const { problems, rest } = compareOldRows(before, before.rows, { ...after, rows });
  return [...problems, ...(rest.length === 0 ? [] : [`rows are there: ${rest.map(line).join(' ')}`])];
}

function problemsOfLoad(cell: Cell, { before, after, loads }: Loaded): readonly string[] {
  const { rows } = after;
  if (typeof before.rows === 'string') return [`nobody could read the table: ${before.rows}`];
  if (typeof rows === 'string') return [`nobody can read the table: ${rows}`];
  const { problems, dated, rest } = compareOldRows(before, untouched(cell, before.rows), { ...after, rows });
  const { dated: due = [] } = expectationOf(cell);
  const isDated = due === 'maybe' || [...dated].sort().join() === [...due].sort().join();
  return [
    ...(isDated ? [] : [`columns kept under dated names are [${dated}], not [${due}]`]),
    ...problems,
    ...newRowProblems(cell, rest, after, loads),
  ];
}

/** The old rows that a load must leave as they are. */
function untouched(cell: Cell, rows: readonly FoundRow[]): readonly FoundRow[] {
  if (cell.method === 'overwrite') return [];
  if (cell.method === 'append-only') return rows;
  const sent = new Set(recordsOf(cell).map((record) => keyText(cell, record)));
  return rows.filter((row) => !sent.has(keyText(cell, row)));
}

function keyText({ table }: Cell, row: Readonly<Record<string, unknown>>): string {
  const key = Object.keys(keysOf(table)).map((name) => plainText(valueIn(row, name)));
  return JSON.stringify(key);
}

const valueIn = (row: Readonly<Record<string, unknown>>, name: string): unknown =>
  row[name] ?? Object.entries(row).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];

function newRowProblems(
  cell: Cell,
  rows: readonly FoundRow[],
  { columns }: TableState,
  loads: number,
): readonly string[] {
  const times = cell.method === 'append-only' ? loads : 1;
  const properties = Object.keys({ ...keysOf(cell.table), ...cell.table.stream, ...changeOf(cell) });
  const names = columns.map(([name]) => name);
  const held = properties.map(
    (property) => [property, cell.table.columns?.[property] ?? columnFor(property, names)] as const,
  );
  const text = (property: string, value: unknown) =>
    cell.table.approximate?.includes(property) ? Number(value) : plainText(value);
  const texts = (values: (property: string, column: string) => unknown) =>
    JSON.stringify(held.map(([property, column]) => text(property, values(property, column))));
  const due = recordsOf(cell).flatMap((record) => Array<string>(times).fill(texts((property) => record[property])));
  const found = rows.map((row) => texts((_, column) => row[column]));
  const isRepeated = cell.table.repeatedKey === true && cell.method === 'upsert';
  const isSame = isRepeated ? due.every((one) => found.includes(one)) : checksum(due) === checksum(found);
  return isSame
    ? []
    : [`new rows of [${held.map(([, name]) => name)}] are ${found.sort().join(' ')}, not ${due.sort().join(' ')}`];
}

/** Names that are taken or reserved have something more. */
function columnFor(property: string, names: readonly string[]): string {
  const wanted = property.toLowerCase().trim();
  const escaped = wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const isOther = (name: string) => new RegExp(`^_?${escaped}_?(_[0-9a-f]{4,8})?$`).test(name.toLowerCase());
  return (
    names.find((name) => name === property) ??
    names.find((name) => name.toLowerCase() === wanted) ??
    names.find(isOther) ??
    property
  );
}
