#!/usr/bin/env node
// 100,000 orders twice, by two processes: the table must hold exactly the distinct ids, each with the last values sent.
//
//   npm run build && node scripts/twice.mjs [--destination iomete|duckdb] [--rows 100000] [--lakehouse FILE]
import { parseArgs } from 'node:util';
import { openDestination } from './acceptance/destination.mjs';
import { loadTwice } from './acceptance/load-twice.mjs';
import { temporaryFolder, withCleanup } from './acceptance/with-cleanup.mjs';

const { values } = parseArgs({
  options: {
    destination: { type: 'string', default: 'iomete' },
    rows: { type: 'string', default: '100000' },
    lakehouse: { type: 'string' },
  },
});

await withCleanup(async (defer) => {
  const folder = await temporaryFolder('twice', defer);
  const { destination: kind, lakehouse } = values;
  const destination = await openDestination({ kind, folder, lakehouse }, defer);
  const report = (line) => console.log(line);
  const { expectedRows, outcomes } = await loadTwice({ destination, folder, rows: Number(values.rows), report }, defer);
  const passed = outcomes.every(
    ({ rows, distinctIds, wrongColumns }) =>
      rows === expectedRows && distinctIds === expectedRows && wrongColumns.length === 0,
  );
  console.log(`${passed ? 'PASSED' : 'FAILED'} (${kind})`);
  return passed;
});
