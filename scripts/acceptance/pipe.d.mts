// The types of pipe.mjs, which stays plain JavaScript so that scripts run it in Node 20 without a build.

export interface PipeOptions {
  /** Command and arguments. */
  readonly tap: readonly string[];
  /** Written to a file in `folder`. */
  readonly config: object;
  readonly folder: string;
  /** Called with each complete line of the target's stdout. */
  readonly onState?: (line: string) => void;
}

export interface PipeOutcome {
  readonly killed: boolean;
  readonly tapCode: number | undefined;
  readonly code: number | undefined;
  readonly states: readonly string[];
  /** Of the target's resident memory. */
  readonly peakBytes: number;
}

export interface Pipe {
  readonly ended: Promise<PipeOutcome>;
  /** Tap and target, at one moment. */
  kill(): void;
  /** To the target alone, once it is there. */
  signal(name: NodeJS.Signals): void;
  /** Of the target now; 0 before it is there and after its end. */
  rssBytes(): number;
  /** The last lines that tap and target wrote to stderr. */
  log(): string;
}

export function startPipe(options: PipeOptions): Promise<Pipe>;

/** Runs to the end. @throws when tap or target ended with another code than 0 */
export function runPipe(options: PipeOptions, defer?: (undo: () => unknown) => void): Promise<PipeOutcome>;
