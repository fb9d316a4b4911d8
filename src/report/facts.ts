// What can be said of values and records in a run, as data.

/**
 * Values of a column that did not arrive exactly as they were sent.
 * - `inexact`: the column holds them approximately: numbers that no double equals and, in a TIMESTAMP column, fractions
 *   finer than a microsecond.
 * - `cut`: values of a nested column with such a fraction in them.
 * - `nulled`: invalid values that are NULL instead (`invalid_values: null`).
 * - `asText`: values of another kind than the declared string: the column holds their JSON text.
 */
export interface ColumnNote {
  readonly what: 'inexact' | 'cut' | 'nulled' | 'asText';
  /** Index into the version's columns. */
  readonly column: number;
  readonly count: number;
}

/** A field of records that no column takes. */
export interface FieldCount {
  readonly name: string;
  /** Records in which it was not null. */
  readonly count: number;
  /**
   * Why it has no column, whatever `undeclared_fields` says: the schema excludes it, or it is a member of a STRUCT.
   * Undefined: the option ignores such fields.
   */
  readonly because?: 'schema' | 'struct' | undefined;
}

/**
 * What is left out of a table: `tables`, all rows of the stream; `files`, those in Parquet files of a BATCH, which are
 * not counted; else the values of one column, an index into the version's.
 */
export type Discard =
  | { readonly of: 'tables'; readonly count: number }
  | { readonly of: 'files'; readonly count: number }
  | { readonly of: 'columns' | 'types'; readonly column: number; readonly count: number };

/** Where the rows of a load have ended. */
export interface LoadedRows {
  /** Inserted, or an update of a row. */
  readonly loaded: number;
  /** Updated by a later one of the same load, with the same key. */
  readonly deduplicated: number;
  /** Delete markers by which rows are removed, or marked. */
  readonly deleted: number;
  readonly marked: number;
}
