// A DuckDB file → what runs would do to its tables: the same is done in a transaction, which is rolled back.
import { access, constants, mkdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Log, silent } from '../../errors/log.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import type { Planner } from '../destination.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { planTable, type Trial } from '../sql/plan-table.ts';
import { type DuckdbSettings, openDatabase } from './database.ts';
import { openError, statementError } from './duckdb-errors.ts';
import { checkTable, columnsOf, prepareTable } from './prepare-table.ts';
import { withConstraint } from './table-limits.ts';
import { openConnection } from './table-loader.ts';

/**
 * DuckDB itself says what it would refuse. Where there is no file, plans are made in an empty one of the same name.
 * @throws TargetError DESTINATION_BUSY, DESTINATION_FILE, STAGE_DISK_FULL
 */
export async function duckdbPlanner(settings: DuckdbSettings, log: Log): Promise<Planner> {
  const file = await fileToOpen(settings);
  const database = await openDatabase(file.settings, log).catch(async (error: unknown) => {
    await file.remove();
    throw error;
  });
  const close = async () => {
    await database.close();
    await file.remove();
  };
  try {
    const { connection, catalog } = await openConnection(() => database.instance.connect());
    return {
      plan: async (versions) => {
        const [{ table, stream }] = versions as [StreamVersion];
        const name = { ...table, catalog };
        return rolledBack(connection, () =>
          planTable(duckdbDialect, versions, name, trialOn(connection, stream, name)),
        );
      },
      close: async () => {
        connection.closeSync();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** DuckDB calls a catalog by its file's name, which statements begin with. */
async function fileToOpen(settings: DuckdbSettings) {
  const { path } = settings;
  const isThere = await stat(path).then(
    () => true,
    ({ code }) => code !== 'ENOENT',
  );
  if (isThere) return { settings, remove: async () => {} };
  await access(dirname(resolve(path)), constants.W_OK).catch((error) => {
    throw openError(error, path);
  });
  // a folder that `clean` knows, should nobody remove it
  const folder = await settings.spillPath();
  await mkdir(folder);
  const name = basename(path);
  const elsewhere = { path: join(folder, name), spillPath: async () => join(folder, `${name}.spill`) };
  const remove = () => rm(folder, { recursive: true, force: true });
  return { settings: { ...settings, ...elsewhere }, remove };
}

async function rolledBack<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN TRANSACTION');
  try {
    return await work();
  } finally {
    // a database that fails altogether has said so
    await connection.run('ROLLBACK').catch(() => {});
  }
}

function trialOn(connection: DuckDBConnection, stream: string, name: TableName): Trial {
  const coded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw await withConstraint(statementError(error, { stream }), error, connection, name);
    }
  };
  const prepare = (isStaging: boolean): Trial['prepare'] => {
    return (version, table) =>
      coded(async () => {
        const statements: string[] = [];
        const onChange = (statement: string) => statements.push(statement);
        const prepared = await prepareTable(connection, version, table, { log: silent, isStaging, onChange });
        return { table: prepared, statements };
      });
  };
  return {
    prepare: prepare(false),
    prepareSide: prepare(true),
    check: (version, table) => coded(() => checkTable(connection, version, table)),
    unfilled: async (_table, others) =>
      others.find((other) => other.required === true && other.default === undefined)?.name,
    columnsOf: (table) => columnsOf(connection, table),
    swap: (table, source, values) => [
      `DELETE FROM ${table}`,
      ...(values.size === 0 ? [] : [insertOf(table, source, values)]),
    ],
  };
}

function insertOf(table: string, source: string, values: ReadonlyMap<string, string>): string {
  const names = [...values.keys()].map((column) => duckdbDialect.quoteName(column));
  return `INSERT INTO ${table} (${names.join(', ')}) SELECT ${[...values.values()].join(', ')} FROM ${source}`;
}
