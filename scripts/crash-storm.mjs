#!/usr/bin/env node
// Kill -9 at random moments, resume, and look: is every row there once? Exit code 1 when not.
//
//   npm run build && node scripts/crash-storm.mjs [--destination duckdb|iomete] [--rows 600000] [--streams 5] [--kills N]
//     [--seed 1] [--state-every 500] [--batch-size-rows 5000] [--tap-delay-ms MS]
//     [--state-frontier global|per_stream] [--state-file] [--lakehouse FILE]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDestination } from './acceptance/destination.mjs';
import { storm } from './acceptance/storm.mjs';
import { temporaryFolder, withCleanup } from './acceptance/with-cleanup.mjs';

const { values } = parseArgs({
  options: {
    destination: { type: 'string', default: 'duckdb' },
    rows: { type: 'string', default: '600000' },
    streams: { type: 'string', default: '5' },
    kills: { type: 'string' },
    seed: { type: 'string', default: '1' },
    'state-every': { type: 'string', default: '500' },
    'batch-size-rows': { type: 'string', default: '5000' },
    'tap-delay-ms': { type: 'string' },
    'state-frontier': { type: 'string', default: 'global' },
    'state-file': { type: 'boolean', default: false },
    lakehouse: { type: 'string' },
  },
});
/** All at once would be one load per stream: the tap sends over the time of several. */
const pace = {
  duckdb: { tapDelayMs: 20, maxBlindMs: 2_000, maxDelayMs: 500 },
  iomete: { tapDelayMs: 50, maxBlindMs: 8_000, maxDelayMs: 2_000 },
};
const defaultKills = { duckdb: 200, iomete: 40 };
const LEAST_SHARE_AFTER_STATE = 0.6;

await withCleanup(async (defer) => {
  const kind = values.destination;
  const folder = await temporaryFolder('storm', defer);
  const destination = await openDestination({ kind, folder, lakehouse: values.lakehouse }, defer);
  const kills = Number(values.kills ?? defaultKills[kind]);
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
    // each round goes on from the state file, as a tap would
    ...(values['state-file'] ? { stateFile: join(folder, 'kept-state.json') } : {}),
    settings: { state_frontier: values['state-frontier'] },
    report: (line) => console.log(line),
  };
  const { killsAfterState, cleaned, splicedStates, problems } = await storm(options, defer);
  if (killsAfterState < kills * LEAST_SHARE_AFTER_STATE)
    problems.push(`only ${killsAfterState} of ${kills} kills came after a state of their round`);
  // a storm that leaves nothing to clean has not shown that it is cleaned
  if (cleaned === 0) problems.push('the killed runs had left nothing in the stage');
  if (values['state-frontier'] === 'per_stream' && splicedStates === 0)
    problems.push('no state had bookmarks of several states of the tap');
  for (const problem of problems) console.log(`PROBLEM: ${problem}`);
  const verdict = problems.length === 0 ? 'PASSED: every row is there once, as sent, and nothing is left' : 'FAILED';
  console.log(
    `${verdict} (${kind}, ${values['state-frontier']}, seed ${values.seed}, ${killsAfterState} of ${kills} kills after a state, ${splicedStates} spliced states)`,
  );
  return problems.length === 0;
});
