// A DuckDB file → what runs would do to its tables: the same is done in a transaction, which is rolled back.
import { access, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Log, silent } from '../../errors/log.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import type { Planner } from '../destination.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { planTable, type Trial } from '../sql/plan-table.ts';
import { type DuckdbSettings, openDatabase } from './database.ts';
import { statementError } from './duckdb-errors.ts';
import { checkTable, columnsOf, prepareTable } from './prepare-table.ts';
import { withConstraint } from './table-limits.ts';
import { openConnection } from './table-loader.ts';

export interface PlannerSettings extends DuckdbSettings {
  /** A path of which nothing is there yet, for a folder. */
  folderPath(): Promise<string>;
}

/**
 * DuckDB itself says what it would refuse. Where there is no file, plans are made in an empty one of the same name.
 * @throws TargetError DESTINATION_BUSY, DESTINATION_FILE, STAGE_DISK_FULL
 */
export async function duckdbPlanner(settings: PlannerSettings, log: Log): Promise<Planner> {
  const file = await fileToOpen(settings);
  try {
    const database = await openDatabase({ ...settings, path: file.path }, log);
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
        await database.close();
        await file.remove();
      },
    };
  } catch (error) {
    await file.remove();
    throw error;
  }
}

/** DuckDB calls a catalog by its file's name, which statements begin with. */
async function fileToOpen({ path, folderPath }: PlannerSettings) {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return { path, remove: async () => {} };
  const folder = await folderPath();
  await mkdir(folder);
  return { path: join(folder, basename(path)), remove: () => rm(folder, { recursive: true, force: true }) };
}

async function rolledBack<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN TRANSACTION');
  try {
    return await work();
  } finally {
    await connection.run('ROLLBACK');
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
