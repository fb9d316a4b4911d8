// The schemas that a lakehouse has now → the way back to them.
import type { Log } from '../../errors/log.ts';
import type { TableName } from '../../schema/model.ts';
import type { Remembered } from '../destination.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { type ConnectionSettings, connect } from './client.ts';
import { dropTable } from './schema-tables.ts';
import type { SparkSession } from './session.ts';

type Settings = ConnectionSettings & { readonly catalog: string };

/** @throws TargetError what connecting throws */
export async function rememberLakehouse(settings: Settings, schemas: readonly string[], log: Log): Promise<Remembered> {
  const { quoteName } = sparkDialect;
  const rows = await inSession(settings, log, (spark) => spark.run(`SHOW SCHEMAS IN ${quoteName(settings.catalog)}`));
  const known = rows.map(({ namespace }) => String(namespace).toLowerCase());
  const added = schemas.filter((schema) => !known.includes(schema.toLowerCase()));
  return {
    restore: (tables: readonly TableName[]) =>
      inSession(settings, log, async (spark) => {
        for (const table of tables) await dropTable(spark, { ...table, catalog: table.catalog ?? settings.catalog });
        for (const schema of added)
          await spark.execute(`DROP SCHEMA IF EXISTS ${quoteName(settings.catalog)}.${quoteName(schema)}`);
      }),
  };
}

async function inSession<T>(settings: Settings, log: Log, use: (spark: SparkSession) => Promise<T>): Promise<T> {
  const client = await connect(settings, log);
  try {
    const spark = await client.openSession();
    const result = await use(spark);
    await spark.close();
    return result;
  } finally {
    await client.close();
  }
}
