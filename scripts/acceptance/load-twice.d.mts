// The types of load-twice.mjs, which stays plain JavaScript so that Node 20 runs it without a build.
import type { AcceptanceDestination } from './destination.mjs';
import type { Defer } from './with-cleanup.mjs';

export interface LoadTwiceOptions {
  readonly destination: AcceptanceDestination;
  /** Holds the config and the log. */
  readonly folder: string;
  /** Orders in one run; about 1% of their ids repeat. */
  readonly rows: number;
  /** Takes a line per run. */
  readonly report: (line: string) => void;
}

/** The table after a run. */
export interface LoadOutcome {
  readonly rows: number;
  readonly distinctIds: number;
  /** Columns with a value that is not the last one sent for its id. */
  readonly wrongColumns: readonly string[];
}

/** @throws when a run of tap or target fails */
export function loadTwice(
  options: LoadTwiceOptions,
  defer: Defer,
): Promise<{ readonly expectedRows: number; readonly outcomes: readonly LoadOutcome[] }>;
