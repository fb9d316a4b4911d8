// The types of soak.mjs, which stays plain JavaScript so that Node 20 runs it without a build.
import type { AcceptanceDestination } from './destination.mjs';
import type { Defer } from './with-cleanup.mjs';

export interface SoakOptions {
  readonly destination: AcceptanceDestination;
  /** Empty; holds configs, states and logs. */
  readonly folder: string;
  /** Options beside the destination's. */
  readonly config?: object;
  /** Of all streams together. */
  readonly rows: number;
  readonly streams: number;
  readonly seed: number;
  readonly faultEveryMs: number;
  /** Makes one fault; without it the process is paused, or killed together with its tap. */
  readonly trouble?: (random: () => number) => void;
  /** Takes a line per kill. */
  readonly report: (line: string) => void;
}

export interface SoakResult {
  /** Resident memory of the target, twice a second. */
  readonly curve: readonly { readonly seconds: number; readonly covered: number; readonly rssBytes: number }[];
  readonly faults: number;
  readonly kills: number;
  readonly peakBytes: number;
  /** Empty when every row was there once and the last state covers them all. */
  readonly problems: readonly string[];
}

export function soak(options: SoakOptions, defer: Defer): Promise<SoakResult>;
