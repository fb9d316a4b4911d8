// The types of contents.mjs.

export type RecordedColumn = readonly [name: string, type: string, comment: string | null];
export type RecordedRow = Readonly<Record<string, string | null>>;

export interface TableContents {
  readonly columns: readonly RecordedColumn[];
  /** In the order of their text. */
  readonly rows: readonly RecordedRow[];
}

/** @param schemas names by role @returns by the schema's role and the table's name: `main.orders` */
export function contentsOf(
  kind: 'duckdb' | 'iomete',
  query: (sql: string) => Promise<readonly (readonly unknown[])[]>,
  schemas: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, TableContents>>>;
