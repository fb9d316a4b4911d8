// The versions of a stream → what a run would do to their table, by a trial that leaves the table as it is.
import { TargetError } from '../../errors/target-error.ts';
import type { ExistingColumn, Step } from '../../schema/evolve.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import type { ColumnChange, Discards, TablePlan } from '../destination.ts';
import { type Dialect, tableReference } from './dialect.ts';
import { loadStatement } from './load-statements.ts';
import type { PreparedTable } from './prepared-table.ts';
import { renamedIn } from './renamed-columns.ts';
import { sideValues, stagingTable, versionOfSide, withProperties, withTextKept } from './staging-table.ts';
import { wantedColumns } from './table-columns.ts';

/** What a warehouse does to tables, tried: each call finds what the calls before would have made. */
export interface Trial {
  /** As a load prepares the table. */
  prepare(version: StreamVersion, name: TableName): Promise<TriedTable>;
  /** The same for the staging table of an overwrite. */
  prepareSide(version: StreamVersion, side: TableName): Promise<TriedTable>;
  /** As an overwrite looks at the table before its rows are staged. */
  check(version: StreamVersion, name: TableName): Promise<PreparedTable>;
  /** One of these columns, which no version fills, that a new row can't be without. */
  unfilled(name: TableName, others: PreparedTable['others']): Promise<string | undefined>;
  columnsOf(name: TableName): Promise<readonly ExistingColumn[]>;
  /** Statements that give the table new rows. @param table quoted, @param source quoted, @param values by column */
  swap(table: string, source: string, values: ReadonlyMap<string, string>): readonly string[];
}

export interface TriedTable {
  readonly table: PreparedTable;
  /** Those that make or change it. */
  readonly statements: readonly string[];
}

interface Planned {
  readonly dialect: Dialect;
  /** Of one stream, in the order of the input. */
  readonly versions: readonly StreamVersion[];
  readonly name: TableName;
  readonly trial: Trial;
}

/** What has been found out so far: where a version is refused, this is what the run does before it ends. */
interface Findings {
  statements: string[];
  steps: Step[];
  isNew: boolean;
  discards: Discards | undefined;
  names: TablePlan['names'];
  unfilled: string | undefined;
  load: readonly string[];
  /** The version that was prepared last. */
  latest: StreamVersion | undefined;
}

/** Where staged files are read from, in the statements that are shown. */
const stagedRows = 'staged_rows';
/** A run has another one, in a name that nobody plans with. */
const someRunId = '0'.repeat(12);

/**
 * @param versions of one stream, in the order of the input
 * @param name of their table, as the trial knows it
 */
export async function planTable(
  dialect: Dialect,
  versions: readonly StreamVersion[],
  name: TableName,
  trial: Trial,
): Promise<TablePlan> {
  const found: Findings = {
    statements: [],
    steps: [],
    isNew: false,
    discards: undefined,
    names: [],
    unfilled: undefined,
    load: [],
    latest: undefined,
  };
  const planned: Planned = { dialect, versions, name, trial };
  const isOverwrite = versions[0]?.loadMethod === 'overwrite';
  try {
    if (isOverwrite) await overwrite(planned, found);
    else await load(planned, found);
  } catch (error) {
    if (!(error instanceof TargetError) || !isOfTable.test(error.code)) throw error;
    return planOf(dialect, found, error);
  }
  return planOf(dialect, found, undefined);
}

/** Others say that nobody can be asked. */
const isOfTable = /^(TABLE_|SCHEMA_CONTRACT$|INPUT_|LOAD_FAILED$)/;

async function load({ dialect, versions, name, trial }: Planned, found: Findings): Promise<void> {
  for (const version of versions) {
    const free = found.isNew ? { ...version, contract: undefined } : version;
    const { table, statements } = await trial.prepare(free, name);
    take(found, version, table, statements);
    found.unfilled ??= await trial.unfilled(name, table.others);
    found.load = table.discards?.stream ? [] : [loadText(dialect, version, name, table)];
  }
}

async function overwrite({ dialect, versions, name, trial }: Planned, found: Findings): Promise<void> {
  const side = stagingTable(name, someRunId);
  let hasSide = false;
  for (const version of versions) {
    // nothing is looked up in the table itself, so a key is a column like all others
    const checked = await trial.check({ ...version, keys: [] }, name);
    found.latest = version;
    found.discards = checked.discards;
    found.names = namesIn(version, checked.columns);
    found.unfilled ??= await trial.unfilled(name, checked.others);
    if (checked.discards?.stream || wantedColumns(version).length === 0) continue;
    const onSide = { ...version, table: side, contract: undefined };
    await trial.prepareSide(withTextKept(onSide, checked.columns), side);
    hasSide = true;
  }
  const { latest } = found;
  if (latest === undefined || found.discards?.stream) return;
  const target = tableReference(dialect, name);
  if (!hasSide) {
    found.load = trial.swap(target, target, new Map());
    return;
  }
  const from = withProperties(await trial.columnsOf(side), latest);
  const { table, statements } = await trial.prepare(versionOfSide(latest, from), name);
  found.statements.push(...statements);
  found.steps.push(...table.steps);
  found.isNew = table.isNew;
  found.load = trial.swap(target, dialect.quoteName(stagedRows), sideValues(dialect, from, table.columns));
}

function take(
  found: Findings,
  version: StreamVersion,
  { columns, discards, steps, isNew }: PreparedTable,
  statements: readonly string[],
): void {
  found.statements.push(...statements);
  found.steps.push(...steps);
  found.isNew ||= isNew;
  found.discards = discards;
  found.names = namesIn(version, columns);
  found.latest = version;
}

const namesIn = (version: StreamVersion, columns: PreparedTable['columns']): TablePlan['names'] =>
  renamedIn(version, columns).map(({ path, name }) => ({ property: path, column: name }));

/** As one statement, when no key repeats, no record lacks a property and none marks a delete. */
function loadText(dialect: Dialect, version: StreamVersion, name: TableName, table: PreparedTable): string {
  const now = new Date();
  return loadStatement(dialect, {
    load: {
      version,
      files: [],
      rows: 0,
      mayRepeatKeys: false,
      absentColumns: new Set(),
      hasDeletes: false,
      batchedAt: now,
    },
    table: tableReference(dialect, name),
    columns: table.columns,
    others: table.others,
    relation: dialect.quoteName(stagedRows),
    syncStartedAtMs: now.getTime(),
  });
}

function planOf(dialect: Dialect, found: Findings, refusal: TargetError | undefined): TablePlan {
  const { statements, steps, names, unfilled, load, discards, latest } = found;
  const discarded = [...(discards?.columns ?? [])].map(([index, of]) => ({ column: latest!.columns[index]!.name, of }));
  const changes = steps.map((step) => changeOf(dialect, step));
  return { action: actionOf(found), changes, statements, load, names, unfilled, discarded, refusal };
}

function actionOf({ isNew, discards, steps }: Findings): TablePlan['action'] {
  if (isNew) return 'make';
  if (discards?.stream) return 'none';
  return steps.length > 0 ? 'change' : 'keep';
}

function changeOf(dialect: Dialect, step: Step): ColumnChange {
  switch (step.kind) {
    case 'add':
      return { kind: 'add', column: step.name, type: dialect.typeName(step.type) };
    case 'widen':
      return { kind: 'widen', column: step.name, from: dialect.typeName(step.from), to: dialect.typeName(step.to) };
    case 'rename':
      return { kind: 'rename', column: step.from, to: step.to };
  }
}
