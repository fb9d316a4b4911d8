// Bytes → Snappy's block format, in memory that is allocated once.
import { type LinearMemory, loadWasm, WindowMemory } from '../../memory/load-wasm.ts';

/** See assembly/snappy.ts. */
interface SnappyModule {
  readonly memory: LinearMemory;
  heapStart(): number;
  compress(from: number, to: number, output: number): number;
}

/** Compressed at a time: whole blocks of the format's 64 KiB. */
const WINDOW_BYTES = 8 * 65_536;
/** As much as incompressible bytes can take, and the size before them, in up to five bytes. */
const OUTPUT_BYTES = WINDOW_BYTES + WINDOW_BYTES / 6 + 64;

/** One serves one thread. */
class Snappy {
  private readonly module: SnappyModule;
  private readonly memory: WindowMemory;

  constructor() {
    this.module = loadWasm<SnappyModule>('snappy');
    this.memory = new WindowMemory(this.module, WINDOW_BYTES, OUTPUT_BYTES);
  }

  compress(source: Uint8Array): Uint8Array {
    const first = this.putSize(source.length);
    if (source.length <= WINDOW_BYTES) return this.compressWindow(source, first);
    const parts: Uint8Array[] = [];
    for (let at = 0; at < source.length; at += WINDOW_BYTES)
      // the next one is written over it
      parts.push(
        this.compressWindow(source.subarray(at, at + WINDOW_BYTES), at === 0 ? first : this.memory.output).slice(),
      );
    return Buffer.concat(parts);
  }

  /** @param output where the compressed bytes go, of which those before it are part */
  private compressWindow(bytes: Uint8Array, output: number): Uint8Array {
    const { memory } = this;
    memory.bytes.set(bytes, memory.window);
    const end = this.module.compress(memory.window, memory.window + bytes.length, output);
    return memory.bytes.subarray(memory.output, end);
  }

  /** @returns the place after it */
  private putSize(size: number): number {
    const { bytes, output } = this.memory;
    let at = output;
    let rest = size;
    for (; rest > 127; rest >>>= 7) bytes[at++] = (rest & 127) | 128;
    bytes[at++] = rest;
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
