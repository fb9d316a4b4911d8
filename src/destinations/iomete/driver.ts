// @databricks/sql's client → one that speaks to open-source Spark Thrift: repairs what the two disagree about.
import { setTimeout as sleep } from 'node:timers/promises';
import type { DBSQLClient } from '@databricks/sql';
import { isProxySet } from '../../network/proxy.ts';

/** HIVE_CLI_SERVICE_PROTOCOL_V10: the newest that open-source Spark knows. */
const hiveProtocolVersion = 9;
const columnBasedSet = 1;
/** TOperationState.ERROR_STATE */
const errorState = 5;
/** TStatusCode.ERROR_STATUS */
const errorStatus = 3;
const reasonPauseMs = 50;
const reasonPolls = 100;
const stringType = 7;
/** BIGINT, ARRAY, MAP, STRUCT, DECIMAL: the client would turn these into Number, or parse them as JSON. */
const lossyTypes = new Set([4, 10, 11, 12, 15]);

/** How long one HTTP exchange may take. None is repeated here: whoever calls knows what a repetition would mean. */
export interface CallLimits {
  readonly exchangeMs: number;
}

/** Loaded only when it is needed: it takes 200 ms, and loading a destination must not cost `--help` that. */
export async function createClient(limits: CallLimits): Promise<DBSQLClient> {
  const { DBSQLClient } = await importQuietly();
  class SparkThriftClient extends DBSQLClient {
    private repaired: Driver | undefined;
    override async getDriver(): Promise<Driver> {
      this.repaired ??= repair(await super.getDriver(), limits);
      return this.repaired;
    }
  }
  return new SparkThriftClient({ logger: { log: () => {} } });
}

/**
 * Redirects are refused: another server would get the password or the statement. Where the environment names a proxy,
 * requests go through it.
 */
export async function secureRequests(client: DBSQLClient): Promise<void> {
  const provider: Untyped = await client.getConnectionProvider();
  const connection: Untyped = await provider.getThriftConnection();
  connection.config = { ...connection.config, redirect: 'error' };
  if (!isProxySet()) return;
  const { openProxyAgent } = await import('../../network/proxy-agents.ts');
  const agent = openProxyAgent((await provider.getAgent()).options, new URL(connection.url).origin);
  provider.agent = agent;
  connection.config.agent = agent;
}

/** A server that never answered, or answered with something that is not Thrift. */
class NoAnswer extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoAnswer';
  }
}

/** Settles with `promise`, or rejects with {@link NoAnswer} after `ms`. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer within ${Math.round(ms / 1000)} s`)), ms);
  });
  try {
    return await Promise.race([promise, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

type Driver = Awaited<ReturnType<DBSQLClient['getDriver']>>;
type Session = Awaited<ReturnType<DBSQLClient['openSession']>>;
// The Thrift structures are untyped JavaScript that Thrift generated: this file is the only one that touches them.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Untyped = any;

function repair(driver: Driver, limits: CallLimits): Driver {
  const target = driver as Untyped;
  const repaired: Record<string, (request: Untyped) => Promise<Untyped>> = {
    // It sends its protocol in a field that only Databricks knows, and Spark then sees none at all.
    openSession: (request) =>
      target.openSession({
        ...request,
        client_protocol: hiveProtocolVersion,
        client_protocol_i64: undefined,
        canUseMultipleCatalogs: undefined,
      }),
    getOperationStatus: (request) => withReason(() => target.getOperationStatus(request)),
    getResultSetMetadata: async (request) => exactColumns(await target.getResultSetMetadata(request)),
    fetchResults: async (request) => exactIntegers(await target.fetchResults(request)),
  };
  return new Proxy(target, {
    get(_, name: string) {
      const method = repaired[name] ?? target[name];
      if (typeof method !== 'function') return method;
      // A body that is not Thrift leaves the client waiting for ever, so every call has a deadline of its own.
      const deadlineMs = limits.exchangeMs + graceMs;
      return (request: Untyped) => within(deadlineMs, method.call(target, request)).catch(rethrowCause);
    },
  }) as Driver;
}

/** For the client's own timeout, which tells more. */
const graceMs = 1_000;

/**
 * Of a call that the client might repeat and, by its settings, must not, it says only that it may not. What it still tells
 * of the cause becomes what it tells of calls that it never repeats.
 */
function rethrowCause(failure: Untyped): never {
  const [, status] = /^Hive driver: (\d{3}|Error) when connecting to resource\./.exec(failure?.message ?? '') ?? [];
  if (status === undefined) throw failure;
  if (status === 'Error') throw new NoAnswer('the connection broke');
  const statusCode = Number(status);
  throw Object.assign(new Error(`Received a response with a bad HTTP status code: ${status}`), { statusCode });
}

/**
 * Ends a session, and what runs in it, by its handle.
 * @returns once the server has said that the session is over, or that it knows of no such session
 */
export async function endSession(client: DBSQLClient, session: Session): Promise<void> {
  const driver: Untyped = await client.getDriver();
  const { status } = await driver.closeSession({ sessionHandle: (session as Untyped).backend.sessionHandle });
  if (status.statusCode !== errorStatus || isForgottenSession({ message: status.errorMessage })) return;
  throw new Error(`the session can't be closed: ${status.errorMessage ?? 'no reason given'}`);
}

/** A restarted lakehouse, or one that closed an idle session, knows none of its old sessions. The second is its answer to closing one. */
export const isForgottenSession = (failure: unknown): boolean =>
  /Invalid SessionHandle|Session does not exist/i.test((failure as { message?: string } | undefined)?.message ?? '');

/** Spark 3.5 says that a statement has failed a moment before it says why, and on a busy server that is when we ask. */
async function withReason(ask: () => Promise<Untyped>): Promise<Untyped> {
  for (let polls = 1; ; polls++) {
    const status = await ask();
    if (status.operationState !== errorState || status.errorMessage || polls === reasonPolls) return status;
    await sleep(reasonPauseMs);
  }
}

/** Spark 3.5 numbers columns from 0 and names no result format; the client expects 1, and one. */
function exactColumns(metadata: Untyped): Untyped {
  metadata.resultFormat ??= columnBasedSet;
  (metadata.schema?.columns ?? []).forEach((column: Untyped, index: number) => {
    column.position = index + 1;
    const entry = column.typeDesc.types[0]?.primitiveEntry;
    if (entry && lossyTypes.has(entry.type)) entry.type = stringType;
  });
  return metadata;
}

/** node-int64 holds eight bytes big-endian; as text nothing is rounded. */
function exactIntegers(fetched: Untyped): Untyped {
  for (const column of fetched.results?.columns ?? []) {
    if (!column.i64Val) continue;
    column.i64Val.values = column.i64Val.values.map((value: Untyped) =>
      value.buffer.readBigInt64BE(value.offset).toString(),
    );
  }
  return fetched;
}

/** Its dependencies are older than Node's newer deprecations (`punycode`): stderr is ours, so those warnings stay out. */
async function importQuietly(): Promise<typeof import('@databricks/sql')> {
  const emitWarning = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!isDeprecation(rest)) Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    const loaded = await import('@databricks/sql');
    return loaded;
  } finally {
    process.emitWarning = emitWarning;
  }
}

const isDeprecation = ([type]: readonly unknown[]): boolean =>
  type === 'DeprecationWarning' || (type as { type?: string } | undefined)?.type === 'DeprecationWarning';
