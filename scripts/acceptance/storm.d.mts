// The types of storm.mjs, which stays plain JavaScript so that Node 20 runs it without a build.
import type { AcceptanceDestination } from './destination.mjs';
import type { Defer } from './with-cleanup.mjs';

export interface StormOptions {
  readonly destination: AcceptanceDestination;
  /** Empty; holds configs, states and logs. */
  readonly folder: string;
  /** Of all streams together. */
  readonly rows: number;
  readonly streams: number;
  readonly kills: number;
  /** Decides all random moments and options. */
  readonly seed: number;
  /** Rows between two states of the tap. */
  readonly stateEvery: number;
  /** How long the tap waits after each state: without it a small run is over before it can be killed. */
  readonly tapDelayMs: number;
  /** Most that a batch has; each round chooses one between this to the power of 0.6 and this. */
  readonly batchSizeRows: number;
  /** Kills that wait for no state come within this time after the start. */
  readonly maxBlindMs: number;
  /** The others come within this time after the state that they wait for. */
  readonly maxDelayMs: number;
  /** Options of the target that are the same in all rounds. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Each round goes on from this state file, which must be valid and no older than stdout; else from stdout's last line. */
  readonly stateFile?: string;
  /** Takes a line per round and per stream. */
  readonly report: (line: string) => void;
}

export interface StormRound {
  readonly number: number;
  readonly killed: boolean;
  /** Lines that the target had written to stdout when it was killed. */
  readonly states: readonly string[];
}

export interface StormResult {
  readonly rounds: readonly StormRound[];
  readonly killsAfterState: number;
  /** States with bookmarks out of several of the tap's own. */
  readonly splicedStates: number;
  /** Things that `clean --remove` has removed in the end. */
  readonly cleaned: number;
  /** Empty when every row was there once, as sent, and no state had said more than was true. */
  readonly problems: readonly string[];
}

/** Kills tap and target (SIGKILL, at one moment) `kills` times, resumes each time, lets the last round end, and compares. */
export function storm(options: StormOptions, defer: Defer): Promise<StormResult>;
