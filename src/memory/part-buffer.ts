// Chunks of bytes → parts of one size, in memory that grows to a part's size and is used again.
import { free } from './free.ts';

const firstBytes = 256 * 1024;
const maxSpare = 2;

/** Buffers of parts that have been sent, for the next uploads: new ones would add up faster than they are collected. */
export class PartBuffers {
  private readonly maxBytes: number;
  private readonly spare: PartBuffer[] = [];

  /** @param maxBytes of a part */
  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** An empty one. */
  take(): PartBuffer {
    return this.spare.pop() ?? new PartBuffer(this.maxBytes);
  }

  /** @param buffer whose bytes nobody reads any more */
  giveBack(buffer: PartBuffer): void {
    if (this.spare.length === maxSpare) return;
    buffer.clear();
    this.spare.push(buffer);
  }
}

export class PartBuffer {
  private readonly maxBytes: number;
  private buffer: Uint8Array;
  private filled = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
    this.buffer = new Uint8Array(Math.min(firstBytes, maxBytes));
  }

  get length(): number {
    return this.filled;
  }

  get isFull(): boolean {
    return this.filled === this.maxBytes;
  }

  /** What was appended; valid until `clear`. */
  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.filled);
  }

  /** Copies. @returns how many bytes there was room for */
  append(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.maxBytes - this.filled);
    this.reserve(this.filled + taken.length);
    this.buffer.set(taken, this.filled);
    this.filled += taken.length;
    return taken.length;
  }

  clear(): void {
    this.filled = 0;
  }

  private reserve(needed: number): void {
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.min(this.maxBytes, Math.max(needed, this.buffer.length * 2)));
    grown.set(this.bytes);
    free(this.buffer);
    this.buffer = grown;
  }
}
