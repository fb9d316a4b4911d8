// Loads what scripts/build-wasm.mjs makes of AssemblyScript. Synchronous: a few KB that a thread needs before it goes on.
import { readFileSync } from 'node:fs';
import { wasmFile } from '../package/package-files.ts';

/** What TypeScript declares for browsers only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

export interface LinearMemory {
  /** Another one after each `grow`. */
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** @param name as the build calls it, @param imports by the names of the files that declare them */
export function loadWasm<Exports>(name: string, imports: Record<string, object> = {}): Exports {
  const bytes = readFileSync(wasmFile(name));
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports as Exports;
}

const PAGE_BYTES = 65_536;

/** Grows the memory, if need be. @returns whether there is another `buffer` now */
export function reserveMemory(memory: LinearMemory, bytes: number): boolean {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  return missing > 0;
}

/** Vectors read and write so far beyond the last byte. */
const MARGIN_BYTES = 64;

/** Linear memory of a module that works through its input in windows. */
export class WindowMemory {
  readonly bytes: Uint8Array;
  /** Addresses of the two regions. */
  readonly window: number;
  readonly output: number;

  constructor(
    module: { readonly memory: LinearMemory; heapStart(): number },
    windowBytes: number,
    outputBytes: number,
  ) {
    this.window = Math.ceil(module.heapStart() / 64) * 64;
    this.output = this.window + windowBytes + MARGIN_BYTES;
    reserveMemory(module.memory, this.output + outputBytes + MARGIN_BYTES);
    this.bytes = new Uint8Array(module.memory.buffer);
  }
}
