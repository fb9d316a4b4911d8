// Cases → runs of the target: those that share their options go through one run together, each with streams of its own.
import { join } from 'node:path';
import { openDestination } from '../../scripts/acceptance/destination.mjs';
import type { TargetError } from '../../src/errors/target-error.ts';
import type { StageFormat } from '../../src/formats/format.ts';
import type { LakehouseDetails } from '../setup/lakehouse.ts';
import { type FoundTable, readTables } from '../support/read-tables.ts';
import { flagsOf, type RunOutcome, runTarget } from '../support/run-target.ts';
import { canonicalTable } from './canonical-table.ts';
import { type PlannedRun, type PlannedStream, plannedRun } from './planned-runs.ts';
import type { Message, SuiteCase } from './suite-case.ts';

/** What became of a case. */
export interface Outcome {
  readonly tables: Readonly<Record<string, FoundTable>>;
  readonly error: TargetError | undefined;
  readonly counts: { readonly [what in keyof RunOutcome['counts']]: Readonly<Record<string, number>> };
  /** Of all runs, in their order. */
  readonly planned: readonly PlannedStream[];
  /** Of all runs, in their order. */
  readonly schemas: readonly PlannedRun['schemas'][];
  /** Codes of what the plan of the last run refuses. */
  readonly refusals: readonly string[];
}

export interface Place {
  readonly kind: 'duckdb' | 'iomete';
  readonly folder: string;
  readonly lakehouse?: LakehouseDetails;
  readonly stageFormat: StageFormat;
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
  // the lakehouse of a test run ends with it, tables and all
  const destination = await openDestination(place, () => {});
  const options = { ...destination.config, workers: 0, stage_format: place.stageFormat, ...cases[0]!.options };
  const runs = Math.max(...cases.map((one) => one.runs.length));
  const plannedRuns: PlannedRun[] = [];
  const outcomes: RunOutcome[] = [];
  for (let index = 0; index < runs; index++) {
    if (outcomes.at(-1)?.error) break;
    const lines = cases.flatMap((one, number) =>
      (one.runs[index] ?? []).map((message) => message.line(streamName(one, number, message))),
    );
    const run = () => runTarget(options, join(place.folder, `${index}.singer`), lines);
    const planned = await plannedRun(flagsOf(options), lines, run);
    plannedRuns.push(planned);
    outcomes.push(planned.outcome);
  }
  const error = outcomes.at(-1)?.error;
  if (error && (outcomes.length < runs || !cases.some((one) => one.error))) throw error;
  const found = await readTables(destination);
  const planned = plannedRuns.flatMap(({ streams }) => streams);
  return cases.map((one, number) => ({
    tables: tablesOf(one, number, found),
    error,
    planned: planned.filter(({ stream }) => stream.startsWith(prefixOf(one, number))),
    schemas: plannedRuns.map(({ schemas }) => schemas),
    refusals: plannedRuns.at(-1)?.refusals ?? [],
    counts: {
      inexact: countsOf(one, number, outcomes, 'inexact'),
      cut: countsOf(one, number, outcomes, 'cut'),
      nulled: countsOf(one, number, outcomes, 'nulled'),
      asText: countsOf(one, number, outcomes, 'asText'),
      setAside: countsOf(one, number, outcomes, 'setAside'),
    },
  }));
}

const prefixOf = (one: SuiteCase, number: number) => (one.ownNames ? '' : `c${number}_`);
const streamName = (one: SuiteCase, number: number, { stream }: Message) => prefixOf(one, number) + (stream ?? '');

function tablesOf(one: SuiteCase, number: number, found: ReadonlyMap<string, FoundTable>) {
  const prefix = prefixOf(one, number);
  const entries = [...found].filter(([table]) => table.startsWith(prefix));
  return Object.fromEntries(entries.map(([table, rows]) => [table.slice(prefix.length), canonicalTable(rows)]));
}

/** Of all runs together. */
function countsOf(one: SuiteCase, number: number, outcomes: readonly RunOutcome[], what: keyof RunOutcome['counts']) {
  const prefix = prefixOf(one, number);
  const sums: Record<string, number> = {};
  for (const [place, count] of outcomes.flatMap(({ counts }) => [...counts[what]])) {
    if (!place.startsWith(prefix)) continue;
    const own = place.slice(prefix.length);
    sums[own] = (sums[own] ?? 0) + count;
  }
  return sums;
}
