// Counts by column, of which those of a row that fails are taken back.
import type { ColumnNote } from '../report/facts.ts';

export class ColumnCounts {
  private readonly counts: Uint32Array;
  /** Columns counted in the row under way. */
  private pending: number[] = [];

  constructor(columns: number) {
    this.counts = new Uint32Array(columns);
  }

  add(column: number): void {
    this.pending.push(column);
  }

  /** Counted in rows that are written already. */
  addKept(column: number, count: number): void {
    this.counts[column]! += count;
  }

  /** The row is written: what was counted in it counts. */
  keep(): void {
    if (this.pending.length === 0) return;
    for (const column of this.pending) this.counts[column]!++;
    this.pending = [];
  }

  /** The row failed. */
  forget(): void {
    if (this.pending.length > 0) this.pending = [];
  }

  /** What was counted since the last call. */
  take(what: ColumnNote['what']): ColumnNote[] {
    const notes: ColumnNote[] = [];
    for (const [column, count] of this.counts.entries()) if (count > 0) notes.push({ what, column, count });
    if (notes.length > 0) this.counts.fill(0);
    return notes;
  }
}
