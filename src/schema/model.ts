// The vocabulary that every room shares: columns, stream versions and table names. No logic.
import type { SchemaContract } from './contract.ts';

/** What a column holds. `json` is any JSON value kept as text: both it and `string` are text columns in a table. */
export type ColumnType =
  | { readonly kind: 'boolean' | 'bigint' | 'double' | 'string' | 'timestamp' | 'date' | 'json' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | NestedType;

export type PlainType = Exclude<ColumnType, NestedType>;

/** Native types of values that have one declared shape. */
export type NestedType = StructType | ArrayType;

export interface StructType {
  readonly kind: 'struct';
  /** At least one; no two names are the same without regard to case. */
  readonly fields: readonly StructField[];
}

export interface StructField extends ValueType {
  readonly name: string;
  /** The name of the JSON property. */
  readonly property: string;
}

export interface ArrayType {
  readonly kind: 'array';
  readonly element: ValueType;
}

/** A type, and the JSON values that are taken for it. */
export interface ValueType {
  readonly type: ColumnType;
  /** Bits of {@link jsonKind}, and {@link asText}. A value of any other kind is an invalid value. */
  readonly accepts: number;
}

export const isNested = (type: { readonly kind: string }): type is NestedType =>
  type.kind === 'struct' || type.kind === 'array';

/** Kinds of JSON value, as bits, so that a column can say which it accepts. `null` is always accepted except in a key. */
export const jsonKind = { number: 1, boolean: 2, string: 4, structure: 8 } as const;

/**
 * A further bit of `accepts`: a text column takes values of the kinds that it does not accept as well, as their own JSON
 * text, and counts them. In a key it means nothing: there `1` and `"1"` would be one.
 */
export const asText = 16;

export interface Column extends ValueType {
  /** Property names from the record's root; more than one when the schema was flattened. */
  readonly path: readonly string[];
  /** The column's name in the table, when the table is new. An existing table may hold it in another case. */
  readonly name: string;
}

export interface TableName {
  readonly catalog?: string | undefined;
  readonly schema: string;
  readonly table: string;
}

/** What becomes of a record that carries `_sdc_deleted_at`. */
export type DeleteMode = 'ignore' | 'soft' | 'hard';

/**
 * `upsert`: rows by key, appended where there are no keys. `append-only`: every record is a new row. `overwrite`: the
 * stream's rows take the place of all that the table holds, at once and only when the stream is complete.
 */
export type LoadMethod = 'upsert' | 'append-only' | 'overwrite';

/** What a schema says of a field that it does not declare: a type; `none`, no column; undefined, its values decide. */
export type Verdict = ValueType | 'none' | undefined;

/** What the schema of one object says of members that it does not declare. */
export interface MemberRule {
  /** `patternProperties`: the first that matches the name decides. */
  readonly patterns: readonly { readonly pattern: RegExp; readonly verdict: Verdict }[];
  /** `additionalProperties`: it decides where no pattern matches. */
  readonly others: Verdict;
}

/** How fields get columns that no SCHEMA declares. */
export interface UndeclaredRule {
  /** By the JSON text of the object's path: the record itself, and objects that are flattened. Others say nothing. */
  readonly objects: ReadonlyMap<string, MemberRule>;
  /** The column of a number that is not an integer. */
  readonly numbers: 'double' | 'decimal' | 'string';
}

/** The SCHEMAs of one stream so far, as everything downstream sees them. Immutable; one that says more makes a new one. */
export interface StreamVersion {
  /** Unique in the run, rising. */
  readonly id: number;
  readonly stream: string;
  readonly table: TableName;
  readonly columns: readonly Column[];
  /** Indexes into `columns` in the order of `key_properties`; empty for a stream without keys, and when it is append-only. */
  readonly keys: readonly number[];
  /** Key properties that no SCHEMA declares: the first record gives them a column. Undefined when there are none. */
  readonly awaitedKeys?: readonly string[] | undefined;
  /** `upsert` when it is not said. The same in all versions of a stream. */
  readonly loadMethod?: LoadMethod | undefined;
  /** True when `_sdc_` metadata columns are written. */
  readonly metadata: boolean;
  readonly deletes: DeleteMode;
  /**
   * The last SCHEMA names no bookmark and declares no `_sdc_deleted_at`: the tap reads the whole table in each run, and
   * what the source has deleted is known only by ACTIVATE_VERSION. False when it is not said.
   */
  readonly isWholeTable?: boolean | undefined;
  /** The JSON Schema to validate each record against, when `validate_records` is on. */
  readonly validate?: object | undefined;
  /** Fields that the columns don't name get columns by it; undefined: they are ignored. */
  readonly undeclared?: UndeclaredRule | undefined;
  /** What may be done to the table; anything when it is not said. The same in all versions of a stream. */
  readonly contract?: SchemaContract | undefined;
}

/** The metadata columns, with their types, in the order in which a new table gets them. */
export const metadataColumns = [
  { name: '_sdc_extracted_at', type: { kind: 'timestamp' } },
  { name: '_sdc_received_at', type: { kind: 'timestamp' } },
  { name: '_sdc_batched_at', type: { kind: 'timestamp' } },
  { name: '_sdc_deleted_at', type: { kind: 'timestamp' } },
  { name: '_sdc_sequence', type: { kind: 'bigint' } },
  { name: '_sdc_table_version', type: { kind: 'bigint' } },
  { name: '_sdc_sync_started_at', type: { kind: 'bigint' } },
] as const satisfies readonly { name: string; type: ColumnType }[];

export type MetadataName = (typeof metadataColumns)[number]['name'];
