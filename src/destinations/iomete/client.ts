// Connection settings → sessions on a Spark Thrift server behind HTTPS with Basic auth, waiting for one that is starting.
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import type { DBSQLClient } from '@databricks/sql';
import type { Log } from '../../errors/log.ts';
import { defaultRetrySeconds, type RetryPolicy } from '../../errors/retry-budget.ts';
import { TargetError } from '../../errors/target-error.ts';
import { connectionError, type Endpoint, isRefused, isStarting } from './connection-errors.ts';
import { createClient, secureRequests, within } from './driver.ts';
import { openSparkSession, type SparkSession } from './session.ts';
import { sessionConfiguration } from './session-settings.ts';
import { StatementError } from './statement-error.ts';

export interface ConnectionSettings extends Endpoint {
  readonly user: string;
  /** A password or an access token. */
  readonly password: string;
  /** A PEM file of authorities that are trusted besides the usual ones. */
  readonly tlsCaFile?: string | undefined;
  /** False accepts any certificate. */
  readonly tlsVerify: boolean;
  /** How long a lakehouse that answers "starting" is waited for; 0 fails at once. */
  readonly startupWaitSeconds: number;
  /** How long one HTTP exchange may take. Statements run asynchronously, so none needs long. */
  readonly exchangeTimeoutMs?: number | undefined;
  /** How long passing faults of one operation are ridden out once there was a connection; 300 s when not set. */
  readonly retryMaxSeconds?: number | undefined;
}

export interface SparkClient {
  /**
   * A session with the settings that we rely on. Temporary views and cached tables are its own.
   * @throws TargetError DESTINATION_UNREACHABLE, _AUTH, _NOT_FOUND, _TLS, _STARTING, _SETTING
   */
  openSession(): Promise<SparkSession>;
  /** For operations over its sessions. Its waits end when the client is closed. */
  readonly retry: RetryPolicy;
  /** Ends waits and lets go of sockets, within seconds whatever the server does. Never throws. */
  close(): Promise<void>;
}

/** Reads what it needs and makes no connection yet: the first session does. */
export async function connect(settings: ConnectionSettings, log: Log): Promise<SparkClient> {
  const exchangeMs = settings.exchangeTimeoutMs ?? 60_000;
  const client = await createClient({ exchangeMs });
  await prepareClient(client, settings, exchangeMs);
  await secureRequests(client);
  const closing = new AbortController();
  const retry = { maxMs: (settings.retryMaxSeconds ?? defaultRetrySeconds) * 1000, signal: closing.signal };
  return {
    retry,
    openSession: () =>
      onceStarted(settings, log, closing.signal, async () => {
        const session = await client.openSession({ configuration: { ...sessionConfiguration } });
        return await openSparkSession(client, session, retry);
      }),
    close: async () => {
      closing.abort();
      await release(client);
    },
  };
}

const closeTimeoutMs = 3_000;

async function prepareClient(client: DBSQLClient, settings: ConnectionSettings, exchangeMs: number): Promise<void> {
  const customCaCert = settings.tlsCaFile === undefined ? undefined : await readAuthorities(settings.tlsCaFile);
  const authorization = `Basic ${Buffer.from(`${settings.user}:${settings.password}`).toString('base64')}`;
  try {
    await client.connect({
      host: settings.host,
      port: settings.port,
      path: settings.httpPath,
      authType: 'custom',
      provider: { authenticate: () => Promise.resolve({ Authorization: authorization }) },
      checkServerCertificate: settings.tlsVerify,
      telemetryEnabled: false,
      socketTimeout: exchangeMs,
      // what may be repeated, and for how long, is decided by whoever calls
      retryMaxAttempts: 1,
      retriesTimeout: 0,
      ...(customCaCert === undefined ? {} : { customCaCert }),
    });
    if (customCaCert !== undefined) await shareTrust(client);
  } catch (error) {
    if (customCaCert === undefined) throw connectionError(error, settings);
    throw new TargetError('DESTINATION_TLS', `"tls_ca_file" holds no certificate in PEM form: ${settings.tlsCaFile}`);
  }
}

/**
 * The authorities, read once for all connections. Given as text, the agent reads all 140 of them for each connection, and
 * puts them into the name under which it looks for one, for each request: 2 to 3 s of CPU in a run of ten streams.
 */
async function shareTrust(client: DBSQLClient): Promise<void> {
  const agent = await (await client.getConnectionProvider()).getAgent();
  if (!(agent instanceof Agent) || agent.options.ca === undefined) return;
  const { ca, minVersion } = agent.options;
  agent.options.secureContext = createSecureContext({ ca, minVersion });
  delete agent.options.ca;
}

async function readAuthorities(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TargetError('DESTINATION_TLS', `"tls_ca_file" cannot be read (${code}): ${path}`);
  }
}

/** Repeats `open` while the lakehouse says that it is starting: a sleeping one wakes up when it is called. */
async function onceStarted<T>(
  settings: ConnectionSettings,
  log: Log,
  closing: AbortSignal,
  open: () => Promise<T>,
): Promise<T> {
  const giveUpAt = Date.now() + settings.startupWaitSeconds * 1000;
  let starting = false;
  for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 1.6, 10_000)) {
    try {
      return await open();
    } catch (error) {
      // Between the gateway's 503 and the first answer a restarting pod may refuse connections.
      if (error instanceof TargetError) throw error;
      if (closing.aborted || !(isStillStarting(error) || (starting && isRefused(error))))
        throw connectionError(error, settings);
      if (Date.now() >= giveUpAt) throw stillStarting(settings);
      if (!starting) log.info(`lakehouse is starting, waiting up to ${settings.startupWaitSeconds} s`);
      starting = true;
    }
    const jittered = pauseMs * (0.5 + Math.random() / 2);
    await sleep(Math.min(jittered, Math.max(giveUpAt - Date.now(), 0)), undefined, { signal: closing }).catch(() => {});
  }
}

/** The gateway may turn away the session, or the first statement in it. */
const isStillStarting = (failure: unknown): boolean =>
  isStarting(failure) ||
  (failure instanceof StatementError && failure.outcome !== 'failed' && failure.says(/HTTP status code: 50[234]$/));

const stillStarting = ({ host, startupWaitSeconds }: ConnectionSettings): TargetError =>
  new TargetError(
    'DESTINATION_STARTING',
    startupWaitSeconds > 0
      ? `the lakehouse at ${host} is not ready after ${startupWaitSeconds} s: it is stopped, or still starting`
      : `the lakehouse at ${host} is not ready: it is stopped, or still starting`,
  );

async function release(client: DBSQLClient): Promise<void> {
  // Kept before close() forgets it: idle sockets would keep the process alive.
  const connection = await client.getConnectionProvider().catch(() => undefined);
  const agent = await connection?.getAgent().catch(() => undefined);
  await within(closeTimeoutMs, client.close()).catch(() => {});
  agent?.destroy();
}
