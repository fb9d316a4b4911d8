// The whole target in this process, into a DuckDB file or the stand-in lakehouse: what one suite runs over both.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/commands/sync.ts';
import { loadConfig, parseArguments } from '../../src/config/index.ts';
import { connect, type SparkClient } from '../../src/destinations/iomete/client.ts';
import type { SparkSession } from '../../src/destinations/iomete/session.ts';
import { progress } from '../../src/terminal/progress.ts';
import type { LakehouseDetails } from '../setup/lakehouse.ts';
import { inDuckdb } from './duckdb-file.ts';
import { lakehouseOptions } from './lakehouse-options.ts';
import { unreadStates } from './unread-states.ts';

export type Row = Readonly<Record<string, string | null>>;

export interface Warehouse {
  readonly name: 'duckdb' | 'spark';
  /** A schema that no other test has. */
  readonly schema: string;
  readonly flags: Readonly<Record<string, string>>;
  /** `$t` in the statement stands for the schema: `$t.orders`. */
  execute(sql: string): Promise<void>;
  /** The table's columns in their order, with the warehouse's own types. */
  columns(table: string): Promise<readonly (readonly [name: string, type: string])[]>;
  /** Of the columns that have one. */
  comments(table: string): Promise<Readonly<Record<string, string>>>;
  /** All values as text, in the order of the rows' text. */
  rows(table: string): Promise<readonly Row[]>;
  tables(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Runs the target once. @param said gets the lines of the log, and the summary however the run ends. @returns them, the summary included. @throws what the run throws */
export async function loadInto(
  { flags }: Pick<Warehouse, 'flags'>,
  messages: readonly (object | string)[],
  options: Readonly<Record<string, string | number | boolean>> = {},
  said: string[] = [],
): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'run-into-'));
  const input = join(folder, 'input.singer');
  const lines = messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)));
  writeFileSync(input, lines.join('\n'));
  const given = await parseArguments(
    Object.entries({ temp_dir: folder, ...flags, ...options }).map(([name, value]) => `--${name}=${value}`),
  );
  const log = { info: (line: string) => said.push(line), warn: (line: string) => said.push(`warning: ${line}`) };
  const events = progress(
    () => {},
    { isTerminal: false, showsStates: false },
    () => log,
  );
  try {
    const { options: resolved } = await loadConfig(given, {});
    await run(resolved, { input, stateFd: unreadStates, log, events, interruption: new AbortController().signal });
  } finally {
    events.finish(log, { finalState: true });
    rmSync(folder, { recursive: true, force: true });
  }
  return said;
}

export function duckdbWarehouse(): Warehouse {
  const folder = mkdtempSync(join(tmpdir(), 'warehouse-'));
  const path = join(folder, 'out.duckdb');
  const schema = 'main';
  const query = async (sql: string): Promise<unknown[][]> => (await inDuckdb(path, sql)).getRows();
  const columns = async (table: string) => {
    const found = await query(
      `SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = '${table}' ORDER BY column_index`,
    );
    return found.map(([name, type]) => [String(name), String(type)] as const);
  };
  return {
    name: 'duckdb',
    schema,
    flags: { destination: 'duckdb', duckdb_path: path },
    execute: async (sql) => void (await query(sql.replaceAll('$t', schema))),
    columns,
    comments: async (table) => {
      const found = await query(
        `SELECT column_name, comment FROM duckdb_columns() WHERE table_name = '${table}' AND comment IS NOT NULL`,
      );
      return Object.fromEntries(found);
    },
    rows: async (table) => {
      const names = (await columns(table)).map(([name]) => name);
      const list = names.map((name) => `CAST("${name.replaceAll('"', '""')}" AS VARCHAR)`).join(', ');
      return named(names, await query(`SELECT ${list} FROM "${table}"`));
    },
    tables: async () => (await query('SELECT table_name FROM duckdb_tables() ORDER BY 1')).flat().map(String),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Opens its session when it is first asked something. */
export function sparkWarehouse(details: LakehouseDetails): Warehouse {
  const schema = `wh_${randomBytes(5).toString('hex')}`;
  const { host, port, httpPath, user, password, caFile } = details;
  let client: SparkClient | undefined;
  let session: SparkSession | undefined;
  const spark = async (): Promise<SparkSession> => {
    const settings = {
      host,
      port,
      httpPath,
      user,
      password,
      tlsCaFile: caFile,
      tlsVerify: true,
      startupWaitSeconds: 60,
    };
    client ??= await connect(settings, { info: () => {}, warn: () => {} });
    if (session === undefined) {
      session = await client.openSession();
      await session.execute(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    }
    return session;
  };
  const described = async (table: string) => {
    await (await spark()).execute(`REFRESH TABLE ${schema}.${table}`);
    const rows = await (await spark()).run(`DESCRIBE TABLE ${schema}.${table}`);
    const end = rows.findIndex(({ data_type }) => !data_type);
    return end === -1 ? rows : rows.slice(0, end);
  };
  const columns = async (table: string) => {
    const found = await described(table);
    return found.map(({ col_name, data_type }) => [String(col_name), String(data_type).toUpperCase()] as const);
  };
  return {
    name: 'spark',
    schema,
    flags: { ...lakehouseOptions(details, schema), port: String(details.port) },
    execute: async (sql) => (await spark()).execute(sql.replaceAll('$t', schema)),
    columns,
    comments: async (table) => {
      const commented = (await described(table)).filter(({ comment }) => comment);
      return Object.fromEntries(commented.map(({ col_name, comment }) => [String(col_name), String(comment)]));
    },
    rows: async (table) => {
      const names = (await columns(table)).map(([name]) => name);
      const list = names.map((name, i) => `CAST(\`${name.replaceAll('`', '``')}\` AS STRING) AS c${i}`).join(', ');
      const found = await (await spark()).run(`SELECT ${list} FROM ${schema}.${table}`);
      return named(
        names,
        found.map((row) => names.map((_, i) => row[`c${i}`])),
      );
    },
    tables: async () => {
      const rows = await (await spark()).run(`SHOW TABLES IN ${schema}`);
      return rows.map(({ tableName }) => String(tableName)).sort();
    },
    close: async () => {
      if (session !== undefined) {
        for (const { tableName } of await session.run(`SHOW TABLES IN ${schema}`).catch(() => []))
          await session.execute(`DROP TABLE IF EXISTS ${schema}.\`${tableName}\` PURGE`).catch(() => {});
        await session.execute(`DROP SCHEMA IF EXISTS ${schema} CASCADE`).catch(() => {});
        await session.close();
      }
      await client?.close();
    },
  };
}

function named(names: readonly string[], rows: readonly (readonly unknown[])[]): readonly Row[] {
  return rows
    .map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] == null ? null : String(row[i])])))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
