// Chunks of bytes → parts of one size, in memory that grows to a part's size and is used again.
import { free } from './free.ts';

const firstBytes = 256 * 1024;
const maxSpare = 2;

/** Buffers of parts that have been sent, for the next uploads: new ones would add up faster than they are collected. */
export class PartBuffers {
  readonly #maxBytes: number;
  readonly #spare: PartBuffer[] = [];

  /** @param maxBytes of a part */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** An empty one. */
  take(): PartBuffer {
    return this.#spare.pop() ?? new PartBuffer(this.#maxBytes);
  }

  /** @param buffer whose bytes nobody reads any more */
  giveBack(buffer: PartBuffer): void {
    if (this.#spare.length === maxSpare) return;
    buffer.clear();
    this.#spare.push(buffer);
  }
}

export class PartBuffer {
  readonly #maxBytes: number;
  #bytes: Uint8Array;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#bytes = new Uint8Array(Math.min(firstBytes, maxBytes));
  }

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length === this.#maxBytes;
  }

  /** What was appended; valid until `clear`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Copies. @returns how many bytes there was room for */
  append(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.#maxBytes - this.#length);
    this.#reserve(this.#length + taken.length);
    this.#bytes.set(taken, this.#length);
    this.#length += taken.length;
    return taken.length;
  }

  clear(): void {
    this.#length = 0;
  }

  #reserve(needed: number): void {
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.min(this.#maxBytes, Math.max(needed, this.#bytes.length * 2)));
    grown.set(this.bytes);
    free(this.#bytes);
    this.#bytes = grown;
  }
}
