// What the machine can do when nothing is checked: DuckDB reads the JSON and writes files, gzip compresses the input.
import { join, resolve } from 'node:path';
import { installed } from './venv.mjs';

const COPY = resolve(import.meta.dirname, 'duckdb-copy.mjs');

/** DuckDB's CSV through igzip, the fastest gzip there is. @param {{ path: string, rows: number }} input of kind `orders` @returns {Promise<import('../measure.mjs').Task>} */
export async function duckdbCsv({ path, rows }) {
  const python = join(await installed('isal==1.9.1'), 'python');
  const pipe = 'set -o pipefail; "$1" "$2" "$3" /dev/stdout csv | "$4" -m isal.igzip -c -1 > "$5"';
  return {
    name: 'DuckDB, JSON to CSV, and igzip',
    rows,
    input: path,
    command: (folder) => ['bash', '-c', pipe, 'bash', process.execPath, COPY, path, python, join(folder, 'out.csv.gz')],
  };
}

/** @param {{ path: string, rows: number }} input of kind `orders` @returns {import('../measure.mjs').Task} */
export const duckdbParquet = ({ path, rows }) => ({
  name: 'DuckDB, JSON to Parquet',
  rows,
  input: path,
  command: (folder) => [process.execPath, COPY, path, join(folder, 'out.parquet'), 'parquet'],
});

/** @param {{ path: string, rows: number }} input @returns {import('../measure.mjs').Task} */
export const gzip = ({ path, rows }) => ({
  name: 'gzip -1 of the input',
  rows,
  input: path,
  command: () => ['gzip', '-1'],
});
