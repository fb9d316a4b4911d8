// A staging table's rows → the only rows of an Iceberg table, in one commit that is refused when another writer came between.
//
// INSERT OVERWRITE on the table itself would not notice other writers (Iceberg validates an overwrite only when a write
// option asks for it, which SQL can't). So it goes to a branch that begins where the overwrite found the table, and the
// table is then moved on to the branch, which Iceberg does only when nothing was committed to it meanwhile.
import { TargetError } from '../../errors/target-error.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import type { InexactCounts } from '../destination.ts';
import { tableReference } from '../sql/dialect.ts';
import { leastRows } from '../sql/least-rows.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { inexactBySwap, sideValues, unfitBySwap, versionOfSide, withProperties } from '../sql/staging-table.ts';
import type { TableColumn } from '../sql/table-columns.ts';
import { fastForward, hasMoved, isOverwriteBranch, overwriteBranch } from './branches.ts';
import { commitVisibly } from './commit-once.ts';
import { describe, type Preparing, prepareTable } from './prepare-table.ts';
import type { Row, SparkSession } from './session.ts';

export interface TableState {
  /** Undefined before the first commit. */
  readonly snapshot: string | undefined;
  /** Branches of ours that other runs have left. */
  readonly leftoverBranches: readonly string[];
}

export interface Replacement {
  readonly table: TableName;
  readonly side: TableName;
  /** False where there are no new rows, and no staging table. */
  readonly hasSide: boolean;
  readonly overwriteId: string;
  /** See {@link leastRows}. */
  readonly minPercent: number;
  /** As the overwrite found the table; undefined when there was none. */
  readonly found: TableState | undefined;
  readonly latest: StreamVersion;
  /** Those that were made before, for the same rows: {@link replaceRows} adds its own. */
  readonly attempts: Attempt[];
}

/** A statement that comes late can only touch the branch of its own attempt, so each has another. */
export interface Attempt {
  readonly branch: string;
  /** Set when the branch holds the new rows, and the table may have been moved on to it. */
  moved?: InexactCounts;
}

export async function currentState(spark: SparkSession, table: TableName): Promise<TableState> {
  const refs = await spark.run(`SELECT name, snapshot_id FROM ${tableReference(sparkDialect, table)}.refs`);
  const main = refs.find(({ name }) => name === 'main');
  return {
    snapshot: main === undefined ? undefined : String(main.snapshot_id),
    leftoverBranches: refs.map(({ name }) => String(name)).filter(isOverwriteBranch),
  };
}

/**
 * Safe to repeat with the same `attempts`, whatever became of the ones before.
 * @throws TargetError OVERWRITE_CONFLICT, and what `prepareTable` throws; StatementError
 */
export async function replaceRows(
  spark: SparkSession,
  replacement: Replacement,
  preparing: Preparing,
): Promise<InexactCounts> {
  const done = await movedBefore(spark, replacement);
  if (done !== undefined) return done;
  try {
    return await swap(spark, replacement, preparing);
  } catch (error) {
    // An earlier attempt that comes late is no other writer.
    const late = error instanceof TargetError ? await movedBefore(spark, replacement) : undefined;
    if (late === undefined) throw error;
    return late;
  }
}

async function swap(spark: SparkSession, replacement: Replacement, preparing: Preparing): Promise<InexactCounts> {
  const { table, attempts } = replacement;
  await commitVisibly(spark);
  await refuseTooFew(spark, replacement);
  const attempt: Attempt = { branch: overwriteBranch(replacement.overwriteId, attempts.length) };
  attempts.push(attempt);
  const { branch } = attempt;
  const reference = tableReference(sparkDialect, table);
  const { select, inexact } = replacement.hasSide
    ? await newRows(spark, replacement, preparing)
    : { select: `SELECT * FROM ${reference} WHERE false`, inexact: new Map() };
  const base = await unmovedSnapshot(spark, replacement);

  const name = sparkDialect.quoteName(branch);
  const start = base === undefined ? '' : ` AS OF VERSION ${base}`;
  await spark.execute(`ALTER TABLE ${reference} CREATE OR REPLACE BRANCH ${name}${start}`);
  const onBranch = `${reference}.${sparkDialect.quoteName(`branch_${branch}`)}`;
  await spark.execute(`INSERT OVERWRITE ${onBranch} ${select}`);
  attempt.moved = inexact;
  await fastForward(spark, table, branch).catch((failure: unknown) => {
    throw hasMoved(failure) ? conflict(table, failure) : failure;
  });
  return inexact;
}

async function refuseTooFew(
  spark: SparkSession,
  { table, side, hasSide, found, minPercent }: Replacement,
): Promise<void> {
  if (found === undefined) return;
  const least = leastRows(sparkDialect, { table, side: hasSide ? side : undefined, percent: minPercent });
  least?.check((await spark.run(least.statement))[0]!);
}

/** The rows of the staging table, for the table that is made to fit them; and what the table's columns round of them. */
async function newRows(
  spark: SparkSession,
  { table, side, latest }: Replacement,
  preparing: Preparing,
): Promise<{ readonly select: string; readonly inexact: InexactCounts }> {
  const reference = tableReference(sparkDialect, table);
  const made = (await describe(spark, tableReference(sparkDialect, side)))?.columns ?? missing(side);
  const from = withProperties(made, latest);
  // As late as can be: readers see the table's new columns before its new rows.
  const into = (await prepareTable(spark, versionOfSide(latest, from), table, preparing)).columns;
  const all = (await describe(spark, reference))?.columns ?? missing(table);
  const source = tableReference(sparkDialect, side);
  const unfit = unfitBySwap(sparkDialect, latest, { side: source, from, into });
  if (unfit !== undefined) unfit.check((await spark.run(unfit.statement))[0]!);
  const count = inexactBySwap(sparkDialect, latest, { side: source, from, into });
  const [counted] = count === undefined ? [] : await spark.run(count.statement);
  return {
    select: `SELECT ${valuesFor(all, from, into)} FROM ${source}`,
    inexact: count?.read(counted!) ?? new Map(),
  };
}

/** @returns undefined unless the table has been moved on to the branch of an attempt whose answer was lost */
async function movedBefore(spark: SparkSession, { table, attempts }: Replacement): Promise<InexactCounts | undefined> {
  const moved = attempts.filter((attempt) => attempt.moved !== undefined);
  if (moved.length === 0) return undefined;
  const reference = tableReference(sparkDialect, table);
  const heads = new Map(
    (await spark.run(`SELECT name, snapshot_id FROM ${reference}.refs`)).map((ref) => [
      String(ref.name),
      String(ref.snapshot_id),
    ]),
  );
  const byId = await snapshots(spark, reference);
  const past = new Set<string>();
  for (let id = heads.get('main'); id !== undefined; id = parentOf(byId.get(id))) past.add(id);
  return moved.find(({ branch }) => past.has(heads.get(branch) ?? ''))?.moved;
}

async function snapshots(spark: SparkSession, reference: string): Promise<ReadonlyMap<string, Row>> {
  const rows = await spark.run(`SELECT snapshot_id, parent_id, operation FROM ${reference}.snapshots`);
  return new Map(rows.map((snapshot) => [String(snapshot.snapshot_id), snapshot]));
}

const parentOf = (snapshot: Row | undefined): string | undefined =>
  snapshot === undefined || snapshot.parent_id === null ? undefined : String(snapshot.parent_id);

/** A value for each column of the table, in its order: INSERT takes them by position, and wants all. */
function valuesFor(
  all: readonly TableColumn[],
  from: readonly TableColumn[],
  into: readonly (TableColumn | undefined)[],
): string {
  const byColumn = sideValues(sparkDialect, from, into);
  const isMet = all.filter(({ name }) => byColumn.has(name)).length === byColumn.size;
  if (!isMet) throw new TargetError('INTERNAL', 'the table lacks columns that were made for its new rows');
  return all.map(({ name }) => byColumn.get(name) ?? 'NULL').join(', ');
}

/** @returns where the table stands, when all that was committed since the overwrite found it left its rows as they were. */
async function unmovedSnapshot(spark: SparkSession, { table, found }: Replacement): Promise<string | undefined> {
  const { snapshot: current } = await currentState(spark, table);
  const base = found?.snapshot;
  if (current === base) return current;
  const byId = await snapshots(spark, tableReference(sparkDialect, table));
  if (base === undefined || !isOnlyRewritten(byId, base, current)) throw conflict(table);
  return current;
}

/** Maintenance that compacts files commits `replace`. */
function isOnlyRewritten(byId: ReadonlyMap<string, Row>, base: string, current: string | undefined): boolean {
  for (let id = current; id !== base; ) {
    const snapshot = id === undefined ? undefined : byId.get(id);
    if (snapshot?.operation !== 'replace') return false;
    id = parentOf(snapshot);
  }
  return true;
}

function conflict({ schema, table }: TableName, cause?: unknown): TargetError {
  const detail = `another writer has changed ${schema}.${table} since this run began to overwrite it`;
  return new TargetError('OVERWRITE_CONFLICT', detail, {}, cause);
}

function missing({ schema, table }: TableName): never {
  throw new TargetError('OVERWRITE_CONFLICT', `another writer has removed ${schema}.${table}`);
}
