// One table's session, opened when it is first used, and work in it that is done again when a passing fault ended it.
import { describeTried, retryBudget } from '../../errors/retry-budget.ts';
import { TargetError } from '../../errors/target-error.ts';
import type { SparkClient } from './client.ts';
import type { SparkSession } from './session.ts';
import { StatementError } from './statement-error.ts';

/** Sessions cache tables and hold temporary views, so each table has its own. */
export interface TableSession {
  /**
   * Runs `work`, from its start again when another writer committed first, or when an answer was lost: then in a new
   * session, after the server has said that the old one is over. So at most the old one's last commit may still come:
   * `work` must be right whether it has come, comes later or never does.
   * @throws StatementError with `tried`, or TargetError, when the client's patience is at its end
   */
  use<T>(
    work: (session: SparkSession) => Promise<T>,
    beforeRepeat?: (session: SparkSession) => Promise<void>,
  ): Promise<T>;
  close(): Promise<void>;
}

export function tableSession(client: () => SparkClient): TableSession {
  let current: SparkSession | undefined;
  /** Lost, and perhaps still at work. */
  let doubtful: SparkSession | undefined;
  const sessionToUse = async (): Promise<SparkSession> => {
    current ??= await client().openSession();
    await doubtful?.end().catch(asLost);
    doubtful = undefined;
    return current;
  };
  return {
    use: async (work, beforeRepeat) => {
      const patient = retryBudget(client().retry);
      let beaten = false;
      for (;;) {
        try {
          const session = await sessionToUse();
          if (beaten) await beforeRepeat?.(session);
          return await work(session);
        } catch (error) {
          const fault = faultOf(error);
          if (fault === 'final') throw error;
          beaten = fault === 'conflict';
          if (fault === 'lost') {
            // an older one that is still doubtful has seen no work of this table since
            if (doubtful === undefined) doubtful = current;
            else void current?.close();
            current = undefined;
          }
          if (!(await patient.wait())) throw givenUp(error, patient.tried);
        }
      }
    },
    close: async () => {
      await Promise.all([current?.close(), doubtful?.close()]);
      current = doubtful = undefined;
    },
  };
}

/** `lost`: nothing is known of the session any more. `conflict`: nothing was committed, the session is as good as before. */
function faultOf(failure: unknown): 'lost' | 'conflict' | 'final' {
  // There was a connection before, so host, port and user are right.
  if (failure instanceof TargetError) return failure.code === 'DESTINATION_UNREACHABLE' ? 'lost' : 'final';
  if (!(failure instanceof StatementError)) return 'final';
  if (failure.outcome !== 'failed') return 'lost';
  return failure.isConflict ? 'conflict' : 'final';
}

const asLost = (failure: unknown): never => {
  throw StatementError.from(failure, 'unknown');
};

function givenUp(failure: unknown, tried: Parameters<typeof describeTried>[0]): unknown {
  if (failure instanceof StatementError) failure.tried = tried;
  if (!(failure instanceof TargetError)) return failure;
  return new TargetError(failure.code, `${failure.message}, after ${describeTried(tried)}`, failure.context, failure);
}
