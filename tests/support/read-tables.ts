// A destination → all of its tables, each value as the warehouse's own text for it, to the byte.
import type { AcceptanceDestination } from '../../scripts/acceptance/destination.mjs';

export interface FoundTable {
  /** In Spark's words. */
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, string | null>>[];
}

type Reader = Awaited<ReturnType<AcceptanceDestination['reader']>>;
type Columns = readonly (readonly [name: string, type: string])[];

/** @returns by name */
export async function readTables({
  kind,
  schema,
  reader: open,
}: AcceptanceDestination): Promise<ReadonlyMap<string, FoundTable>> {
  const reader = await open();
  const warehouse = kind === 'duckdb' ? duckdb(reader, schema) : spark(reader, schema);
  try {
    const columns = await warehouse.columns();
    const cells = await warehouse.cells(columns);
    return new Map(
      [...columns].map(([table, of]): [string, FoundTable] => [table, foundTable(of, cells.get(table) ?? [])]),
    );
  } finally {
    await reader.close();
  }
}

function foundTable(columns: Columns, rows: readonly (readonly (string | null)[])[]): FoundTable {
  const cell = (hex: string | null) => (hex === null ? null : Buffer.from(hex, 'hex').toString());
  return {
    columns: Object.fromEntries(columns),
    rows: rows.map((row) => Object.fromEntries(row.map((hex, index) => [columns[index]![0], cell(hex)]))),
  };
}

const byTable = <Value>(rows: readonly (readonly [string, Value])[]) => {
  const tables = new Map<string, Value[]>();
  for (const [table, value] of rows) tables.set(table, [...(tables.get(table) ?? []), value]);
  return tables;
};

function duckdb({ query }: Reader, schema: string) {
  const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
  return {
    columns: async (): Promise<ReadonlyMap<string, Columns>> => {
      const found = await query(`SELECT table_name, column_name, replace(data_type, 'VARCHAR', 'STRING')
        FROM information_schema.columns WHERE table_schema = '${schema}' ORDER BY ordinal_position`);
      return byTable(found.map((row) => row.map(String)).map(([table, name, type]) => [table!, [name!, type!]]));
    },
    cells: async (columns: ReadonlyMap<string, Columns>) => {
      const cells = new Map<string, (string | null)[][]>();
      for (const [table, of] of columns) {
        const values = of.map(([name]) => `hex(encode(CAST(${quote(name)} AS VARCHAR)))`);
        const rows = await query(`SELECT ${values.join(', ')} FROM ${quote(schema)}.${quote(table)}`);
        cells.set(table, rows as (string | null)[][]);
      }
      return cells;
    },
  };
}

function spark({ query }: Reader, schema: string) {
  const quote = (name: string) => `\`${name.replaceAll('`', '``')}\``;
  const describe = async (table: string): Promise<Columns> => {
    const rows = (await query(`DESCRIBE ${quote(schema)}.${quote(table)}`)) as [string, string][];
    // partitioning would follow; a column may well be called #
    const end = rows.findIndex(([, type]) => type === '');
    return rows.slice(0, end < 0 ? undefined : end).map(([name, type]) => [name, type.toUpperCase()]);
  };
  return {
    columns: async (): Promise<ReadonlyMap<string, Columns>> => {
      if ((await query(`SHOW DATABASES LIKE '${schema}'`)).length === 0) return new Map();
      const tables = (await query(`SHOW TABLES IN ${quote(schema)}`)).map(([, table]) => String(table));
      return new Map(
        await Promise.all(tables.map(async (table): Promise<[string, Columns]> => [table, await describe(table)])),
      );
    },
    /** One statement for all: each costs far more than its rows. */
    cells: async (columns: ReadonlyMap<string, Columns>) => {
      const parts = [...columns].map(([table, of]) => {
        const values = of.map(([name]) => `coalesce(hex(CAST(${quote(name)} AS STRING)), '-')`);
        return `SELECT '${table}' AS t, concat_ws(',', ${values.join(', ')}) AS v FROM ${quote(schema)}.${quote(table)}`;
      });
      if (parts.length === 0) return new Map<string, (string | null)[][]>();
      const rows = (await query(parts.join('\nUNION ALL '))) as [string, string][];
      const cell = (hex: string) => (hex === '-' ? null : hex);
      return byTable(rows.map(([table, values]) => [table, values.split(',').map(cell)]));
    },
  };
}
