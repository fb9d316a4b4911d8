#!/usr/bin/env node
// Many rows, many streams, a fault every few seconds: memory must be flat, and every row there in the end. Linux only (/proc).
//
//   npm run build && node scripts/soak.mjs [--destination duckdb|iomete] [--rows 20000000] [--streams 30] [--seed 1]
//     [--fault-every-ms 5000] [--lakehouse FILE]
//
// DuckDB: the target is paused, or killed together with its tap. Lakehouse: S3 is slow, busy, or loses answers.
import { parseArgs } from 'node:util';
import { S3Proxy } from '../tests/faults/s3-proxy.mjs';
import { openDestination } from './acceptance/destination.mjs';
import { soak } from './acceptance/soak.mjs';
import { tableText, withCommas } from './acceptance/table-text.mjs';
import { temporaryFolder, withCleanup } from './acceptance/with-cleanup.mjs';

const { values } = parseArgs({
  options: {
    destination: { type: 'string', default: 'duckdb' },
    rows: { type: 'string', default: '20000000' },
    streams: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    'fault-every-ms': { type: 'string', default: '5000' },
    lakehouse: { type: 'string' },
  },
});
const MEGABYTE = 2 ** 20;
const DUCKDB_MEMORY_MB = 256;
/** Small enough for states to come between faults. */
const BATCH_SIZE_ROWS = 10_000;
/** As scripts/memory.mjs has it, and DuckDB's own limit, or a session and uploads of each stream, on top. */
const LIMIT_MB = { duckdb: 300 + DUCKDB_MEMORY_MB, iomete: 400 };
const CURVE_POINTS = 20;
const TROUBLES = ['500', 'slowdown', 'reset', 'reset-request', 'truncate', 'lost', 'delay'];

await withCleanup(async (defer) => {
  const kind = values.destination;
  const folder = await temporaryFolder('soak', defer);
  const destination = await openDestination({ kind, folder, lakehouse: values.lakehouse }, defer);
  const result = await soak(
    {
      destination,
      folder,
      rows: Number(values.rows),
      streams: Number(values.streams),
      seed: Number(values.seed),
      faultEveryMs: Number(values['fault-every-ms']),
      report: (line) => console.log(line),
      ...(kind === 'duckdb'
        ? { config: { duckdb_memory_limit: `${DUCKDB_MEMORY_MB}MB`, batch_size_rows: BATCH_SIZE_ROWS } }
        : await troubledS3(destination, defer)),
    },
    defer,
  );
  console.log(tableText([['seconds', 'rows covered', 'MiB'], ...pointsOf(result.curve)]));
  for (const problem of result.problems) console.log(`PROBLEM: ${problem}`);
  const peak = Math.round(result.peakBytes / MEGABYTE);
  const passed = result.problems.length === 0 && peak < LIMIT_MB[kind];
  console.log(
    `${passed ? 'PASSED' : 'FAILED'}: ${withCommas(Number(values.rows))} rows of ${values.streams} streams (${kind}, seed ${values.seed}), ${result.faults} faults, ${result.kills} of them kills, peak ${peak} MiB of ${LIMIT_MB[kind]}`,
  );
  return passed;
});

/** The highest memory of each of a few stretches of the run. */
function pointsOf(curve) {
  const size = Math.max(1, Math.ceil(curve.length / CURVE_POINTS));
  const stretches = Array.from({ length: Math.ceil(curve.length / size) }, (_, i) =>
    curve.slice(i * size, (i + 1) * size),
  );
  return stretches.map((stretch) => [
    String(stretch.at(-1).seconds),
    withCommas(stretch.at(-1).covered),
    String(Math.round(Math.max(...stretch.map(({ rssBytes }) => rssBytes)) / MEGABYTE)),
  ]);
}

async function troubledS3(destination, defer) {
  const proxy = await S3Proxy.open(destination.config.s3_endpoint_url);
  defer(() => proxy.close());
  return {
    config: { s3_endpoint_url: proxy.endpoint },
    trouble: (random) => {
      const trouble = TROUBLES[Math.floor(random() * TROUBLES.length)];
      proxy.make({ trouble, fits: () => true, count: 2 });
    },
  };
}
