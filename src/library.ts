// A program's calls → the commands, with defaults for what a program leaves out. Nothing is written to standard output, and no variable of the environment is an option.

import { type CheckedStep, check as checkAll } from './commands/check.ts';
import { clean as cleanUp } from './commands/clean.ts';
import { plan as planAll, type StreamPlan } from './commands/plan.ts';
import { run as sync } from './commands/sync.ts';
import { type Config, configOf, type ResolvedOptions, secretsOf } from './config/index.ts';
import type { DestinationModule } from './destinations/destination.ts';
import { discreet, type Log, silent } from './errors/log.ts';
import type { InputPieces } from './input/iterable-source.ts';
import { proxySecrets } from './network/proxy.ts';
import { reportTo } from './pipeline/report-events.ts';
import type { OnState } from './protocols/state-callback.ts';
import { type RecordCounts, RunReport, type StreamReport } from './report/run-report.ts';
import { findingText, ignoredText } from './terminal/findings.ts';

/** What each call takes. */
export interface Settings {
  /** `destination` may also be the name of one of `destinations`, which is the default where there is one. */
  readonly config: Config;
  /** Destinations of your own, made by {@link defineDestination}. */
  readonly destinations?: readonly DestinationModule<never>[] | undefined;
  /** Takes what a person should know: renames, waits, warnings. Nobody is told when it is not set. */
  readonly log?: Log | undefined;
}

export interface RunSettings extends Settings {
  /** Singer messages as bytes or text: a stream of Node.js, an async generator, an array. Standard input when it is not set. */
  readonly input?: InputPieces | undefined;
  /** Takes the JSON text of each state when all rows before it are durable. The next one waits for what it returns. */
  readonly onState?: OnState | undefined;
  /** Aborted, it ends reading: what was read is loaded within `shutdown_seconds`. The run resolves as usual. */
  readonly signal?: AbortSignal | undefined;
}

/** What a run has done. */
export interface Summary {
  /** By the names of the streams, in the order of their first records. */
  readonly streams: ReadonlyMap<string, StreamSummary>;
  /** Bytes of the input and of the files that a BATCH names. */
  readonly inputBytes: number;
  /** The JSON text of the newest state that went out; undefined when none did. */
  readonly state: string | undefined;
  readonly seconds: number;
  /** False when the signal ended the run. */
  readonly isComplete: boolean;
}

/** What became of the records of a stream. */
export interface StreamSummary extends Readonly<RecordCounts> {
  /** Records read. */
  readonly read: number;
  /** Loads that were committed. */
  readonly loads: number;
  /** Sentences about values that did not arrive as they were sent, and about fields that no column took. */
  readonly findings: readonly string[];
}

/**
 * Runs one sync.
 * @throws TargetError with a code and an exit code. Each state whose rows are durable has been given to `onState` by then.
 */
export async function run({ input, onState, signal, ...settings }: RunSettings): Promise<Summary> {
  const { options, log } = await prepared(settings);
  const startedAt = performance.now();
  const report = new RunReport();
  let state: string | undefined;
  await sync(options, {
    destinations: settings.destinations,
    input,
    log,
    events: reportTo(report),
    interruption: signal,
    onState: async (text) => {
      await onState?.(text);
      state = text;
    },
  });
  const streams = [...report.streams].map(([stream, counts]) => [stream, summaryOf(counts)] as const);
  return {
    streams: new Map(streams),
    inputBytes: report.inputBytes,
    state,
    seconds: (performance.now() - startedAt) / 1000,
    isComplete: signal?.aborted !== true,
  };
}

/**
 * Does once what a run needs, step by step, and undoes it.
 * @returns the steps in their order. The step at which a run would fail has an `error`: only steps that clean up follow it.
 */
export async function check(settings: Settings): Promise<readonly CheckedStep[]> {
  const { options, log } = await prepared(settings);
  const steps: CheckedStep[] = [];
  await checkAll(options, { destinations: settings.destinations, tell: (step) => steps.push(step), log });
  return steps;
}

export interface PlanSettings extends Settings {
  /** Singer messages, of which all but SCHEMA are passed over. Standard input when neither this nor `tapCatalog` is set. */
  readonly input?: InputPieces | undefined;
  /** The path of a tap's catalog, to be read instead of messages. */
  readonly tapCatalog?: string | undefined;
}

/**
 * Says for each stream what a run would do to its table. Nothing is changed.
 * @returns in the order of the input. A stream at which a run would end has an `error`.
 * @throws TargetError for an input that can't be read, and a destination that can't be reached
 */
export async function plan({ input, tapCatalog, ...settings }: PlanSettings): Promise<readonly StreamPlan[]> {
  const { options, log } = await prepared(settings);
  return planAll(options, { destinations: settings.destinations, input, tapCatalog, log });
}

/**
 * Looks for what killed runs have left in the stage and in the warehouse.
 * @returns a line for each thing that was found or removed, and a summary
 * @throws TargetError CLEAN_INCOMPLETE when something could not be removed
 */
export async function clean({
  remove = false,
  ...settings
}: Settings & { readonly remove?: boolean | undefined }): Promise<readonly string[]> {
  const { options, log, redact } = await prepared(settings);
  const lines: string[] = [];
  const { destinations } = settings;
  await cleanUp(options, { destinations, remove, print: (line) => lines.push(redact(line)), log });
  return lines;
}

interface Prepared {
  readonly options: ResolvedOptions;
  /** Without the secrets of the configuration. */
  readonly log: Log;
  redact(text: string): string;
}

async function prepared({ config, destinations = [], log }: Settings): Promise<Prepared> {
  const [only, ...others] = destinations;
  const destination = config.destination ?? (others.length === 0 ? only?.name : undefined);
  const { options, warnings } = await configOf({ ...config, destination }, destinations);
  const kept = discreet(log ?? silent, [...secretsOf(options), ...proxySecrets()], options.user);
  for (const warning of warnings) kept.warn(warning);
  return { options, log: kept, redact: (text) => kept.secrets.redact(text) };
}

function summaryOf(counts: StreamReport): StreamSummary {
  const { read, loads, loaded, deduplicated, deleted, marked, setAside, discarded } = counts;
  const fields = [...counts.ignored].map(([because, names]) => ignoredText(names, because));
  const findings = [...counts.findings.map(findingText), ...fields];
  return { read, loads, loaded, deduplicated, deleted, marked, setAside, discarded, findings };
}
