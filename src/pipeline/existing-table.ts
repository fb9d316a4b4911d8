// A version that awaits its columns → one to prepare a table for that exists: its rows can be deleted or marked without columns.
import { evolveAll } from '../schema/contract.ts';
import type { StreamVersion } from '../schema/model.ts';

/** Nothing is looked up by key, and no table is made. */
export function forExistingTable(version: StreamVersion): StreamVersion {
  return { ...version, keys: [], contract: { ...(version.contract ?? evolveAll), tables: 'discard' } };
}
