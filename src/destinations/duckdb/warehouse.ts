// DuckDB settings → a Warehouse: one file, one process, one connection per table.
import { randomBytes } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import pLimit from 'p-limit';
import type { Log } from '../../errors/log.ts';
import { TargetError } from '../../errors/target-error.ts';
import { sayRenamedColumns } from '../sql/renamed-columns.ts';
import type { Warehouse } from '../staged/warehouse.ts';
import { type Database, type DuckdbSettings, openDatabase } from './database.ts';
import { overwriteLoader } from './overwrite-loader.ts';
import { type TableLoaderSettings, tableLoader } from './table-loader.ts';

export interface DuckdbWarehouseSettings extends DuckdbSettings {
  /** Twelve lower-case hexadecimal digits, which tell what this run makes from what others do; made up when not set. */
  readonly runId?: string | undefined;
  /** See {@link leastRows}; 0 when it is not set. */
  readonly overwriteMinPercent?: number | undefined;
}

export function duckdbWarehouse(settings: DuckdbWarehouseSettings, log: Log): Warehouse {
  let database: Database | undefined;
  let opening: Promise<Database> | undefined;
  // Two transactions that change the catalog may conflict, even over different tables: one at a time.
  const inTurn = pLimit(1);
  const runId = settings.runId ?? randomBytes(6).toString('hex');

  const connections: DuckDBConnection[] = [];
  const connection = async (): Promise<DuckDBConnection> => {
    if (database === undefined) throw new TargetError('INTERNAL', 'the DuckDB file is not open');
    const opened = await database.instance.connect();
    connections.push(opened);
    return opened;
  };

  const loaderSettings = (stream: string): TableLoaderSettings => ({
    stream,
    syncStartedAtMs: settings.syncStartedAtMs,
    sayRenamed: sayRenamedColumns(stream, log),
    changeCatalog: (change) => inTurn(change),
  });

  return {
    name: 'duckdb',
    pace: {
      // what a MERGE needs beyond the memory limit grows with its rows, and a commit costs little here
      maxLoadRows: 250_000,
      // and with its columns: 1 GB has room for 20,000 rows of 1,000
      maxLoadValues: 20_000_000,
    },
    connect: async () => {
      opening ??= openDatabase(settings, log);
      database = await opening;
    },
    placeOf: ({ schema, table }) => `${schema}.${table} in ${settings.path}`,
    openTable: (stream) => tableLoader(connection, loaderSettings(stream), log),
    openOverwrite: (stream) => {
      const { overwriteMinPercent = 0 } = settings;
      return overwriteLoader(connection, { ...loaderSettings(stream), runId, overwriteMinPercent }, log);
    },
    close: async () => {
      // whoever gives up while the file is being opened must not leave the file open
      const open = await opening?.catch(() => undefined);
      opening = undefined;
      database = undefined;
      // Those too whose tables nobody has closed: see `Database.close`.
      for (const opened of connections.splice(0)) opened.closeSync();
      await open?.close();
    },
  };
}
