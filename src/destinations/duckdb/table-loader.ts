// The versions and loads of one stream → statements on a connection of their own.
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Log } from '../../errors/log.ts';
import { TargetError } from '../../errors/target-error.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import { tableReference } from '../sql/dialect.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { sayIgnoredColumns } from '../sql/parquet-columns.ts';
import type { PreparedTable } from '../sql/prepared-table.ts';
import type { SayRenamed } from '../sql/renamed-columns.ts';
import { activateStatement } from '../sql/table-statements.ts';
import type { TableLoader } from '../staged/warehouse.ts';
import { statementError } from './duckdb-errors.ts';
import { loadFiles } from './load-files.ts';
import { loadParquet } from './load-parquet.ts';
import { prepareTable } from './prepare-table.ts';
import { firstValue, inTransaction } from './statements.ts';
import { tableKeys } from './table-keys.ts';
import { withConstraint } from './table-limits.ts';

export interface TableLoaderSettings {
  readonly stream: string;
  readonly syncStartedAtMs: number;
  readonly sayRenamed: SayRenamed;
  /** True for the staging table of an overwrite. */
  readonly isStaging?: boolean;
  /** Runs one change of the catalog after another. */
  changeCatalog<T>(change: () => Promise<T>): Promise<T>;
}

export function tableLoader(
  connect: () => Promise<DuckDBConnection>,
  settings: TableLoaderSettings,
  log: Log,
): TableLoader {
  const context = { stream: settings.stream };
  let opened: { readonly connection: DuckDBConnection; readonly catalog: string } | undefined;
  /** The table as it was prepared last. */
  let prepared: { readonly versionId: number; readonly table: PreparedTable } | undefined;
  let isNew = false;
  const keys = tableKeys(log);

  const onTable = async <T>(
    version: StreamVersion,
    work: (connection: DuckDBConnection, name: TableName) => Promise<T>,
  ): Promise<T> => {
    try {
      opened ??= await openConnection(connect);
      return await work(opened.connection, fullName(version, opened));
    } catch (error) {
      const coded = statementError(error, context);
      if (opened === undefined) throw coded;
      throw await withConstraint(coded, error, opened.connection, fullName(version, opened));
    }
  };
  const preparedFor = (version: StreamVersion): PreparedTable => {
    if (prepared?.versionId === version.id) return prepared.table;
    throw new TargetError('INTERNAL', `version ${version.id} was not prepared`, context);
  };

  const ignored = sayIgnoredColumns(settings.stream, log);

  return {
    prepare: (version) =>
      onTable(version, async (connection, name) => {
        const free = isNew ? { ...version, contract: undefined } : version;
        const table = await settings.changeCatalog(() =>
          inTransaction(connection, () =>
            prepareTable(connection, free, name, { log, isStaging: settings.isStaging ?? false }),
          ),
        );
        isNew ||= table.isNew;
        if (isNew) keys.wasEmpty();
        prepared = { versionId: version.id, table };
        settings.sayRenamed(version, table.columns);
        return table.discards;
      }),
    load: (load) =>
      onTable(load.version, async (connection, name) => {
        const table = tableReference(duckdbDialect, name);
        const { columns, others } = preparedFor(load.version);
        const { syncStartedAtMs } = settings;
        return loadFiles(connection, { load, table, columns, others, syncStartedAtMs, keys });
      }),
    loadParquet: (load) =>
      onTable(load.version, async (connection, name) => {
        const table = tableReference(duckdbDialect, name);
        const prepared = preparedFor(load.version);
        const { syncStartedAtMs } = settings;
        return loadParquet(connection, { load, table, prepared, syncStartedAtMs, ignored, keys });
      }),
    activateVersion: (version, tableVersion) =>
      onTable(version, async (connection, name) => {
        const table = tableReference(duckdbDialect, name);
        const { columns } = preparedFor(version);
        const statement = activateStatement(duckdbDialect, table, version, columns, tableVersion, new Date());
        if (statement !== undefined) await connection.run(statement);
      }),
    close: async () => {
      opened?.connection.closeSync();
      opened = undefined;
    },
  };
}

const fullName = ({ table }: StreamVersion, { catalog }: { readonly catalog: string }): TableName => ({
  ...table,
  catalog,
});

/** A connection, and the name by which it knows the file. */
export async function openConnection(connect: () => Promise<DuckDBConnection>) {
  const connection = await connect();
  const catalog = await firstValue(connection, 'SELECT current_database()');
  return { connection, catalog: String(catalog) };
}
