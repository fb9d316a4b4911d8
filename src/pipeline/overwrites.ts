// What was read of each overwritten stream → whether, at the end of input, its new rows may take the place of the old.
import { TargetError } from '../errors/target-error.ts';
import type { Unit } from './checkpoints.ts';

/**
 * What shows that the tap did not just die: nothing but a clean end of input; a STATE after the stream's last record or
 * SCHEMA; an ACTIVATE_VERSION of the stream after these.
 */
export type OverwriteRequires = 'eof' | 'state' | 'activate_version';

/** Begins at the stream's first SCHEMA, and is durable when its new rows are the table's. */
export interface Overwrite extends Unit {
  readonly stream: string;
}

interface Progress {
  readonly overwrite: Overwrite;
  /** Offsets in the input. */
  lastSeen: number;
  lastActivated: number;
}

const what = { eof: 'an end', state: 'a STATE', activate_version: 'an ACTIVATE_VERSION' } as const;

export class Overwrites {
  private readonly requires: OverwriteRequires;
  private readonly open = new Map<string, Progress>();
  private lastState = -1;

  constructor(requires: OverwriteRequires) {
    this.requires = requires;
  }

  begin(overwrite: Overwrite): void {
    this.open.set(overwrite.stream, { overwrite, lastSeen: overwrite.position, lastActivated: -1 });
  }

  has(stream: string): boolean {
    return this.open.has(stream);
  }

  /** A record or a SCHEMA; for streams that are not overwritten this and `activated` do nothing. */
  seen(stream: string, position: number): void {
    const progress = this.open.get(stream);
    if (progress) progress.lastSeen = Math.max(progress.lastSeen, position);
  }

  activated(stream: string, position: number): void {
    const progress = this.open.get(stream);
    if (progress) progress.lastActivated = position;
  }

  state(position: number): void {
    this.lastState = position;
  }

  completed({ stream }: Overwrite): void {
    this.open.delete(stream);
  }

  /** To be asked at a clean end of input. */
  get complete(): readonly Overwrite[] {
    return [...this.open.values()].filter((progress) => this.isComplete(progress)).map(({ overwrite }) => overwrite);
  }

  /** Those whose rows are not the table's. */
  get unfinished(): readonly string[] {
    return [...this.open.keys()];
  }

  /** @returns what is to be said of the streams that may never be completed, if there are any. */
  get incomplete(): TargetError | undefined {
    const streams = [...this.open.values()].filter((progress) => !this.isComplete(progress));
    if (streams.length === 0) return undefined;
    const [first, ...others] = streams.map(({ overwrite }) => overwrite.stream);
    const also = others.map((stream) => `, nor of ${JSON.stringify(stream)}`).join('');
    return new TargetError(
      'OVERWRITE_INCOMPLETE',
      `the input ended without ${what[this.requires]} after the last record of the stream${also}: nothing was overwritten there`,
      { stream: first },
    );
  }

  private isComplete({ lastSeen, lastActivated }: Progress): boolean {
    if (this.requires === 'state') return this.lastState > lastSeen;
    return this.requires === 'eof' || lastActivated > lastSeen;
  }
}
