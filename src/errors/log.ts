// What may be told to a person while the run goes on: waits, renames, retries, orphans.
import { Secrets } from './secrets.ts';

/** Messages are sentences without a full stop; they hold no row values and no secrets. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  /** Taken out of every message. Whoever gets to know a secret in the run adds the secret here. */
  readonly secrets?: Secrets | undefined;
}

/** A log of the caller → one that takes the run's secrets out before the caller sees a message. */
export function discreet(
  log: Log,
  secrets: Iterable<string | undefined>,
  user?: string,
): Log & { readonly secrets: Secrets } {
  const known = log.secrets ?? new Secrets();
  known.add(secrets, user);
  return {
    info: (message) => log.info(known.redact(message)),
    warn: (message) => log.warn(known.redact(message)),
    secrets: known,
  };
}

/** Where nobody listens. */
export const silent: Log = { info: () => {}, warn: () => {} };
