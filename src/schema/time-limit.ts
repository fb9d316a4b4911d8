// Work whose length the input decides, such as its schema's regular expressions, ended when it takes too long. A timer
// can't do so: it waits for the work. The limit of `node:vm` can: V8 stops whatever runs, even within one `RegExp.test`.
import { createContext, Script } from 'node:vm';

const call = new Script('work()');
let context: { work?: () => void } | undefined;

/**
 * What the work has left half done stays so, and none of its `catch` and `finally` run when it is stopped.
 * @param limitMs milliseconds, more than 0
 * @returns false when the work was stopped. @throws what the work throws
 */
export function endsWithin(limitMs: number, work: () => void): boolean {
  context ??= createContext({}) as { work?: () => void };
  context.work = work;
  try {
    call.runInContext(context, { timeout: limitMs });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  } finally {
    delete context.work;
  }
}
