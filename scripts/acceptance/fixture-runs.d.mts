// The types of fixture-runs.mjs, which stays plain JavaScript so that Node 20 runs it without a build.
import type { LakehouseDetails } from '../../tests/stand-in/lakehouse.mjs';

/** Rows as text in the order of the columns, or how many there are. Types in Spark's words. */
export type ExpectedTable =
  | number
  | {
      readonly columns: Readonly<Record<string, string>>;
      readonly rows: readonly (readonly (string | number | boolean | null)[])[];
    };

export type ExpectedTables = Readonly<Record<string, ExpectedTable>>;

export interface ExpectedRun {
  /** Where another run of the same file tells enough of the lakehouse, which is slow. */
  readonly only?: 'duckdb';
  /** Options beside those that lead to the destination. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** A file that is loaded into the same tables before. */
  readonly after?: string;
  /** All tables of the schema, after the first run. */
  readonly tables: ExpectedTables;
  /** After the second run; without them, the second run has to change nothing. */
  readonly tablesAgain?: ExpectedTables;
  readonly error?: {
    readonly exit: number;
    readonly code: string;
    readonly line: number;
    readonly stream?: string;
    readonly column?: string;
  };
  /** A part of each warning, of which there are no others. Not checked when missing. */
  readonly warns?: readonly string[];
}

export interface FixtureRun extends ExpectedRun {
  readonly file: string;
  /** File and options, to be read by a person. */
  readonly name: string;
}

/** @param expectations by file */
export function fixtureRuns(expectations: Readonly<Record<string, readonly ExpectedRun[]>>): readonly FixtureRun[];

export interface FixtureSettings {
  readonly run: FixtureRun;
  /** The folder of the files. */
  readonly files: string;
  /** For DuckDB files and what is staged for them. */
  readonly folder: string;
  readonly kind: 'duckdb' | 'iomete';
  readonly lakehouse?: LakehouseDetails | string | undefined;
}

/** Loads the file twice into a schema of its own. @returns a sentence for each difference from what is expected */
export function checkFixture(
  settings: FixtureSettings,
  defer: (undo: () => unknown) => void,
): Promise<readonly string[]>;
