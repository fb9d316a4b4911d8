// Bytes → gzip, in memory that is allocated once: what a thread compresses leaves nothing to collect but the result.
import { crc32 } from 'node:zlib';
import { joinBytes } from '../../../memory/join-bytes.ts';
import { type LinearMemory, loadWasm, WindowMemory } from '../../../memory/load-wasm.ts';

/** See assembly/deflate.ts. */
interface DeflateModule {
  readonly memory: LinearMemory;
  heapStart(): number;
  begin(): void;
  deflate(from: number, to: number, output: number, isLast: number): number;
}

/** Compressed at a time. */
const WINDOW_BYTES = 1 << 20;
const OUTPUT_BYTES = (WINDOW_BYTES / 32) * 33 + 1024;
/** RFC 1952: deflate, no name, no time, fastest, unknown file system. */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255);
const TRAILER_BYTES = 8;

/** One serves one thread. */
export class Gzip {
  private readonly module: DeflateModule;
  private readonly memory: WindowMemory;

  constructor() {
    this.module = loadWasm<DeflateModule>('deflate');
    this.memory = new WindowMemory(this.module, WINDOW_BYTES, OUTPUT_BYTES);
  }

  /** @returns one gzip member, in memory of its own. @param bytes not empty */
  compress(bytes: Uint8Array): Uint8Array {
    this.module.begin();
    const parts: Uint8Array[] = [HEADER];
    for (let at = 0; at < bytes.length; at += WINDOW_BYTES) {
      const isLast = at + WINDOW_BYTES >= bytes.length;
      const part = this.deflate(bytes.subarray(at, at + WINDOW_BYTES), isLast);
      // the next one is written over it
      parts.push(isLast ? part : part.slice());
    }
    const size = parts.reduce((sum, part) => sum + part.length, TRAILER_BYTES);
    const member = joinBytes(parts, size);
    const trailer = new DataView(member.buffer, size - TRAILER_BYTES);
    trailer.setUint32(0, crc32(bytes), true);
    trailer.setUint32(4, bytes.length % 2 ** 32, true);
    return member;
  }

  private deflate(bytes: Uint8Array, isLast: boolean): Uint8Array {
    const { memory } = this;
    memory.bytes.set(bytes, memory.window);
    const end = this.module.deflate(memory.window, memory.window + bytes.length, memory.output, isLast ? 1 : 0);
    return memory.bytes.subarray(memory.output, end);
  }
}
