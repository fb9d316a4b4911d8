// What differs between two warehouses when they read Parquet files of others. Beside the dialect of all other statements.
import type { Dialect } from './dialect.ts';

/** A column's type in a file, as the warehouse reads it. */
export interface FileType {
  readonly kind:
    | 'boolean'
    /** `mayExceed64Bits`: values may lie beyond a signed integer of 64 bits. */
    | 'integer'
    | 'decimal'
    | 'float'
    | 'text'
    | 'date'
    /** `isZoned`: an instant; else a time that is taken for UTC. `isBelowMicroseconds`: values may be finer than a microsecond. */
    | 'timestamp'
    /** JSON would hold the value as a string: a time of day, a UUID. */
    | 'writtenAsText'
    | 'nested'
    /** JSON has no form for the value. */
    | 'unsupported';
  /** In the warehouse's words. */
  readonly sql: string;
  readonly mayExceed64Bits?: boolean;
  readonly isZoned?: boolean;
  readonly isBelowMicroseconds?: boolean;
}

export interface FileColumn {
  readonly name: string;
  readonly type: FileType;
}

export interface ParquetDialect extends Dialect {
  /** Whether the whole text matches a pattern that RE2 and Java understand alike. */
  matches(text: string, pattern: string): string;
  /** TIMESTAMP in UTC of a text that is like one of RFC 3339, with or without an offset; NULL when there is no such day or hour. */
  timestampOfText(text: string): string;
  /** TIMESTAMP in UTC; what is finer than a microsecond is cut. */
  timestampOf(expression: string, type: FileType): string;
  /** As JSON has it, `NaN` and the infinities included. */
  textOfFloat(expression: string): string;
  /** JSON text of a nested value, all its members included. */
  jsonOf(expression: string): string;
}
