// A stream version → whether its first record has to come before its table can be known.
import type { StreamVersion } from './model.ts';

/** Nothing is prepared or made in the warehouse for such a version: its first record makes another of it. */
export function awaitsColumns({ columns, awaitedKeys, undeclared }: StreamVersion): boolean {
  return undeclared !== undefined && (columns.length === 0 || awaitedKeys !== undefined);
}
