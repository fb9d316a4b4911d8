// Which STATE may go out: the newest one before which everything, in every stream, is durable. Pure: no clock, no I/O.

/** Something that a STATE may have to wait for: a batch, an ACTIVATE_VERSION. */
export interface Unit {
  /** Offset in the input of the first thing that the unit holds. */
  readonly position: number;
}

export interface HeldState {
  readonly value: Buffer;
  /** Offset in the input. */
  readonly position: number;
  readonly heldSinceMs: number;
}

export class Checkpoints {
  private readonly open = new Set<Unit>();
  private held: HeldState[] = [];

  /** A unit that is not durable yet. It must begin before anything at its position is treated as read. */
  begin(unit: Unit): void {
    this.open.add(unit);
  }

  /** The commit that makes the unit's records readable is known to have happened. */
  durable(unit: Unit): void {
    this.open.delete(unit);
    if (this.held.length > 1) this.held = this.merged();
  }

  /** A STATE was read. Positions never fall. */
  hold(state: HeldState): void {
    const last = this.held.at(-1);
    if (last && !this.isAnyOpen(last.position, state.position)) this.held[this.held.length - 1] = newerOf(last, state);
    else this.held.push(state);
  }

  /** @returns the newest STATE that nothing open precedes; it and those before it are forgotten. */
  release(): HeldState | undefined {
    const frontier = this.frontier();
    let count = 0;
    while (count < this.held.length && this.held[count]!.position <= frontier) count++;
    const released = this.held[count - 1];
    if (count > 0) this.held = this.held.slice(count);
    return released;
  }

  /** The STATE that has been held longest, with everything that it waits for. */
  get oldestHeld(): HeldState | undefined {
    return this.held[0];
  }

  get heldCount(): number {
    return this.held.length;
  }

  /**
   * With nothing open between two STATEs the newer can go out whenever the older can: only it is kept. So what is held
   * does not grow with the input, however long a unit (the overwrite of a stream) stays open.
   */
  private merged(): HeldState[] {
    const open = [...this.open].map(({ position }) => position).sort((a, b) => a - b);
    const merged: HeldState[] = [];
    let next = 0;
    for (const state of this.held) {
      const last = merged.at(-1);
      while (next < open.length && open[next]! <= (last?.position ?? -1)) next++;
      if (last && !(open[next]! <= state.position)) merged[merged.length - 1] = newerOf(last, state);
      else merged.push(state);
    }
    return merged;
  }

  private isAnyOpen(after: number, upTo: number): boolean {
    for (const { position } of this.open) if (position > after && position <= upTo) return true;
    return false;
  }

  /** The position up to which all is durable. A unit holds nothing from before its position. */
  private frontier(): number {
    let frontier = Number.POSITIVE_INFINITY;
    for (const unit of this.open) if (unit.position <= frontier) frontier = unit.position - 1;
    return frontier;
  }
}

/** It waits for what the older one waits for, and so for as long. */
function newerOf(older: HeldState, newer: HeldState): HeldState {
  return { ...newer, heldSinceMs: older.heldSinceMs };
}
