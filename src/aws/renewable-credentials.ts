// A provider of AWS credentials → one that holds what it got until that is about to expire, or until S3 says it has.
import type { Secrets } from '../errors/secrets.ts';
import type { S3Credentials } from './s3-credentials.ts';

type Provider = Extract<S3Credentials, (...options: never[]) => unknown>;
type Keys = Awaited<ReturnType<Provider>>;

export interface RenewableCredentials {
  readonly credentials: S3Credentials;
  /** Asks for newer ones at the next request. @returns false when there is nobody to ask */
  renew(): boolean;
}

/** As early as the SDK does it. */
const headStartMs = 5 * 60_000;

/** @param secrets what every key that is given is added to */
export function renewable(given: S3Credentials, secrets: Secrets): RenewableCredentials {
  if (typeof given !== 'function') {
    addKeys(given, secrets);
    return { credentials: given, renew: () => false };
  }
  let held: Promise<Keys> | undefined;
  let endsAtMs = Number.POSITIVE_INFINITY;
  let forced = false;
  const ask = async (): Promise<Keys> => {
    const forceRefresh = forced;
    forced = false;
    const keys = await given({ forceRefresh });
    addKeys(keys, secrets);
    endsAtMs = (keys.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - headStartMs;
    return keys;
  };
  return {
    credentials: async () => {
      if (Date.now() >= endsAtMs) held = undefined;
      held ??= ask();
      try {
        // The SDK would keep them for good: this way it asks each time.
        return { ...(await held), expiration: new Date() };
      } catch (error) {
        held = undefined;
        throw error;
      }
    },
    renew: () => {
      held = undefined;
      forced = true;
      return true;
    },
  };
}

/** AWS makes none that is shorter. Shorter ids, such as `minio`, are words of any text. */
const minIdLength = 8;

function addKeys({ accessKeyId, secretAccessKey, sessionToken }: Keys, secrets: Secrets): void {
  secrets.add([secretAccessKey, sessionToken, accessKeyId.length < minIdLength ? undefined : accessKeyId]);
}
