// A kind of input, a number of rows, a seed → a Singer stream, the same every time. Also a command:
//   node bench/generate.mjs orders|plain-orders|ten-orders|wide|multi|big|columns|fields ROWS > FILE
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../scripts/acceptance/random.mjs';
import { cacheFolder } from './cache.mjs';
import { big } from './streams/big.mjs';
import { orders } from './streams/orders.mjs';
import { multi, wide } from './streams/tables.mjs';

const SEED = 42;
const CHUNK_CHARACTERS = 1 << 20;
/** Part of the name of kept inputs: change it with what the generators make. */
const EDITION = 2;

/** What each kind is, in words for the report. */
export const KINDS = {
  orders: { lines: orders(true), text: 'orders, 13 properties' },
  'plain-orders': { lines: orders(false), text: 'orders without their array' },
  'ten-orders': {
    lines: orders(
      false,
      Array.from({ length: 10 }, (_, n) => `orders_${n}`),
    ),
    text: '10 streams of orders, interleaved',
  },
  wide: { lines: wide(150), text: '150 columns' },
  multi: { lines: multi, text: '20 interleaved streams' },
  big: { lines: big(20_000, 100_000), text: 'values of 20–100 KB' },
  columns: { lines: wide(500), text: '500 columns' },
  fields: { lines: big(16_000_000, 16_000_000), text: 'values of 16 MB' },
};

/** @param {keyof typeof KINDS} kind @param {number} rows @param {number} [seed] @returns {Generator<string>} lines without line feeds */
export const linesOf = (kind, rows, seed = SEED) => KINDS[kind].lines(rows, seededRandom(seed));

/** Kept in the cache from run to run. @param {keyof typeof KINDS} kind @param {number} rows */
export function inputFile(kind, rows) {
  const folder = join(cacheFolder(), 'inputs');
  const path = join(folder, `${kind}-${rows}-${EDITION}.singer`);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const file = openSync(`${path}.partial`, 'w');
    for (const chunk of chunksOf(linesOf(kind, rows))) writeSync(file, chunk);
    closeSync(file);
    renameSync(`${path}.partial`, path);
  }
  return { path, kind, rows, bytes: statSync(path).size };
}

function* chunksOf(lines) {
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

if (import.meta.filename === process.argv[1]) {
  const [kind, rows] = process.argv.slice(2);
  if (!Object.hasOwn(KINDS, kind ?? '') || !(Number(rows) > 0))
    throw new Error(`usage: node bench/generate.mjs ${Object.keys(KINDS).join('|')} ROWS`);
  for (const chunk of chunksOf(linesOf(/** @type {keyof typeof KINDS} */ (kind), Number(rows)))) writeSync(1, chunk);
}
