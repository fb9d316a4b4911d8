// What a further input says, and the short words for its messages.

/** A file of a BATCH message: lines of JSON, or the rows of a DuckDB query as Parquet. */
type BatchFile = { readonly lines: readonly string[] } | { readonly parquet: string };

export type Line = string | BatchFile;

export interface FurtherRun {
  readonly sent: readonly Line[];
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

export interface FurtherInput {
  readonly name: string;
  /** Makes the table before the first run; `$t.s` is the table. */
  readonly table?: string;
  readonly runs: readonly FurtherRun[];
  /** The table's rows after the last run: values in the order of its columns, those that start with `_sdc_` left out. */
  readonly rows: readonly string[];
  /** What ends the last run. */
  readonly error?: string;
}

type Types = Readonly<Record<string, unknown>>;

/** @param more further members of the schema */
export const schema = (properties: Types, keys: readonly string[] = ['id'], more: object = {}): string =>
  JSON.stringify({
    type: 'SCHEMA',
    stream: 's',
    schema: { type: 'object', properties, ...more },
    key_properties: keys,
  });

/** @param json as it is sent: numbers keep their digits */
export const record = (json: string): string => `{"type":"RECORD","stream":"s","record":${json}}`;
export const records = (...all: readonly string[]): string[] => all.map(record);

/** A record of the key `id` and a text `v`. */
export const row = (id: string, v: string): string => record(`{"id":${id},"v":"${v}"}`);
export const rowOf = (id: string, v: string): string => `{"id":${id},"v":"${v}"}`;
export const marker = (members: string): string => record(`{${members},"_sdc_deleted_at":"2024-01-01T00:00:00Z"}`);

export const text = { type: ['null', 'string'] };
export const integer = { type: ['null', 'integer'] };
export const instant = { type: 'string', format: 'date-time' };
export const date = { type: 'string', format: 'date' };
export const multipleOf = (step: number) => ({ type: ['null', 'number'], multipleOf: step });
export const object = (properties: object) => ({ type: ['null', 'object'], properties });

/** A key `id` of this type, and a text `v`. */
export const keyed = (type: unknown): string => schema({ id: type, v: text });
export const run = (sent: readonly Line[], options: FurtherRun['options'] = {}): FurtherRun => ({ sent, options });

export const aside = { invalid_values: 'dead_letter' };
export const hard = { hard_delete: true };
export const parquet = { stage_format: 'parquet' };
export const csv = { stage_format: 'csv' };
export const append = { load_method: 'append-only' };
export const overwrite = { load_method: 'overwrite' };
export const add = { undeclared_fields: 'add' };
export const STATE = '{"type":"STATE","value":1}';
