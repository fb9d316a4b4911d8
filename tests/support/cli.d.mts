// The types of cli.mjs, which stays plain JavaScript so that scripts run it in Node 20 without a build.
import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';

export interface CliOptions {
  /** Written to a file that `--config` names. */
  readonly config?: object | undefined;
  readonly args?: readonly string[];
  /** What the tap writes; bytes stay bytes. */
  readonly input?: string | Uint8Array;
  /** The tap goes on: write to and end `stdin`. */
  readonly keepInputOpen?: boolean;
  /** Beside the environment of the tests, without what AWS and the target would read there. */
  readonly env?: Readonly<Record<string, string>>;
  /** Then it is killed. */
  readonly patienceMs?: number;
  /** Another installation's bin file. */
  readonly command?: string;
}

export interface CliOutcome {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of stdout. */
  readonly states: readonly string[];
  /** Lines of stderr at that level. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly seconds: number;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly stdin: Writable;
  /** Rejects when it does not end in time, and is then killed. */
  readonly ended: Promise<CliOutcome>;
  /** So far. */
  readonly said: { readonly stdout: string; readonly stderr: string };
  states(): readonly string[];
}

/** Runs `target-iomete` in an empty folder of its own to its end, whatever its exit code. */
export function runCli(options: CliOptions): Promise<CliOutcome>;

export function startCli(options: CliOptions): RunningCli;
