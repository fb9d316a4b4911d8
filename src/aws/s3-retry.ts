// A failed S3 request → whether it is sent again, and when: the deadline of all operations instead of the SDK's count of attempts.
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { type RetryBudget, type RetryPolicy, retryBudget } from '../errors/retry-budget.ts';

type RetryStrategy = Extract<
  Exclude<NonNullable<S3ClientConfig['retryStrategy']>, (...options: never[]) => unknown>,
  { acquireInitialRetryToken: unknown }
>;
type RetryToken = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;

/** As long as nobody has ever answered, the address is more likely wrong than the server down. */
const firstAnswerMs = 5_000;

/** @param renew called when the server says that the credentials are too old: the next request is signed with newer ones */
export function s3Retry(policy: RetryPolicy, renew: () => boolean): RetryStrategy {
  const patienceOf = new WeakMap<RetryToken, RetryBudget>();
  let answered = false;
  const token = (count: number, patient: RetryBudget): RetryToken => {
    const made = { getRetryCount: () => count, getRetryDelay: () => 0 };
    patienceOf.set(made, patient);
    return made;
  };
  return {
    acquireInitialRetryToken: async () => {
      const maxMs = answered ? policy.maxMs : Math.min(policy.maxMs, firstAnswerMs);
      return token(0, retryBudget({ ...policy, maxMs }));
    },
    refreshRetryTokenForRetry: async (before, { error, errorType }) => {
      const mayPass = errorType === 'THROTTLING' || errorType === 'TRANSIENT' || (isTooOld(error) && renew());
      // The first answer has told the time: a second refusal is about something else.
      const isPassing = mayPass && !(isClockCorrected(error) && before.getRetryCount() > 0);
      const patient = patienceOf.get(before);
      // what is thrown here is not seen: the SDK throws the failure itself
      if (!isPassing || patient === undefined || !(await patient.wait())) throw new Error('no further attempt');
      return token(before.getRetryCount() + 1, patient);
    },
    recordSuccess: () => {
      answered = true;
    },
  };
}

const isTooOld = (error: unknown): boolean =>
  ['ExpiredToken', 'TokenRefreshRequired', 'ExpiredTokenException'].includes(
    (error as { name?: string } | undefined)?.name ?? '',
  );

const isClockCorrected = (error: unknown): boolean =>
  (error as { $metadata?: { clockSkewCorrected?: boolean } } | undefined)?.$metadata?.clockSkewCorrected === true;
