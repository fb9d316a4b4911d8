// The types of loaded-tables.mjs.
import type { AcceptanceDestination } from './destination.mjs';

export interface LoadedTable {
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, string | null>>[];
}

export function readTables(destination: AcceptanceDestination): Promise<Record<string, LoadedTable>>;
