// The types of duckdb-reader.mjs.
import type { TableReader } from './destination.mjs';

/** The file must be there, and stays as it is. */
export function duckdbReader(path: string, schema: string): Promise<TableReader>;
