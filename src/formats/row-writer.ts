// The contract between the encoder of records and a form in which rows are staged.
import type { KeyDigest } from './key-digest.ts';
import type { PageSizes } from './parquet/page-sizes.ts';

/** Rows of one stream version, compressed, in memory of their own. */
export interface PackedRows {
  readonly bytes: Uint8Array;
  /** Where the columns' pages lie in `bytes`; for Parquet only. */
  readonly pages?: PageSizes | undefined;
}

/** Values of one column in consecutive rows, as views that are valid only during the call. */
export interface ColumnValues {
  /** One after the other, without those that are NULL; a boolean is a byte here. */
  readonly values: Buffer;
  readonly count: number;
  /** A bit for each row, lowest first: 1 where it has a value. The first row has the place in its byte that it has among the rows of the column. */
  readonly present: Uint8Array;
}

/** Rows that the row loop holds in its memory until somebody wants their columns. */
export interface WaitingRows {
  /** Hands the columns out, in the order of the layout; no rows wait then. @param firstRow place of the first one among the rows of the columns */
  takeColumns(firstRow: number, take: (position: number, column: ColumnValues) => void): void;
}

/** Where rows of the row loop go, in the form that the format's module names. */
export type LoopTarget =
  | { readonly form: 'csv' /** Whole rows, valid only during the call. */; append(csv: Buffer): void }
  | {
      readonly form: 'columns';
      /** Rows that wait with those that were given before. */
      append(waiting: WaitingRows, rows: number): void;
      /** The row loop's memory needs its place: the columns of rows that wait are taken now. */
      flush(): void;
    };

/**
 * Writes rows in the staged layout. Between `begin` and `end` (or `rollback`) each position of the layout is written
 * once, in order, by one of the methods that take a position.
 */
export interface RowWriter {
  /** Not set where the format's module names no form for the row loop. */
  readonly loop?: LoopTarget | undefined;
  /** @param lineBytes upper bound of the row's values as text */
  begin(lineBytes: number): void;
  /**
   * A data column's value, of a kind that the column accepts. [start, end) is its JSON text, or for a STRUCT or ARRAY what
   * `NestedEncoder` has made of it.
   * @param kind a slot kind of the record scanner, neither `null` nor `absent`
   * @returns true when the column holds the value only approximately
   * @throws TargetError; nothing is written at the position then
   */
  value(position: number, bytes: Buffer, kind: number, start: number, end: number): boolean;
  null(position: number): void;
  /** A date-time as a tap writes it. @throws TargetError */
  timestamp(position: number, source: Buffer, start: number, end: number): void;
  /** The instant in milliseconds since 1970. */
  instant(position: number, milliseconds: number): void;
  /** Digits with or without a minus sign. @throws TargetError when they are beyond 64 bits */
  bigint(position: number, source: Buffer, start: number, end: number): void;
  /** An integer that a double holds exactly. */
  integer(position: number, value: number): void;
  /** ASCII without quotes. */
  ascii(position: number, text: Buffer): void;
  /** The value written last: equal values add the same. */
  addToDigest(digest: KeyDigest, position: number): void;
  end(): void;
  /** The row that was begun is not written. */
  rollback(): void;
  /** The rows since the last call. */
  take(): PackedRows;
}
