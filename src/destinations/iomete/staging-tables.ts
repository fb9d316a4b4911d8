// Staging tables in the lakehouse: which tables are some, and how one goes. The name alone is no reason to drop a table.
import type { TableName } from '../../schema/model.ts';
import { tableReference } from '../sql/dialect.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { describe, isMarked } from './prepare-table.ts';
import { dropTable } from './schema-tables.ts';
import type { SparkSession } from './session.ts';

/** False for what is gone. */
export async function isStagingTable(spark: SparkSession, table: TableName): Promise<boolean> {
  const found = await describe(spark, tableReference(sparkDialect, table));
  return found !== undefined && isMarked(found);
}

/** Leaves a table that has no mark. Fine when it is gone. */
export async function dropStagingTable(spark: SparkSession, table: TableName): Promise<void> {
  if (await isStagingTable(spark, table)) await dropTable(spark, table);
}
