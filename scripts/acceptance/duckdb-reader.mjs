// A DuckDB file → what its tables hold, as numbers, booleans and text.
import { DuckDBBlobValue, DuckDBInstance } from '@duckdb/node-api';

/** @returns {Promise<import('./destination.mjs').Reader>} */
export async function duckdbReader(path, schema) {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();

  async function* rows(table, columns) {
    const values = columns.map(({ name, kind }) => expression(quote(name), kind));
    const result = await connection.stream(`SELECT ${values.join(', ')} FROM ${quote(schema)}.${quote(table)}`);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      for (const row of chunk.getRows()) yield row.map(textOfBytes);
    }
  }

  return {
    query: async (sql) => (await connection.runAndReadAll(sql)).getRows(),
    rows,
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const quote = (name) => `"${name.replaceAll('"', '""')}"`;

/** The client's own way from bytes to text drops a byte order mark at the start of a value. */
function textOfBytes(value) {
  return value instanceof DuckDBBlobValue ? Buffer.from(value.bytes).toString('utf8') : value;
}

function expression(column, kind) {
  switch (kind) {
    case 'boolean':
      return column;
    case 'number':
      return `CAST(${column} AS DOUBLE)`;
    case 'text':
      return `encode(${column})`;
    case 'timestamp':
      return `CAST(epoch_us(${column}) AS VARCHAR)`;
    default:
      return `CAST(${column} AS VARCHAR)`;
  }
}
