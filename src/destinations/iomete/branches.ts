// Branches of a table that a run makes for what nobody is to see yet: their names, how a table takes over one, how they go.
import type { TableName } from '../../schema/model.ts';
import { tableReference } from '../sql/dialect.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import type { SparkSession } from './session.ts';
import { isMissing, StatementError } from './statement-error.ts';

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

/**
 * Moves the table on to the branch, which does nothing when it is there already.
 * @returns the snapshot that the table shows now
 * @throws StatementError, of which {@link hasMoved} tells when another writer was first
 */
export async function fastForward(spark: SparkSession, table: TableName, branch: string): Promise<string> {
  const { quoteName, quoteText } = sparkDialect;
  const name = tableReference(sparkDialect, { schema: table.schema, table: table.table });
  const target = `table => ${quoteText(name)}, branch => 'main', to => ${quoteText(branch)}`;
  const [moved] = await spark.run(`CALL ${quoteName(table.catalog ?? '')}.system.fast_forward(${target})`);
  return String(moved?.updated_ref);
}

/** The table has been changed since the branch began. */
export const hasMoved = (failure: unknown): failure is StatementError =>
  failure instanceof StatementError && failure.says(/not an ancestor/);

/** Fine when they, or the table, are gone. */
export async function dropBranches(spark: SparkSession, table: TableName, branches: readonly string[]): Promise<void> {
  const reference = tableReference(sparkDialect, table);
  for (const branch of branches) {
    try {
      await spark.execute(`ALTER TABLE ${reference} DROP BRANCH IF EXISTS ${sparkDialect.quoteName(branch)}`);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}
