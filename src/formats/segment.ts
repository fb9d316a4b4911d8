// Rows that an encoder has made of records, and what a load must know of them. Plain data: it crosses threads.
import type { PageSizes } from './parquet/page-sizes.ts';

/** Rows of one stream version out of one run, encoded and compressed. */
export interface Segment {
  readonly stream: string;
  readonly versionId: number;
  readonly rows: number;
  /** Offset in the input of the first line that the rows and dead letters came from. */
  readonly inputOffset: number;
  /** Offset in the input of the last row's line. */
  readonly lastOffset: number;
  readonly bytes: Uint8Array;
  /** Where the columns' pages lie in `bytes`; for Parquet only. */
  readonly pages?: PageSizes | undefined;
  /** Bytes of the lines that the rows came from. */
  readonly inputBytes: number;
  /** Lines among them that the row loop did not take. */
  readonly slowLines: number;
  /** Two 32-bit numbers per row; empty for a stream without keys. */
  readonly digests: Uint32Array;
  /** Indexes of columns that at least one record lacked. */
  readonly absent: readonly number[];
  /** Per column, how many values other than null the rows hold; empty where the version's contract discards nothing. */
  readonly values: Uint32Array;
  readonly notes: readonly ColumnNote[];
  /** Fields of the records that were ignored. */
  readonly ignored: readonly FieldCount[];
  /** Records of the stream that are set aside: they are in no row. */
  readonly deadLetters: DeadLetters | undefined;
  readonly hasDeletes: boolean;
}

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

/** Lines of JSON, compressed with gzip or not at all. */
export interface DeadLetters {
  /** Of each record's line in the input, rising. */
  readonly offsets: readonly number[];
  readonly bytes: Uint8Array;
}
