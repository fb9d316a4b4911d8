// Loads the row loop that assembly/ is built to.
import { type LinearMemory, loadWasm } from '../../memory/load-wasm.ts';

export interface RowModule {
  readonly memory: LinearMemory;
  /** Where memory is free to use. */
  heapStart(): number;
  /** From now on lines are read by the form at this address. */
  setLine(form: number): void;
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
  /** See assembly/columns.ts. */
  takeRecords(plan: number, list: number): number;
  packColumn(
    list: number,
    count: number,
    position: number,
    width: number,
    bit: number,
    present: number,
    counted: number,
    output: number,
  ): number;
}

/** @param doubleFit judges a number at [start, end) of memory: 0 exact, 1 inexact, 2 no double; and stores the double at `output` */
export function loadRowModule(doubleFit: (start: number, end: number, output: number) => number): RowModule {
  return loadWasm<RowModule>('rows', { field: { doubleFit } });
}
