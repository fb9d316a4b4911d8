// Released states → a function of a program that runs a sync.
import { messageOf } from '../errors/message-of.ts';
import { TargetError } from '../errors/target-error.ts';
import type { Output } from './front-end.ts';
import { NewestState } from './newest-state.ts';

/** Takes the JSON text of a state. The next state waits until what it returns has resolved. */
export type OnState = (state: string) => unknown;

/** A function that throws, or rejects, ends the run with STATE_NOT_WRITTEN. */
export function stateCallback(onState: OnState): Output {
  const write = async (payload: Buffer) => {
    await onState(payload.toString());
  };
  const failureOf = (error: unknown) => {
    const fix = 'Mend "onState", then run again from the last state that was taken: no row is lost';
    return new TargetError('STATE_NOT_WRITTEN', `"onState" threw: ${messageOf(error)}`, { fix }, error);
  };
  return new NewestState(write, failureOf);
}
