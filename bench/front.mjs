// `npm run bench:front -- FILE [--workers N] [--compression gzip|none] [--format csv|parquet] [--row-loop never] [--validate]
// [--cpu-at ROWS,ROWS]`: the front end alone, everything up to staged files in a folder, all checks and duplicate detection
// on. The last line is one JSON object; `cpu_at_s` is the CPU time that had gone when so many rows were encoded.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import pLimit from 'p-limit';
import { stagedDestination } from '../dist/destinations/staged/staged-destination.js';
import { EncodePool } from '../dist/encode/encode-pool.js';
import { openInput } from '../dist/input/input.js';
import { SlabReader } from '../dist/input/slab-reader.js';
import { GlobalFrontier } from '../dist/pipeline/global-frontier.js';
import { Intake } from '../dist/pipeline/intake.js';
import { Pipeline } from '../dist/pipeline/pipeline.js';
import { Streams } from '../dist/pipeline/streams.js';
import { singer } from '../dist/protocols/singer/index.js';
import { streamVersion } from '../dist/schema/stream-version.js';
import { folderStage } from '../dist/stage/folder-stage.js';

// as bin/target-iomete.js does
setFlagsFromString('--semi-space-growth-factor=1');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    workers: { type: 'string' },
    compression: { type: 'string', default: 'gzip' },
    format: { type: 'string', default: 'csv' },
    'row-loop': { type: 'string', default: 'auto' },
    validate: { type: 'boolean', default: false },
    'cpu-at': { type: 'string', default: '' },
  },
});
const [file] = positionals;
if (!file) throw new Error('usage: npm run bench:front -- FILE');
const workers = Number(values.workers ?? Math.min(4, availableParallelism()));
const { compression, format } = values;

const startedAt = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'bench-front-'));
const counts = { rows: 0, slowLines: 0, bytesIn: 0, bytesStaged: 0, repeats: 0 };
const log = { info: () => {}, warn: (message) => console.error(message) };
const stage = folderStage({ folder, keepFiles: false, runFolder: 'bench', compression, content: format }, log);
/** Knows what a load would be told, and loads nothing. */
const warehouse = {
  name: 'none',
  pace: { maxLoadRows: 2_000_000 },
  placeOf: ({ schema, table }) => `${schema}.${table} of nothing`,
  openTable: () => ({
    prepare: async () => {},
    load: async (load) => {
      for (const { bytes } of load.files) counts.bytesStaged += bytes;
      if (load.mayRepeatKeys) counts.repeats++;
      return { inexact: new Map(), deduplicated: 0, deleted: 0 };
    },
    activateVersion: async () => {},
    close: async () => {},
  }),
};
const options = {
  defaultTargetSchema: 'bench',
  addMetadataColumns: false,
  hardDelete: false,
  flattenMaxLevel: 0,
  primaryKeyRequired: false,
  validateRecords: values.validate,
};
const pool = new EncodePool({
  recordLine: singer.recordLine,
  workers,
  slabBytes: 1 << 20,
  inlineBytes: 4 << 20,
  format,
  compression,
  maxSegmentRows: 100_000,
  rowLoop: values['row-loop'],
});
const encode = pool.encode.bind(pool);
pool.encode = async (chunk) => {
  const results = await encode(chunk);
  for (const { segments } of results) for (const { slowLines } of segments) counts.slowLines += slowLines;
  return results;
};
const reader = new SlabReader(openInput(file), pool, { maxWaitMs: 50 });
const streams = new Streams((message, id) => streamVersion(message, options, id));
const nothing = () => {};
const cpuMarks = values['cpu-at'].split(',').filter(Boolean).map(Number);
const cpuAt = [];
try {
  await new Pipeline(
    {
      frontier: new GlobalFrontier(),
      intake: new Intake(reader, singer, streams, pool),
      stopInput: () => reader.stop(),
      deadLetters: stage,
      destination: stagedDestination({ warehouse, stage, format: { format, compression }, deadLetters: stage }),
      slots: pLimit(16),
      states: { emit: nothing },
      events: {
        read: (_stream, rows) => {
          counts.rows += rows;
          while (counts.rows >= cpuMarks[cpuAt.length]) cpuAt.push(cpuSeconds());
        },
        input: (bytes) => {
          counts.bytesIn += bytes;
        },
        noted: nothing,
        ignored: nothing,
        discarded: nothing,
        setAside: nothing,
        abandoned: nothing,
        state: nothing,
        loading: nothing,
        loaded: nothing,
      },
      log,
    },
    {
      limits: { maxRows: 100_000, maxBytes: 256 * 2 ** 20, maxAgeMs: undefined },
      flushAllStreams: false,
      memoryBudgetBytes: 64 * 2 ** 20,
      stateMaxLagMs: 300_000,
      chunksAhead: 2 * Math.max(1, workers) + 1,
    },
  ).run();
} finally {
  await pool.close();
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
}
const usage = process.resourceUsage();
console.log(
  JSON.stringify({
    rows: counts.rows,
    wall_s: round((performance.now() - startedAt) / 1000),
    cpu_s: round(cpuSeconds()),
    peak_rss_mb: Math.round(usage.maxRSS / 1024),
    bytes_in: counts.bytesIn,
    bytes_staged: counts.bytesStaged,
    slow_share: counts.slowLines / Math.max(1, counts.rows),
    ...(cpuMarks.length > 0 ? { cpu_at_s: cpuAt } : {}),
  }),
);

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function round(seconds) {
  return Math.round(seconds * 1000) / 1000;
}
