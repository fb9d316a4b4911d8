// A lakehouse → the tables that streams are loaded into, outside of a run.
import type { Log } from '../../errors/log.ts';
import type { TableName } from '../../schema/model.ts';
import type { FoundTable, Tables } from '../destination.ts';
import { tableReference } from '../sql/dialect.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { type ConnectionSettings, connect } from './client.ts';
import { describe } from './prepare-table.ts';
import { dropTable } from './schema-tables.ts';
import type { SparkSession } from './session.ts';
import { refuseForeign } from './table-checks.ts';

/** @throws TargetError what connecting throws */
export async function lakehouseTables(
  settings: ConnectionSettings & { readonly catalog: string },
  log: Log,
): Promise<Tables> {
  const client = await connect(settings, log);
  try {
    const spark = await client.openSession();
    return {
      find: (table) => find(spark, { ...table, catalog: table.catalog ?? settings.catalog }),
      close: async () => {
        await spark.close();
        await client.close();
      },
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function find(spark: SparkSession, table: TableName): Promise<FoundTable | undefined> {
  const reference = tableReference(sparkDialect, table);
  const found = await describe(spark, reference);
  if (found === undefined) return undefined;
  refuseForeign(found, table);
  const [counted] = await spark.run(`SELECT count(*) AS had FROM ${reference}`);
  return {
    place: `${table.catalog}.${table.schema}.${table.table}`,
    rows: BigInt(String(counted!.had)),
    drop: () => dropTable(spark, table),
  };
}
