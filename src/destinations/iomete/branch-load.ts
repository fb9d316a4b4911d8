// A large load by keys → the same rows by DELETE and INSERT, on a branch that the table is then moved on to.
//
// A MERGE sorts and exchanges whole rows, those of the table too. Here only keys meet: a million rows into an empty table
// take Spark half the CPU, a million that are all there already a third less: see docs/decisions/large-keyed-loads-delete-and-insert.md. Readers see the table before
// both steps or after them; where another writer has come between, it is not moved.
import { counted } from '../../errors/counted.ts';
import { TargetError } from '../../errors/target-error.ts';
import type { TableName } from '../../schema/model.ts';
import type { LoadOutcome } from '../destination.ts';
import { tableReference } from '../sql/dialect.ts';
import { deleteStatement, insertNewStatement } from '../sql/load-statements.ts';
import type { LoadTarget } from '../sql/source.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { dropBranches, fastForward, hasMoved } from './branches.ts';
import { commitVisibly } from './commit-once.ts';
import type { SparkSession } from './session.ts';
import { StatementError } from './statement-error.ts';
import { tallied } from './tallied.ts';

export interface BranchLoad {
  /** `replacesWholeRows` is true for it. */
  readonly target: LoadTarget;
  readonly table: TableName;
  /** Of this attempt alone: what an earlier one did too late is on no branch that anybody looks at. */
  readonly branch: string;
  /** Of earlier attempts, in sessions that were lost: they are dropped together with this one's. */
  readonly branches: string[];
  /** True when nothing is known to be in the table: then nothing is deleted. */
  readonly isEmpty: boolean;
  /** Whether rows of the table, which the target names, share a key of the load: a MERGE changes all, and this way would leave one. */
  keysRepeat(spark: SparkSession, onBranch: LoadTarget): Promise<boolean>;
}

/** The steps cost more than they save below about so many rows. */
export const leastBranchRows = (isEmpty: boolean): number => (isEmpty ? 10_000 : 200_000);

/**
 * @returns undefined when the table has no branches or rows that share a key, or another writer has changed it: then it is as it was.
 * @throws TargetError LOAD_ROWS_MISMATCH; StatementError
 */
export async function loadOnBranch(
  spark: SparkSession,
  load: BranchLoad,
): Promise<Omit<LoadOutcome, 'inexact'> | undefined> {
  await commitVisibly(spark);
  const { branches } = load;
  branches.push(load.branch);
  let isLost = false;
  try {
    if (!(await createBranch(spark, load))) return undefined;
    const { head, deduplicated } = await write(spark, load);
    return head !== undefined && (await moveOn(spark, load, head)) ? { deduplicated, deleted: 0 } : undefined;
  } catch (error) {
    isLost = error instanceof StatementError && error.outcome !== 'failed';
    throw error;
  } finally {
    // What is left of one that can't be dropped expires by itself.
    if (!isLost) await dropBranches(spark, load.table, branches.splice(0)).catch(() => {});
  }
}

async function createBranch(spark: SparkSession, { table, branch }: BranchLoad): Promise<boolean> {
  const reference = tableReference(sparkDialect, table);
  try {
    await spark.execute(`ALTER TABLE ${reference} CREATE BRANCH ${sparkDialect.quoteName(branch)} RETAIN 1 DAYS`);
    return true;
  } catch (error) {
    if (error instanceof StatementError && error.outcome === 'failed') return false;
    throw error;
  }
}

interface Written {
  /** The branch's last snapshot; undefined when the table was not empty after all, or has rows that share a key. */
  readonly head: string | undefined;
  readonly deduplicated: number;
}

async function write(
  spark: SparkSession,
  { target, table, branch, isEmpty, keysRepeat }: BranchLoad,
): Promise<Written> {
  const reference = tableReference(sparkDialect, table);
  const onBranch = { ...target, table: `${reference}.${sparkDialect.quoteName(`branch_${branch}`)}` };
  if (!isEmpty && (await keysRepeat(spark, onBranch))) return { head: undefined, deduplicated: 0 };
  if (!isEmpty) await spark.execute(deleteStatement(sparkDialect, onBranch));
  await spark.execute(insertNewStatement(sparkDialect, onBranch));

  const name = sparkDialect.quoteText(branch);
  const [head] = await spark.run(
    `SELECT snapshot_id, summary['added-records'] AS added, summary['total-records'] AS total FROM ${reference}.snapshots WHERE snapshot_id = (SELECT snapshot_id FROM ${reference}.refs WHERE name = ${name})`,
  );
  const [added, total] = [Number(head?.added ?? 0), Number(head?.total ?? 0)];
  if (isEmpty && total !== added) return { head: undefined, deduplicated: 0 };
  return { head: String(head?.snapshot_id), deduplicated: await deduplicated(spark, target, added) };
}

/** Rows that were not written because a later one of their key was: as many as digests came twice, or else as many as keys do. */
async function deduplicated(spark: SparkSession, target: LoadTarget, added: number): Promise<number> {
  const { rows, repeats } = target.load;
  if (repeats !== undefined && rows - repeats === added) return repeats;
  const tally = await tallied(spark, target);
  if (rows - tally.deduplicated === added) return tally.deduplicated;
  const keys = rows - tally.deduplicated;
  throw new TargetError(
    'LOAD_ROWS_MISMATCH',
    `the staged files hold ${counted(keys, 'key')}, the lakehouse wrote ${counted(added, 'row')}`,
  );
}

/** @returns false when another writer was first */
async function moveOn(spark: SparkSession, { table, branch }: BranchLoad, head: string): Promise<boolean> {
  try {
    if ((await fastForward(spark, table, branch)) === head) return true;
    throw new TargetError('LOAD_FAILED', `the table was moved on to another snapshot than the one that was written`);
  } catch (error) {
    if (hasMoved(error) || (error instanceof StatementError && error.isConflict)) return false;
    throw error;
  }
}
