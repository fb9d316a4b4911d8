// `node bench/pairs.mjs --base FOLDER [--rounds 15] [--only NAME]`: this checkout against another one, in turns, over a million
// orders; and the other one against itself, which tells how much of a difference is none. Both are to be built.
// `--lakehouse DIR`: into a stand-in, too, that was started in DIR (`node tests/stand-in/main.mjs start DIR`).
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openDestination } from '../scripts/acceptance/destination.mjs';
import { inputFile } from './generate.mjs';
import { measure, median, takeTurns } from './measure.mjs';
import { writeConfig } from './peers/write-config.mjs';

const { values } = parseArgs({
  options: {
    base: { type: 'string' },
    rounds: { type: 'string', default: '15' },
    only: { type: 'string' },
    lakehouse: { type: 'string' },
  },
});
if (!values.base) throw new Error('usage: node bench/pairs.mjs --base FOLDER');
const here = resolve(import.meta.dirname, '..');
const base = resolve(values.base);
const input = inputFile('orders', 1_000_000);
/** The first statements of a Spark that has just been started are slow, whoever sends them. */
const WARM_UPS = 4;
/** @type {(() => unknown)[]} */
const undos = [];

/** @type {Record<string, (checkout: string) => (folder: string) => Promise<string[]> | string[]>} */
const parts = {
  'front end, CSV': (checkout) => () => front(checkout, 'csv'),
  'front end, Parquet': (checkout) => () => front(checkout, 'parquet'),
  'into DuckDB, CSV': (checkout) => (folder) => intoDuckdb(checkout, folder, 'csv'),
  'into DuckDB, Parquet': (checkout) => (folder) => intoDuckdb(checkout, folder, 'parquet'),
};
if (values.lakehouse) {
  parts['into the lakehouse, append-only'] = (checkout) => (folder) => intoLakehouse(checkout, folder, 'append-only');
  parts['into the lakehouse, by key'] = (checkout) => (folder) => intoLakehouse(checkout, folder, 'upsert');
}

for (const [name, commandOf] of Object.entries(parts)) {
  if (values.only !== undefined && !name.includes(values.only)) continue;
  const sides = [base, here, base];
  const tasks = sides.map((checkout, index) => ({
    name: `${name}, ${['base', 'this', 'base again'][index]}`,
    rows: input.rows,
    input: input.path,
    command: commandOf(checkout),
  }));
  if (name.includes('lakehouse')) for (let round = 0; round < WARM_UPS; round++) await measure(tasks[1]);
  const [before, now, again] = await takeTurns(tasks, Number(values.rounds));
  console.log(`${name}: ${said(now, before)}; base against itself ${said(again, before)}`);
}
await undone();

/** @param {readonly import('./measure.mjs').Usage[]} usages @param {readonly import('./measure.mjs').Usage[]} than */
function said(usages, than) {
  const ratios = usages.map(({ cpu }, round) => cpu / than[round].cpu).sort((a, b) => a - b);
  const clock = median(usages.map(({ wall }, round) => wall / than[round].wall)).toFixed(3);
  const [least, most] = [ratios[0], ratios.at(-1) ?? 0];
  const peak = Math.round(median(usages.map((usage) => usage.peak)));
  return `CPU ${median(ratios).toFixed(3)} (${least.toFixed(2)} to ${most.toFixed(2)}, ${ratios.length} pairs), clock ${clock}, ${peak} MB`;
}

/** @param {string} checkout @param {string} format */
function front(checkout, format) {
  return [process.execPath, join(checkout, 'dist/bench/front.js'), '/dev/stdin', '--format', format];
}

/** @param {string} checkout @param {string} folder @param {string} format */
async function intoDuckdb(checkout, folder, format) {
  const config = {
    destination: 'duckdb',
    duckdb_path: join(folder, 'loaded.duckdb'),
    temp_dir: folder,
    stage_format: format,
  };
  return [process.execPath, join(checkout, 'bin/target-iomete.js'), '--config', await writeConfig(folder, config)];
}

/** Each run into a schema of its own, which goes before the next one. @param {string} checkout @param {string} folder @param {string} loadMethod */
async function intoLakehouse(checkout, folder, loadMethod) {
  await undone();
  const { config } = await openDestination(
    { kind: 'iomete', folder: '', lakehouse: join(resolve(String(values.lakehouse)), 'lakehouse.json') },
    (undo) => undos.push(undo),
  );
  const path = await writeConfig(folder, { ...config, load_method: loadMethod });
  return [process.execPath, join(checkout, 'bin/target-iomete.js'), '--config', path];
}

async function undone() {
  for (const undo of undos.splice(0).reverse()) await undo();
}
