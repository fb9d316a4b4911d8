// A run of the target over given messages, and its tables as they are read back from either warehouse.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../src/commands/sync.ts';
import { loadConfig, parseArguments } from '../../../src/config/index.ts';
import { parseDuckdbType } from '../../../src/destinations/duckdb/duckdb-types.ts';
import { connect } from '../../../src/destinations/iomete/client.ts';
import type { SparkSession } from '../../../src/destinations/iomete/session.ts';
import { parseSparkType } from '../../../src/destinations/iomete/spark-types.ts';
import type { ColumnNote } from '../../../src/report/facts.ts';
import type { TableColumnType } from '../../../src/schema/evolve.ts';
import type { LakehouseDetails } from '../../setup/lakehouse.ts';
import { inDuckdb } from '../../support/duckdb-file.ts';
import { lakehouseOptions } from '../../support/lakehouse-options.ts';
import { type Json, parseLossless } from '../../support/lossless-json.ts';
import { unreadStates } from '../../support/unread-states.ts';
import { settings } from '../../unit/destinations/iomete/lake.ts';
import { doubleText, type Held, plainDecimal } from './nested-cases.ts';

export interface Warehouse {
  readonly flags: Readonly<Record<string, string>>;
  /** Columns by name, in the table's order. */
  types(table: string): Promise<ReadonlyMap<string, TableColumnType>>;
  /** All rows of these columns, by `id`. */
  rows(table: string, columns: readonly string[]): Promise<readonly (readonly Held[])[]>;
  execute(sql: string): Promise<void>;
  close(): Promise<void>;
}

export const schemaMessage = (stream: string, properties: object, keys: readonly string[] = ['id']): string =>
  JSON.stringify({ type: 'SCHEMA', stream, key_properties: keys, schema: { properties } });
/** @param record JSON text */
export const recordMessage = (stream: string, record: string): string =>
  `{"type":"RECORD","stream":"${stream}","record":${record}}`;

/** @returns what was noted, and what was logged */
export async function load(folder: string, lines: readonly string[], flags: Readonly<Record<string, string>>) {
  const input = join(folder, `${Math.random()}.singer`);
  writeFileSync(input, lines.join('\n'));
  const given = await parseArguments(
    Object.entries({ nested_columns: 'struct', ...flags }).map(([name, value]) => `--${name}=${value}`),
  );
  const { options } = await loadConfig(given, {});
  const notes: ColumnNote[] = [];
  const logged: string[] = [];
  const nothing = () => {};
  const events = {
    read: nothing,
    noted: (_stream: string, _version: unknown, note: ColumnNote) => notes.push(note),
    setAside: nothing,
    abandoned: nothing,
    ignored: nothing,
    discarded: nothing,
    input: nothing,
    state: nothing,
    loading: nothing,
    loaded: nothing,
  };
  const log = { info: (line: string) => logged.push(line), warn: (line: string) => logged.push(line) };
  await run(options, { input, stateFd: unreadStates, log, events, interruption: new AbortController().signal });
  return { notes, logged };
}

export function duckdbFile(folder: string, name: string): Warehouse {
  const path = join(folder, `${name}.duckdb`);
  const flags = { destination: 'duckdb', duckdb_path: path, default_target_schema: 'main', temp_dir: folder };
  const query = async (sql: string) => (await inDuckdb(path, sql)).getRows();
  const types = async (table: string) => {
    const found = await query(
      `SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = '${table}' ORDER BY column_index`,
    );
    return new Map(found.map(([name, type]) => [String(name), parseDuckdbType(String(type))]));
  };
  return {
    flags,
    types,
    rows: async (table, columns) => {
      const known = await types(table);
      const texts = columns.map((column) => `to_json(CAST("${column}" AS ${asTexts(known.get(column)!)}))`).join(', ');
      const rows = await query(`SELECT ${texts} FROM ${table} ORDER BY id`);
      return rows.map((row) =>
        row.map((value, index) => held(parseLossless(String(value)), known.get(columns[index]!)!)),
      );
    },
    execute: async (sql) => void (await query(sql)),
    close: async () => {},
  };
}

/** All leaves as text: what the client makes of a struct is an object, which has an order of its own. */
function asTexts(type: TableColumnType): string {
  if (type.kind === 'array') return `${asTexts(type.element.type)}[]`;
  if (type.kind !== 'struct') return 'VARCHAR';
  return `STRUCT(${type.fields.map(({ name, type: inner }) => `"${name.replaceAll('"', '""')}" ${asTexts(inner)}`).join(', ')})`;
}

export async function sparkSchema(details: LakehouseDetails, schema: string): Promise<Warehouse> {
  const client = await connect(settings(details), { info: () => {}, warn: () => {} });
  const session: SparkSession = await client.openSession();
  const types = async (table: string) => {
    const rows = await session.run(`DESCRIBE TABLE ${schema}.${table}`);
    const end = rows.findIndex(({ col_name }) => String(col_name).startsWith('#') || col_name === '');
    return new Map(
      (end < 0 ? rows : rows.slice(0, end)).map(({ col_name, data_type }) => [
        String(col_name),
        parseSparkType(String(data_type)),
      ]),
    );
  };
  return {
    flags: { ...lakehouseOptions(details, schema), port: String(details.port) },
    types,
    rows: async (table, columns) => {
      await session.execute(`REFRESH TABLE ${schema}.${table}`);
      const known = await types(table);
      const wrapped = columns.map((column) => `'${column}', \`${column}\``).join(', ');
      const options = `map('ignoreNullFields', 'false', 'timestampFormat', 'yyyy-MM-dd\\'T\\'HH:mm:ss.SSSSSS', 'timeZone', 'UTC')`;
      const rows = await session.run(
        `SELECT to_json(named_struct(${wrapped}), ${options}) AS r FROM ${schema}.${table} ORDER BY id`,
      );
      return rows.map(({ r }) => {
        const row = parseLossless(String(r));
        if (row.kind !== 'object') throw new Error('no row');
        return row.members.map(([name, value]) => held(value, known.get(name)!));
      });
    },
    execute: async (sql) => session.execute(sql),
    close: async () => {
      await session.execute(`DROP SCHEMA IF EXISTS ${schema} CASCADE`).catch(() => {});
      await session.close();
      await client.close();
    },
  };
}

function held(value: Json, type: TableColumnType): Held {
  if (value.kind === 'null') return null;
  if (type.kind === 'array' && value.kind === 'array') return value.items.map((item) => held(item, type.element.type));
  if (type.kind === 'struct' && value.kind === 'object')
    return { members: value.members.map(([name, member], index) => [name, held(member, type.fields[index]!.type)]) };
  const text = value.kind === 'string' ? value.value : value.source;
  if (type.kind === 'double') return doubleText(Number(text.replace(/inf$/, 'Infinity')));
  if (type.kind === 'timestamp') return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20).padEnd(6, '0')}`;
  return type.kind === 'decimal' ? plainDecimal(text) : text;
}
