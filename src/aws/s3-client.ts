// The S3 settings → a client that is patient with networks, silent on stderr, and plain enough for every S3-compatible server.
import type { S3, S3ClientConfig } from '@aws-sdk/client-s3';
import { defaultRetrySeconds, type RetryPolicy } from '../errors/retry-budget.ts';
import type { Secrets } from '../errors/secrets.ts';
import { TargetError } from '../errors/target-error.ts';
import { isProxySet } from '../network/proxy.ts';
import { renewable } from './renewable-credentials.ts';
import { type RequestAgents, type S3CredentialSettings, s3Credentials, warningsOnly } from './s3-credentials.ts';
import { s3Retry } from './s3-retry.ts';

export interface S3ConnectionSettings extends S3CredentialSettings {
  /** `http://` or `https://` of a server that is not AWS's own; addressed path-style. */
  readonly endpointUrl?: string | undefined;
  readonly region?: string | undefined;
  /** How long a request that fails for a passing reason is sent again; 300 s when not set. */
  readonly retryMaxSeconds?: number | undefined;
  /** Of the run: credentials are added. They are kept from messages of the stage alone when it is not set. */
  readonly secrets?: Secrets | undefined;
}

const connectTimeoutMs = 10_000;
/** Without a byte in either direction. */
const idleTimeoutMs = 60_000;
/** One request, its body and answer: a part of 8 MiB at 30 KiB/s. */
const requestTimeoutMs = 300_000;

/**
 * Loads the SDK, which takes time and memory that a run without S3 need not spend.
 * @param secrets what the credentials are added to, whenever there are new ones
 * @throws TargetError CONFIG_INVALID, STAGE_AUTH
 */
export async function s3Client(
  settings: S3ConnectionSettings,
  warn: (message: string) => void,
  secrets: Secrets,
): Promise<S3> {
  const endpoint = settings.endpointUrl || process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL;
  if (endpoint) requireHttp(endpoint);
  if (endpoint) warnOfClearText(endpoint, warn);
  const agents = isProxySet() ? await throughProxy(endpoint) : {};
  const { credentials, renew } = renewable(await s3Credentials(settings, warn, agents), secrets);
  // Else the SDK writes to stderr that it will leave this Node version some day.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const { S3: Client } = await import('@aws-sdk/client-s3');
  const logger = warningsOnly(warn);
  const config: S3ClientConfig = {
    credentials,
    logger,
    ...(settings.profile && { profile: settings.profile }),
    ...(endpoint ? { endpoint, forcePathStyle: true } : { followRegionRedirects: true }),
    // The signature covers a hash of the body already; further checksums are refused by some S3-compatible servers.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    retryStrategy: s3Retry(retryPolicy(settings), renew),
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      socketTimeout: idleTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      ...agents,
      logger,
    },
  };
  const region = settings.region || process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  if (region) return new Client({ ...config, region });
  const client = new Client(config);
  try {
    await client.config.region();
    return client;
  } catch {
    // No profile names a region: AWS redirects from this one, and other servers hardly ever look at it.
    client.destroy();
    return new Client({ ...config, region: 'us-east-1' });
  }
}

export const retryPolicy = ({ retryMaxSeconds = defaultRetrySeconds }: S3ConnectionSettings): RetryPolicy => ({
  maxMs: retryMaxSeconds * 1000,
});

/** As many sockets as the SDK's own agents have. */
async function throughProxy(endpoint = 'https://s3.amazonaws.com'): Promise<RequestAgents> {
  const { openProxyAgent } = await import('../network/proxy-agents.ts');
  const agent = openProxyAgent({ keepAlive: true, maxSockets: 50 }, endpoint);
  return { httpAgent: agent, httpsAgent: agent };
}

const warnedOf = new Set<string>();

/** Once in a run, which has several clients. */
function warnOfClearText(endpoint: string, warn: (message: string) => void): void {
  const { protocol, hostname } = new URL(endpoint);
  const staysHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname) || hostname.endsWith('.localhost');
  if (protocol !== 'http:' || staysHere || warnedOf.has(endpoint)) return;
  warnedOf.add(endpoint);
  warn(`"s3_endpoint_url" is ${endpoint}: rows and session tokens go there unencrypted. Use https:// where you can`);
}

function requireHttp(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (isHttp && url.username === '' && url.password === '') return;
  throw new TargetError(
    'CONFIG_INVALID',
    '"s3_endpoint_url" must be a URL that begins with http:// or https://, without user and password',
  );
}
