// Schemas of a destination → their tables: columns with types and comments, and each value as text.

/** See contents.d.mts. */
export async function contentsOf(kind, query, schemas) {
  const warehouse = kind === 'duckdb' ? duckdb(query) : spark(query);
  const tables = [];
  for (const [role, schema] of Object.entries(schemas))
    for (const table of await warehouse.tables(schema))
      tables.push({ name: `${role}.${table}`, schema, table, columns: await warehouse.columns(schema, table) });
  const rows = await rowsOf(query, warehouse, tables);
  return Object.fromEntries(tables.map(({ name, columns }) => [name, { columns, rows: rows.get(name) ?? [] }]));
}

/** In one statement: each costs a lakehouse far more than its rows. */
async function rowsOf(query, { quote, text, list }, tables) {
  const parts = tables.map(({ name, schema, table, columns }) => {
    const values = columns.map(([column, type]) => text(quote(column), type));
    return `SELECT '${name}' AS t, ${list(values)} AS v FROM ${quote(schema)}.${quote(table)}`;
  });
  if (parts.length === 0) return new Map();
  const columnsOf = new Map(tables.map(({ name, columns }) => [name, columns.map(([column]) => column)]));
  const found = new Map(tables.map(({ name }) => [name, []]));
  for (const [name, values] of (await query(parts.join('\nUNION ALL\n'))).toSorted(([, a], [, b]) =>
    a < b ? -1 : 1,
  )) {
    const columns = columnsOf.get(name);
    found.get(name).push(Object.fromEntries(JSON.parse(values).map((value, index) => [columns[index], value])));
  }
  return found;
}

const isNested = (type) => /^(STRUCT|ARRAY)|\]$/.test(type);

function duckdb(query) {
  const quoteText = (text) => `'${text.replaceAll("'", "''")}'`;
  return {
    quote: (name) => `"${name.replaceAll('"', '""')}"`,
    text: (column, type) => `CAST(${isNested(type) ? `to_json(${column})` : column} AS VARCHAR)`,
    list: (values) => `CAST(to_json([${values.join(', ')}]) AS VARCHAR)`,
    tables: async (schema) => {
      const where = `schema_name = ${quoteText(schema)} AND NOT internal`;
      return (await query(`SELECT table_name FROM duckdb_tables() WHERE ${where} ORDER BY 1`)).map(([name]) => name);
    },
    columns: async (schema, table) => {
      const where = `schema_name = ${quoteText(schema)} AND table_name = ${quoteText(table)}`;
      return await query(
        `SELECT column_name, data_type, comment FROM duckdb_columns() WHERE ${where} ORDER BY column_index`,
      );
    },
  };
}

/** Its session is to be a new one: sessions cache tables. */
function spark(query) {
  const quote = (name) => `\`${name.replaceAll('`', '``')}\``;
  return {
    quote,
    text: (column, type) => (isNested(type) ? `to_json(${column})` : `CAST(${column} AS STRING)`),
    list: (values) => `to_json(array(${values.join(', ')}))`,
    tables: async (schema) => (await query(`SHOW TABLES IN ${quote(schema)}`)).map(([, name]) => name).sort(),
    columns: async (schema, table) => {
      const rows = await query(`DESCRIBE TABLE ${quote(schema)}.${quote(table)}`);
      // what is partitioned would follow; a column may well be called #
      const end = rows.findIndex(([, type]) => !type);
      return rows
        .slice(0, end < 0 ? undefined : end)
        .map(([name, type, comment]) => [name, type.toUpperCase(), comment || null]);
    },
  };
}
