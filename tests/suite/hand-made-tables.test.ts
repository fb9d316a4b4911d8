// Tables as users have them, loaded as streams come to change: old rows read the same before and after.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { isLong, testSeed } from '../support/long-tests.ts';
import { columnTables } from './hand-made/column-tables.ts';
import { duckdbPlace } from './hand-made/duckdb-place.ts';
import { duckdbTables } from './hand-made/duckdb-tables.ts';
import { fileTables } from './hand-made/file-tables.ts';
import { type Cell, changes, type HandMadeTable, methods } from './hand-made/hand-made-table.ts';
import { partitionedTables } from './hand-made/partitioned-tables.ts';
import type { Place } from './hand-made/place.ts';
import { type Problems, runCells } from './hand-made/run-cells.ts';
import { settingTables } from './hand-made/setting-tables.ts';
import { sparkPlace } from './hand-made/spark-place.ts';

const lakeTables = [...partitionedTables, ...fileTables, ...columnTables, ...settingTables];
/** `TARGET_IOMETE_HAND_MADE`: a regular expression for the names of tests. */
const asked = process.env.TARGET_IOMETE_HAND_MADE;
/** All cells run before the first test looks. */
const PATIENCE_MS = 3_600_000;

function cellsOf(tables: readonly HandMadeTable[]): readonly Cell[] {
  const all = tables.flatMap((table, number) =>
    changes.flatMap((change) =>
      methods.map((method) => ({ table, change, method, id: `t${number}_${change}_${method.replace('-', '_')}` })),
    ),
  );
  return asked === undefined ? all : all.filter((cell) => new RegExp(asked).test(titleOf(cell)));
}

/** One cell of each table, another one with each seed: 12 seeds in a row are all cells. */
function sampled(cells: readonly Cell[], seed: number): readonly Cell[] {
  if (isLong || asked !== undefined) return cells;
  console.log(`one of 12 loads for each table: TARGET_IOMETE_SEED=${seed}`);
  const each = changes.length * methods.length;
  return cells.filter((_, index) => index % each === (seed + 5 * Math.floor(index / each)) % each);
}

const changeText = { same: 'nothing new', column: 'a new column', wider: 'a wider type', another: 'another type' };
const titleOf = ({ table, change, method }: Cell) => `a table ${table.name}: ${changeText[change]}, by ${method}`;

function keepOldRows(cells: readonly Cell[], open: () => Promise<Place>) {
  const places: Place[] = [];
  let problems: Problems;
  beforeAll(async () => {
    problems = await runCells(cells, async () => {
      places.push(await open());
      return places.at(-1)!;
    });
  }, PATIENCE_MS);
  afterAll(() => Promise.all(places.map((place) => place.close())));
  it.each(cells.map((cell) => [titleOf(cell), cell] as const))('%s', (_, cell) => {
    expect(problems.get(cell)).toEqual([]);
  });
}

// A load for each of these tables takes longer than the ordinary suite has room for.
if (isLong || asked !== undefined)
  describeLakehouse('old rows read the same, in the lakehouse,', (details) => {
    keepOldRows(sampled(cellsOf(lakeTables), testSeed()), () => sparkPlace(details));
  });

describe('old rows read the same, in DuckDB,', () => {
  keepOldRows(sampled(cellsOf(duckdbTables), testSeed()), async () => duckdbPlace());
});

it('are at least 40 tables, each with a name of its own', () => {
  expect(new Set(lakeTables.map(({ name }) => name)).size).toBe(lakeTables.length);
  expect(lakeTables.length).toBeGreaterThanOrEqual(40);
});
