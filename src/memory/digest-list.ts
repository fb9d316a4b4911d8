// Key digests of rows that wait for their load, in lists of their own: pieces of what came from the workers, kept for that
// long, would hold the memory around them too.
import { free } from './free.ts';

/** Numbers in one list. */
const MAX_LIST = 32 * 1024;

export class DigestList {
  private full: Uint32Array[] = [];
  private last = new Uint32Array(0);
  private lastLength = 0;

  /** Copies. */
  append(digests: Uint32Array): void {
    for (let rest = digests; rest.length > 0; ) {
      if (this.lastLength === this.last.length) this.begin(rest.length);
      const taken = rest.subarray(0, this.last.length - this.lastLength);
      this.last.set(taken, this.lastLength);
      this.lastLength += taken.length;
      rest = rest.subarray(taken.length);
    }
  }

  get lists(): readonly Uint32Array[] {
    return [...this.full, this.last.subarray(0, this.lastLength)];
  }

  get byteLength(): number {
    return this.full.reduce((sum, list) => sum + list.byteLength, this.last.byteLength);
  }

  /** Empties it. */
  free(): void {
    free(...this.full, this.last);
    this.full = [];
    this.last = new Uint32Array(0);
    this.lastLength = 0;
  }

  private begin(needed: number): void {
    if (this.last.length > 0) this.full.push(this.last);
    this.last = new Uint32Array(Math.min(MAX_LIST, Math.max(needed, this.last.length * 2)));
    this.lastLength = 0;
  }
}
