// Rows that an encoder has made of records, and what a load must know of them. Plain data: it crosses threads.
import type { ColumnNote, FieldCount } from '../report/facts.ts';
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

/** Lines of JSON, compressed with gzip or not at all. */
export interface DeadLetters {
  /** Of each record's line in the input, rising. */
  readonly offsets: readonly number[];
  readonly bytes: Uint8Array;
}
