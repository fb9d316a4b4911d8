// A Thrift session → one that runs a statement at a time to its end and says, when it failed, whether it took effect.
import type { DBSQLClient } from '@databricks/sql';
import { type RetryPolicy, retryBudget } from '../../errors/retry-budget.ts';
import { TargetError } from '../../errors/target-error.ts';
import { isRefused, isTransient, isTransportFailure, isUnresolved } from './connection-errors.ts';
import { endSession, isForgottenSession, within } from './driver.ts';
import { configurationMark, forbiddenSettings, sessionSettings } from './session-settings.ts';
import { type Outcome, StatementError } from './statement-error.ts';

/** BIGINT, DECIMAL and nested values are text, exact to the last digit; timestamps are text in UTC. */
type Value = string | number | boolean | null | Uint8Array;
export type Row = Readonly<Record<string, Value>>;

/** Calls must not overlap. Both reject with a {@link StatementError}. */
export interface SparkSession {
  /** For statements that return rows. All of them are in memory. */
  run(sql: string): Promise<readonly Row[]>;
  /** For statements that return no rows: once it has resolved, the statement is known to have succeeded. */
  execute(sql: string): Promise<void>;
  /** Takes a few seconds at most, whatever the server does. Never throws. */
  close(): Promise<void>;
  /**
   * Resolves once the server has said that the session is over: what it runs is cancelled, and a statement that is still
   * on its way finds no session. Only a commit that has begun may still happen. Rejects when there is no such answer.
   */
  end(): Promise<void>;
}

type ThriftSession = Awaited<ReturnType<DBSQLClient['openSession']>>;
type Operation = Awaited<ReturnType<ThriftSession['executeStatement']>>;

/** @param retry for questions how a statement is getting on: they say nothing about the statement, which goes on */
export async function openSparkSession(client: DBSQLClient, thrift: ThriftSession, retry: RetryPolicy) {
  const session: SparkSession = {
    run: (sql) => runToEnd(thrift, sql, retry, fetchRows),
    execute: (sql) => runToEnd(thrift, sql, retry, async () => {}),
    close: () => within(closeTimeoutMs, thrift.close()).then(ignore, ignore),
    end: () => endSession(client, thrift),
  };
  try {
    await ensureSettings(session);
  } catch (error) {
    await session.close();
    throw error;
  }
  return session;
}

const ignore = (): void => {};
const closeTimeoutMs = 3_000;

/** A server may take a session's configuration or pass over it: the mark that came with it tells which. */
async function ensureSettings(session: SparkSession): Promise<void> {
  const found = new Map((await session.run('SET')).map(({ key, value }) => [String(key), String(value)]));
  for (const name of forbiddenSettings) if (found.has(name)) await unset(session, name);
  if (found.get(configurationMark.name) === configurationMark.value) return;
  // A name with a hyphen has to be quoted.
  for (const [name, value] of Object.entries(sessionSettings)) await session.execute(`SET \`${name}\`=${value}`);
}

/** @throws TargetError DESTINATION_SETTING */
async function unset(session: SparkSession, name: string): Promise<void> {
  await session.execute(`RESET ${name}`);
  const still = (await session.run('SET')).find(({ key }) => key === name);
  if (still === undefined) return;
  const detail = `the lakehouse sets "${name}" to "${still.value}" for every session, so nobody would see the rows that are loaded`;
  throw new TargetError('DESTINATION_SETTING', detail);
}

async function runToEnd<T>(
  thrift: ThriftSession,
  sql: string,
  retry: RetryPolicy,
  result: (of: Operation) => Promise<T>,
): Promise<T> {
  const operation = await submit(thrift, sql);
  try {
    await finish(operation, retry);
    return await result(operation);
  } finally {
    // Frees the result on the server; the session's end does too, so a failure here is no news.
    await within(closeTimeoutMs, operation.close()).catch(ignore);
  }
}

async function submit(thrift: ThriftSession, sql: string): Promise<Operation> {
  try {
    return await thrift.executeStatement(sql, { maxRows: null });
  } catch (error) {
    throw StatementError.from(error, outcomeOfSubmission(error));
  }
}

/** Waits by polling. An answer between two that are lost begins the patience anew: the statement is still there. */
async function finish(operation: Operation, retry: RetryPolicy): Promise<void> {
  let answered = false;
  const callback = () => {
    answered = true;
  };
  for (let lost = retryBudget(retry); ; ) {
    try {
      return await operation.finished({ callback });
    } catch (error) {
      if (answered) lost = retryBudget(retry);
      answered = false;
      if (isTransient(error) && (await lost.wait())) continue;
      throw StatementError.from(error, endedWithError(error) ? 'failed' : 'unknown');
    }
  }
}

async function fetchRows(operation: Operation): Promise<readonly Row[]> {
  try {
    return (await operation.fetchAll()) as readonly Row[];
  } catch (error) {
    throw StatementError.from(error, 'unknown');
  }
}

function outcomeOfSubmission(failure: unknown): Outcome {
  // a gateway's 502, 503 or 504 does not tell whether Spark has got the statement
  if (isRefused(failure) || isUnresolved(failure) || isForgottenSession(failure)) return 'not-started';
  return isTransportFailure(failure) ? 'unknown' : 'failed';
}

/** Only this state says that the statement is over; one that was cancelled or forgotten may have committed. */
const endedWithError = (failure: unknown): boolean =>
  (failure as { errorCode?: unknown } | undefined)?.errorCode === 'ERROR';
