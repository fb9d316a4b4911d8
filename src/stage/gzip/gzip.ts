// Bytes → gzip, in memory that is allocated once: what a thread compresses leaves nothing to collect but the result.
import { crc32 } from 'node:zlib';
import { type LinearMemory, loadWasm } from '../load-wasm.ts';

/** See assembly/deflate.ts. */
interface DeflateModule {
  readonly memory: LinearMemory;
  heapStart(): number;
  begin(): void;
  deflate(from: number, to: number, output: number, isLast: number): number;
}

const PAGE_BYTES = 65_536;
/** Compressed at a time. */
const WINDOW_BYTES = 1 << 20;
/** Vectors read beyond the last byte. */
const MARGIN_BYTES = 64;
const OUTPUT_BYTES = (WINDOW_BYTES / 32) * 33 + 1024;
/** RFC 1952: deflate, no name, no time, fastest, unknown file system. */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255);
const TRAILER_BYTES = 8;

/** One serves one thread. */
export class Gzip {
  private readonly module: DeflateModule;
  private readonly memory: Uint8Array;
  private readonly window: number;
  private readonly output: number;

  constructor() {
    this.module = loadWasm<DeflateModule>('gzip/deflate.wasm');
    this.window = Math.ceil(this.module.heapStart() / 64) * 64;
    this.output = this.window + WINDOW_BYTES + MARGIN_BYTES;
    const missing = this.output + OUTPUT_BYTES - this.module.memory.buffer.byteLength;
    this.module.memory.grow(Math.max(0, Math.ceil(missing / PAGE_BYTES)));
    this.memory = new Uint8Array(this.module.memory.buffer);
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
    const member = new Uint8Array(parts.reduce((sum, part) => sum + part.length, TRAILER_BYTES));
    let end = 0;
    for (const part of parts) {
      member.set(part, end);
      end += part.length;
    }
    const trailer = new DataView(member.buffer, end);
    trailer.setUint32(0, crc32(bytes), true);
    trailer.setUint32(4, bytes.length % 2 ** 32, true);
    return member;
  }

  private deflate(bytes: Uint8Array, isLast: boolean): Uint8Array {
    this.memory.set(bytes, this.window);
    const end = this.module.deflate(this.window, this.window + bytes.length, this.output, isLast ? 1 : 0);
    return this.memory.subarray(this.output, end);
  }
}
