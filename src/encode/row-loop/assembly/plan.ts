// How one stream version's plan lies in linear memory: the only place that knows the offsets. The row loop reads plans,
// src/encode/row-loop/row-plan.ts writes them. Both are built with this file.

/** Plan: u32 each. The first key's entry stands where an entry has its successor, so that a plan is an entry before the first. */
export const FIRST_ENTRY: u32 = 12;
export const COLUMN_COUNT: u32 = 0;
export const COLUMNS: u32 = 4;
/** Bytes of what comes before a key that isn't the first: a comma, and spaces. */
export const COMMA_LENGTH: u32 = 16;
/** Table of entries by the hash of their name; its size is a power of two. */
export const TABLE: u32 = 20;
export const TABLE_MASK: u32 = 24;
/** What a line begins with, up to the record's brace. Length 0: unknown. */
export const PREFIX: u32 = 28;
export const PREFIX_LENGTH: u32 = 32;
/** The stream's name, in quotes. */
export const NAME: u32 = 36;
export const NAME_LENGTH: u32 = 40;
export const HAS_DELETED: u32 = 44;
export const HAS_METADATA: u32 = 48;
export const RECEIVED: u32 = 52;
export const RECEIVED_LENGTH: u32 = 56;
export const KEY_COUNT: u32 = 60;
/** So many rows are still taken to have their keys in any order. */
export const UNORDERED: u32 = 64;
export const STAMP: u32 = 68;
/** Whether rows become columns. */
export const COLUMNAR: u32 = 72;
/** Places of the staged layout. */
export const STAGED_COUNT: u32 = 76;
/** Records of rows that wait to become columns; 0: none. */
export const FIRST_WAITING: u32 = 80;
export const LAST_WAITING: u32 = 84;
export const PLAN_SIZE: u32 = 88;

/** Entry: a key as it is expected, from the comma before it to its value. */
export const ENTRY_TEXT: u32 = 0;
export const ENTRY_LENGTH: u32 = 4;
/** A column's address, or one of the two below. */
export const ENTRY_COLUMN: u32 = 8;
export const ENTRY_NEXT: u32 = 12;
export const ENTRY_NAME: u32 = 16;
export const ENTRY_NAME_LENGTH: u32 = 20;
export const ENTRY_SIZE: u32 = 24;

export const IGNORED: u32 = 0;
export const DELETED: u32 = 1;
/** A key that only the other path can take. */
export const REFUSED: u32 = 2;

/** Column. */
export const COLUMN_SIZE: u32 = 32;
export const COLUMN_TYPE: u32 = 0;
export const COLUMN_ACCEPTS: u32 = 1;
export const COLUMN_IS_KEY: u32 = 2;
export const COLUMN_PRECISION: u32 = 4;
export const COLUMN_SCALE: u32 = 8;
/** The stamp of the row that had it last, and where its field was written. */
export const COLUMN_SEEN: u32 = 12;
export const COLUMN_START: u32 = 16;
export const COLUMN_END: u32 = 20;
/** Counted since the host looked: it sets them back. */
export const COLUMN_ABSENT: u32 = 24;
export const COLUMN_INEXACT: u32 = 28;

export const TYPE_TEXT: u32 = 0;
export const TYPE_BIGINT: u32 = 1;
export const TYPE_DOUBLE: u32 = 2;
export const TYPE_DECIMAL: u32 = 3;
export const TYPE_BOOLEAN: u32 = 4;
export const TYPE_TIMESTAMP: u32 = 5;
export const TYPE_DATE: u32 = 6;
/** Text of a key that is a string in some records, a number or a boolean in others: `isMixedKey` of src/encode/key-values.ts. */
export const TYPE_MIXED_KEY: u32 = 7;

/** Bits of COLUMN_ACCEPTS, as `jsonKind` has them. */
export const ACCEPTS_NUMBER: u32 = 1;
export const ACCEPTS_BOOLEAN: u32 = 2;
export const ACCEPTS_STRING: u32 = 4;
export const ACCEPTS_STRUCTURE: u32 = 8;
