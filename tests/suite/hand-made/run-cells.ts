// Cells → for each, the problems that its two loads have shown.
import pLimit from 'p-limit';
import { loadInto } from '../../support/warehouse.ts';
import { problemsOf } from './check-load.ts';
import { type Cell, messagesOf } from './hand-made-table.ts';
import type { Place } from './place.ts';

/** All cells keep step: each look at the tables is one for all of them. */
export async function runCells(cells: readonly Cell[], place: Place): Promise<ReadonlyMap<Cell, readonly string[]>> {
  const limit = pLimit(place.loadsAtOnce);
  const problems = new Map<Cell, readonly string[]>();
  const loadAll = async (some: readonly Cell[]) =>
    new Map(
      await Promise.all(some.map((cell, index) => limit(async () => [cell, await load(cell, index, place)] as const))),
    );

  await place.make(cells);
  const before = await place.states(cells);
  const firstErrors = await loadAll(cells);
  const first = await place.states(cells);
  for (const cell of cells) {
    const { id } = cell;
    problems.set(
      cell,
      problemsOf(cell, { before: before.get(id)!, after: first.get(id)!, error: firstErrors.get(cell), loads: 1 }),
    );
  }

  const again = cells.filter((cell) => firstErrors.get(cell) === undefined && problems.get(cell)!.length === 0);
  const secondErrors = await loadAll(again);
  const second = await place.states(again);
  for (const cell of again) {
    const { id } = cell;
    const after = second.get(id)!;
    const error = secondErrors.get(cell);
    const found =
      error === undefined ? problemsOf(cell, { before: before.get(id)!, after, error, loads: 2 }) : [String(error)];
    const changed =
      JSON.stringify(after.columns) === JSON.stringify(first.get(id)!.columns)
        ? []
        : [`columns become ${after.columns}`];
    problems.set(
      cell,
      [...found, ...changed].map((problem) => `the second load: ${problem}`),
    );
  }
  return problems;
}

/** @returns how it failed; undefined when it did not */
async function load(cell: Cell, index: number, place: Place): Promise<unknown> {
  const options = {
    workers: 0,
    stage_format: index % 2 === 0 ? 'csv' : 'parquet',
    load_method: cell.method,
    ...cell.table.options,
  };
  try {
    await loadInto(place, messagesOf(cell), options);
    return undefined;
  } catch (error) {
    return error;
  }
}
