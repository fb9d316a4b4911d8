// The whole system: bytes → slabs → encoders → batches → loads → states. Set up, run, tear down.
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { type ResolvedOptions, secretsOf } from '../config/index.ts';
import type { Destination, DestinationModule } from '../destinations/destination.ts';
import { folderStages } from '../destinations/staged/stage-options.ts';
import { EncodePool } from '../encode/encode-pool.ts';
import { discreet, type Log, silent } from '../errors/log.ts';
import type { RowFormat } from '../formats/format.ts';
import type { BatchFiles } from '../input/batch-files.ts';
import type { InputPieces } from '../input/iterable-source.ts';
import { openSource } from '../input/open-source.ts';
import { SlabReader } from '../input/slab-reader.ts';
import type { Frontier } from '../pipeline/checkpoints.ts';
import { GlobalFrontier } from '../pipeline/global-frontier.ts';
import { Intake } from '../pipeline/intake.ts';
import { PerStreamFrontier } from '../pipeline/per-stream-frontier.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { PipelineEvents } from '../pipeline/pipeline-parts.ts';
import type { FrontEnd, Output } from '../protocols/front-end.ts';
import { singer } from '../protocols/singer/index.ts';
import { type OnState, stateCallback } from '../protocols/state-callback.ts';
import { openStateFile } from '../protocols/state-file.ts';
import { newRunId } from '../stage/run-id.ts';
import type { Stage } from '../stage/store.ts';
import { chosenModule } from './chosen-module.ts';
import { streamsOf } from './stream-versions.ts';

const SLAB_BYTES = 1 << 20;
const INLINE_BYTES = 4 << 20;
const SLAB_WAIT_MS = 50;
const STDOUT = 1;
const WAITING_LINE_MS = 30_000;

const nothing = () => {};
const unseen: PipelineEvents = {
  reading: nothing,
  read: nothing,
  noted: nothing,
  ignored: nothing,
  setAside: nothing,
  abandoned: nothing,
  input: nothing,
  state: nothing,
  loading: nothing,
  loaded: nothing,
  discarded: nothing,
};

export interface RunContext {
  /** Destinations that the caller brings. A caller's destination wins over a built-in one of the same name. */
  readonly destinations?: readonly DestinationModule<never>[] | undefined;
  /** The protocol of the input and of the states; Singer when it is not set. */
  readonly frontEnd?: FrontEnd | undefined;
  /** The path of a file, or what a program gives, to be read instead of standard input. */
  readonly input?: string | InputPieces | undefined;
  /** File descriptor for the states, each on a line; standard output when it is not set. */
  readonly stateFd?: number | undefined;
  /** Takes the states in the place of the file descriptor. */
  readonly onState?: OnState | undefined;
  readonly log?: Log | undefined;
  readonly events?: Partial<PipelineEvents> | undefined;
  /** Aborted by a signal: reading stops, what was read is loaded within `shutdown_seconds`, what is covered is acknowledged. */
  readonly interruption?: AbortSignal | undefined;
}

/** Runs one sync. @throws TargetError; every STATE that was covered has been written by then. */
export async function run(options: ResolvedOptions, context: RunContext): Promise<void> {
  const { interruption = new AbortController().signal, frontEnd = singer } = context;
  const log = discreet(context.log ?? silent, secretsOf(options), options.user);
  const events = { ...unseen, ...context.events };
  const states = await openStates(options, frontEnd, context);
  const { destination, deadLetters, files, close } = await openDestination(options, { ...context, log });
  const source = openSource(context.input);
  const pool = new EncodePool(poolSettings(options, frontEnd, destination.format));
  try {
    const ready = destination.connect();
    // after a signal nobody awaits `ready`, and its rejection has no reader
    ready.catch(() => {});
    await sayWhileWaiting(Promise.race([ready, aborted(interruption)]), log);
    if (interruption.aborted) return;
    events.reading();
    const { max_line_bytes: maxLineBytes } = options;
    const reader = new SlabReader(source, pool, { maxWaitMs: SLAB_WAIT_MS, maxLineBytes });
    const streams = streamsOf(options, log);
    const intake = new Intake(reader, frontEnd, streams, pool, files, maxLineBytes);
    const pipeline = new Pipeline(
      {
        intake,
        stopInput: () => intake.stop(),
        deadLetters,
        batchFiles: files,
        destination,
        slots: pLimit(loadSlots(options)),
        frontier: frontierOf(options, frontEnd),
        states,
        events,
        log,
      },
      pipelineSettings(options),
    );
    interruption.addEventListener('abort', () => pipeline.interrupt());
    states.onFailure((error) => pipeline.stop(error));
    await pipeline.run();
  } finally {
    await Promise.allSettled([states.flush(), close(), pool.close()]);
    source.close();
  }
  await states.flush();
}

async function openStates(
  { state_file: file }: ResolvedOptions,
  frontEnd: FrontEnd,
  { onState, stateFd = STDOUT }: RunContext,
): Promise<Output> {
  const output = onState ? stateCallback(onState) : frontEnd.openOutput(stateFd);
  return file === undefined ? output : openStateFile(file, output);
}

interface OpenDestination {
  readonly destination: Destination;
  readonly deadLetters: Stage;
  readonly files: BatchFiles;
  close(): Promise<unknown>;
}

/** Opens the destination. Dead letters and files of a BATCH use a local folder, unless the destination has its own. */
async function openDestination(
  options: ResolvedOptions,
  { destinations, log = silent }: RunContext,
): Promise<OpenDestination> {
  const module = await chosenModule(options, destinations);
  const run = { runId: newRunId(), startedAtMs: Date.now(), log };
  const destination = module.open(options as never, run);
  const { deadLetters, files } = destination;
  if (deadLetters && files) return { destination, deadLetters, files, close: () => destination.close() };
  const local = folderStages(options, run);
  const parts = [destination, local.deadLetters, local.files];
  const close = () => Promise.allSettled(parts.map((part) => part.close()));
  return { destination, deadLetters: deadLetters ?? local.deadLetters, files: files ?? local.files, close };
}

/** A front end whose states have no parts for streams knows one frontier only. */
const frontierOf = ({ state_frontier: choice }: ResolvedOptions, { bookmarks }: FrontEnd): Frontier =>
  choice === 'per_stream' && bookmarks ? new PerStreamFrontier(bookmarks) : new GlobalFrontier();

/** A destination that hangs looks like a run that hangs. */
async function sayWhileWaiting(ready: Promise<void>, log: Log): Promise<void> {
  const startedAt = performance.now();
  const say = () => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    log.info(`still waiting for the destination, ${seconds} s`);
  };
  const timer = setInterval(say, WAITING_LINE_MS);
  await ready.finally(() => clearInterval(timer));
}

/** Resolves when the signal fires; at a signal that has fired, immediately. */
function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function poolSettings(options: ResolvedOptions, { recordLine }: FrontEnd, format: RowFormat) {
  return {
    recordLine,
    workers: options.workers,
    slabBytes: SLAB_BYTES,
    inlineBytes: INLINE_BYTES,
    ...format,
    maxSegmentRows: options.batch_size_rows,
    invalidValues: options.invalid_values,
    maxSlabSeconds: options.validate_records ? options.validate_max_seconds : undefined,
  };
}

function pipelineSettings(options: ResolvedOptions) {
  const waitSeconds = options.batch_wait_limit_seconds;
  return {
    limits: {
      maxRows: options.batch_size_rows,
      maxBytes: options.batch_size_bytes,
      maxAgeMs: waitSeconds === undefined ? undefined : waitSeconds * 1000,
    },
    flushAllStreams: options.flush_all_streams,
    memoryBudgetBytes: options.memory_budget_mb * 2 ** 20,
    stateMaxLagMs: options.state_max_lag_seconds * 1000,
    shutdownMs: options.shutdown_seconds * 1000,
    maxDeadLetters: options.dead_letter_max,
    overwriteRequires: options.overwrite_requires,
    chunksAhead: 2 * Math.max(1, options.workers) + 1,
  };
}

/** How many loads run at once. 0 stands for one a stream, -1 for one a core, and `parallelism_max` is the most. */
function loadSlots({ parallelism, parallelism_max: max }: ResolvedOptions): number {
  if (parallelism === 0) return max;
  return Math.min(max, parallelism === -1 ? availableParallelism() : parallelism);
}
