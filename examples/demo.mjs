// `npm run demo`: loads shop.singer into a DuckDB file by the very command that you would use, then shows what is in it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
rmSync('output/demo.duckdb', { force: true });
mkdirSync('output', { recursive: true });

console.log('$ cat examples/shop.singer | target-iomete --config examples/duckdb.json\n');
const args = ['bin/target-iomete.js', '--config', 'examples/duckdb.json', '--input', 'examples/shop.singer'];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const database = await DuckDBInstance.create('output/demo.duckdb', { access_mode: 'READ_ONLY' });
const connection = await database.connect();
await show(
  'The customers: 500, of whom some have moved since',
  'FROM shop.customers',
  'id, name, email, born_on, is_member, address',
);
await show(
  'The orders: 2,500, less the 50 that were deleted at the source',
  'FROM shop.orders',
  'id, customer_id, status, total, created_at, items',
);
const [counts] = await rows(
  'SELECT count(*) AS orders, count(DISTINCT id) AS ids, sum(total) AS total FROM shop.orders',
);
console.log(`\n${counts.orders} orders with ${counts.ids} ids, worth ${counts.total}. The file: output/demo.duckdb`);
if (Number(counts.orders) !== 2450 || Number(counts.ids) !== 2450)
  throw new Error('the demo did not load the rows that it should');

async function show(title, from, columns) {
  console.log(`\n${title}`);
  console.table(await rows(`SELECT ${columns} ${from} ORDER BY id LIMIT 5`));
}

async function rows(sql) {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJson();
}
