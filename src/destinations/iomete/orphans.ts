// A lakehouse and ids of dead runs → what they have left: branches of tables, staging tables of overwrites.

import type { Log } from '../../errors/log.ts';
import type { TableName } from '../../schema/model.ts';
import { stagingTableId } from '../../schema/names.ts';
import type { Orphan, Skipped } from '../../stage/orphan.ts';
import { notMarked } from '../sql/staging-table.ts';
import { branchNames, dropBranches, runOfBranch } from './branches.ts';
import { type ConnectionSettings, connect } from './client.ts';
import { tableNames } from './schema-tables.ts';
import type { SparkSession } from './session.ts';
import { dropStagingTable, isStagingTable } from './staging-tables.ts';
import { StatementError } from './statement-error.ts';

export interface LakehouseOrphanSettings extends ConnectionSettings {
  readonly catalog: string;
  /** Those that streams are loaded into. */
  readonly schemas: readonly string[];
  /** Runs that are known to be dead, by the twelve digits in the names of what they made. */
  readonly deadRuns: ReadonlyMap<string, string>;
}

export interface LakehouseOrphans {
  /** To be removed one after another, in this order. */
  readonly things: readonly Orphan[];
  /** Tables with the name of a staging table and no mark of one. */
  readonly skipped: readonly Skipped[];
  close(): Promise<void>;
}

/** What no run in `deadRuns` has made may belong to one that is alive, and is not looked at. @throws TargetError */
export async function lakehouseOrphans(settings: LakehouseOrphanSettings, log: Log): Promise<LakehouseOrphans> {
  const client = await connect(settings, log);
  try {
    const spark = await client.openSession();
    const things: Orphan[] = [];
    const skipped: Skipped[] = [];
    for (const schema of settings.schemas) {
      const found = await inSchema(spark, settings, schema);
      things.push(...found.things);
      skipped.push(...found.skipped);
    }
    const close = async () => {
      await spark.close();
      await client.close();
    };
    return { things, skipped, close };
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function inSchema(
  spark: SparkSession,
  { catalog, deadRuns }: LakehouseOrphanSettings,
  schema: string,
): Promise<Pick<LakehouseOrphans, 'things' | 'skipped'>> {
  const names = await tableNames(spark, { catalog, schema });
  const things: Orphan[] = [];
  const skipped: Skipped[] = [];
  for (const table of names.filter((name) => stagingTableId(name) === undefined))
    things.push(...(await branchesIn(spark, { catalog, schema, table }, deadRuns)));
  for (const table of names) {
    const runId = deadRuns.get(stagingTableId(table) ?? '');
    if (runId === undefined) continue;
    const side = { catalog, schema, table };
    const place = placeOf(side);
    if (await isStagingTable(spark, side))
      things.push({ what: 'staging table', place, runId, remove: () => dropStagingTable(spark, side) });
    else skipped.push({ place, why: notMarked });
  }
  return { things, skipped };
}

/** The table may be a view, or of another format: it has no branches of ours then. */
async function branchesIn(
  spark: SparkSession,
  table: TableName,
  deadRuns: ReadonlyMap<string, string>,
): Promise<readonly Orphan[]> {
  const names = await branchNames(spark, table).catch((failure: unknown) => {
    if (failure instanceof StatementError && failure.outcome === 'failed') return [];
    throw failure;
  });
  return names.flatMap((branch) => {
    const runId = deadRuns.get(runOfBranch(branch) ?? '');
    if (runId === undefined) return [];
    const place = `${placeOf(table)}, branch ${branch}`;
    return [{ what: 'branch', place, runId, remove: () => dropBranches(spark, table, [branch]) }];
  });
}

const placeOf = ({ catalog, schema, table }: TableName): string => `${catalog}.${schema}.${table}`;
