// Loads the row loop that assembly/ is built to. Synchronous: 10 KB that a thread needs before its first row.
import { readFileSync } from 'node:fs';

/** What TypeScript declares for browsers only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

export interface RowModule {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** Where memory is free to use. */
  heapStart(): number;
  /** See assembly/rows.ts. */
  encodeRows(
    plan: number,
    from: number,
    to: number,
    output: number,
    outputEnd: number,
    digests: number,
    maxRows: number,
    base: number,
    report: number,
  ): number;
}

/** From the package's root, so that the sources find the build's as well. */
const FILE = new URL('../../../dist/stage/wasm/rows.wasm', import.meta.url);

/** @param doubleFit judges a number at [start, end) of memory: 0 exact, 1 inexact, 2 no double */
export function loadRowModule(doubleFit: (start: number, end: number) => number): RowModule {
  const module = new WebAssembly.Module(readFileSync(FILE));
  return new WebAssembly.Instance(module, { field: { doubleFit } }).exports as RowModule;
}
