// The loads of one stream → statements in a session of their own: view over the staged files, count, MERGE or INSERT.

import type { Log } from '../../errors/log.ts';
import { TargetError } from '../../errors/target-error.ts';
import type { StagedColumn } from '../../formats/layout.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import type { Load, LoadOutcome } from '../destination.ts';
import { tableReference } from '../sql/dialect.ts';
import { inexactCount } from '../sql/inexact-columns.ts';
import { insertStatement, loadStatement, replacesWholeRows } from '../sql/load-statements.ts';
import { sayIgnoredColumns } from '../sql/parquet-columns.ts';
import { readLayout } from '../sql/read-layout.ts';
import type { SayRenamed } from '../sql/renamed-columns.ts';
import { repeatedRows, warnOfRepeatedKeys } from '../sql/repeated-keys.ts';
import type { LoadTarget } from '../sql/source.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { activateStatement } from '../sql/table-statements.ts';
import { unfitCount } from '../sql/unfit-values.ts';
import type { TableLoader } from '../staged/warehouse.ts';
import { leastBranchRows, loadOnBranch } from './branch-load.ts';
import { loadBranch } from './branches.ts';
import { type CommitOnce, commitOnce } from './commit-once.ts';
import { tableError } from './load-errors.ts';
import { parquetView } from './load-parquet.ts';
import { type PreparedLakeTable, prepareTable } from './prepare-table.ts';
import type { Schemas } from './schemas.ts';
import type { SparkSession } from './session.ts';
import { createViewStatement } from './staged-view.ts';
import type { TableSession } from './table-session.ts';
import { asStagedRead, tallied } from './tallied.ts';

export interface TableLoaderSettings {
  readonly stream: string;
  /** For tables whose name has no catalog of its own. */
  readonly catalog: string;
  readonly syncStartedAtMs: number;
  readonly sayRenamed: SayRenamed;
  /** Of the run. */
  readonly schemas: Schemas;
  /** Part of the name of the temporary view: letters, digits and `_`. */
  readonly runId: string;
  /** True when the table is there for this loader alone and holds nothing before its first load. */
  readonly startsEmpty?: boolean;
  /** True for the staging table of an overwrite. */
  readonly isStaging?: boolean;
  /** From so many rows on a load goes by way of a branch; {@link leastBranchRows} when it is not set. */
  readonly minBranchRows?: number;
}

export function tableLoader(session: TableSession, settings: TableLoaderSettings, log: Log): TableLoader {
  const { stream, schemas, startsEmpty = false, isStaging = false } = settings;
  const context = { stream };
  // Each load replaces it, and it ends with the session: a load waits for no statement after its commit.
  const viewName = `staged_${settings.runId}`;
  const view = sparkDialect.quoteName(viewName);
  /** The table as it was prepared last. */
  let prepared: { readonly versionId: number; readonly table: PreparedLakeTable } | undefined;
  let isNew = false;
  let wasLoaded = false;
  let keysWereRead = false;
  let repeatsWereTold = false;
  let attempts = 0;
  /** Of attempts whose end is not known. */
  const branches: string[] = [];

  const withCatalog = (name: TableName): TableName => ({ ...name, catalog: name.catalog ?? settings.catalog });
  const preparedFor = (version: StreamVersion): PreparedLakeTable => {
    if (prepared?.versionId === version.id) return prepared.table;
    throw new TargetError('INTERNAL', `version ${version.id} was not prepared`, context);
  };
  const onTable = async <T>(
    name: TableName,
    work: (session: SparkSession, table: string) => Promise<T>,
    commits?: CommitOnce,
  ): Promise<T> => {
    const table = tableReference(sparkDialect, withCatalog(name));
    try {
      // Another writer's commit is seen only when the session's cached table is let go.
      return await session.use(
        (spark) => work(spark, table),
        (spark) => spark.execute(`REFRESH TABLE ${table}`),
      );
    } catch (error) {
      throw tableError(error, context, table, branches.length > 0 ? branchDoubt : commits?.doubt);
    }
  };
  const staging = {};
  let commitCount = 0;
  const newCommit = (version: StreamVersion): CommitOnce =>
    commitOnce({
      table: withCatalog(version.table),
      properties: preparedFor(version).properties,
      id: `target_iomete_${settings.runId}_${commitCount++}`,
      staging,
      log,
    });

  const sayIgnored = sayIgnoredColumns(stream, log);
  /** The rows of the view, in one statement. */
  const commit = async (
    spark: SparkSession,
    table: string,
    load: Load,
    commits: CommitOnce,
    layout?: readonly StagedColumn[],
  ): Promise<LoadOutcome> => {
    const { syncStartedAtMs } = settings;
    const { columns, others } = preparedFor(load.version);
    const target = { load, table, columns, others, relation: view, layout, syncStartedAtMs };
    const unfit = unfitCount(sparkDialect, load.version, columns, view);
    if (unfit !== undefined) unfit.check((await spark.run(unfit.statement).catch(asStagedRead(load)))[0]!);
    const count = inexactCount(sparkDialect, load.version, columns, view);
    const [counted] = count === undefined ? [] : await spark.run(count.statement).catch(asStagedRead(load));
    const inexact = count?.read(counted!) ?? new Map();
    const ended = (await onBranch(spark, target)) ?? (await inOneStatement(spark, target, commits));
    wasLoaded = true;
    return { inexact, ...ended };
  };
  /** Others may write to the table: a load that deletes rows to insert them anew must look each time, a MERGE need not. */
  const keysRepeat = async (spark: SparkSession, target: LoadTarget): Promise<boolean> => {
    keysWereRead = true;
    const [found] = await spark.run(repeatedRows(sparkDialect, target, true)).catch(asStagedRead(target.load));
    if (Number(found?.repeated) === 0) return false;
    if (repeatsWereTold) return true;
    repeatsWereTold = true;
    const [all] = await spark.run(repeatedRows(sparkDialect, target, false));
    warnOfRepeatedKeys(log, target, Number(all?.repeated));
    return true;
  };
  const inOneStatement = async (spark: SparkSession, target: LoadTarget, commits: CommitOnce) => {
    const { load } = target;
    const { deduplicated, deleted } = await tallied(spark, target);
    const mayRepeat = load.version.keys.length > 0 && !startsEmpty && !isNew;
    if (mayRepeat && !keysWereRead) await keysRepeat(spark, target);
    // Nothing can match: an append does without the join, the dearest part of a merge.
    const onlyAppends = startsEmpty && !wasLoaded && !load.mayRepeatKeys && !load.hasDeletes;
    const statement = (onlyAppends ? insertStatement : loadStatement)(sparkDialect, target);
    const rows = load.rows - (load.hasDeletes ? deleted : 0);
    await commits.run(spark, statement, rows).catch(asStagedRead(load));
    return { deduplicated, deleted };
  };
  const onBranch = async (spark: SparkSession, target: LoadTarget) => {
    const { load } = target;
    // what another writer has put into a new table since, a branch finds out and a plain append does not
    const isEmpty = (startsEmpty || isNew) && !wasLoaded;
    if (load.rows < (settings.minBranchRows ?? leastBranchRows(isEmpty)) || !replacesWholeRows(target))
      return undefined;
    const branch = loadBranch(settings.runId, ++attempts);
    const table = withCatalog(load.version.table);
    return loadOnBranch(spark, { target, table, branch, branches, isEmpty, keysRepeat }).catch(asStagedRead(load));
  };

  return {
    prepare: async (version) => {
      const free = isNew ? { ...version, contract: undefined } : version;
      const table = await onTable(version.table, (spark) =>
        prepareTable(spark, free, withCatalog(version.table), { schemas, log, isStaging }),
      );
      isNew ||= table.isNew;
      prepared = { versionId: version.id, table };
      settings.sayRenamed(version, table.columns);
      return table.discards;
    },
    load: async (load) => {
      const commits = newCommit(load.version);
      const work = async (spark: SparkSession, table: string) => {
        const layout = readLayout(load, preparedFor(load.version).columns);
        await spark.execute(createViewStatement(view, layout, load.files)).catch(asStagedRead(load));
        return commit(spark, table, load, commits, layout);
      };
      return onTable(load.version.table, work, commits);
    },
    loadParquet: async (parquet) => {
      const commits = newCommit(parquet.version);
      const work = async (spark: SparkSession, table: string) => {
        const { discards } = preparedFor(parquet.version);
        const { load, outcome, ignored } = await parquetView(spark, viewName, parquet, discards);
        sayIgnored(ignored);
        return load.rows === 0 ? outcome : { ...outcome, ...(await commit(spark, table, load, commits)) };
      };
      return onTable(parquet.version.table, work, commits);
    },
    activateVersion: async (version, tableVersion) => {
      const { columns } = preparedFor(version);
      const commits = newCommit(version);
      const work = async (spark: SparkSession, table: string) => {
        const statement = activateStatement(sparkDialect, table, version, columns, tableVersion, new Date());
        if (statement !== undefined) await commits.run(spark, statement);
      };
      return onTable(version.table, work, commits);
    },
    close: () => session.close(),
  };
}

const branchDoubt = 'this load may have been carried out, and running again is safe';
