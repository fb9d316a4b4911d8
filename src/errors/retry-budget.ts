// How long an operation that failed for a passing reason is tried again: one deadline, pauses that grow and are never the same.
import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryPolicy {
  /** From the first failure of an operation on. */
  readonly maxMs: number;
  /** Ends all waits: nothing is tried again after it. */
  readonly signal?: AbortSignal | undefined;
  /** For tests: what is not set is the system's. */
  readonly clock?: Partial<RetryClock> | undefined;
}

export interface RetryClock {
  now(): number;
  /** Resolves early when the signal says so. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
  /** From 0 to 1. */
  random(): number;
}

/** What was done before giving up. */
export interface Tried {
  readonly attempts: number;
  /** From the first failure to the last. */
  readonly ms: number;
}

/** Of one operation. */
export interface RetryBudget {
  /** Called after each failure. Waits, and resolves to whether the operation is to be tried again. */
  wait(): Promise<boolean>;
  readonly tried: Tried;
}

/** Where nobody says otherwise. */
export const defaultRetrySeconds = 300;

const firstPauseMs = 500;
const maxPauseMs = 12_000;
/** However long they take: of an operation that takes longer than the deadline every failure would be the last. */
const sureRepeats = 2;

export function retryBudget({ maxMs, signal, clock: given }: RetryPolicy): RetryBudget {
  const clock = { ...systemClock, ...given };
  let failures = 0;
  let firstAt = 0;
  let lastAt = 0;
  return {
    wait: async () => {
      lastAt = clock.now();
      if (failures++ === 0) firstAt = lastAt;
      const leftMs = maxMs - (lastAt - firstAt);
      if (signal?.aborted || maxMs <= 0 || (leftMs <= 0 && failures > sureRepeats)) return false;
      const pauseMs = clock.random() * Math.min(maxPauseMs, firstPauseMs * 2 ** (failures - 1));
      await clock.sleep(leftMs > 0 ? Math.min(pauseMs, leftMs) : pauseMs, signal);
      return !signal?.aborted;
    },
    get tried() {
      return { attempts: failures, ms: lastAt - firstAt };
    },
  };
}

const systemClock: RetryClock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    sleep(ms, undefined, { signal }).then(
      () => {},
      () => {},
    ),
  random: () => Math.random(),
};

/** `12 attempts in 300 s` */
export const describeTried = ({ attempts, ms }: Tried): string =>
  `${attempts} attempt${attempts === 1 ? '' : 's'} in ${Math.round(ms / 1000)} s`;
