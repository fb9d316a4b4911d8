// A Thrift session → one that runs a statement at a time to its end and says, when it failed, whether it took effect.
import { setTimeout as sleep } from 'node:timers/promises';
import type { DBSQLClient } from '@databricks/sql';
import { isRefused, isStarting, isTransportFailure } from './connection-errors.ts';
import { within } from './driver.ts';
import { configurationMark, sessionSettings } from './session-settings.ts';
import { type Outcome, StatementError } from './statement-error.ts';

/** BIGINT, DECIMAL and nested values are text, exact to the last digit; timestamps are text in UTC. */
export type Value = string | number | boolean | null | Uint8Array;
export type Row = Readonly<Record<string, Value>>;

/** Calls must not overlap. Both reject with a {@link StatementError}. */
export interface SparkSession {
  /** For statements that only read: run again when an answer is lost. All rows of the result are in memory. */
  run(sql: string): Promise<readonly Row[]>;
  /** For statements that return no rows: once it has resolved, the statement is known to have succeeded. */
  execute(sql: string, options?: ExecuteOptions): Promise<void>;
  /** Takes a few seconds at most, whatever the server does. Never throws. */
  close(): Promise<void>;
}

export interface ExecuteOptions {
  /** True when the statement may be carried out twice: then it is, when an answer is lost. */
  readonly repeatable: boolean;
}

type ThriftSession = Awaited<ReturnType<DBSQLClient['openSession']>>;
type Operation = Awaited<ReturnType<ThriftSession['executeStatement']>>;

export async function openSparkSession(thrift: ThriftSession): Promise<SparkSession> {
  const session: SparkSession = {
    run: (sql) => repeatedly(() => runToEnd(thrift, sql, fetchRows)),
    execute: (sql, { repeatable } = { repeatable: false }) => {
      const once = () => runToEnd(thrift, sql, async () => {});
      return repeatable ? repeatedly(once) : once();
    },
    close: () => within(closeTimeoutMs, thrift.close()).then(ignore, ignore),
  };
  try {
    await ensureSettings(session);
  } catch (failure) {
    await session.close();
    throw failure;
  }
  return session;
}

const ignore = (): void => {};
const closeTimeoutMs = 3_000;
const pollRepeats = 4;
const pollPauseMs = 2_000;
const lostRepeats = 2;

/** A server may take a session's configuration or pass over it: the mark that came with it tells which. */
async function ensureSettings(session: SparkSession): Promise<void> {
  const [row] = await session.run(`SET ${configurationMark.name}`);
  if (row?.value === configurationMark.value) return;
  for (const [name, value] of Object.entries(sessionSettings)) await session.execute(`SET ${name}=${value}`);
}

/** A connection that was idle for long may be dead without a word, and the next statement finds that out. */
async function repeatedly<T>(attempt: () => Promise<T>): Promise<T> {
  for (let repeat = 0; ; repeat++) {
    try {
      return await attempt();
    } catch (failure) {
      const lost = failure instanceof StatementError && failure.outcome === 'unknown';
      if (!lost || repeat === lostRepeats) throw failure;
    }
    await sleep(pollPauseMs);
  }
}

async function runToEnd<T>(thrift: ThriftSession, sql: string, result: (of: Operation) => Promise<T>): Promise<T> {
  const operation = await submit(thrift, sql);
  try {
    await finish(operation);
    return await result(operation);
  } finally {
    // Frees the result on the server; the session's end does too, so a failure here is no news.
    await within(closeTimeoutMs, operation.close()).catch(ignore);
  }
}

async function submit(thrift: ThriftSession, sql: string): Promise<Operation> {
  try {
    return await thrift.executeStatement(sql, { maxRows: null });
  } catch (failure) {
    throw StatementError.from(failure, outcomeOfSubmission(failure));
  }
}

/** Waits by polling. A lost poll says nothing about the statement, which goes on: ask again. */
async function finish(operation: Operation): Promise<void> {
  for (let repeat = 0; ; repeat++) {
    try {
      return await operation.finished();
    } catch (failure) {
      if (!isTransportFailure(failure) || repeat === pollRepeats) {
        throw StatementError.from(failure, endedWithError(failure) ? 'failed' : 'unknown');
      }
    }
    await sleep(pollPauseMs);
  }
}

async function fetchRows(operation: Operation): Promise<readonly Row[]> {
  try {
    return (await operation.fetchAll()) as readonly Row[];
  } catch (failure) {
    throw StatementError.from(failure, 'unknown');
  }
}

function outcomeOfSubmission(failure: unknown): Outcome {
  if (isStarting(failure) || isRefused(failure) || isForgottenSession(failure)) return 'not-started';
  return isTransportFailure(failure) ? 'unknown' : 'failed';
}

/** Only this state says that the statement is over; one that was cancelled or forgotten may have committed. */
const endedWithError = (failure: unknown): boolean =>
  (failure as { errorCode?: unknown } | undefined)?.errorCode === 'ERROR';

/** A restarted lakehouse, or one that closed an idle session, knows none of its old sessions. */
const isForgottenSession = (failure: unknown): boolean =>
  /Invalid SessionHandle/i.test((failure as { message?: string } | undefined)?.message ?? '');
