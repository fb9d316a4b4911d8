// Branches of a table that a run makes for what nobody is to see yet: their names, and how they go.
import type { TableName } from '../../schema/model.ts';
import { tableReference } from '../sql/dialect.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { isMissing } from './prepare-table.ts';
import type { SparkSession } from './session.ts';

const overwritePrefix = 'target_overwrite_';
const loadPrefix = 'target_load_';

/** @param overwriteId of the run: twelve hexadecimal digits */
export const overwriteBranch = (overwriteId: string, attempt: number): string =>
  `${overwritePrefix}${overwriteId}_${attempt}`;

export const isOverwriteBranch = (name: string): boolean => name.startsWith(overwritePrefix);

/** @param runId of a table's loader: begins with the twelve digits of the run */
export const loadBranch = (runId: string, attempt: number): string => `${loadPrefix}${runId}_${attempt}`;

/** The twelve digits of the run that has made a branch; undefined for a branch of somebody else. */
export const runOfBranch = (name: string): string | undefined =>
  /^target_(?:overwrite|load)_([0-9a-f]{12})_/.exec(name)?.[1];

/** Of all branches and tags. */
export async function branchNames(spark: SparkSession, table: TableName): Promise<readonly string[]> {
  const refs = await spark.run(`SELECT name FROM ${tableReference(sparkDialect, table)}.refs`);
  return refs.map(({ name }) => String(name));
}

/** Fine when they, or the table, are gone. */
export async function dropBranches(spark: SparkSession, table: TableName, branches: readonly string[]): Promise<void> {
  const reference = tableReference(sparkDialect, table);
  for (const branch of branches) {
    try {
      await spark.execute(`ALTER TABLE ${reference} DROP BRANCH IF EXISTS ${sparkDialect.quoteName(branch)}`);
    } catch (failure) {
      if (!isMissing(failure)) throw failure;
    }
  }
}
