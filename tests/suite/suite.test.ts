// The same cases over DuckDB and over the lakehouse, each with the exact rows that it must leave.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { isLong, testSeed } from '../support/long-tests.ts';
import type { FoundTable } from '../support/read-tables.ts';
import { deleteCases } from './delete-cases.ts';
import { invalidCases } from './invalid-cases.ts';
import { keyCases } from './key-cases.ts';
import { methodCases } from './method-cases.ts';
import { nameCases } from './name-cases.ts';
import { openSchemaCases } from './open-schema-cases.ts';
import { watchStatements } from './planned-runs.ts';
import { groupsOf, type Outcome, type Place, runGroup } from './run-cases.ts';
import { schemaCases } from './schema-cases.ts';
import type { ExpectedTable, SuiteCase } from './suite-case.ts';
import { textCases } from './text-cases.ts';
import { valueCases } from './value-cases.ts';
import { versionCases } from './version-cases.ts';

const allCases: readonly SuiteCase[] = [
  ...valueCases,
  ...textCases,
  ...keyCases,
  ...methodCases,
  ...deleteCases,
  ...versionCases,
  ...schemaCases,
  ...openSchemaCases,
  ...nameCases,
  ...invalidCases,
];
const stageFormats = ['csv', 'parquet'] as const;
const inBoth = allCases.filter(({ only }) => only === undefined);
/** All cases run before the first test looks. */
const PATIENCE_MS = 600_000;

watchStatements();
const folder = mkdtempSync(join(tmpdir(), 'suite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function arrive(cases: readonly SuiteCase[], place: Omit<Place, 'folder'>, runsAtOnce: number) {
  const outcomes = new Map<SuiteCase, Outcome | Error>();
  beforeAll(async () => {
    const limit = pLimit(runsAtOnce);
    const runAll = async (group: readonly SuiteCase[]) => {
      const own = mkdtempSync(join(folder, 'group-'));
      const found = await runGroup(group, { ...place, folder: own }).catch((error: Error) => error);
      for (const [index, one] of group.entries()) outcomes.set(one, found instanceof Error ? found : found[index]!);
    };
    await Promise.all(groupsOf(cases).map((group) => limit(() => runAll(group))));
  }, PATIENCE_MS);

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const outcome = outcomes.get(one)!;
    if (outcome instanceof Error) throw outcome;
    const found = Object.entries(outcome.tables).map(([table, rows]) => [table, shown(rows, one.tables[table])]);
    const due = Object.entries(one.tables).map(([stream, table]) => [stream, sorted(table)]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(due));
    expect(outcome.counts).toEqual({
      inexact: one.inexact ?? {},
      cut: one.cut ?? {},
      nulled: one.nulled ?? {},
      asText: one.asText ?? {},
      setAside: one.setAside ?? {},
    });
    // records may make columns beside those that the plan knows of
    const isOpen = one.options?.undeclared_fields === 'add';
    for (const { planned, made } of outcome.planned)
      expect(made).toEqual(isOpen ? expect.arrayContaining([...planned]) : planned);
    // later runs find their schema there; a staging table makes sure of it once more
    for (const [run, { planned, made }] of outcome.schemas.entries())
      expect(made).toEqual(run === 0 && !isOpen ? planned : expect.arrayContaining([...planned]));
    if (outcome.refusals.length > 0) expect(outcome.refusals).toContain(outcome.error?.code);
    if (refusesTable.test(outcome.error?.code ?? '')) expect(outcome.refusals).toContain(outcome.error?.code);
    if (one.error === undefined) expect(outcome.planned.length).toBeGreaterThanOrEqual(isPlannable(one) ? 1 : 0);
    if (one.error) expect({ code: outcome.error?.code, ...placeOf(outcome, one) }).toEqual(one.error);
  });
}

/** What a plan must foresee. */
const refusesTable =
  /^(SCHEMA_CONTRACT|TABLE_KEY_TYPE|TABLE_IS_VIEW|INPUT_SCHEMA_INVALID|INPUT_KEY_REQUIRED|INPUT_TABLE_SHARED)$/;

/** A case that declares a stream whose columns do not wait for records. */
const isPlannable = ({ options, tables }: SuiteCase) =>
  options?.undeclared_fields !== 'add' && Object.keys(tables).length > 0;

/** Of the place where a run ended, what the case speaks of. */
function placeOf({ error }: Outcome, { error: due }: SuiteCase) {
  return {
    ...(due?.stream === undefined ? {} : { stream: error?.context.stream?.replace(/^c0_/, '') }),
    ...(due?.column === undefined ? {} : { column: error?.context.column }),
  };
}

const lines = (rows: readonly (readonly unknown[])[]) =>
  rows.map((row) => JSON.stringify(row.map((value) => (value === null ? null : String(value))))).sort();

const sorted = ({ columns, rows }: ExpectedTable) => ({ columns, rows: lines(rows) });

/** The table as the case would write it: all columns but those `_sdc_` ones that it does not name. */
function shown({ columns, rows }: FoundTable, due: ExpectedTable | undefined) {
  const names = Object.keys(due?.columns ?? {});
  const others = Object.keys(columns).filter((name) => !name.startsWith('_sdc_') && !names.includes(name));
  const all = [...names.filter((name) => name in columns), ...others];
  return {
    columns: Object.fromEntries(all.map((name) => [name, columns[name]])),
    rows: lines(rows.map((row) => all.map((name) => row[name] ?? null))),
  };
}

describe.each(stageFormats)('in DuckDB, staged as %s,', (stageFormat) =>
  arrive(allCases, { kind: 'duckdb', stageFormat }, 2),
);
describeLakehouse('in the lakehouse', (lakehouse) => {
  const seed = testSeed();
  if (!isLong) console.log(`each case in one of both formats: TARGET_IOMETE_SEED=${seed}`);
  describe.each(stageFormats)('staged as %s,', (stageFormat) => {
    const other = stageFormats.indexOf(stageFormat);
    const cases = inBoth.filter((_, index) => isLong || (seed + index) % 2 === other);
    arrive(cases, { kind: 'iomete', lakehouse, stageFormat }, 4);
  });
});

it('has at least 60 cases for both, each with a name of its own', () => {
  expect(new Set(allCases.map(({ name }) => name)).size).toBe(allCases.length);
  expect(inBoth.length).toBeGreaterThanOrEqual(60);
});
