// Cases → runs of the target: those that share their options go through one run together, each with streams of its own.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AcceptanceDestination, openDestination } from '../../scripts/acceptance/destination.mjs';
import { loadConfig, parseArguments } from '../../src/config/index.ts';
import { TargetError } from '../../src/errors/target-error.ts';
import { run } from '../../src/run.ts';
import type { LakehouseDetails } from '../setup/lakehouse.ts';
import { type FoundTable, readTables } from './read-tables.ts';
import type { Message, SuiteCase } from './suite-case.ts';

/** What became of a case. */
export interface Outcome {
  readonly tables: Readonly<Record<string, FoundTable>>;
  readonly error: TargetError | undefined;
  readonly counts: { readonly [what in 'inexact' | 'nulled' | 'setAside']: Readonly<Record<string, number>> };
}

export interface Place {
  readonly kind: 'duckdb' | 'iomete';
  readonly folder: string;
  readonly lakehouse?: LakehouseDetails;
}

/** Cases that can share their runs; one whose last run ends with an error, or whose names are tested, has its own. */
export function groupsOf(cases: readonly SuiteCase[]): readonly (readonly SuiteCase[])[] {
  const groups = new Map<string, SuiteCase[]>();
  for (const one of cases) {
    const alone = one.error || one.ownNames ? one.name : '';
    const key = JSON.stringify([alone, Object.entries(one.options ?? {}).sort()]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** @returns in the order of the cases */
export async function runGroup(cases: readonly SuiteCase[], place: Place): Promise<readonly Outcome[]> {
  const undos: (() => unknown)[] = [];
  const destination = await openDestination(place, (undo) => undos.push(undo));
  // the lakehouse of a test run ends with it, tables and all
  const counts = { inexact: new Map<string, number>(), nulled: new Map<string, number>(), setAside: new Map() };
  const runs = Math.max(...cases.map((one) => one.runs.length));
  let error: TargetError | undefined;
  for (let index = 0; index < runs; index++) {
    if (error) throw error;
    const lines = cases.flatMap((one, number) =>
      (one.runs[index] ?? []).map((message) => message.line(streamName(one, number, message))),
    );
    error = await runOnce(destination, cases[0]!.options ?? {}, join(place.folder, `${index}.singer`), lines, counts);
  }
  if (error && !cases.some((one) => one.error)) throw error;
  const found = await readTables(destination);
  return cases.map((one, number) => ({
    tables: tablesOf(one, number, found),
    error,
    counts: {
      inexact: countsOf(one, number, counts.inexact),
      nulled: countsOf(one, number, counts.nulled),
      setAside: countsOf(one, number, counts.setAside),
    },
  }));
}

const prefixOf = (one: SuiteCase, number: number) => (one.ownNames ? '' : `c${number}_`);
const streamName = (one: SuiteCase, number: number, { stream }: Message) => prefixOf(one, number) + (stream ?? '');

function tablesOf(one: SuiteCase, number: number, found: ReadonlyMap<string, FoundTable>) {
  const prefix = prefixOf(one, number);
  const entries = [...found].filter(([table]) => table.startsWith(prefix));
  return Object.fromEntries(entries.map(([table, rows]) => [table.slice(prefix.length), rows]));
}

function countsOf(one: SuiteCase, number: number, counts: ReadonlyMap<string, number>) {
  const prefix = prefixOf(one, number);
  const own = [...counts].filter(([place]) => place.startsWith(prefix));
  return Object.fromEntries(own.map(([place, count]) => [place.slice(prefix.length), count]));
}

type Counts = Record<'inexact' | 'nulled' | 'setAside', Map<string, number>>;

async function runOnce(
  destination: AcceptanceDestination,
  more: Readonly<Record<string, unknown>>,
  input: string,
  lines: readonly string[],
  counts: Counts,
): Promise<TargetError | undefined> {
  writeFileSync(input, `${lines.join('\n')}\n`);
  const flags = Object.entries({ ...destination.config, workers: 0, ...more });
  const given = await parseArguments(
    flags.map(([name, value]) => `--${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`),
  );
  const { options } = await loadConfig(given, {});
  const add = (what: keyof Counts, where: string, count: number) =>
    counts[what].set(where, (counts[what].get(where) ?? 0) + count);
  const nothing = () => {};
  try {
    await run(options, {
      input,
      log: { info: nothing, warn: nothing },
      events: {
        read: nothing,
        noted: (stream, column, { what, count }) => add(what, `${stream}.${column.name}`, count),
        setAside: (stream, count) => add('setAside', stream, count),
        input: nothing,
        state: nothing,
        loading: nothing,
        loaded: nothing,
      },
      interruption: new AbortController().signal,
    });
    return undefined;
  } catch (error) {
    if (error instanceof TargetError) return error;
    throw error;
  }
}
