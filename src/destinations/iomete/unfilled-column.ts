// A table and the columns that nothing will fill → the one among them that is NOT NULL. DESCRIBE does not tell, an INSERT would.
import type { TableName } from '../../schema/model.ts';
import { tableReference } from '../sql/dialect.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import type { OtherColumn } from '../sql/table-columns.ts';
import { noAssignment } from './load-errors.ts';
import { describe } from './prepare-table.ts';
import type { SparkSession } from './session.ts';
import { StatementError } from './statement-error.ts';

/**
 * Asks Spark what it would do, which changes nothing.
 * @param others columns that no row will have a value for
 * @returns the name of one that must have one; undefined when rows may do without all of them
 */
export async function unfilledColumn(
  spark: SparkSession,
  name: TableName,
  others: readonly OtherColumn[],
): Promise<string | undefined> {
  if (others.length === 0) return undefined;
  const table = tableReference(sparkDialect, name);
  const unfilled = new Set(others.map((other) => other.name));
  const all = (await describe(spark, table))?.columns ?? [];
  const filled = all
    .filter((column) => !unfilled.has(column.name))
    .map((column) => sparkDialect.quoteName(column.name));
  if (filled.length === 0) return undefined;
  const values = filled.map(() => 'NULL');
  const insert = sparkDialect.append({ table, columns: filled, values, source: '(SELECT 1) s', where: undefined });
  try {
    const [answer] = await spark.run(`EXPLAIN ${insert}`);
    return noAssignment.exec(String(answer?.plan))?.[1];
  } catch (error) {
    // It is the INSERT itself that has to be right: what keeps Spark from explaining it is not of interest.
    if (error instanceof StatementError && error.outcome === 'failed') return error.find(noAssignment);
    throw error;
  }
}
