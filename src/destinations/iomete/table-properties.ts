// A table → its properties in full: DESCRIBE prints them in a row, where a value with a comma can't be told from two.
import type { SparkSession } from './session.ts';

/** @param table quoted */
export async function tableProperties(spark: SparkSession, table: string): Promise<ReadonlyMap<string, string>> {
  const rows = await spark.run(`SHOW TBLPROPERTIES ${table}`);
  return new Map(rows.map(({ key, value }) => [String(key), String(value)]));
}
