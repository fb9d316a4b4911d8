// The loads of an overwritten stream → a staging table → in one transaction, the rows of the table.
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Log } from '../../errors/log.ts';
import { TargetError } from '../../errors/target-error.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import type { Discards, InexactCounts } from '../destination.ts';
import { tableReference } from '../sql/dialect.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { leastRows } from '../sql/least-rows.ts';
import { requiredColumn } from '../sql/required-column.ts';
import {
  inexactBySwap,
  leftoverStagingTables,
  sideValues,
  stagingTable,
  unfitBySwap,
  versionOfSide,
  withProperties,
  withTextKept,
} from '../sql/staging-table.ts';
import { wantedColumns } from '../sql/table-columns.ts';
import type { OverwriteLoader } from '../staged/warehouse.ts';
import { statementError } from './duckdb-errors.ts';
import { checkTable, columnsOf, prepareTable } from './prepare-table.ts';
import { dropStagingTable } from './staging-tables.ts';
import { firstRow, inTransaction } from './statements.ts';
import { withConstraint } from './table-limits.ts';
import { openConnection, type TableLoaderSettings, tableLoader } from './table-loader.ts';

export interface OverwriteLoaderSettings extends TableLoaderSettings {
  /** Twelve hexadecimal digits. */
  readonly runId: string;
  /** See {@link leastRows}. */
  readonly overwriteMinPercent: number;
}

interface Overwrite {
  readonly connection: DuckDBConnection;
  readonly table: TableName;
  readonly side: TableName;
  /** False while no version has had columns: then there is no staging table, and there are no rows. */
  hasSide: boolean;
}

export function overwriteLoader(
  connect: () => Promise<DuckDBConnection>,
  settings: OverwriteLoaderSettings,
  log: Log,
): OverwriteLoader {
  // What is done to a table that nobody sees is told when it is done to the table.
  const loader = tableLoader(
    connect,
    { ...settings, isStaging: true, sayRenamed: () => {} },
    { info: () => {}, warn: log.warn },
  );
  let overwrite: Overwrite | undefined;
  let latest: StreamVersion | undefined;
  let discards: Discards | undefined;
  /** A column of the table that can't be without a value, and would be in each row of the version prepared last. */
  let unfilled: string | undefined;

  const onSide = (version: StreamVersion): StreamVersion => ({
    ...version,
    table: stagingTable(version.table, settings.runId),
    // what nobody sees may have any columns
    contract: undefined,
  });
  const coded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const told = statementError(error, { stream: settings.stream });
      throw overwrite === undefined ? told : await withConstraint(told, error, overwrite.connection, overwrite.table);
    }
  };
  const begin = async (version: StreamVersion): Promise<Overwrite> => {
    const { connection, catalog } = await openConnection(connect);
    const table = { ...version.table, catalog };
    const begun = { connection, table, side: stagingTable(table, settings.runId), hasSide: false };
    overwrite = begun;
    await settings.changeCatalog(() => dropOrphans(connection, table, settings.runId));
    return begun;
  };

  /** The swap would refuse these rows: better now than when all are loaded. */
  const refuseUnfilled = () => {
    if (unfilled !== undefined) throw requiredColumn(unfilled, { stream: settings.stream });
  };

  return {
    prepare: async (version) => {
      const begun = overwrite ?? (await coded(() => begin(version)));
      const { connection, table } = begun;
      latest = version;
      // nothing is looked up in the table itself, so a key is a column like all others
      const checked = await coded(() => checkTable(connection, { ...version, keys: [] }, table));
      discards = checked.discards;
      unfilled = checked.others.find((other) => other.required === true && other.default === undefined)?.name;
      settings.sayRenamed(version, checked.columns);
      if (discards?.stream || wantedColumns(version).length === 0) return discards;
      await loader.prepare(withTextKept(onSide(version), checked.columns));
      begun.hasSide = true;
      return discards;
    },
    load: async (load) => {
      refuseUnfilled();
      return loader.load({ ...load, version: onSide(load.version) });
    },
    loadParquet: async (load) => {
      refuseUnfilled();
      return loader.loadParquet({ ...load, version: onSide(load.version) });
    },
    activateVersion: (version, tableVersion) => loader.activateVersion(onSide(version), tableVersion),
    complete: () =>
      coded(async () => {
        if (overwrite === undefined || latest === undefined)
          throw new TargetError('INTERNAL', 'an overwrite was completed before it began');
        if (discards?.stream) return new Map();
        const [now, version] = [overwrite, latest];
        const { changeCatalog, overwriteMinPercent } = settings;
        return changeCatalog(() =>
          inTransaction(now.connection, () => replaceRows(now, version, { overwriteMinPercent, log })),
        );
      }),
    close: async () => {
      await loader.close();
      if (overwrite === undefined) return;
      const { connection, side } = overwrite;
      // Where this fails the next overwrite of the table does it.
      await dropStagingTable(connection, side).catch(() => {});
      connection.closeSync();
      overwrite = undefined;
    },
  };
}

/** One process has the file, so whatever another run has left belongs to nobody. */
async function dropOrphans(connection: DuckDBConnection, table: TableName, runId: string): Promise<void> {
  const [catalog, schema] = [table.catalog ?? '', table.schema].map((part) => duckdbDialect.quoteText(part));
  const found = await connection.runAndReadAll(
    `SELECT table_name FROM duckdb_tables() WHERE database_name = ${catalog} AND lower(schema_name) = lower(${schema})`,
  );
  const names = found.getRows().map(([name]) => String(name));
  for (const name of leftoverStagingTables(table.table, runId, names))
    await dropStagingTable(connection, { ...table, table: name });
}

/**
 * To be called within a transaction. The table itself stays, with its comments, constraints and further columns:
 * putting the staging table in its place by RENAME loses these, and what is saved is one copy within the file (2M rows: 6 s).
 */
async function replaceRows(
  { connection, table, side, hasSide }: Overwrite,
  latest: StreamVersion,
  { overwriteMinPercent: percent, log }: { readonly overwriteMinPercent: number; readonly log: Log },
): Promise<InexactCounts> {
  const target = tableReference(duckdbDialect, table);
  const least = leastRows(duckdbDialect, { table, side: hasSide ? side : undefined, percent });
  const refuseTooFew = async () => least?.check((await firstRow(connection, least.statement))!);
  if (!hasSide) {
    await refuseTooFew();
    await connection.run(`DELETE FROM ${target}`);
    return new Map();
  }
  const from = withProperties(await columnsOf(connection, side), latest);
  const into = await prepareTable(connection, versionOfSide(latest, from), table, { log });
  await refuseTooFew();
  const source = tableReference(duckdbDialect, side);
  const unfit = unfitBySwap(duckdbDialect, latest, { side: source, from, into: into.columns });
  if (unfit !== undefined) unfit.check((await firstRow(connection, unfit.statement))!);
  const count = inexactBySwap(duckdbDialect, latest, { side: source, from, into: into.columns });
  const inexact = count === undefined ? new Map() : count.read((await firstRow(connection, count.statement))!);
  await connection.run(`DELETE FROM ${target}`);
  const values = sideValues(duckdbDialect, from, into.columns);
  const names = [...values.keys()].map((name) => duckdbDialect.quoteName(name));
  await connection.run(
    `INSERT INTO ${target} (${names.join(', ')}) SELECT ${[...values.values()].join(', ')} FROM ${source}`,
  );
  await connection.run(`DROP TABLE ${source}`);
  return inexact;
}
