// A destination of openDestination → its tables: columns with their types in Spark's words, and all rows as text.

/** What DuckDB calls otherwise. */
const SPARK_TYPES = { VARCHAR: 'STRING' };
/** The date in the name that an incompatible column was put away under. */
const DATED = /_\d{8}_\d{4}(_\d+)?$/;

/**
 * @param {{ kind: string, schema: string, reader: () => Promise<import('./destination.mjs').Reader> }} destination
 * @returns {Promise<Record<string, { columns: Record<string, string>, rows: Record<string, string | null>[] }>>} dated
 *   columns as `name_<dated>`
 */
export async function readTables({ kind, schema, reader: open }) {
  const reader = await open();
  const sql = kind === 'duckdb' ? duckdb(reader, schema) : spark(reader, schema);
  try {
    const tables = {};
    for (const table of await sql.tables()) {
      const columns = await sql.columns(table);
      const names = withoutDates(columns.map(([name]) => name));
      const values = columns.map(([name]) => `CAST(${sql.quote(name)} AS ${sql.text}) AS ${sql.quote(name)}`);
      const rows = await reader.query(`SELECT ${values.join(', ')} FROM ${sql.quote(schema)}.${sql.quote(table)}`);
      tables[table] = {
        columns: Object.fromEntries(columns.map(([, type], index) => [names[index], type])),
        rows: rows.map((row) => Object.fromEntries(row.map((value, index) => [names[index], value]))),
      };
    }
    return tables;
  } finally {
    await reader.close();
  }
}

/** A second column that was put away from under one name is told from the first. */
function withoutDates(names) {
  const plain = names.map((name) => name.replace(DATED, '_<dated>'));
  return plain.map((name, index) => (plain.indexOf(name) === index ? name : `${name} again`));
}

function duckdb({ query }, schema) {
  return {
    text: 'VARCHAR',
    quote: (name) => `"${name.replaceAll('"', '""')}"`,
    tables: async () =>
      (await query(`SELECT table_name FROM information_schema.tables WHERE table_schema = '${schema}'`)).flat(),
    columns: async (table) => {
      const found = await query(`SELECT column_name, data_type FROM information_schema.columns
        WHERE table_schema = '${schema}' AND table_name = '${table}' ORDER BY ordinal_position`);
      return found.map(([name, type]) => [name, SPARK_TYPES[type] ?? type]);
    },
  };
}

function spark({ query }, schema) {
  const quote = (name) => `\`${name.replaceAll('`', '``')}\``;
  return {
    text: 'STRING',
    quote,
    tables: async () => {
      const databases = (await query(`SHOW DATABASES LIKE '${schema}'`)).flat();
      if (databases.length === 0) return [];
      return (await query(`SHOW TABLES IN ${quote(schema)}`)).map(([, table]) => table);
    },
    columns: async (table) => {
      const described = await query(`DESCRIBE ${quote(schema)}.${quote(table)}`);
      // partitioning would follow
      const end = described.findIndex(([name]) => name === '' || name.startsWith('#'));
      return described.slice(0, end < 0 ? undefined : end).map(([name, type]) => [name, type.toUpperCase()]);
    },
  };
}
