// Loaded into the target's process before all else (NODE_OPTIONS=--import): does one thing at one statement of DuckDB, once.
// What, as JSON in FAULT: { action, instant, pattern, nth, after? } — `after`: count only once such a statement was seen.
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const DAY_MS = 86_400_000;
const PAUSE_SECONDS = 0.7;
const fault = JSON.parse(process.env.FAULT);

if (isMainThread) {
  const { DuckDBConnection } = await import('@duckdb/node-api');
  let isArmed = fault.after === undefined;
  let seen = 0;
  for (const name of ['run', 'runAndRead', 'runAndReadAll']) {
    const original = DuckDBConnection.prototype[name];
    DuckDBConnection.prototype[name] = async function (sql, ...more) {
      const start = () => original.call(this, sql, ...more);
      const text = String(sql).trim();
      if (fault.after !== undefined && new RegExp(fault.after).test(text)) isArmed = true;
      const isDue = isArmed && new RegExp(fault.pattern).test(text) && ++seen === fault.nth;
      return isDue ? faulty(start) : start();
    };
  }
}

async function faulty(start) {
  if (fault.instant === 'before') {
    act();
    return start();
  }
  const running = start();
  if (fault.instant === 'during' && fault.action !== 'error') act();
  const result = await running;
  if (fault.instant === 'after' || fault.action === 'error') act();
  return result;
}

const actions = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  term: () => process.kill(process.pid, 'SIGTERM'),
  int: () => process.kill(process.pid, 'SIGINT'),
  pause: () => {
    spawn('sh', ['-c', `sleep ${PAUSE_SECONDS}; kill -CONT ${process.pid}`], {
      detached: true,
      stdio: 'ignore',
    }).unref();
    process.kill(process.pid, 'SIGSTOP');
  },
  ahead: () => moveClock(DAY_MS),
  back: () => moveClock(-DAY_MS),
  stdout: () => {},
  error: () => {
    throw new Error('IO Error: Could not write file "somewhere": Input/output error');
  },
};

function act() {
  // the test knows by this that the fault has come, and closes what it holds, if anything
  writeSync(2, 'FAULT\n');
  if (fault.action === 'stdout') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  actions[fault.action]();
}

function moveClock(byMs) {
  const { now } = Date;
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(now.call(RealDate) + byMs);
      else super(...given);
    }
    static now() {
      return now.call(RealDate) + byMs;
    }
  };
}
