// Tables before a run, and what the recording says of that run → the tables that are due after it, and those found alike.
import {
  type Contents,
  type Copy,
  type Kind,
  ofKind,
  type RecordedColumn,
  type RecordedRow,
  type RecordedRun,
  type RecordedStream,
} from './recordings.ts';

/** After `again`: the columns as they were, a row more, none twice. */
export function afterAgain(before: Contents, runs: readonly RecordedRun[], kind: Kind): Contents {
  return changed(before, runs, ({ columns, rows }, { copy, gone = [], again }) => {
    const kept = rows.filter((row) => !gone.some((each) => fits(row, each)));
    const added = copied(rows, copy, kind);
    const isThere = hasKey(again) && rows.some((row) => fits(row, added.is));
    return { columns, rows: isThere ? kept : [...kept, added.row] };
  });
}

/** After `onward`: the columns as they were, some of them wider, and the new ones behind them. */
export function afterOnward(before: Contents, runs: readonly RecordedRun[], kind: Kind): Contents {
  return changed(before, runs, ({ columns, rows }, { onward }) => {
    if (onward === undefined) return { columns, rows };
    const wider = new Map(onward.widened.map(([name, type]) => [name, ofKind(type, kind)]));
    const added = onward.added.map(([name, type, comment]): RecordedColumn => [name, ofKind(type, kind), comment]);
    const empty = Object.fromEntries(added.map(([name]) => [name, null]));
    const { row } = copied(rows, onward.row, kind);
    return {
      columns: [
        ...columns.map(([name, type, comment]): RecordedColumn => [name, wider.get(name) ?? type, comment]),
        ...added,
      ],
      rows: rows.map((each) => ({ ...empty, ...(fits(each, onward.row.of) ? row : each) })),
    };
  });
}

type Table = Contents[string];

function changed(
  before: Contents,
  runs: readonly RecordedRun[],
  change: (table: Table, stream: RecordedStream) => Table,
): Contents {
  const streams = runs.flatMap((run) => run.streams);
  const after = streams.map((stream) => {
    const table = before[stream.table];
    if (table === undefined) throw new Error(`no table ${stream.table} was recorded`);
    return [stream.table, change(table, stream)] as const;
  });
  return { ...before, ...Object.fromEntries(after) };
}

function copied(rows: readonly RecordedRow[], { of, as }: Copy, kind: Kind) {
  const row = rows.find((each) => fits(each, of));
  if (row === undefined) throw new Error(`no row has ${JSON.stringify(of)}`);
  const is = Object.fromEntries(Object.entries(as).map(([name, value]) => [name, ofKind(value, kind)]));
  return { is, row: { ...row, ...is } };
}

const fits = (row: RecordedRow, values: RecordedRow): boolean =>
  Object.entries(values).every(([name, value]) => row[name] === value);

const hasKey = (lines: readonly string[]): boolean => JSON.parse(lines[0] ?? '{}').key_properties?.length > 0;

/**
 * Rows in an order of their own, with what a run writes anew into each row that it is sent (when, by which run) left out
 * of those rows. Every other row keeps all that it had.
 */
export function comparable(contents: Contents, runs: readonly RecordedRun[], kind: Kind): Contents {
  const sent = new Map(runs.flatMap((run) => run.streams).map((stream) => [stream.table, sentRows(stream, kind)]));
  return Object.fromEntries(
    Object.entries(contents).map(([table, { columns, rows }]) => {
      const nested = columns.filter(([, type]) => /^(STRUCT|ARRAY)|\]$/.test(type)).map(([name]) => name);
      const own = rows.map((row) => {
        const isSent = (sent.get(table) ?? []).some((values) => fits(row, values));
        const kept = Object.entries(row).filter(([name]) => !isSent || !ofTheRun.has(name));
        return Object.fromEntries(
          kept.map(([name, value]) => [name, nested.includes(name) ? withoutNulls(value ?? null) : value]),
        );
      });
      return [table, { columns, rows: own.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1)) }];
    }),
  );
}

const ofTheRun = new Set(['_sdc_received_at', '_sdc_batched_at', '_sdc_sequence', '_sdc_sync_started_at']);

function sentRows({ copy, onward }: RecordedStream, kind: Kind): readonly RecordedRow[] {
  const copyIs = Object.fromEntries(Object.entries(copy.as).map(([name, value]) => [name, ofKind(value, kind)]));
  return [copy.of, copyIs, ...(onward === undefined ? [] : [onward.row.of])];
}

/** Members may come in any order. */
const textOf = (row: RecordedRow): string => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Spark's text of a struct has no members that are NULL, DuckDB's has. */
function withoutNulls(text: string | null): string | null {
  if (text === null) return null;
  return JSON.stringify(JSON.parse(text), (_, value) =>
    value === null || typeof value !== 'object' || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null)),
  );
}
