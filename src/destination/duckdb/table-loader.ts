// The loads of one stream → statements on a connection of their own: read, count, then one MERGE or INSERT.
import type { DuckDBConnection } from '@duckdb/node-api';
import { TargetError } from '../../errors/target-error.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import { stagedLayout } from '../../stage/layout.ts';
import type { Load, Log, TableLoader } from '../destination.ts';
import { tableReference } from '../sql/dialect.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { countStatement, insertStatement, loadStatement } from '../sql/load-statements.ts';
import type { TableColumn } from '../sql/table-columns.ts';
import { activateStatement } from '../sql/table-statements.ts';
import { isCsvError, statementError } from './duckdb-errors.ts';
import { prepareTable } from './prepare-table.ts';
import { stagedRelation } from './staged-relation.ts';

export interface TableLoaderSettings {
  readonly stream: string;
  readonly syncStartedAtMs: number;
  /** Runs one change of the catalog after another. */
  changeCatalog<T>(change: () => Promise<T>): Promise<T>;
}

/** Rows longer than the first are rare; each further size is tried only when the one before it failed. */
const readBufferBytes = [8, 64, 512].map((mebibytes) => mebibytes * 2 ** 20);

/** Temporary tables belong to their connection: loaders don't see each other's. */
const stagedTable = 'temp.main.staged';

export function tableLoader(
  connect: () => Promise<DuckDBConnection>,
  settings: TableLoaderSettings,
  log: Log,
): TableLoader {
  const context = { stream: settings.stream };
  let opened: { readonly connection: DuckDBConnection; readonly catalog: string } | undefined;
  /** Where the table holds the columns of the version that was prepared last. */
  let prepared: { readonly versionId: number; readonly columns: readonly TableColumn[] } | undefined;

  const onTable = async <T>(
    version: StreamVersion,
    work: (connection: DuckDBConnection, name: TableName) => Promise<T>,
  ): Promise<T> => {
    try {
      opened ??= await open(connect);
      return await work(opened.connection, { ...version.table, catalog: opened.catalog });
    } catch (error) {
      throw statementError(error, context);
    }
  };
  const columnsOf = (version: StreamVersion): readonly TableColumn[] => {
    if (prepared?.versionId === version.id) return prepared.columns;
    throw new TargetError('INTERNAL', `version ${version.id} was not prepared`, context);
  };

  return {
    prepare: (version) =>
      onTable(version, async (connection, name) => {
        const columns = await settings.changeCatalog(() =>
          inTransaction(connection, () => prepareTable(connection, version, name, log)),
        );
        prepared = { versionId: version.id, columns };
      }),
    load: (load) =>
      onTable(load.version, async (connection, name) => {
        const table = tableReference(duckdbDialect, name);
        const { syncStartedAtMs } = settings;
        await loadFiles(connection, { load, table, columns: columnsOf(load.version), syncStartedAtMs });
      }),
    activateVersion: (version, tableVersion) =>
      onTable(version, async (connection, name) => {
        const table = tableReference(duckdbDialect, name);
        const columns = columnsOf(version);
        const statement = activateStatement(duckdbDialect, table, version, columns, tableVersion, new Date());
        if (statement !== undefined) await connection.run(statement);
      }),
    close: async () => {
      opened?.connection.closeSync();
      opened = undefined;
    },
  };
}

interface FilesToLoad {
  readonly load: Load;
  readonly table: string;
  readonly columns: readonly TableColumn[];
  readonly syncStartedAtMs: number;
}

async function open(connect: () => Promise<DuckDBConnection>) {
  const connection = await connect();
  const catalog = await firstValue(connection, 'SELECT current_database()');
  return { connection, catalog: String(catalog) };
}

async function loadFiles(connection: DuckDBConnection, target: FilesToLoad): Promise<void> {
  const { load, table } = target;
  const onlyAppends = load.version.keys.length === 0 || (hasOneRowPerKey(load) && (await isEmpty(connection, table)));
  const loadFrom = onlyAppends ? appendFrom : mergeFrom;
  let unreadable: unknown;
  for (const bufferBytes of readBufferBytes) {
    try {
      return await loadFrom(connection, target, stagedRelation(stagedLayout(load.version), load.files, bufferBytes));
    } catch (error) {
      // A larger buffer that memory has no room for says nothing of why a smaller one did not do.
      if (!isCsvError(error)) throw unreadable ?? error;
      unreadable ??= error;
    }
  }
  throw unreadable;
}

const hasOneRowPerKey = (load: Load): boolean => !load.mayRepeatKeys && !load.hasDeletes;

const isEmpty = async (connection: DuckDBConnection, table: string): Promise<boolean> =>
  (await firstValue(connection, `SELECT 1 FROM ${table} LIMIT 1`)) === undefined;

/** Straight from the files into the table, counted before the commit. */
async function appendFrom(connection: DuckDBConnection, target: FilesToLoad, relation: string): Promise<void> {
  await inTransaction(connection, async () => {
    const inserted = await connection.run(insertStatement(duckdbDialect, { ...target, relation }));
    checkRows(target.load, inserted.rowsChanged);
  });
}

/** By way of a temporary table, so that the files are read and counted once, before the table is touched. */
async function mergeFrom(connection: DuckDBConnection, target: FilesToLoad, relation: string): Promise<void> {
  try {
    await connection.run(`CREATE OR REPLACE TEMPORARY TABLE ${stagedTable} AS SELECT * FROM ${relation}`);
    checkRows(target.load, Number(await firstValue(connection, countStatement(stagedTable))));
    await connection.run(loadStatement(duckdbDialect, { ...target, relation: stagedTable }));
  } finally {
    await connection.run(`DROP TABLE IF EXISTS ${stagedTable}`).catch(() => {});
  }
}

function checkRows(load: Load, rows: number): void {
  if (rows === load.rows) return;
  const files = `${load.files.length} staged file${load.files.length === 1 ? '' : 's'}`;
  throw new TargetError('LOAD_ROWS_MISMATCH', `${load.rows} rows were written to ${files}, DuckDB reads ${rows}`);
}

async function inTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN TRANSACTION');
  try {
    const result = await work();
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    // A failed COMMIT has rolled back already.
    await connection.run('ROLLBACK').catch(() => {});
    throw error;
  }
}

async function firstValue(connection: DuckDBConnection, sql: string): Promise<unknown> {
  return (await connection.runAndReadAll(sql)).getRows()[0]?.[0];
}
