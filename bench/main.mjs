// `npm run bench [-- --quick] [--only front,shapes,…] [--write]`: this package against others and against the machine.
// Prints the report; --write puts it into docs/. --only measures those parts and keeps the rest of the last results.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import './build-front.mjs';
import { againstLimits, againstLoaders, againstReference } from './parts/front.mjs';
import { growth } from './parts/growth.mjs';
import { lakehouse } from './parts/lakehouse.mjs';
import { load } from './parts/load.mjs';
import { memory } from './parts/memory.mjs';
import { profile } from './parts/profile.mjs';
import { shapes, validation } from './parts/shapes.mjs';
import { slowLines } from './parts/slow-lines.mjs';
import { start } from './parts/start.mjs';
import { PLANS } from './plans.mjs';
import { markdown } from './report.mjs';
import { KEPT_RESULTS, writeDocs } from './write-docs.mjs';

/** In the order of the report. */
const COMPARED = {
  front: againstReference,
  loaders: againstLoaders,
  limits: againstLimits,
  shapes,
  validate: validation,
  load,
  memory,
  start,
  growth,
  lakehouse,
};
const ALL_PARTS = [...Object.keys(COMPARED), 'slow', 'profile'];
const OUTPUT = resolve(import.meta.dirname, '../output');

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const name = values.quick ? 'quick' : 'whole';
const plan = PLANS[name];
// the lakehouse is measured on request: it starts a Spark
const parts = values.only?.split(',') ?? ALL_PARTS.filter((part) => part !== 'lakehouse');
const unknown = parts.filter((part) => !ALL_PARTS.includes(part));
if (unknown.length > 0) throw new Error(`--only knows ${ALL_PARTS.join(', ')}, not ${unknown.join(', ')}`);

const last = lastResults();
const loadBefore = loadavg()[0];
let failed = false;
const measured = {
  rows: await measureRows(),
  slowLines: await maybe('slow', slowLines),
  profile: await maybe('profile', profile),
};
/** @type {import('./report.mjs').Results} */
const results = {
  plan: name,
  measuredOn: new Date().toISOString().slice(0, 10),
  machine: {
    cores: availableParallelism(),
    node: process.versions.node,
    platform: process.platform,
    load: loadsSince(loadBefore),
  },
  rounds: plan.rounds,
  rows: Object.keys(COMPARED).flatMap(
    (part) => measured.rows.get(part) ?? last?.rows.filter((row) => row.part === part) ?? [],
  ),
  slowLines: measured.slowLines ?? last?.slowLines ?? [],
  profile: measured.profile ?? last?.profile ?? [],
};
mkdirSync(OUTPUT, { recursive: true });
writeFileSync(outputFile(), JSON.stringify(results, undefined, 2));
console.log(markdown(results));
if (values.write) await writeDocs(results);
if (failed) process.exitCode = 1;

async function measureRows() {
  const rows = new Map();
  for (const part of parts.filter((each) => each in COMPARED)) {
    const lines = [];
    console.error(part);
    try {
      for await (const row of COMPARED[part](plan)) lines.push({ part, ...row });
    } catch (error) {
      failed = true;
      console.error(error.message);
      lines.push({ part, id: part, what: part, value: undefined, unit: 'x', goal: {}, note: shortly(error) });
    }
    rows.set(part, lines);
  }
  return rows;
}

/** What a process that failed said, or why it could not be started. */
function shortly({ message }) {
  return /Error: (.*)/.exec(message)?.[1] ?? message.split('\n')[0];
}

/** Before and after, with those of the results that stay. @param {number} before */
function loadsSince(before) {
  const loads = [before, loadavg()[0], ...Object.values(last?.machine.load ?? {})];
  return { least: Math.min(...loads), most: Math.max(...loads) };
}

function maybe(part, measure) {
  if (!parts.includes(part)) return undefined;
  console.error(part);
  return measure(plan);
}

/** Of the same plan: figures of two plans don't stand in one table. */
function lastResults() {
  for (const file of [outputFile(), KEPT_RESULTS]) {
    const found = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    if (values.only && found?.plan === name) return found;
  }
  return undefined;
}

function outputFile() {
  return join(OUTPUT, `bench-${name}.json`);
}
