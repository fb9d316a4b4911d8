// A test tap that honours state, killed with the target again and again → is every row there once, and was every state true?
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { crashColumns, crashStreamRows, crashStreams, crashValues } from '../../tests/support/tap/crash-rows.mjs';
import { ColumnSums } from './column-sums.mjs';
import { startPipe } from './pipe.mjs';
import { seededRandom } from './random.mjs';

const TARGET = resolve(import.meta.dirname, '../../bin/target-iomete.js');
const TAP = resolve(import.meta.dirname, '../../tests/support/tap/crash-tap.mjs');
/** Of all kills, how many come at a moment that no state is waited for. */
const BLIND_SHARE = 0.3;
/** Kills wait for no state beyond this share of the rows. */
const LAST_KILL_SHARE = 0.85;
/** In rounds that are to be killed the tap sends no row beyond this share. */
const HOLD_SHARE = 0.95;
/** A kill waits no longer than this for its state. */
const MAX_ROUND_MS = 300_000;
/** Rows of one stream that the tap sends before those of the next. */
const TAP_BLOCK_ROWS = 100;
/** Closes batches that a tap which holds leaves open, so that the state that a kill waits for does come. */
const BATCH_WAIT_SECONDS = 1;

/** See storm.d.mts. */
export async function storm(options, defer) {
  const plan = { ...options, names: crashStreams(options.streams), random: seededRandom(options.seed) };
  const problems = [];
  const rounds = [];
  const blind = chooseBlind(plan);
  let state;
  for (let number = 1; number <= plan.kills; number++) {
    const round = await killedRound(plan, { number, state, blind: blind.has(number) }, defer);
    rounds.push(round);
    problems.push(...fallingStates(state, round.states, `round ${number}`));
    state = await keptState(plan, round.states.at(-1) ?? state, number, problems);
    if (!round.killed) problems.push(`round ${number} ended by itself with ${round.code}: ${round.log}`);
    if (round.isOverdue) problems.push(`round ${number}: no such state in ${MAX_ROUND_MS / 1000} s: ${round.log}`);
    if (state !== undefined) problems.push(...(await untrueStates(plan, JSON.parse(state), number)));
    plan.report(describeRound(plan, round, state));
    if (!round.killed) break;
  }
  state = await finalRound(plan, state, problems, defer);
  if (state !== undefined) problems.push(...(await wrongTables(plan)));
  const cleaned = await clean(plan, problems);
  return {
    cleaned,
    splicedStates: rounds.flatMap((round) => round.states.filter(isSpliced)).length,
    killsAfterState: rounds.filter((round) => round.killed && round.states.length > 0).length,
    rounds,
    problems,
  };
}

/** Which rounds are killed at any moment at all; the others after one of their own states. */
function chooseBlind({ kills, random }) {
  const numbers = Array.from({ length: kills }, (_, index) => index + 1);
  const chosen = new Set();
  while (chosen.size < Math.floor(kills * BLIND_SHARE)) chosen.add(numbers[Math.floor(random() * kills)]);
  return chosen;
}

async function killedRound(plan, { number, state, blind }, defer) {
  const startedAt = performance.now();
  const moment = chooseMoment(plan, { state, blind, killsLeft: plan.kills - number + 1 });
  const options = await pipeOptions(plan, state, ['--hold-at', moment.holdAt]);
  const pipe = await startPipe({ ...options, onState: moment.onState });
  defer(() => pipe.kill());
  const overdue = sleep(MAX_ROUND_MS, 'overdue', { ref: false });
  const isOverdue = (await Promise.race([moment.reached, pipe.ended, overdue])) === 'overdue';
  pipe.kill();
  const { killed, code, states } = await pipe.ended;
  return {
    number,
    moment: moment.description,
    varied: options.varied,
    killed,
    code,
    states,
    seconds: (performance.now() - startedAt) / 1000,
    isOverdue,
    log: killed && !isOverdue ? '' : pipe.log(),
  };
}

/**
 * Kills share what is left of the run; where in it and how long after are random. Beyond that the tap goes on for a while,
 * and then holds: a round that ended by itself would be no kill, and the next kills need rows too.
 */
function chooseMoment({ random, rows, maxDelayMs, maxBlindMs }, { state, blind, killsLeft }) {
  const done = state === undefined ? 0 : rowsCovered(JSON.parse(state));
  const ahead = (upTo, share) => Math.max(rows * upTo - done, 0) * share;
  const from = Math.round(done + ahead(LAST_KILL_SHARE, (2 * random()) / (killsLeft + 1)));
  const holdAt = Math.round(from + Math.max(rows * HOLD_SHARE - from, 0) / (killsLeft + 1));
  const afterMs = Math.round(random() * (blind ? maxBlindMs : maxDelayMs));
  if (blind)
    return { holdAt, description: `${afterMs} ms after its start`, reached: sleep(afterMs), onState: () => {} };
  let reach;
  const reached = new Promise((resolve) => {
    reach = resolve;
  }).then(() => sleep(afterMs));
  const onState = (line) => {
    if (rowsCovered(JSON.parse(line)) >= from) reach();
  };
  return { holdAt, description: `${afterMs} ms after a state from row ${from} on`, reached, onState };
}

/** The state to go on from: the last line on stdout or, with a state file, what the file holds, which is no older. */
async function keptState({ stateFile }, last, number, problems) {
  if (stateFile === undefined) return last;
  const kept = await readFile(stateFile, 'utf8').catch(() => undefined);
  if (kept === undefined) {
    if (last !== undefined) problems.push(`round ${number}: stdout had a state, and there is no state file`);
    return last;
  }
  try {
    problems.push(...fallingStates(last, [kept], `round ${number}, the state file after stdout`));
    return kept.trimEnd();
  } catch (error) {
    problems.push(
      `round ${number}: the state file holds no state, but ${JSON.stringify(kept.slice(0, 100))}: ${error}`,
    );
    return last;
  }
}

async function finalRound(plan, state, problems, defer) {
  const startedAt = performance.now();
  const pipe = await startPipe(await pipeOptions(plan, state, []));
  defer(() => pipe.kill());
  const { code, tapCode, states } = await pipe.ended;
  problems.push(...fallingStates(state, states, 'last round'));
  const last = states.at(-1) ?? state;
  if (plan.stateFile !== undefined && (await readFile(plan.stateFile, 'utf8')) !== `${last}\n`)
    problems.push('the state file is not the last line of stdout');
  plan.report(
    `last round: ended by itself with ${code} after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  );
  if (code !== 0 || tapCode !== 0) {
    problems.push(`the last round ended with ${code} (the tap with ${tapCode}): ${pipe.log()}`);
    return undefined;
  }
  const covered = last === undefined ? 0 : rowsCovered(JSON.parse(last));
  if (covered !== plan.rows) problems.push(`the last state covers ${covered} of ${plan.rows} rows`);
  return last;
}

async function pipeOptions(plan, state, more) {
  const { rows, streams, stateEvery, tapDelayMs, destination, folder } = plan;
  const tap = [process.execPath, TAP, '--rows', rows, '--streams', streams, '--state-every', stateEvery];
  tap.push('--delay', tapDelayMs, ...more);
  if (state !== undefined) {
    const file = join(folder, 'state.json');
    await writeFile(file, state);
    tap.push('--state', file);
  }
  const varied = varyOptions(plan);
  const kept = plan.stateFile === undefined ? {} : { state_file: plan.stateFile };
  const config = {
    ...destination.config,
    ...varied,
    ...plan.settings,
    ...kept,
    batch_wait_limit_seconds: BATCH_WAIT_SECONDS,
  };
  return { tap: tap.map(String), config, varied, folder };
}

/** Nothing of what a run leaves may depend on how the one before it was set. */
function varyOptions({ random, batchSizeRows }) {
  const oneOf = (...values) => values[Math.floor(random() * values.length)];
  return {
    // as many small sizes as large ones
    batch_size_rows: Math.round(batchSizeRows ** (0.6 + 0.4 * random())),
    parallelism: oneOf(-1, 0, 1, 2, 3),
    workers: oneOf(0, 1, 2),
    memory_budget_mb: oneOf(16, 64),
    stage_format: oneOf('csv', 'parquet'),
  };
}

/** Of each stream a state may say as much as the one before it, or more. */
function fallingStates(before, states, round) {
  const all = [...(before === undefined ? [] : [before]), ...states].map((state) => JSON.parse(state).bookmarks);
  return all.slice(1).flatMap((bookmarks, at) =>
    Object.entries(bookmarks).flatMap(([stream, { replication_key_value: rows }]) => {
      const earlier = all[at][stream].replication_key_value;
      return rows < earlier ? [`${round}: a state of ${rows} rows of ${stream} after one of ${earlier}`] : [];
    }),
  );
}

/** Whether a state says of one stream more than the tap had sent of another: the tap itself takes turns. */
function isSpliced(state) {
  const ids = Object.values(JSON.parse(state).bookmarks).map(({ replication_key_value: id }) => id);
  return Math.max(...ids) - Math.min(...ids) > TAP_BLOCK_ROWS;
}

/** @returns how many things the killed runs had left, all of which must be gone now. */
async function clean({ destination, folder, report }, problems) {
  const config = join(folder, 'clean.json');
  await writeFile(config, JSON.stringify(destination.config), { mode: 0o600 });
  const run = (...args) => promisify(execFile)(process.execPath, [TARGET, 'clean', '--config', config, ...args]);
  const left = await destination.staged();
  try {
    const { stdout } = await run('--remove');
    const removed = stdout.split('\n').filter((line) => line.startsWith('removed: ')).length;
    const stays = await destination.staged();
    report(`clean: ${left.length} files in the stage, ${removed} things removed, ${stays.length} files stay`);
    if (stays.length > 0) problems.push(`clean left ${stays.length}: ${stays.slice(0, 5).join(', ')}\n${stdout}`);
    return removed;
  } catch (error) {
    problems.push(`clean failed: ${error.message}\n${error.stdout}`);
    return 0;
  }
}

const rowsCovered = (state) =>
  Object.values(state.bookmarks).reduce((sum, bookmark) => sum + bookmark.replication_key_value, 0);

/** Every row that an emitted state covers must be readable at that moment. */
async function untrueStates({ destination, names }, state, round) {
  const problems = [];
  const reader = await destination.reader();
  try {
    for (const name of names) {
      const upTo = state.bookmarks[name].replication_key_value;
      const sql = `SELECT count(DISTINCT id) AS present FROM ${destination.schema}.${name} WHERE id <= ${upTo}`;
      const present = upTo === 0 ? 0 : Number((await reader.query(sql))[0][0]);
      if (present !== upTo)
        problems.push(`round ${round}: the state covers ${upTo} rows of ${name}, ${present} are there`);
    }
  } finally {
    await reader.close();
  }
  return problems;
}

/** Every row once, with the values that were sent. */
async function wrongTables(plan) {
  const { destination, names, rows, streams } = plan;
  const problems = [];
  const reader = await destination.reader();
  try {
    for (const [index, name] of names.entries()) {
      const expected = new ColumnSums(crashColumns, ['id']);
      for (let id = 1; id <= crashStreamRows(rows, streams, index); id++) expected.add(crashValues(name, id));
      const found = new ColumnSums(crashColumns, ['id']);
      const ids = new Set();
      for await (const values of reader.rows(name, crashColumns, 'id')) {
        found.add(values);
        ids.add(values[0]);
      }
      const wrong = differences(expected, found);
      const verdict = wrong.length === 0 ? 'as sent' : `wrong: ${wrong.join(', ')}`;
      plan.report(`${name}: ${found.rows} rows of ${expected.rows}, ${ids.size} distinct ids, ${verdict}`);
      if (wrong.length > 0) problems.push(`${name}: ${wrong.join(', ')}`);
    }
  } finally {
    await reader.close();
  }
  return problems;
}

function differences(expected, found) {
  const checksums = found.checksums();
  const wrong = Object.entries(expected.checksums()).filter(([column, checksum]) => checksums[column] !== checksum);
  const rows = found.rows === expected.rows ? [] : [`${found.rows} rows instead of ${expected.rows}`];
  return [...rows, ...wrong.map(([column]) => `values of ${column}`)];
}

function describeRound({ rows }, round, state) {
  const covered = state === undefined ? 0 : rowsCovered(JSON.parse(state));
  const end = round.killed ? 'killed' : `ended by itself with ${round.code}`;
  const seconds = round.seconds.toFixed(1).padStart(5);
  const varied = Object.values(round.varied).join(' ');
  return `round ${String(round.number).padStart(2)}: ${end} after ${seconds} s (${round.moment}; ${varied}), ${round.states.length} states in it, resumes at row ${covered} of ${rows}`;
}
