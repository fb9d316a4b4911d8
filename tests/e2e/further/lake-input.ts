// What a further input of the lakehouse says: a table as somebody made it, and what is loaded into it in two runs.
export interface LakeInput {
  /** Makes the table; `$T` stands for its name. */
  readonly made?: readonly string[];
  /** Beside the key `id`, unless there are `keys`. */
  readonly properties: Readonly<Record<string, object>>;
  /** Of the second run, where they are others. */
  readonly later?: Readonly<Record<string, object>>;
  readonly keys?: readonly string[];
  readonly method?: 'append-only' | 'overwrite';
  /** Of each run. A run that sends nothing comes as an empty list. */
  readonly records: readonly (readonly object[])[];
  /** The names, then the values of each row: `_sdc_` columns are left out, dates in names are `<dated>`. */
  readonly rows: readonly string[];
  /** What ends the run: the table is as it was made. */
  readonly error?: string;
}

export type LakeInputs = Readonly<Record<string, LakeInput>>;

export const text = { type: ['null', 'string'] };
export const integer = { type: ['null', 'integer'] };
export const number = { type: ['null', 'number'] };
export const bool = { type: ['null', 'boolean'] };
export const instant = { type: ['null', 'string'], format: 'date-time' };
export const date = { type: ['null', 'string'], format: 'date' };
export const multipleOf = (step: number) => ({ type: ['null', 'number'], multipleOf: step });
export const object = (properties: object) => ({ type: ['null', 'object'], properties });
export const list = (items: object) => ({ type: ['null', 'array'], items });
export const gone = (keys: object) => ({ ...keys, _sdc_deleted_at: '2024-01-01T00:00:00Z' });

/** A table of Iceberg's own, and statements after it. */
export const iceberg = (columns: string, clauses = '', ...more: readonly string[]): readonly string[] => [
  `CREATE TABLE $T (${columns}) USING iceberg ${clauses}`,
  ...more,
];

/** A table of files that know no field ids. @param rows `VALUES …` or `SELECT …` */
export const migrated = (columns: string, rows: string, ...more: readonly string[]): readonly string[] => [
  `CREATE TABLE $T (${columns}) USING parquet`,
  `INSERT INTO $T ${rows}`,
  "CALL spark_catalog.system.migrate(table => '$T', drop_backup => true)",
  ...more,
];
