// Hand-made tables in a DuckDB file.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inDuckdb, readDuckdb } from '../../support/duckdb-file.ts';
import type { Place } from './place.ts';
import { plainText, type TableState } from './table-state.ts';

export function duckdbPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'hand-made-'));
  const path = join(folder, 'tables.duckdb');
  return {
    // the file has one process, and loads of one process take turns
    loadsAtOnce: 1,
    flags: { destination: 'duckdb', duckdb_path: path },
    make: async (cells) => {
      const statements = cells.flatMap(({ id, table }) =>
        table.make.map((statement) => statement.replaceAll('$t', `main.${id}`).replaceAll('$n', id)),
      );
      await inDuckdb(path, statements.join(';\n'));
    },
    states: async (cells) => {
      const columns = await columnsOf(path);
      const details = await detailsOf(path);
      const states = new Map<string, TableState>();
      for (const { id } of cells) {
        const own = columns.get(id) ?? [];
        const rows = await rowsOf(path, id, own).catch((error: Error) => error.message);
        states.set(id, { columns: own, details: (details.get(id) ?? []).join('\n'), rows });
      }
      return states;
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function columnsOf(path: string): Promise<ReadonlyMap<string, [string, string][]>> {
  const found = await readDuckdb(
    path,
    'SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index',
  );
  const columns = new Map<string, [string, string][]>();
  for (const [table, name, type] of found.getRows().map((row) => row.map(String)))
    columns.set(table!, [...(columns.get(table!) ?? []), [name!, type!]]);
  return columns;
}

/** The statement that would make each table, its columns with their comments, and its indexes. */
async function detailsOf(path: string): Promise<ReadonlyMap<string, string[]>> {
  const found = await readDuckdb(
    path,
    `SELECT table_name, concat(sql, ' ', comment) FROM duckdb_tables()
     UNION ALL SELECT table_name, concat_ws(' ', column_name, data_type, is_nullable, column_default, comment) FROM duckdb_columns() WHERE NOT internal
     UNION ALL SELECT table_name, sql FROM duckdb_indexes()
     UNION ALL SELECT table_name, concat_ws(' ', constraint_type, constraint_text) FROM duckdb_constraints()
     ORDER BY ALL`,
  );
  const details = new Map<string, string[]>();
  for (const [table, text] of found.getRows().map((row) => row.map(String)))
    details.set(table!, [...(details.get(table!) ?? []), text!]);
  return details;
}

async function rowsOf(path: string, table: string, columns: TableState['columns']): Promise<TableState['rows']> {
  const list = columns.map(([name, type]) => asText(quote(name), type)).join(', ');
  const found = await readDuckdb(path, `SELECT ${list} FROM main.${quote(table)}`);
  return found
    .getRows()
    .map((row) => Object.fromEntries(columns.map(([name], index) => [name, plainText(row[index])])));
}

const asText = (name: string, type: string): string =>
  /^(STRUCT|MAP|UNION)|\]$/.test(type) ? `CAST(to_json(${name}) AS VARCHAR)` : `CAST(${name} AS VARCHAR)`;
