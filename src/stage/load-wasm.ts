// Loads what scripts/build-wasm.mjs makes of AssemblyScript. Synchronous: a few KB that a thread needs before it goes on.
import { readFileSync } from 'node:fs';

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

/** @param file in the build's folder of this room, @param imports by the names of the files that declare them */
export function loadWasm<Exports>(file: string, imports: Record<string, object> = {}): Exports {
  // from the package's root, so that the sources find the build's as well
  const bytes = readFileSync(new URL(`../../dist/stage/${file}`, import.meta.url));
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports as Exports;
}
