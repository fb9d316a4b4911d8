// The tables of a schema: their names, and how one goes.
import type { TableName } from '../../schema/model.ts';
import { tableReference } from '../sql/dialect.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import type { SparkSession } from './session.ts';
import { isMissing } from './statement-error.ts';

/** @param pattern in Spark's own form: `*` stands for anything. @returns none where there is no schema */
export async function tableNames(
  spark: SparkSession,
  { catalog = '', schema }: Pick<TableName, 'catalog' | 'schema'>,
  pattern = '*',
): Promise<readonly string[]> {
  const { quoteName, quoteText } = sparkDialect;
  try {
    const place = `${quoteName(catalog)}.${quoteName(schema)}`;
    const rows = await spark.run(`SHOW TABLES IN ${place} LIKE ${quoteText(pattern)}`);
    return rows.map(({ tableName }) => String(tableName));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** With its files. Fine when it is gone. */
export const dropTable = (spark: SparkSession, table: TableName): Promise<void> =>
  spark.execute(`DROP TABLE IF EXISTS ${tableReference(sparkDialect, table)} PURGE`);
