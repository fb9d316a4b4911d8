// The stream versions of a run → those that an encoder has to be told of. What no chunk can mean any more is let go: a tap
// may send a schema with every record.
import type { StreamVersion } from '../schema/model.ts';

export interface Definition {
  /** How many came before it. */
  readonly number: number;
  readonly version: StreamVersion;
}

/** Takes out of a list in their order those that are among the run's first so many. */
export function takeFirst(definitions: Definition[], count: number): Definition[] {
  const later = definitions.findIndex(({ number }) => number >= count);
  return definitions.splice(0, later === -1 ? definitions.length : later);
}

export class Definitions {
  /** By stream: the last of those in force in every chunk from now on, unless a later one replaces it there. */
  private readonly inForce = new Map<string, Definition>();
  private readonly recent: Definition[] = [];
  private added = 0;

  /** How many there have been: what a run refers to. */
  get count(): number {
    return this.added;
  }

  add(version: StreamVersion): void {
    this.recent.push({ number: this.added++, version });
  }

  /** Chunks from now on have at least so many in force. */
  enforce(count: number): void {
    for (const definition of takeFirst(this.recent, count)) {
      // in their order
      this.inForce.delete(definition.version.stream);
      this.inForce.set(definition.version.stream, definition);
    }
  }

  /** In their order, for who knows the first so many: those since then that a chunk may still mean. */
  since(known: number): readonly Definition[] {
    return [...this.inForce.values(), ...this.recent].filter(({ number }) => number >= known);
  }
}
