// Cells → for each, the problems that its two loads have shown.
import pLimit from 'p-limit';
import { loadInto } from '../../support/warehouse.ts';
import { problemsOf } from './check-load.ts';
import { type Cell, expectationOf, messagesOf } from './hand-made-table.ts';
import type { Place } from './place.ts';

export type Problems = ReadonlyMap<Cell, readonly string[]>;

/** A stream that fails ends its run: so many are tried again, each in a run of its own. */
const streamsPerRun = 40;

/** Opens a place of its own for each call; whoever gives it closes it. */
export type Open = () => Promise<Place>;

/** Streams of cells that load share runs, as each run costs more than its stream. */
export async function runCells(cells: readonly Cell[], open: Open): Promise<Problems> {
  const sharing = cells.filter((cell) => expectationOf(cell).outcome === 'loads' && !cell.table.isAlone);
  const shared = await runTogether(groupsOf(sharing), open);
  const alone = cells.filter((cell) => !shared.has(cell));
  const single = await runTogether(
    alone.filter(({ table }) => !table.isAlone).map((cell) => [cell]),
    open,
  );
  const problems: (readonly [Cell, readonly string[]])[] = [...shared, ...single];
  for (const cell of alone.filter(({ table }) => table.isAlone))
    problems.push(...(await runTogether([[cell]], open).catch((error: Error) => [[cell, [error.message]] as const])));
  return new Map(problems);
}

const runTogether = async (groups: readonly (readonly Cell[])[], open: Open): Promise<Problems> =>
  groups.length === 0 ? new Map() : runGroups(groups, await open());

function groupsOf(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const groups = new Map<string, Cell[][]>();
  for (const cell of cells) {
    const key = JSON.stringify(optionsOf(cell));
    const found = groups.get(key) ?? [[]];
    if (found.at(-1)!.length === streamsPerRun) found.push([]);
    found.at(-1)!.push(cell);
    groups.set(key, found);
  }
  return [...groups.values()].flat();
}

/** Both formats of staged files come to each table and each change. */
function optionsOf({ table, method, change }: Cell) {
  const isParquet = (table.name.length + change.length) % 2 === 0;
  return { workers: 0, stage_format: isParquet ? 'parquet' : 'csv', load_method: method, ...table.options };
}

/** All groups keep step, so that each look at the tables is one for all. @returns nothing of groups whose run failed, but of single cells */
async function runGroups(groups: readonly (readonly Cell[])[], place: Place): Promise<Problems> {
  const limit = pLimit(place.runsAtOnce);
  const loadAll = (some: readonly (readonly Cell[])[]) =>
    Promise.all(some.map((group) => limit(async () => ({ group, error: await load(group, place) }))));

  const problems = new Map<Cell, readonly string[]>();
  await place.make(groups.flat());
  const before = await place.states(groups.flat());
  const first = (await loadAll(groups)).filter(({ group, error }) => error === undefined || group.length === 1);
  const firstCells = first.flatMap(({ group }) => group);
  const afterFirst = await place.states(firstCells);
  for (const { group, error } of first)
    for (const cell of group) {
      const { id } = cell;
      const states = { before: before.get(id)!, after: afterFirst.get(id)! };
      problems.set(cell, problemsOf(cell, { ...states, error, loads: 1 }));
    }

  const again = first.filter(({ error }) => error === undefined).map(({ group }) => group);
  const second = await loadAll(again);
  const afterSecond = await place.states(again.flat());
  for (const { group, error } of second)
    for (const cell of group) {
      const { id } = cell;
      const states = { before: before.get(id)!, after: afterSecond.get(id)! };
      const { columns } = afterFirst.get(id)!;
      const isSame = JSON.stringify(states.after.columns) === JSON.stringify(columns);
      const found = [
        ...(error === undefined ? problemsOf(cell, { ...states, error, loads: 2 }) : [String(error)]),
        ...(isSame ? [] : [`the columns were ${columns}, and are now ${states.after.columns}`]),
      ];
      problems.set(cell, [...problems.get(cell)!, ...found.map((problem) => `the second load: ${problem}`)]);
    }
  return problems;
}

/** @returns how the run failed; undefined when it did not */
async function load(group: readonly Cell[], place: Place): Promise<unknown> {
  try {
    await loadInto(place, group.flatMap(messagesOf), optionsOf(group[0]!));
    return undefined;
  } catch (error) {
    return error;
  }
}
