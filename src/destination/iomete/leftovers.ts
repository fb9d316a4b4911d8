// A lakehouse and ids of dead runs → what their overwrites have left: side tables, branches.

import type { TableName } from '../../schema/model.ts';
import type { Leftover } from '../../stage/leftover.ts';
import type { Log } from '../destination.ts';
import { tableReference } from '../sql/dialect.ts';
import { sideTable, sideTableId } from '../sql/side-table.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { type ConnectionSettings, connect } from './client.ts';
import { isMissing } from './prepare-table.ts';
import { branchName, currentState, dropBranches } from './replace-rows.ts';
import type { SparkSession } from './session.ts';
import { StatementError } from './statement-error.ts';

export interface LakehouseLeftoverSettings extends ConnectionSettings {
  readonly catalog: string;
  /** Those that streams are loaded into. */
  readonly schemas: readonly string[];
  /** Runs that are known to be dead, by the twelve digits in the names of what they made. */
  readonly deadRuns: ReadonlyMap<string, string>;
}

export interface LakehouseLeftovers {
  /** To be removed one after another, in this order: a branch before the side table that leads to it. */
  readonly things: readonly Leftover[];
  close(): Promise<void>;
}

/** What no run in `deadRuns` has made may belong to one that is alive, and is not looked at. @throws TargetError */
export async function lakehouseLeftovers(settings: LakehouseLeftoverSettings, log: Log): Promise<LakehouseLeftovers> {
  const client = await connect(settings, log);
  try {
    const spark = await client.openSession();
    const things: Leftover[] = [];
    for (const schema of settings.schemas) things.push(...(await inSchema(spark, settings, schema)));
    const close = async () => {
      await spark.close();
      await client.close();
    };
    return { things, close };
  } catch (failure) {
    await client.close();
    throw failure;
  }
}

async function inSchema(
  spark: SparkSession,
  { catalog, deadRuns }: LakehouseLeftoverSettings,
  schema: string,
): Promise<readonly Leftover[]> {
  const names = await tablesIn(spark, [catalog, schema]);
  const things: Leftover[] = [];
  for (const name of names) {
    const id = sideTableId(name);
    const runId = id === undefined ? undefined : deadRuns.get(id);
    if (id === undefined || runId === undefined) continue;
    const [table] = names.filter((other) => sideTable({ schema, table: other }, id).table === name);
    if (table !== undefined) things.push(...(await branchOf(spark, { catalog, schema, table }, id, runId)));
    const side = { catalog, schema, table: name };
    things.push({
      what: 'side table',
      place: placeOf(side),
      runId,
      remove: () =>
        spark.execute(`DROP TABLE IF EXISTS ${tableReference(sparkDialect, side)} PURGE`, { repeatable: true }),
    });
  }
  return things;
}

async function tablesIn(spark: SparkSession, schema: readonly string[]): Promise<readonly string[]> {
  try {
    const rows = await spark.run(`SHOW TABLES IN ${schema.map((part) => sparkDialect.quoteName(part)).join('.')}`);
    return rows.map(({ tableName }) => String(tableName));
  } catch (failure) {
    if (isMissing(failure)) return [];
    throw failure;
  }
}

async function branchOf(
  spark: SparkSession,
  table: TableName,
  id: string,
  runId: string,
): Promise<readonly Leftover[]> {
  const branch = branchName(id);
  if (!(await branchesOf(spark, table)).includes(branch)) return [];
  const place = `${placeOf(table)}, branch ${branch}`;
  return [{ what: 'branch', place, runId, remove: () => dropBranches(spark, table, [branch]) }];
}

/** The stream's own table may be a view, or somebody else's: it has no branches of ours then. */
async function branchesOf(spark: SparkSession, table: TableName): Promise<readonly string[]> {
  try {
    return (await currentState(spark, table)).leftoverBranches;
  } catch (failure) {
    if (failure instanceof StatementError && failure.outcome === 'failed') return [];
    throw failure;
  }
}

const placeOf = ({ catalog, schema, table }: TableName): string => `${catalog}.${schema}.${table}`;
