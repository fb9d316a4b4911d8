// `state_frontier: global`: the newest STATE before which everything, in every stream, is durable.
import type { Checkpoints, Frontier, HeldState } from './checkpoints.ts';

export class GlobalFrontier implements Frontier {
  readonly keeps = 'newest';

  release(checkpoints: Checkpoints): readonly Buffer[] {
    const released = takeCovered(checkpoints);
    return released ? [released.payload] : [];
  }
}

/** The newest held STATE that nothing open precedes. It and those before it are forgotten. */
export function takeCovered(checkpoints: Checkpoints): HeldState | undefined {
  const frontier = checkpoints.durableUpTo();
  const covered = checkpoints.held.filter(({ position }) => position <= frontier);
  checkpoints.forget(covered);
  return covered.at(-1);
}
