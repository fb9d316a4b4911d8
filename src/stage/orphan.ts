// What killed runs have left behind, as a person is told of it, and how it is removed.

export interface Orphan {
  /** `staged file`, `staging table`. */
  readonly what: string;
  /** Address or path. */
  readonly place: string;
  readonly bytes?: number | undefined;
  /** Undefined where only the absence of any live run says that nobody needs it. */
  readonly runId?: string | undefined;
  /** Resolves also when it is gone already. */
  remove(): Promise<void>;
}

/** Something that is left alone, and why. */
export interface Skipped {
  readonly place: string;
  readonly why: string;
}

export interface StageOrphans {
  readonly things: readonly Orphan[];
  /** Heartbeats and folders, to be removed after everything else of their run: they are what tells that it is dead. */
  readonly last: readonly Orphan[];
  readonly skipped: readonly Skipped[];
  readonly deadRuns: ReadonlySet<string>;
}

/** How many staged files are removed at a time. */
export const removedAtOnce = 16;

export const unknownName = 'no run gives such a name';
