// One table's session, opened when it is first used and opened anew when the lakehouse has forgotten it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SparkClient } from './client.ts';
import type { SparkSession } from './session.ts';
import { StatementError } from './statement-error.ts';

/** Sessions cache tables and hold temporary views, so each table has its own. */
export interface TableSession {
  /**
   * Runs `work`, from its start again when a statement found no session (a lakehouse that went to sleep in between), or
   * when another writer committed first. `work` must be safe to repeat as long as its last commit has not happened.
   */
  use<T>(
    work: (session: SparkSession) => Promise<T>,
    beforeRepeat?: (session: SparkSession) => Promise<void>,
  ): Promise<T>;
  close(): Promise<void>;
}

const maxConflicts = 8;
const maxReopenings = 2;
const firstPauseMs = 300;
const maxPauseMs = 8_000;

export function tableSession(client: () => SparkClient): TableSession {
  let current: SparkSession | undefined;
  const letGo = (): Promise<void> => {
    const closed = current?.close() ?? Promise.resolve();
    current = undefined;
    return closed;
  };
  return {
    use: async (work, beforeRepeat) => {
      let conflicts = 0;
      for (let reopenings = 0; ; ) {
        try {
          current ??= await client().openSession();
          if (conflicts > 0) await beforeRepeat?.(current);
          return await work(current);
        } catch (failure) {
          if (!(failure instanceof StatementError)) throw failure;
          if (failure.outcome === 'not-started' && reopenings++ < maxReopenings)
            void letGo(); // most likely gone: nobody waits for it
          else if (failure.isConflict && conflicts < maxConflicts) await pause(conflicts++);
          else throw failure;
        }
      }
    },
    close: letGo,
  };
}

/** Longer each time, and never the same for two writers that met. */
const pause = (conflicts: number): Promise<void> =>
  sleep(Math.min(firstPauseMs * 2 ** conflicts, maxPauseMs) * (0.5 + Math.random()));
