// Bytes → slabs of whole lines, split only at line feeds, without a byte-order mark at the start. A slab leaves when it is full, or soon after its first line is complete.
import { TargetError } from '../errors/target-error.ts';
import { LINE_FEED } from '../json/ascii.ts';
import type { ByteSource } from './input.ts';
import { Utf8Source } from './utf8-source.ts';

/** Where slabs come from; one that has been handed out is the receiver's to give back. */
export interface SlabPool {
  readonly slabBytes: number;
  acquire(): Promise<Uint8Array>;
  release(slab: Uint8Array): void;
}

/** Whole lines, each with its line feed: the input's last line gets one if it lacks it. */
export interface FilledSlab {
  readonly slab: Uint8Array;
  readonly length: number;
  /** The input ended here, and its last line had no line feed. */
  readonly lacksLineFeed: boolean;
}

export interface LineLimits {
  /** A line waits at most so long for the slab to fill. */
  readonly maxWaitMs: number;
  /** A longer line ends the input; lines that fit into a slab are taken in any case. No limit when not set. */
  readonly maxLineBytes?: number | undefined;
}

export class SlabReader {
  private readonly source: Utf8Source;
  private readonly pool: SlabPool;
  private readonly limits: LineLimits;
  /** Bytes read but not yet in a slab. */
  private rest: Uint8Array = new Uint8Array(0);
  /** The start of a line whose end is not read yet. */
  private carry: Uint8Array = new Uint8Array(0);
  private pending: Promise<Uint8Array | undefined> | undefined;
  private ended = false;
  private dropped = false;
  /** Why no more can be read: thrown when the lines before it have been returned. */
  private failure: unknown;
  private stopReading: () => void = () => {};

  constructor(source: ByteSource, pool: SlabPool, limits: LineLimits) {
    this.source = new Utf8Source(source);
    this.pool = pool;
    this.limits = limits;
  }

  /** Bytes before the first line that are in no slab: a byte-order mark. Known once there is a slab. */
  get skippedBytes(): number {
    return this.source.skippedBytes;
  }

  /** Ends the input here: what has not been handed out is dropped. */
  stop(): void {
    this.dropped = this.ended = true;
    this.rest = this.carry = new Uint8Array(0);
    this.stopReading();
  }

  /**
   * @returns undefined at the end of input.
   * @throws once all lines before it were returned: TargetError INPUT_LINE_TOO_LONG, INPUT_NOT_JSON for another encoding,
   * or what the source throws
   */
  async next(): Promise<FilledSlab | undefined> {
    if (this.failure !== undefined && !this.dropped) throw this.failure;
    if (this.ended && this.rest.length === 0 && this.carry.length === 0) return undefined;
    const filling = new Filling(await this.pool.acquire());
    try {
      filling.begin(this.carry);
      this.carry = new Uint8Array(0);
      await this.fill(filling);
    } catch (error) {
      this.pool.release(filling.bytes);
      throw error;
    }
    const length = filling.lines;
    this.carry = filling.bytes.slice(length, filling.length);
    if (length > 0 && !this.dropped) return { slab: filling.bytes, length, lacksLineFeed: filling.lacksLineFeed };
    this.pool.release(filling.bytes);
    return undefined;
  }

  private async fill(filling: Filling): Promise<void> {
    let deadline: number | undefined;
    for (;;) {
      this.rest = this.rest.subarray(filling.append(this.rest));
      if (filling.isFull) {
        if (filling.lines > 0) return;
        this.grow(filling);
        continue;
      }
      if (this.ended) return filling.endLine();
      if (filling.lines > 0) deadline ??= performance.now() + this.limits.maxWaitMs;
      // bytes that trickle in without a pause would win every race against the timer
      if (deadline !== undefined && performance.now() >= deadline) return;
      try {
        if (!(await this.more(deadline))) return;
      } catch (error) {
        if (filling.lines === 0) throw error;
        this.failure = error;
        return;
      }
    }
  }

  /** For a line longer than the slab: by no more than it takes to see that it is too long. */
  private grow(filling: Filling): void {
    const { maxLineBytes = Number.POSITIVE_INFINITY } = this.limits;
    if (filling.length > maxLineBytes) {
      throw new TargetError('INPUT_LINE_TOO_LONG', `a line is longer than ${maxLineBytes} bytes`);
    }
    filling.grow(Math.max(filling.length + 1, Math.min(filling.length * 2, maxLineBytes + 1)));
  }

  /** @returns false when the deadline came first. */
  private async more(deadline: number | undefined): Promise<boolean> {
    this.pending ??= this.source.read();
    const outcome = await this.firstOf(this.pending, deadline);
    if (outcome === 'late') return false;
    this.pending = undefined;
    if (outcome === undefined || this.dropped) this.ended = true;
    else this.rest = outcome;
    return true;
  }

  /** Not Promise.race: against a promise that lives as long as the run, it would keep every read's outcome. */
  private firstOf(
    read: Promise<Uint8Array | undefined>,
    deadline: number | undefined,
  ): Promise<Uint8Array | undefined | 'late'> {
    return new Promise((resolve, reject) => {
      const timer =
        deadline === undefined ? undefined : setTimeout(resolve, Math.max(0, deadline - performance.now()), 'late');
      const settle = (bytes: Uint8Array | undefined) => {
        clearTimeout(timer);
        resolve(bytes);
      };
      this.stopReading = () => settle(undefined);
      read.then(settle, reject);
    });
  }
}

/** A slab on its way to being full. */
class Filling {
  bytes: Uint8Array;
  length = 0;
  /** Bytes up to and with the last line feed. */
  lines = 0;
  /** The last line came without its line feed. */
  lacksLineFeed = false;

  constructor(slab: Uint8Array) {
    this.bytes = slab;
  }

  get isFull(): boolean {
    return this.length === this.bytes.length;
  }

  /** The start of a line, left over from the slab before; longer than this slab when that one had grown. */
  begin(carry: Uint8Array): void {
    while (this.bytes.length < carry.length) this.grow(this.bytes.length * 2);
    this.append(carry);
  }

  /** @returns how many bytes there was room for. */
  append(data: Uint8Array): number {
    const taken = data.subarray(0, this.bytes.length - this.length);
    this.bytes.set(taken, this.length);
    const last = taken.lastIndexOf(LINE_FEED);
    if (last >= 0) this.lines = this.length + last + 1;
    this.length += taken.length;
    return taken.length;
  }

  grow(bytes: number): void {
    const grown = new Uint8Array(new ArrayBuffer(bytes));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  /** The input ended: its last line counts, with a line feed or without. */
  endLine(): void {
    if (this.length === this.lines) return;
    if (this.isFull) this.grow(this.length + 1);
    this.bytes[this.length++] = LINE_FEED;
    this.lacksLineFeed = true;
    this.lines = this.length;
  }
}
