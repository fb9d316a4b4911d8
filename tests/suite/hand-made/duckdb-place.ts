// Hand-made tables in a DuckDB file.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { inDuckdb } from '../../support/duckdb-file.ts';
import type { Cell } from './hand-made-table.ts';
import type { Place } from './place.ts';
import { plainText, type TableState } from './table-state.ts';

export function duckdbPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'hand-made-'));
  const path = join(folder, 'tables.duckdb');
  return {
    // the file has one process, and runs of one process take turns
    runsAtOnce: 1,
    flags: { destination: 'duckdb', duckdb_path: path },
    make: async (cells) => {
      const statements = cells.flatMap(({ id, table }) =>
        table.make.map((statement) => statement.replaceAll('$t', `main.${id}`).replaceAll('$n', id)),
      );
      await inDuckdb(path, statements.join(';\n'));
    },
    states: async (cells) => {
      const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
      const connection = await instance.connect();
      try {
        return await statesOf(connection, cells);
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function statesOf(
  connection: DuckDBConnection,
  cells: readonly Cell[],
): Promise<ReadonlyMap<string, TableState>> {
  const columns = await listed(
    connection,
    `SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index`,
  );
  const details = await listed(connection, detailsStatement);
  const states = new Map<string, TableState>();
  for (const { id } of cells) {
    const own = (columns.get(id) ?? []).map(([name, type]) => [name!, type!] as const);
    const rows = await rowsOf(connection, id, own).catch((error: Error) => error.message);
    states.set(id, { columns: own, details: (details.get(id) ?? []).join('\n'), rows });
  }
  return states;
}

/** The statement that would make each table, its columns with their comments, its indexes and constraints. */
const detailsStatement = `
  SELECT table_name, concat(sql, ' ', comment) FROM duckdb_tables()
  UNION ALL SELECT table_name, concat_ws(' ', column_name, data_type, is_nullable, column_default, comment)
    FROM duckdb_columns() WHERE NOT internal
  UNION ALL SELECT table_name, sql FROM duckdb_indexes()
  UNION ALL SELECT table_name, concat_ws(' ', constraint_type, constraint_text) FROM duckdb_constraints()
  ORDER BY ALL`;

/** @returns for each table, which comes first in each row, the rest of its rows */
async function listed(connection: DuckDBConnection, sql: string): Promise<ReadonlyMap<string, readonly string[][]>> {
  const found = await connection.runAndReadAll(sql);
  const lists = new Map<string, string[][]>();
  for (const [table, ...rest] of found.getRows().map((row) => row.map(String)))
    lists.set(table!, [...(lists.get(table!) ?? []), rest]);
  return lists;
}

async function rowsOf(
  connection: DuckDBConnection,
  table: string,
  columns: TableState['columns'],
): Promise<TableState['rows']> {
  const list = columns.map(([name, type]) => asText(quote(name), type)).join(', ');
  const found = await connection.runAndReadAll(`SELECT ${list} FROM main.${quote(table)}`);
  return found
    .getRows()
    .map((row) => Object.fromEntries(columns.map(([name], index) => [name, plainText(row[index])])));
}

const asText = (name: string, type: string): string =>
  /^(STRUCT|MAP|UNION)|\]$/.test(type) ? `CAST(to_json(${name}) AS VARCHAR)` : `CAST(${name} AS VARCHAR)`;
