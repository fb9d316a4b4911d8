// DuckDB settings → a Destination: one file, one process, one connection per table.
import type { DuckDBConnection } from '@duckdb/node-api';
import pLimit from 'p-limit';
import { TargetError } from '../../errors/target-error.ts';
import type { Destination, Log } from '../destination.ts';
import { type Database, type DuckdbSettings, openDatabase } from './database.ts';
import { tableLoader } from './table-loader.ts';

export type { DuckdbSettings };

export function duckdbDestination(settings: DuckdbSettings, log: Log): Destination {
  let database: Database | undefined;
  // Two transactions that change the catalog may conflict, even over different tables: one at a time.
  const inTurn = pLimit(1);

  const connection = async (): Promise<DuckDBConnection> => {
    if (database === undefined) throw new TargetError('INTERNAL', 'the DuckDB file is not open');
    return database.instance.connect();
  };

  return {
    name: 'duckdb',
    // what a MERGE needs beyond the memory limit grows with its rows, and a commit costs little here
    maxLoadRows: 250_000,
    connect: async () => {
      database ??= await openDatabase(settings);
    },
    openTable: (stream) => {
      const { syncStartedAtMs } = settings;
      return tableLoader(connection, { stream, syncStartedAtMs, changeCatalog: (change) => inTurn(change) }, log);
    },
    close: async () => {
      const open = database;
      database = undefined;
      await open?.close();
    },
  };
}
