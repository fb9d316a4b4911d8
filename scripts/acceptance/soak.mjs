// Many rows of many streams for a long time, with a fault every few seconds → is memory flat, and is every row there in the end?
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { crashStreamRows, crashStreams } from '../../tests/support/tap/crash-rows.mjs';
import { startPipe } from './pipe.mjs';
import { seededRandom } from './random.mjs';

const TAP = resolve(import.meta.dirname, '../../tests/support/tap/crash-tap.mjs');
const PAUSE_MS = 700;
/** Of all faults of DuckDB's, how many end the process. */
const KILL_SHARE = 0.4;
const SAMPLE_MS = 500;
const STATE_EVERY = 10_000;
const MAX_ROUNDS = 10_000;

/** See soak.d.mts. */
export async function soak(options, defer) {
  const { destination, rows, streams, report } = options;
  const plan = { ...options, random: seededRandom(options.seed), startedAt: performance.now() };
  const found = { curve: [], faults: 0, kills: 0, problems: [] };
  let state;
  for (let round = 1; ; round++) {
    const ended = await oneRound(plan, state, found, defer);
    state = ended.states.at(-1) ?? state;
    const done = state === undefined ? 0 : rowsCovered(state);
    if (!ended.killed) {
      if (ended.code !== 0 || ended.tapCode !== 0)
        found.problems.push(`round ${round} ended with ${ended.code} (the tap with ${ended.tapCode}): ${ended.log}`);
      if (done !== rows) found.problems.push(`the last state covers ${done} of ${rows} rows`);
      break;
    }
    report(`killed at ${seconds(plan)} s, resumes at row ${done} of ${rows}`);
    if (round === MAX_ROUNDS) throw new Error('it is killed faster than it gets on');
  }
  found.problems.push(...(await wrongCounts(destination, rows, streams)));
  return { ...found, peakBytes: Math.max(0, ...found.curve.map(({ rssBytes }) => rssBytes)) };
}

async function oneRound(plan, state, found, defer) {
  const { rows, streams, destination, folder, faultEveryMs, trouble, random } = plan;
  const tap = [process.execPath, TAP, '--rows', rows, '--streams', streams, '--state-every', STATE_EVERY];
  if (state !== undefined) {
    await writeFile(join(folder, 'state.json'), state);
    tap.push('--state', join(folder, 'state.json'));
  }
  let covered = state === undefined ? 0 : rowsCovered(state);
  const config = { ...destination.config, ...plan.config };
  const onState = (line) => {
    covered = rowsCovered(line);
  };
  const pipe = await startPipe({ tap: tap.map(String), config, folder, onState });
  defer(() => pipe.kill());
  let isOver = false;
  const ended = pipe.ended.finally(() => {
    isOver = true;
  });
  const sample = setInterval(() => {
    const rssBytes = pipe.rssBytes();
    if (rssBytes > 0) found.curve.push({ seconds: seconds(plan), covered, rssBytes });
  }, SAMPLE_MS);
  try {
    for (;;) {
      await Promise.race([ended, sleep(faultEveryMs * (0.5 + random()))]);
      if (isOver) break;
      found.faults++;
      if (trouble) trouble(random);
      else if (random() < KILL_SHARE) {
        found.kills++;
        pipe.kill();
      } else {
        pipe.signal('SIGSTOP');
        await sleep(PAUSE_MS);
        pipe.signal('SIGCONT');
      }
    }
    return { ...(await ended), log: pipe.log() };
  } finally {
    clearInterval(sample);
  }
}

const seconds = ({ startedAt }) => Math.round((performance.now() - startedAt) / 100) / 10;

const rowsCovered = (state) =>
  Object.values(JSON.parse(state).bookmarks).reduce((sum, bookmark) => sum + bookmark.replication_key_value, 0);

async function wrongCounts({ reader: open, schema }, rows, streams) {
  const problems = [];
  const reader = await open();
  try {
    for (const [index, name] of crashStreams(streams).entries()) {
      const due = crashStreamRows(rows, streams, index);
      const [row] = await reader.query(
        `SELECT count(*) AS n, count(DISTINCT id) AS ids, min(id) AS low, max(id) AS high, sum(id) AS total FROM ${schema}.${name}`,
      );
      const numbers = row.map(Number).join();
      if (numbers !== [due, due, 1, due, (due * (due + 1)) / 2].join())
        problems.push(`${name}: ${numbers} instead of ${due} rows`);
    }
  } finally {
    await reader.close();
  }
  return problems;
}
