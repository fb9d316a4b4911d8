// What the config and the environment say about AWS → the credentials that the S3 client signs with.
import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { TargetError } from '../errors/target-error.ts';

export interface S3CredentialSettings {
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly sessionToken?: string | undefined;
  /** Only a profile that the config names: AWS_PROFILE has its own, lower place. */
  readonly profile?: string | undefined;
}

export type S3Credentials = NonNullable<S3ClientConfig['credentials']>;

/** How requests leave this machine, where not as usual. */
export interface RequestAgents {
  readonly httpAgent?: HttpAgent;
  readonly httpsAgent?: HttpsAgent;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The first that applies: keys of the config; its profile; keys of the environment; the SDK's own chain
 * (AWS_PROFILE, the default profile, SSO, web identity, the role of the container or machine).
 * All but plain keys are renewed when they expire.
 * @throws TargetError STAGE_AUTH when one half of a key pair is missing
 */
export async function s3Credentials(
  settings: S3CredentialSettings,
  warn: (message: string) => void,
  agents: RequestAgents = {},
  environment: Environment = process.env,
): Promise<S3Credentials> {
  const configured = Boolean(settings.accessKeyId || settings.secretAccessKey);
  if (configured || !settings.profile) {
    const keys = staticKeys(settings, environment);
    if (keys) return keys;
  }
  const { fromIni, fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  const logger = warningsOnly(warn);
  // AWS's token services are asked the same way
  const asked = { logger, ...(agents.httpsAgent && { clientConfig: { requestHandler: agents } }) };
  return settings.profile ? fromIni({ profile: settings.profile, ...asked }) : fromNodeProviderChain(asked);
}

function staticKeys(settings: S3CredentialSettings, environment: Environment) {
  const accessKeyId = settings.accessKeyId || environment.AWS_ACCESS_KEY_ID;
  const secretAccessKey = settings.secretAccessKey || environment.AWS_SECRET_ACCESS_KEY;
  if (!accessKeyId && !secretAccessKey) return undefined;
  if (!accessKeyId) throw halfAPair('there is an AWS secret access key but no access key id', 'aws_access_key_id');
  if (!secretAccessKey)
    throw halfAPair('there is an AWS access key id but no secret access key', 'aws_secret_access_key');
  const sessionToken = settings.sessionToken || environmentToken(accessKeyId, environment);
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

const halfAPair = (text: string, option: string) =>
  new TargetError('STAGE_AUTH', text, { fix: `Set "${option}" as well, or the variable ${option.toUpperCase()}` });

/** A token belongs to one key: the environment's is no use with a key that the config set over the environment's. */
function environmentToken(accessKeyId: string, environment: Environment): string | undefined {
  const owner = environment.AWS_ACCESS_KEY_ID;
  return !owner || owner === accessKeyId ? environment.AWS_SESSION_TOKEN : undefined;
}

/** The SDK's logger, which otherwise writes to the console. */
export function warningsOnly(warn: (message: string) => void) {
  const silent = () => {};
  return {
    trace: silent,
    debug: silent,
    info: silent,
    error: silent,
    warn: (...content: unknown[]) => warn(content.map(String).join(' ').replace(/\s+/g, ' ').trim()),
  };
}
