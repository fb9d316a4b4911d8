// The statement that commits a load → carried out exactly once, whatever becomes of its answer.
//
// A statement whose answer was lost is repeated. One that only appends would then be there twice if the first commits
// late, which nothing in Iceberg refuses. So an append first makes a snapshot that nobody sees, under an id of its own
// (write-audit-publish), and is then published by this id: Iceberg publishes an id once, however often it is asked or
// staged. Merges, deletes and updates are right when they are repeated: one that commits late is refused by
// Iceberg's validation, since its repetition has changed what it read.

import type { Log } from '../../errors/log.ts';
import { TargetError } from '../../errors/target-error.ts';
import type { TableName } from '../../schema/model.ts';
import { tableReference } from '../sql/dialect.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import type { SparkSession } from './session.ts';
import { StatementError } from './statement-error.ts';

export interface CommitTarget {
  /** With its catalog. */
  readonly table: TableName;
  /** The table's, as it was prepared. */
  readonly properties: ReadonlyMap<string, string>;
  /** No other commit ever has it: letters, digits, `-` and `_`. */
  readonly id: string;
  readonly log: Log;
  /** What was found out about the table, for its next commits. */
  readonly staging: { isPossible?: boolean };
}

/** One commit, for all attempts of its load. */
export interface CommitOnce {
  /**
   * @param rows how many an append adds, where it is known
   * @throws StatementError: `unknown` when it may have happened; TargetError when a repetition could do harm
   */
  run(spark: SparkSession, statement: string, rows?: number): Promise<void>;
  /** What a person is told who finds the run ended here: whether rows may be in the table. */
  readonly doubt: string;
}

export function commitOnce(target: CommitTarget): CommitOnce {
  const staged = stagedAppend(target);
  const plain = plainAppend(target);
  const repeatable = repeatableCommit(target);
  return {
    get doubt() {
      return repeatable.doubt() ?? plain.doubt() ?? staged.doubt() ?? 'nothing of this load is in the table';
    },
    run: async (spark, statement, rows) => {
      if (!isAppend(statement)) return repeatable.run(spark, statement);
      if ((await canStage(spark, target)) && (await staged.run(spark, statement))) return;
      await plain.run(spark, statement, rows);
    },
  };
}

/** To be called before a statement that commits and is not run by {@link commitOnce}: else nobody would see what it does. */
export async function commitVisibly(spark: SparkSession): Promise<void> {
  if (!stagingIds.has(spark)) return;
  await spark.execute(`RESET ${stagingId}`);
  stagingIds.delete(spark);
}

/** Without a clause for rows that match, Spark plans a MERGE as an append. */
const isAppend = (statement: string): boolean => !/^(UPDATE|DELETE) |\nWHEN MATCHED /.test(statement);

const stagingId = 'spark.wap.id';
const stagingProperty = 'write.wap.enabled';
/** The session's {@link stagingId}; none for one that commits visibly. Reset when it matters, not after each append. */
const stagingIds = new WeakMap<SparkSession, string>();

async function canStage(spark: SparkSession, { table, properties, log, staging }: CommitTarget): Promise<boolean> {
  if (staging.isPossible !== undefined) return staging.isPossible;
  if (properties.get(stagingProperty) === 'true') return true;
  const reference = tableReference(sparkDialect, table);
  staging.isPossible = await spark
    .execute(`ALTER TABLE ${reference} SET TBLPROPERTIES ('${stagingProperty}' = 'true')`)
    .then(
      () => true,
      (failure) => {
        if (!isRefusal(failure)) throw failure;
        log.warn(`table ${reference} can't be set to "${stagingProperty}": ${failure.message}; ${unguarded}`);
        return false;
      },
    );
  return staging.isPossible;
}

const unguarded = 'should the answer to a commit get lost, the run may have to end to avoid loading rows twice';

/** Spark's own no: not for lack of an answer, nor because another writer was quicker. */
const isRefusal = (failure: unknown): failure is StatementError =>
  failure instanceof StatementError && failure.outcome === 'failed' && !failure.isConflict;

function stagedAppend({ table, id, log, staging }: CommitTarget) {
  let mayBeStaged = false;
  let mayBePublished = false;
  const publish = async (spark: SparkSession): Promise<'done' | 'not staged' | 'not possible'> => {
    const { quoteName, quoteText } = sparkDialect;
    const name = tableReference(sparkDialect, { schema: table.schema, table: table.table });
    const call = `CALL ${quoteName(table.catalog ?? '')}.system.publish_changes(table => ${quoteText(name)}, wap_id => ${quoteText(id)})`;
    try {
      await spark.execute(call);
      return 'done';
    } catch (error) {
      if (!(error instanceof StatementError)) throw error;
      mayBePublished ||= error.outcome === 'unknown';
      if (error.outcome !== 'failed') throw error;
      if (error.says(/DuplicateWAPCommitException|CherrypickAncestorCommitException/)) return 'done';
      if (error.says(/Cannot apply unknown WAP ID/)) return 'not staged';
      if (mayBePublished || !error.says(noProcedure)) throw error;
      log.warn(`snapshots of ${name} can't be published: ${error.message}; ${unguarded}`);
      return 'not possible';
    }
  };
  /** @returns false when the lakehouse has no such procedure: nothing was appended then */
  const run = async (spark: SparkSession, statement: string): Promise<boolean> => {
    // an earlier attempt's answer was lost: what it has staged need not be made again
    if (mayBeStaged && (await publish(spark)) === 'done') return true;
    if (stagingIds.get(spark) !== id) {
      // whatever becomes of the answer
      stagingIds.set(spark, id);
      await spark.execute(`SET ${stagingId}=${id}`);
    }
    mayBeStaged = true;
    await spark.execute(statement);
    const published = await publish(spark);
    // Somebody has taken the property away, so the rows went straight into the table.
    if (published !== 'not possible') return true;
    await commitVisibly(spark);
    staging.isPossible = false;
    return false;
  };
  const doubt = () =>
    mayBePublished
      ? `the rows of this load may be in the table: they are when its history has a snapshot with "wap.id" or "published-wap-id" ${id} in its summary`
      : undefined;
  return { run, doubt };
}

const noProcedure =
  /ParseException|NoSuchProcedure|Procedure .{1,400} not found|ROUTINE_NOT_FOUND|AccessControl|Permission denied|privilege|Authoriz|Forbidden/i;

/** Without staging, an append whose answer was lost is looked up in the table's snapshots, and never repeated. */
function plainAppend({ table }: CommitTarget) {
  const reference = tableReference(sparkDialect, table);
  let before: ReadonlySet<string> | undefined;
  let isLost = false;
  const run = async (spark: SparkSession, statement: string, rows?: number): Promise<void> => {
    await commitVisibly(spark);
    const all = await spark.run(
      `SELECT snapshot_id, operation, summary['added-records'] AS added FROM ${reference}.snapshots`,
    );
    if (isLost) {
      const since = all.filter(({ snapshot_id: id }) => !before?.has(String(id)));
      const [only] = since;
      if (since.length === 1 && only?.operation === 'append' && Number(only.added) === rows) return;
      throw new TargetError(
        'LOAD_FAILED',
        `the answer to an append to ${reference} was lost, and what was committed to the table since does not tell whether its rows are there: look before you run again`,
      );
    }
    before = new Set(all.map(({ snapshot_id: id }) => String(id)));
    try {
      await spark.execute(statement);
    } catch (error) {
      isLost = isUnknown(error);
      throw error;
    }
  };
  const doubt = () => (isLost ? 'the rows of this load may be in the table: look before you run again' : undefined);
  return { run, doubt };
}

const isUnknown = (failure: unknown): boolean => failure instanceof StatementError && failure.outcome === 'unknown';

/** For what leaves the table the same when it is done again. */
function repeatableCommit({ table, properties }: CommitTarget) {
  let isLost = false;
  const run = async (spark: SparkSession, statement: string): Promise<void> => {
    await commitVisibly(spark);
    const weak = isolationProperties.find((name) => properties.get(name) === 'snapshot');
    if (isLost && weak !== undefined) {
      const { schema, table: name } = table;
      throw new TargetError(
        'LOAD_FAILED',
        `the answer to a change of ${schema}.${name} was lost, and it can't be repeated safely, as the table's "${weak}" is "snapshot": remove that property; running again is safe`,
      );
    }
    try {
      await spark.execute(statement);
    } catch (error) {
      isLost ||= isUnknown(error);
      throw error;
    }
  };
  const doubt = () => (isLost ? 'this load may have been carried out, and running again is safe' : undefined);
  return { run, doubt };
}

const isolationProperties = [
  'write.merge.isolation-level',
  'write.delete.isolation-level',
  'write.update.isolation-level',
];
