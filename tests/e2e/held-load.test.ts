// What is hard to hold, through a real pipe into DuckDB: many streams at once, very wide rows, schemas that never come to
// rest. All rows are there, in bounded memory, with a bounded log. A sample, or the whole (npm run test:long).

import { resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type AcceptanceDestination, openDestination } from '../../scripts/acceptance/destination.mjs';
import { startPipe } from '../../scripts/acceptance/pipe.mjs';
import { temporaryFolder } from '../../scripts/acceptance/with-cleanup.mjs';
import { isLong } from '../support/long-tests.ts';

const TAP = resolve(import.meta.dirname, '../support/tap/held-tap.mjs');
const DUCKDB_MEMORY_MB = 256;
/** DuckDB begins with a block of 256 KiB for each column, each of its threads and each table that it writes. */
const WIDE_MEMORY_MB = 1_000;
/** What scripts/memory.mjs holds the target to; DuckDB's own limit comes on top. */
const MAX_PEAK_MB = 300;
/**
 * DuckDB keeps 10 KB for each of its columns beside its limit, and V8 leaves what is made of thousands of schemas until it
 * has a reason to collect it; neither grows with the number of SCHEMAs.
 */
const MANY_COLUMNS_MB = isLong ? 250 : 0;
const PATIENCE_MS = isLong ? 3_600_000 : 300_000;

type Query = (sql: string) => Promise<readonly (readonly unknown[])[]>;

const defer = (undo: () => unknown) => onTestFinished(async () => void (await undo()));

async function held(
  tapArguments: readonly (string | number)[],
  look: (query: Query, schema: string) => Promise<void>,
  { duckdbMegabytes = DUCKDB_MEMORY_MB, moreMegabytes = 0 } = {},
) {
  const folder = await temporaryFolder('held-load', defer);
  const destination: AcceptanceDestination = await openDestination({ kind: 'duckdb', folder }, defer);
  const config = { ...destination.config, duckdb_memory_limit: `${duckdbMegabytes}MB` };
  const startedAt = performance.now();
  const tap = [process.execPath, TAP, ...tapArguments.map(String)];
  const pipe = await startPipe({ tap, config, folder });
  defer(() => pipe.kill());
  const { code, tapCode, states, peakBytes } = await pipe.ended;
  expect([code, tapCode], pipe.log()).toEqual([0, 0]);
  expect(states.at(-1)).toBe('{"done":"all"}');
  const reader = await destination.reader();
  defer(() => reader.close());
  await look(reader.query, destination.schema);
  const seconds = (performance.now() - startedAt) / 1000;
  const megabytes = peakBytes / 2 ** 20;
  console.log(`${tap.slice(2).join(' ')}: ${seconds.toFixed(1)} s, peak ${megabytes.toFixed(0)} MiB`);
  expect(megabytes).toBeLessThan(MAX_PEAK_MB + duckdbMegabytes + moreMegabytes);
}

const plain = (row: readonly unknown[] | undefined) => row?.map(Number);

test(
  '64 streams by turns',
  async () => {
    const [streams, rows] = [64, isLong ? 10_000 : 200];
    await held(['streams', '--streams', streams, '--rows', rows], async (query, schema) => {
      const ids = (rows * (rows + 1)) / 2;
      for (let s = 0; s < streams; s++) {
        const [row] = await query(
          `SELECT count(*), count(DISTINCT id), sum(id), sum(n), count(*) FILTER (text = 'row ' || id || ' of ${s}, "quoted"') FROM ${schema}.s${s}`,
        );
        expect(plain(row), `s${s}`).toEqual([rows, rows, ids, ids * s, rows]);
      }
    });
  },
  PATIENCE_MS,
);

test(
  'a stream of 1,000 columns',
  async () => {
    const [columns, rows] = [1_000, isLong ? 20_000 : 300];
    await held(
      ['wide', '--columns', columns, '--rows', rows],
      async (query, schema) => {
        const names = Array.from({ length: columns }, (_, c) => c);
        const wrong = names.map((c) =>
          c % 2 ? `c${c} IS DISTINCT FROM 't' || (id + ${c})` : `c${c} IS DISTINCT FROM id + ${c}`,
        );
        const [row] = await query(
          `SELECT count(*), count(DISTINCT id), count(*) FILTER (${wrong.join(' OR ')}) FROM ${schema}.wide`,
        );
        expect(plain(row)).toEqual([rows, rows, 0]);
      },
      { duckdbMegabytes: WIDE_MEMORY_MB },
    );
  },
  PATIENCE_MS,
);

test(
  'a stream whose SCHEMA comes by turns for ever',
  async () => {
    const changes = isLong ? 10_000 : 1_000;
    await held(['turns', '--changes', changes], async (query, schema) => {
      const sums = Array.from({ length: 50 }, (_, c) => `coalesce(sum(c${c}), 0)`);
      const [row] = await query(`SELECT count(*), count(DISTINCT id), ${sums.join(' + ')} FROM ${schema}.turns`);
      expect(plain(row)).toEqual([changes, changes, (changes * (changes - 1)) / 2]);
    });
  },
  PATIENCE_MS,
);

test(
  'streams of which each SCHEMA adds a column',
  async () => {
    const [streams, changes] = isLong ? [200, 10_000] : [20, 160];
    const look = async (query: Query, schema: string) => {
      const each = changes / streams;
      for (let s = 0; s < streams; s++) {
        const present = Array.from({ length: each }, (_, c) => `(id = ${c} AND c${c} = ${c % 2 ? `'t${c}'` : c})`);
        const [row] = await query(`SELECT count(*), count(*) FILTER (${present.join(' OR ')}) FROM ${schema}.s${s}`);
        expect(plain(row), `s${s}`).toEqual([each, each]);
      }
    };
    await held(['schemas', '--streams', streams, '--changes', changes], look, { moreMegabytes: MANY_COLUMNS_MB });
  },
  PATIENCE_MS,
);
