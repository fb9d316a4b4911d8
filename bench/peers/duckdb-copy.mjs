// Orders → one file, by DuckDB alone: node duckdb-copy.mjs INPUT OUTPUT csv|parquet
import { DuckDBInstance } from '@duckdb/node-api';

const [input, output, format] = process.argv.slice(2);
const RECORD =
  'STRUCT(id BIGINT, customer_id BIGINT, order_no VARCHAR, status VARCHAR, amount DOUBLE, tax DOUBLE, currency VARCHAR, created_at VARCHAR, updated_at VARCHAR, is_paid BOOLEAN, notes VARCHAR, address JSON, tags JSON)';
const FORMATS = { csv: '(FORMAT csv, HEADER false)', parquet: '(FORMAT parquet, COMPRESSION snappy)' };

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
await connection.run('SET preserve_insertion_order = false');
await connection.run(`
  COPY (
    SELECT record.* FROM read_json('${input}', format = 'newline_delimited',
      columns = {type: 'VARCHAR', stream: 'VARCHAR', record: '${RECORD}'})
    WHERE type = 'RECORD'
  ) TO '${output}' ${FORMATS[format]}`);
