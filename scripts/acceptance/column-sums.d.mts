// The types of column-sums.mjs, which stays plain JavaScript so that Node 20 runs it without a build.
export type Kind = 'integer' | 'number' | 'text' | 'boolean' | 'timestamp' | 'date' | 'time' | 'json';

export interface Column {
  readonly name: string;
  readonly kind: Kind;
}

/** Rows in any order → how many, and one 64-bit checksum per column. */
export class ColumnSums {
  /** @param keys names of key columns; none is fine */
  constructor(columns: readonly Column[], keys: readonly string[]);
  readonly rows: number;
  /** @param values in the order of the columns, as a driver returned them */
  add(values: readonly unknown[]): void;
  /** Column name → 16 hexadecimal digits. */
  checksums(): Record<string, string>;
}
