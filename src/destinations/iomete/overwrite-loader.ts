// The loads of an overwritten stream → a staging table → in one commit, the rows of the table.

import type { Log } from '../../errors/log.ts';
import { TargetError } from '../../errors/target-error.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import type { Discards } from '../destination.ts';
import { tableReference } from '../sql/dialect.ts';
import { requiredColumn } from '../sql/required-column.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { leftoverStagingTables, stagingTable, withTextKept } from '../sql/staging-table.ts';
import { wantedColumns } from '../sql/table-columns.ts';
import type { OverwriteLoader } from '../staged/warehouse.ts';
import { dropBranches } from './branches.ts';
import { within } from './driver.ts';
import { tableError } from './load-errors.ts';
import { checkTable, describe } from './prepare-table.ts';
import { type Attempt, currentState, replaceRows, type TableState } from './replace-rows.ts';
import { tableNames } from './schema-tables.ts';
import type { SparkSession } from './session.ts';
import { dropStagingTable } from './staging-tables.ts';
import { StatementError } from './statement-error.ts';
import { refuseForeign } from './table-checks.ts';
import { type TableLoaderSettings, tableLoader } from './table-loader.ts';
import type { TableSession } from './table-session.ts';
import { unfilledColumn } from './unfilled-column.ts';

export interface OverwriteLoaderSettings extends TableLoaderSettings {
  /** Of the whole run: twelve hexadecimal digits. */
  readonly overwriteId: string;
  /** See {@link leastRows}. */
  readonly overwriteMinPercent: number;
}

interface Overwrite {
  readonly table: TableName;
  readonly side: TableName;
  /** False while no version has had columns: then there is no staging table, and there are no rows. */
  hasSide: boolean;
  /** As the overwrite found the table; undefined when there was none. */
  readonly found: TableState | undefined;
}

/** Long enough for a lakehouse that answers; where it does not, the next overwrite of the table removes what is left. */
const cleanUpMs = 20_000;

export function overwriteLoader(session: TableSession, settings: OverwriteLoaderSettings, log: Log): OverwriteLoader {
  const { catalog, stream, overwriteId, overwriteMinPercent: minPercent } = settings;
  // What is done to a table that nobody sees is told when it is done to the table.
  const loader = tableLoader(
    session,
    { ...settings, startsEmpty: true, isStaging: true, sayRenamed: () => {} },
    { info: () => {}, warn: log.warn },
  );
  let overwrite: Overwrite | undefined;
  let latest: StreamVersion | undefined;
  let discards: Discards | undefined;
  /** A column of the table that can't be without a value, and would be in each row of the version prepared last. */
  let unfilled: string | undefined;
  const attempts: Attempt[] = [];

  const onSide = (version: StreamVersion): StreamVersion => ({
    ...version,
    table: stagingTable(version.table, overwriteId),
    // what nobody sees may have any columns
    contract: undefined,
  });
  const coded = async <T>(table: TableName, work: (spark: SparkSession) => Promise<T>, doubt?: string): Promise<T> => {
    const reference = tableReference(sparkDialect, table);
    try {
      return await session.use(work, (spark) => spark.execute(`REFRESH TABLE ${reference}`));
    } catch (error) {
      throw tableError(error, { stream }, reference, doubt);
    }
  };

  /** The swap would refuse these rows: better now than when all are loaded. */
  const refuseUnfilled = () => {
    if (unfilled !== undefined) throw requiredColumn(unfilled, { stream });
  };

  return {
    prepare: async (version) => {
      const table = { ...version.table, catalog: version.table.catalog ?? catalog };
      overwrite ??= await coded(table, (spark) => begin(spark, table, overwriteId, log));
      latest = version;
      // nothing is looked up in the table itself, so a key is a column like all others
      const checked = await coded(table, (spark) => checkTable(spark, { ...version, keys: [] }, table));
      discards = checked.discards;
      unfilled = await coded(table, (spark) => unfilledColumn(spark, table, checked.others));
      settings.sayRenamed(version, checked.columns);
      if (discards?.stream || wantedColumns(version).length === 0) return discards;
      await loader.prepare(withTextKept(onSide(version), checked.columns));
      overwrite.hasSide = true;
      return discards;
    },
    load: async (load) => {
      refuseUnfilled();
      return loader.load({ ...load, version: onSide(load.version) }).catch(asTakenOver(load.version.table));
    },
    loadParquet: async (load) => {
      refuseUnfilled();
      return loader.loadParquet({ ...load, version: onSide(load.version) }).catch(asTakenOver(load.version.table));
    },
    activateVersion: (version, tableVersion) =>
      loader.activateVersion(onSide(version), tableVersion).catch(asTakenOver(version.table)),
    complete: async () => {
      if (overwrite === undefined || latest === undefined)
        throw new TargetError('INTERNAL', 'an overwrite was completed before it began', { stream });
      if (discards?.stream) return new Map();
      const replacement = { ...overwrite, latest, overwriteId, minPercent, attempts };
      const swap = (spark: SparkSession) => replaceRows(spark, replacement, { schemas: settings.schemas, log });
      return coded(overwrite.table, swap, 'the table has all of its old rows, or all of the new ones').catch(
        asTakenOver(overwrite.table),
      );
    },
    close: async () => {
      if (overwrite !== undefined) {
        const { table, side } = overwrite;
        overwrite = undefined;
        const cleanUp = session.use(async (spark) => {
          await dropBranches(
            spark,
            table,
            attempts.map(({ branch }) => branch),
          );
          await dropStagingTable(spark, side);
        });
        await within(cleanUpMs, cleanUp).catch(() => {});
      }
      await loader.close();
    },
  };
}

/** Of two runs that overwrite one table the one that began later goes on: what it finds can't be told from a orphan. */
async function begin(spark: SparkSession, table: TableName, overwriteId: string, log: Log): Promise<Overwrite> {
  const description = await describe(spark, tableReference(sparkDialect, table));
  if (description !== undefined) refuseForeign(description, table);
  const found = description === undefined ? undefined : await currentState(spark, table);
  try {
    await dropBranches(spark, table, found?.leftoverBranches ?? []);
    for (const side of await orphans(spark, table, overwriteId)) await dropStagingTable(spark, side);
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    const { schema, table: name } = table;
    log.warn(`what an earlier overwrite of ${schema}.${name} has left can't be removed: ${error.message}`);
  }
  return { table, side: stagingTable(table, overwriteId), hasSide: false, found };
}

async function orphans(spark: SparkSession, table: TableName, overwriteId: string): Promise<readonly TableName[]> {
  const names = await tableNames(spark, table, '*__overwrite_*');
  return leftoverStagingTables(table.table, overwriteId, names).map((name) => ({ ...table, table: name }));
}

const asTakenOver =
  ({ schema, table }: TableName) =>
  (failure: unknown): never => {
    if (failure instanceof TargetError && /\[TABLE_OR_VIEW_NOT_FOUND\].*__overwrite_/.test(failure.message))
      throw new TargetError(
        'OVERWRITE_CONFLICT',
        `another run has begun to overwrite ${schema}.${table}, and removed the new rows of this one`,
        failure.context,
        failure,
      );
    throw failure;
  };
