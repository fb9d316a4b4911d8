// The types of destination.mjs.
import type { LakehouseDetails } from '../../tests/stand-in/lakehouse.mjs';
import type { Defer } from './with-cleanup.mjs';

/** What stands in the tables now. */
export interface TableReader {
  /** Rows of values, in the order of the columns. */
  query(sql: string): Promise<readonly (readonly unknown[])[]>;
  close(): Promise<void>;
}

export interface AcceptanceDestination {
  readonly kind: 'duckdb' | 'iomete';
  readonly schema: string;
  /** Options of the target that make it load there. */
  readonly config: Readonly<Record<string, unknown>>;
  /** A DuckDB file has one process at a time: open it between runs. */
  reader(): Promise<TableReader>;
  /** Names of the files that stand in the stage now, uploads that were never finished included. */
  staged(): Promise<readonly string[]>;
}

export interface DestinationSettings {
  readonly kind: 'duckdb' | 'iomete';
  /** For the DuckDB file and the files staged for it. */
  readonly folder: string;
  /** Or the file that holds them; without any, a lakehouse that is up or is started. */
  readonly lakehouse?: LakehouseDetails | string | undefined;
}

/** A schema of its own, removed by what is deferred. */
export function openDestination(settings: DestinationSettings, defer: Defer): Promise<AcceptanceDestination>;
