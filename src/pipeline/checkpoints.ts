// What is held and what is open: which STATE waits for what. Pure: no clock, no I/O. What goes out is a frontier's to decide.

/** Something that a STATE may have to wait for: a batch, an ACTIVATE_VERSION, the overwrite of a stream. */
export interface Unit {
  readonly stream: string;
  /** Offset in the input of the first thing that the unit holds. */
  readonly position: number;
}

export interface HeldState {
  readonly payload: Buffer;
  /** Offset in the input. */
  readonly position: number;
  /** The only stream that the state speaks of. Not set: it speaks of all. */
  readonly scope?: string | undefined;
  readonly heldSinceMs: number;
}

/** Which states go out, and in which form: a policy over the facts of {@link Checkpoints}. */
export interface Frontier {
  /** Whether a state that a newer one stands for is kept all the same. */
  readonly keeps: 'newest' | 'each';
  /** Called after each change. @returns what goes out now, in this order */
  release(checkpoints: Checkpoints): readonly Buffer[];
}

export class Checkpoints {
  /** Counts the units that became durable: what has not changed since need not be looked at again. */
  durableCount = 0;
  private readonly keeps: Frontier['keeps'];
  private readonly open = new Set<Unit>();
  private readonly begun = new Set<string>();
  private states: HeldState[] = [];

  constructor(keeps: Frontier['keeps'] = 'newest') {
    this.keeps = keeps;
  }

  /** A unit that is not durable yet. It must begin before anything at its position is treated as read. */
  begin(unit: Unit): void {
    this.open.add(unit);
    this.begun.add(unit.stream);
  }

  /** The commit that makes the unit's records readable is known to have happened. */
  durable(unit: Unit): void {
    this.open.delete(unit);
    this.durableCount++;
    if (this.keeps === 'newest' && this.states.length > 1) this.states = this.merged();
  }

  /** A STATE was read. Positions never fall. */
  hold(state: HeldState): void {
    const last = this.states.at(-1);
    if (last && this.standsFor(state, last) && !this.isAnyOpen(last.position, state.position))
      this.states[this.states.length - 1] = newerOf(last, state);
    else this.states.push(state);
  }

  /** Oldest first. Of states with nothing open between them only the newest is here, unless each is kept. */
  get held(): readonly HeldState[] {
    return this.states;
  }

  /** A frontier has no more use for these. */
  forget(states: readonly HeldState[]): void {
    const forgotten = new Set(states);
    if (forgotten.size > 0) this.states = this.states.filter((state) => !forgotten.has(state));
  }

  /** Whether the run has read anything of the stream that a state waits for, or had to. */
  hasBegun(stream: string): boolean {
    return this.begun.has(stream);
  }

  /**
   * The position up to which all is durable, of one stream or of all. A unit holds nothing from before its position.
   * @returns infinity when nothing is open
   */
  durableUpTo(stream?: string): number {
    let upTo = Number.POSITIVE_INFINITY;
    for (const unit of this.open)
      if ((stream === undefined || unit.stream === stream) && unit.position <= upTo) upTo = unit.position - 1;
    return upTo;
  }

  private standsFor(newer: HeldState, older: HeldState): boolean {
    return this.keeps === 'newest' && newer.scope === older.scope;
  }

  /**
   * With nothing open between two STATEs the newer can go out whenever the older can: only the newer is kept. So what is
   * held does not grow with the input, however long a unit (the overwrite of a stream) stays open.
   */
  private merged(): HeldState[] {
    const open = [...this.open].map(({ position }) => position).sort((a, b) => a - b);
    const merged: HeldState[] = [];
    let next = 0;
    for (const state of this.states) {
      const last = merged.at(-1);
      while (next < open.length && open[next]! <= (last?.position ?? -1)) next++;
      if (last && this.standsFor(state, last) && !(open[next]! <= state.position))
        merged[merged.length - 1] = newerOf(last, state);
      else merged.push(state);
    }
    return merged;
  }

  private isAnyOpen(after: number, upTo: number): boolean {
    for (const { position } of this.open) if (position > after && position <= upTo) return true;
    return false;
  }
}

/** The newer state waits for what the older one waits for, and so for as long. */
function newerOf(older: HeldState, newer: HeldState): HeldState {
  return { ...newer, heldSinceMs: older.heldSinceMs };
}
