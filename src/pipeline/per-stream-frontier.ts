// `state_frontier: per_stream`: the newest STATE that is durable in all streams, with newer bookmarks of the streams that
// are ahead of the others.
import type { Bookmark, Bookmarks } from '../protocols/front-end.ts';
import type { Checkpoints, Frontier, HeldState } from './checkpoints.ts';
import { takeCovered } from './global-frontier.ts';

interface Ahead extends Bookmark {
  /** Of the STATE that says so. */
  readonly position: number;
}

/**
 * A bookmark may go out when all rows of its stream before the bookmark's STATE are durable, whatever is open in other
 * streams. Everything else in a STATE waits for all streams. So do bookmarks of streams that the run has read nothing of:
 * such a stream may be the parent of one that is still open.
 *
 * No state goes out until the rows of all streams before some STATE are durable: what else a state must hold is not known
 * until then.
 */
export class PerStreamFrontier implements Frontier {
  readonly keeps = 'newest';
  private readonly bookmarks: Bookmarks;
  /** The bookmarks of held states, each looked up once. */
  private readonly read = new WeakMap<Buffer, ReadonlyMap<string, Bookmark>>();
  private base: HeldState | undefined;
  private emitted: Buffer | undefined;
  /** Bookmarks that went out last, of streams ahead of `base`: a later STATE of the tap may lack one. */
  private ahead = new Map<string, Ahead>();
  private durableCount = -1;

  constructor(bookmarks: Bookmarks) {
    this.bookmarks = bookmarks;
  }

  release(checkpoints: Checkpoints): readonly Buffer[] {
    const covered = takeCovered(checkpoints);
    if (covered) this.base = covered;
    // while something is open, a STATE waits for the next commit: looking into each would cost more than it brings
    const isUnchanged = !covered && checkpoints.durableCount === this.durableCount;
    this.durableCount = checkpoints.durableCount;
    if (this.base === undefined || isUnchanged) return [];
    this.ahead = this.newer(checkpoints, this.base);
    const payload = this.bookmarks.replace(this.base.payload, this.ahead);
    if (!covered && this.emitted?.equals(payload)) return [];
    this.emitted = payload;
    return [payload];
  }

  /** Of each stream that is ahead, the newest bookmark that is true. */
  private newer(checkpoints: Checkpoints, base: HeldState): Map<string, Ahead> {
    const newest = new Map([...this.ahead].filter(([, { position }]) => position > base.position));
    const frontiers = new Map<string, number>();
    const frontierOf = (stream: string): number => {
      const known = frontiers.get(stream) ?? checkpoints.durableUpTo(stream);
      frontiers.set(stream, known);
      return known;
    };
    for (const state of checkpoints.held)
      for (const [stream, bookmark] of this.bookmarksOf(state))
        if (checkpoints.hasBegun(stream) && state.position <= frontierOf(stream))
          newest.set(stream, { ...bookmark, position: state.position });
    return newest;
  }

  private bookmarksOf({ payload }: HeldState): ReadonlyMap<string, Bookmark> {
    let found = this.read.get(payload);
    if (!found) {
      found = this.bookmarks.of(payload);
      this.read.set(payload, found);
    }
    return found;
  }
}
