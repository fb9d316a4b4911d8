// Bytes → Snappy's block format, in memory that is allocated once.
import { type LinearMemory, loadWasm } from '../load-wasm.ts';

/** See assembly/snappy.ts. */
interface SnappyModule {
  readonly memory: LinearMemory;
  heapStart(): number;
  compress(from: number, to: number, output: number): number;
}

const PAGE_BYTES = 65_536;
/** Compressed at a time: whole blocks of the format's 64 KiB. */
const WINDOW_BYTES = 8 * 65_536;
/** Vectors read beyond the last byte. */
const MARGIN_BYTES = 64;
/** As much as incompressible bytes can take. */
const OUTPUT_BYTES = WINDOW_BYTES + WINDOW_BYTES / 6 + 64;

/** One serves one thread. */
class Snappy {
  private readonly module: SnappyModule;
  private readonly memory: Uint8Array;
  private readonly window: number;
  /** The size comes first, in up to five bytes. */
  private readonly output: number;

  constructor() {
    this.module = loadWasm<SnappyModule>('parquet/snappy.wasm');
    this.window = Math.ceil(this.module.heapStart() / 64) * 64;
    this.output = this.window + WINDOW_BYTES + MARGIN_BYTES;
    const missing = this.output + OUTPUT_BYTES + MARGIN_BYTES - this.module.memory.buffer.byteLength;
    this.module.memory.grow(Math.max(0, Math.ceil(missing / PAGE_BYTES)));
    this.memory = new Uint8Array(this.module.memory.buffer);
  }

  compress(source: Uint8Array): Uint8Array {
    const first = this.putSize(source.length);
    if (source.length <= WINDOW_BYTES) return this.compressWindow(source, first);
    const parts: Uint8Array[] = [];
    for (let at = 0; at < source.length; at += WINDOW_BYTES)
      // the next one is written over it
      parts.push(this.compressWindow(source.subarray(at, at + WINDOW_BYTES), at === 0 ? first : this.output).slice());
    return Buffer.concat(parts);
  }

  /** @param output where the compressed bytes go, of which those before it are part */
  private compressWindow(bytes: Uint8Array, output: number): Uint8Array {
    this.memory.set(bytes, this.window);
    const end = this.module.compress(this.window, this.window + bytes.length, output);
    return this.memory.subarray(this.output, end);
  }

  /** @returns the place after it */
  private putSize(size: number): number {
    let at = this.output;
    let rest = size;
    for (; rest > 127; rest >>>= 7) this.memory[at++] = (rest & 127) | 128;
    this.memory[at++] = rest;
    return at;
  }
}

/** This thread's, once it is needed. */
let thread: Snappy | undefined;

/** @returns a view that the next call may overwrite */
export function snappy(source: Uint8Array): Uint8Array {
  thread ??= new Snappy();
  return thread.compress(source);
}
