// The types of report.mjs, which stays plain JavaScript so that Node 20 runs it without a build.

export interface Side {
  readonly name: string;
  readonly rows: number;
  /** Seconds. */
  readonly wall: number;
  /** Seconds, threads and children included. */
  readonly cpu: number;
  /** MB. */
  readonly peak?: number;
}

/** A line of the report. */
export interface Row {
  readonly id: string;
  readonly what: string;
  /** Undefined when it could not be measured: `note` says why. */
  readonly value: number | undefined;
  readonly unit: string;
  readonly goal: { readonly least?: number; readonly most?: number };
  readonly ours?: Side;
  readonly theirs?: Side;
  readonly note?: string;
}

export interface Results {
  readonly plan: 'whole' | 'quick';
  readonly measuredOn: string;
  readonly machine: {
    readonly cores: number;
    readonly node: string;
    readonly platform: string;
    /** Processes that ran or waited for a core, averaged over a minute. */
    readonly load: { readonly least: number; readonly most: number };
  };
  readonly rounds: number;
  readonly rows: readonly Row[];
  readonly slowLines: readonly { readonly kind: string; readonly rows: number; readonly share: number }[];
  readonly profile: readonly { readonly part: string; readonly share: number }[];
}

export function markdown(results: Results): string;
/** Undefined when there is no goal, or nothing was measured. */
export function isMet(row: Row): boolean | undefined;
export function svg(results: Results): string;
