// The contract of a cast from a column of a Parquet file into one of a stream.
import type { ColumnType } from '../../schema/model.ts';

export interface Cast {
  readonly value: string;
  /** True where the value would be lost or changed; undefined when none can be. Never NULL. */
  readonly bad: string | undefined;
}

/** What the value goes into: `accepts` are bits of `jsonKind`. */
export interface CastTarget {
  readonly type: ColumnType;
  readonly accepts: number;
  /** The column is one of the stream's keys. */
  readonly isKey?: boolean;
}
