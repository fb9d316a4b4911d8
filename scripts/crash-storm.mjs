#!/usr/bin/env node
// Kill -9 at random moments, resume, and look: is every row there once? Exit code 1 when not.
//
//   npm run build && node scripts/crash-storm.mjs [--destination duckdb|iomete] [--rows 1000000] [--streams 5] [--kills 10]
//     [--seed 1] [--state-every 2000] [--batch-size-rows 5000] [--tap-delay-ms MS] [--lakehouse FILE]
import { parseArgs } from 'node:util';
import { openDestination } from './acceptance/destination.mjs';
import { storm } from './acceptance/storm.mjs';
import { temporaryFolder, withCleanup } from './acceptance/with-cleanup.mjs';

const { values } = parseArgs({
  options: {
    destination: { type: 'string', default: 'duckdb' },
    rows: { type: 'string', default: '1000000' },
    streams: { type: 'string', default: '5' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    'state-every': { type: 'string', default: '2000' },
    'batch-size-rows': { type: 'string', default: '5000' },
    'tap-delay-ms': { type: 'string' },
    lakehouse: { type: 'string' },
  },
});
/** All at once would be one load per stream: the tap sends over the time of several. */
const pace = {
  duckdb: { tapDelayMs: 20, maxBlindMs: 2_000, maxDelayMs: 500 },
  iomete: { tapDelayMs: 150, maxBlindMs: 10_000, maxDelayMs: 3_000 },
};
const LEAST_SHARE_AFTER_STATE = 0.7;

await withCleanup(async (defer) => {
  const kind = values.destination;
  const folder = await temporaryFolder('storm', defer);
  const destination = await openDestination({ kind, folder, lakehouse: values.lakehouse }, defer);
  const kills = Number(values.kills);
  const options = {
    destination,
    folder,
    rows: Number(values.rows),
    streams: Number(values.streams),
    kills,
    seed: Number(values.seed),
    stateEvery: Number(values['state-every']),
    batchSizeRows: Number(values['batch-size-rows']),
    ...pace[kind],
    ...(values['tap-delay-ms'] === undefined ? {} : { tapDelayMs: Number(values['tap-delay-ms']) }),
    report: (line) => console.log(line),
  };
  const { killsAfterState, problems } = await storm(options, defer);
  if (killsAfterState < kills * LEAST_SHARE_AFTER_STATE)
    problems.push(`only ${killsAfterState} of ${kills} kills came after a state of their round`);
  for (const problem of problems) console.log(`PROBLEM: ${problem}`);
  const verdict = problems.length === 0 ? 'PASSED: every row is there once, as sent' : 'FAILED';
  console.log(`${verdict} (${kind}, seed ${values.seed}, ${killsAfterState} of ${kills} kills after a state)`);
  return problems.length === 0;
});
