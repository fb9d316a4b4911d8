#!/usr/bin/env node
// Orders, few and many → the target's peak of resident memory, which must not grow with the input. Linux only (/proc).
//
//   npm run build && node scripts/memory.mjs [--only duckdb|iomete] [--rows 1000000] [--more 4]
//     [--duckdb-memory-mb 64] [--lakehouse FILE]
//
// Limits: 300 MB (with DuckDB inside the process, its memory limit comes on top), and 1.1 times that for `--more` times as
// many rows. DuckDB's limit is one that the fewer rows fill already: with a larger one, what grows with the table is
// DuckDB's cache, up to what it was given.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openDestination } from './acceptance/destination.mjs';
import { runPipe } from './acceptance/pipe.mjs';
import { tableText, withCommas } from './acceptance/table-text.mjs';
import { temporaryFolder, withCleanup } from './acceptance/with-cleanup.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rows: { type: 'string', default: '1000000' },
    more: { type: 'string', default: '4' },
    'duckdb-memory-mb': { type: 'string', default: '64' },
    lakehouse: { type: 'string' },
  },
});
const TAP = resolve(import.meta.dirname, '../tests/support/tap/orders-tap.mjs');
const MEGABYTE = 1_000_000;
const LIMIT_BYTES = 300 * MEGABYTE;
const LIMIT_RATIO = 1.1;
const duckdbMegabytes = Number(values['duckdb-memory-mb']);
const options = { duckdb: { duckdb_memory_limit: `${duckdbMegabytes}MB` }, iomete: {} };

await withCleanup(async (defer) => {
  const lines = [['destination', 'rows', 'seconds', 'peak MB', 'ratio', 'verdict']];
  for (const kind of values.only ? [values.only] : ['duckdb', 'iomete']) {
    const few = await measure(kind, Number(values.rows), defer);
    const many = await measure(kind, Number(values.rows) * Number(values.more), defer);
    const limit = LIMIT_BYTES + (kind === 'duckdb' ? duckdbMegabytes * MEGABYTE : 0);
    const ratio = many.peakBytes / few.peakBytes;
    lines.push(lineOf(kind, few, '', few.peakBytes < limit ? 'ok' : `over ${limit / MEGABYTE} MB`));
    lines.push(lineOf(kind, many, ratio.toFixed(2), ratio <= LIMIT_RATIO ? 'ok' : `over ${LIMIT_RATIO} times`));
  }
  console.log(tableText(lines));
  const passed = lines.slice(1).every((line) => line.at(-1) === 'ok');
  console.log(passed ? 'PASSED' : 'FAILED');
  return passed;
});

async function measure(kind, rows, defer) {
  const folder = await temporaryFolder('memory', defer);
  const destination = await openDestination({ kind, folder, lakehouse: values.lakehouse }, defer);
  const tap = [process.execPath, TAP, '--rows', String(rows)];
  const startedAt = performance.now();
  const { peakBytes } = await runPipe({ tap, config: { ...destination.config, ...options[kind] }, folder }, defer);
  const seconds = (performance.now() - startedAt) / 1000;
  console.error(
    `${kind}: ${withCommas(rows)} rows in ${seconds.toFixed(1)} s, peak ${(peakBytes / MEGABYTE).toFixed(0)} MB`,
  );
  return { rows, seconds, peakBytes };
}

function lineOf(kind, { rows, seconds, peakBytes }, ratio, verdict) {
  return [kind, withCommas(rows), seconds.toFixed(1), (peakBytes / MEGABYTE).toFixed(0), ratio, verdict];
}
