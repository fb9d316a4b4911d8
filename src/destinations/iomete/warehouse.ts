// Settings of a lakehouse → the warehouse of its Iceberg tables, over Spark Thrift.
import { randomBytes } from 'node:crypto';
import type { Log } from '../../errors/log.ts';
import { TargetError } from '../../errors/target-error.ts';
import { sayRenamedColumns } from '../sql/renamed-columns.ts';
import type { Warehouse } from '../staged/warehouse.ts';
import { type ConnectionSettings, connect, type SparkClient } from './client.ts';
import { overwriteLoader } from './overwrite-loader.ts';
import { Schemas } from './schemas.ts';
import { type TableLoaderSettings, tableLoader } from './table-loader.ts';
import { tableSession } from './table-session.ts';

export interface IometeSettings extends ConnectionSettings {
  /** The schema that the connection is for: a hint for people, since every table is addressed with its own. */
  readonly database: string;
  /** Where tables are that name no catalog of their own: `spark_catalog`. */
  readonly catalog: string;
  /** Start of the run, in milliseconds since 1970, for `_sdc_sync_started_at`. */
  readonly syncStartedAtMs: number;
  /** See {@link leastRows}; 0 when it is not set. */
  readonly overwriteMinPercent?: number | undefined;
  /** Twelve lower-case hexadecimal digits, which tell what this run makes from what others do; made up when not set. */
  readonly runId?: string | undefined;
}

/** One session a table; {@link Warehouse.close} takes a few seconds at most. */
export function iometeWarehouse(settings: IometeSettings, log: Log): Warehouse {
  let client: SparkClient | undefined;
  const connected = (): SparkClient => {
    if (client === undefined) throw new TargetError('INTERNAL', 'the destination is not connected');
    return client;
  };
  const runId = settings.runId ?? randomBytes(6).toString('hex');
  const schemas = new Schemas();
  let tables = 0;
  const loaderSettings = (stream: string): TableLoaderSettings => {
    const { catalog, syncStartedAtMs } = settings;
    const sayRenamed = sayRenamedColumns(stream, log);
    return { stream, catalog, syncStartedAtMs, sayRenamed, schemas, runId: `${runId}_${tables++}` };
  };
  return {
    name: 'iomete',
    pace: {
      // ten MERGEs of 100,000 rows cost a third more than one of all
      maxLoadRows: 2_000_000,
      // what a load costs beside its rows is about a second
      coalesceMs: 400,
    },
    connect: async () => {
      client = await connect(settings, log);
      const probe = await client.openSession();
      await probe.close();
    },
    placeOf: ({ catalog = settings.catalog, schema, table }) => `${catalog}.${schema}.${table} at ${settings.host}`,
    openTable: (stream) => tableLoader(tableSession(connected), loaderSettings(stream), log),
    openOverwrite: (stream) => {
      const { overwriteMinPercent = 0 } = settings;
      const own = { ...loaderSettings(stream), overwriteId: runId, overwriteMinPercent };
      return overwriteLoader(tableSession(connected), own, log);
    },
    close: async () => {
      await client?.close();
      client = undefined;
    },
  };
}
