// This package: its front end alone, and as users run it.
import { join, resolve } from 'node:path';
import { writeConfig } from './write-config.mjs';

const FRONT = resolve(import.meta.dirname, '../../dist/bench/front.js');
export const TARGET = resolve(import.meta.dirname, '../../bin/target-iomete.js');

/**
 * Up to staged files in a folder. Its output's last line is what `npm run bench:front` says.
 * @param {{ path: string, rows: number }} input
 * @param {readonly string[]} [options] of bench/front.mjs
 * @returns {import('../measure.mjs').Task}
 */
export const front = ({ path, rows }, options = []) => ({
  name: ['target-iomete, front end', ...options].join(' '),
  rows,
  input: path,
  command: () => [process.execPath, FRONT, '/dev/stdin', ...options],
});

/** @param {{ path: string, rows: number }} input @returns {import('../measure.mjs').Task} */
export const intoDuckdb = ({ path, rows }) => ({
  name: 'target-iomete into DuckDB',
  rows,
  input: path,
  command: async (folder) => {
    const duckdb = { destination: 'duckdb', duckdb_path: join(folder, 'loaded.duckdb'), temp_dir: folder };
    return [process.execPath, TARGET, '--config', await writeConfig(folder, duckdb)];
  },
});

/** @param {{ path: string, rows: number }} input @param {object} config @returns {import('../measure.mjs').Task} */
export const intoLakehouse = ({ path, rows }, config) => ({
  name: 'target-iomete into the lakehouse',
  rows,
  input: path,
  command: async (folder) => [process.execPath, TARGET, '--config', await writeConfig(folder, config)],
});

/** @param {import('../measure.mjs').Usage} usage of {@link front} */
export const said = ({ output }) => JSON.parse(output.trim().split('\n').at(-1) ?? '');
