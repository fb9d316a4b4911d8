#!/usr/bin/env node
// A real tap, live: a private PostgreSQL with pgbench's tables and tables of many types → tap-postgres → target-iomete, into
// DuckDB and into the lakehouse. Rows and one checksum per column must equal the source's. Then a column of each type and
// numbers that no double holds, by each number_type: every value must be what the tap wrote. Exit code 1 when not.
//
//   npm run build && node scripts/live-postgres.mjs [--scale 10] [--only duckdb|iomete] [--lakehouse FILE]
//
// Needs Debian's `postgresql` and `python3-venv`; the tap comes from PyPI once, into the user's cache.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ColumnSums } from './acceptance/column-sums.mjs';
import { openDestination } from './acceptance/destination.mjs';
import { runPipe } from './acceptance/pipe.mjs';
import { tableText, withCommas } from './acceptance/table-text.mjs';
import { temporaryFolder, withCleanup } from './acceptance/with-cleanup.mjs';
import { startPostgres } from './live-postgres/postgres.mjs';
import { sourceTables } from './live-postgres/source-tables.mjs';
import { tapPostgres } from './live-postgres/tap-postgres.mjs';
import { compareTapText, recordTap } from './live-postgres/tap-text.mjs';

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '10' },
    only: { type: 'string' },
    lakehouse: { type: 'string' },
  },
});
const EVERY_TYPE = resolve(import.meta.dirname, 'live-postgres/every-type.sql');
const ALL_TYPES = resolve(import.meta.dirname, 'live-postgres/all-types.sql');
const PGBENCH_TRANSACTIONS = '500';

await withCleanup(async (defer) => {
  const folder = await temporaryFolder('live-postgres', defer);
  const postgres = await startPostgres(folder, defer);
  await fill(postgres);
  const tables = await sourceTables(postgres);
  const source = await sumsOf(tables, (table) => postgres.rows(table.sql));
  const tap = await tapPostgres(postgres.connection, folder, ['public', 'shop']);
  const kinds = values.only ? [values.only] : ['duckdb', 'iomete'];
  const loaded = [];
  for (const kind of kinds) loaded.push(await load(kind, tap, tables, folder, defer));
  const areEqual = printComparison(tables, source, kinds, loaded);
  return (await compareAllTypes(postgres, kinds, folder, defer)) && areEqual;
});

async function compareAllTypes(postgres, kinds, parent, defer) {
  const folder = join(parent, 'all-types');
  await mkdir(folder);
  await postgres.runFile(ALL_TYPES);
  const lines = await recordTap(await tapPostgres(postgres.connection, folder, ['kinds']));
  let passed = true;
  for (const kind of kinds)
    for (const numberType of ['double', 'string', 'decimal']) {
      const destination = await openDestination({ kind, folder, lakehouse: values.lakehouse }, defer);
      passed = (await compareTapText(destination, numberType, lines)) && passed;
    }
  return passed;
}

async function fill(postgres) {
  await postgres.pgbench(['-i', '-q', '-s', values.scale]);
  // history, and balances that are not 0
  await postgres.pgbench(['-n', '-t', PGBENCH_TRANSACTIONS, '--random-seed=7']);
  await postgres.runFile(EVERY_TYPE);
}

async function load(kind, tap, tables, parent, defer) {
  const folder = join(parent, kind);
  await mkdir(folder);
  const destination = await openDestination({ kind, folder, lakehouse: values.lakehouse }, defer);
  const startedAt = performance.now();
  // pgbench_history has no key
  await runPipe({ tap, config: { ...destination.config, primary_key_required: false }, folder }, defer);
  console.error(`${kind}: loaded in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  const reader = await destination.reader();
  try {
    return await sumsOf(tables, ({ name, columns, rangeColumn }) => reader.rows(name, columns, rangeColumn));
  } finally {
    await reader.close();
  }
}

async function sumsOf(tables, rowsOf) {
  const all = [];
  for (const table of tables) {
    const sums = new ColumnSums(table.columns, table.keys);
    for await (const row of rowsOf(table)) sums.add(row);
    all.push({ rows: sums.rows, checksums: sums.checksums() });
  }
  return all;
}

function printComparison(tables, source, kinds, loaded) {
  const lines = [['table', 'column', 'rows', 'checksum in the source', ...kinds]];
  let passed = true;
  for (const [index, { name, columns }] of tables.entries()) {
    const { rows, checksums } = source[index];
    for (const column of columns) {
      const verdicts = loaded.map((all) => verdictOf(all[index], rows, column.name, checksums[column.name]));
      if (verdicts.some((verdict) => verdict !== 'ok')) passed = false;
      lines.push([name, column.name, withCommas(rows), checksums[column.name], ...verdicts]);
    }
  }
  console.log(tableText(lines));
  console.log(passed ? `PASSED: ${lines.length - 1} columns of ${tables.length} tables are equal` : 'FAILED');
  return passed;
}

function verdictOf(found, rows, column, checksum) {
  if (found.rows !== rows) return `${found.rows} ROWS`;
  return found.checksums[column] === checksum ? 'ok' : `DIFFERS ${found.checksums[column]}`;
}
