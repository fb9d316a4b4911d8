// The whole system: bytes → slabs → encoders → batches → loads → states. Set up, run, tear down.
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { connectionPath, type IometeOptions, type ResolvedOptions } from '../config/index.ts';
import type { Destination } from '../destinations/destination.ts';
import { duckdbDestination } from '../destinations/duckdb/index.ts';
import { iometeDestination } from '../destinations/iomete/index.ts';
import { EncodePool } from '../encode/encode-pool.ts';
import { assertValidates } from '../encode/validate.ts';
import type { Log } from '../errors/log.ts';
import type { RowsForm } from '../formats/open-rows-file.ts';
import { batchFiles } from '../input/batch-file-store.ts';
import { openInput } from '../input/input.ts';
import { SlabReader } from '../input/slab-reader.ts';
import type { Frontier } from '../pipeline/checkpoints.ts';
import { GlobalFrontier } from '../pipeline/global-frontier.ts';
import { Intake } from '../pipeline/intake.ts';
import { PerStreamFrontier } from '../pipeline/per-stream-frontier.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { PipelineEvents } from '../pipeline/pipeline-parts.ts';
import { Streams } from '../pipeline/streams.ts';
import type { FrontEnd } from '../protocols/front-end.ts';
import { singer } from '../protocols/singer/index.ts';
import { contractOf } from '../schema/contract.ts';
import type { Column, StreamVersion } from '../schema/model.ts';
import { type StreamDeclaration, streamVersion } from '../schema/stream-version.ts';
import type { FileContent } from '../stage/file-names.ts';
import { folderStage } from '../stage/folder-stage.ts';
import { heartbeatMs } from '../stage/heartbeat.ts';
import { newRunId, runFolderName, shortRunId } from '../stage/run-id.ts';
import { s3Stage } from '../stage/s3-stage.ts';
import type { Stage } from '../stage/store.ts';

const SLAB_BYTES = 1 << 20;
const INLINE_BYTES = 4 << 20;
const SLAB_WAIT_MS = 50;
const STDOUT = 1;

export interface RunContext {
  /** The protocol of the input and of the states; Singer when it is not set. */
  readonly frontEnd?: FrontEnd | undefined;
  /** A file to read instead of standard input. */
  readonly input?: string | undefined;
  /** File descriptor for the states, each on a line; standard output when it is not set. */
  readonly stateFd?: number | undefined;
  readonly log: Log;
  readonly events: PipelineEvents;
  /** Aborted by a signal: reading stops, what was read is loaded within `shutdown_seconds`, what is covered is acknowledged. */
  readonly interruption: AbortSignal;
}

/** Runs one sync. @throws TargetError; every STATE that was covered has been written by then. */
export async function run(options: ResolvedOptions, context: RunContext): Promise<void> {
  const runId = newRunId();
  const source = openInput(context.input);
  const { keep_staged_files: keepFiles } = options;
  const runFolder = runFolderName({ runId, part: keepFiles ? 'kept' : 'staged' });
  const deadLetterFolder = runFolderName({ runId, part: 'dead-letters' });
  const { log } = context;
  const stage = stageFor(options, { runFolder, content: options.stage_format, keepFiles, heartbeatMs }, log);
  const deadLetters = stageFor(options, { runFolder: deadLetterFolder, content: 'jsonl', keepFiles: true }, log);
  const copies = stageFor(options, { runFolder, content: 'parquet', keepFiles }, log);
  const files = batchFiles(batchFileSettings(options), copies, (message) => context.log.warn(message));
  const destination = destinationFor(options, shortRunId(runId), log);
  const frontEnd = context.frontEnd ?? singer;
  const pool = new EncodePool(poolSettings(options, frontEnd));
  const states = frontEnd.openOutput(context.stateFd ?? STDOUT);
  try {
    const ready = Promise.all([stage.check(), destination.connect()]);
    // after a signal nobody awaits it any more
    ready.catch(() => {});
    await Promise.race([ready, aborted(context.interruption)]);
    if (context.interruption.aborted) return;
    const { max_line_bytes: maxLineBytes } = options;
    const reader = new SlabReader(source, pool, { maxWaitMs: SLAB_WAIT_MS, maxLineBytes });
    const streams = new Streams((declaration, id, known) => checkedVersion(declaration, options, id, known));
    const intake = new Intake(reader, frontEnd, streams, pool, files, maxLineBytes);
    const pipeline = new Pipeline(
      {
        intake,
        stopInput: () => intake.stop(),
        stage,
        deadLetters,
        batchFiles: files,
        destination,
        slots: pLimit(loadSlots(options)),
        frontier: frontierOf(options, frontEnd),
        states,
        events: context.events,
        log: context.log,
      },
      pipelineSettings(options),
    );
    context.interruption.addEventListener('abort', () => pipeline.interrupt());
    states.onFailure((error) => pipeline.stop(error));
    await pipeline.run();
  } finally {
    const stages = [stage, deadLetters, files].map((part) => part.close());
    await Promise.allSettled([states.flush(), ...stages, destination.close(), pool.close()]);
    source.close();
  }
  await states.flush();
}

/** A front end whose states have no parts for streams knows one frontier only. */
const frontierOf = ({ state_frontier: choice }: ResolvedOptions, { bookmarks }: FrontEnd): Frontier =>
  choice === 'per_stream' && bookmarks ? new PerStreamFrontier(bookmarks) : new GlobalFrontier();

/** @throws TargetError; INPUT_SCHEMA_INVALID also for a schema that records can't be validated by, when they are to be */
function checkedVersion(
  declaration: StreamDeclaration,
  options: ResolvedOptions,
  id: number,
  known: readonly Column[],
): StreamVersion {
  const version = streamVersion(declaration, streamOptions(options), id, known);
  assertValidates(version);
  return version;
}

/** A lakehouse that is starting may be waited for: a signal ends that wait, too. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

interface StageUse {
  /** Of this run alone. */
  readonly runFolder: string;
  readonly content: FileContent;
  readonly keepFiles: boolean;
  /** One stage of a run is enough to say that it is alive. */
  readonly heartbeatMs?: number;
}

function stageFor(options: ResolvedOptions, { runFolder, content, ...use }: StageUse, log: Log): Stage {
  // DuckDB reads the files on the same machine: compressing them costs more than it saves
  if (options.destination === 'duckdb')
    return folderStage({ folder: options.temp_dir, runFolder, content, compression: 'none', ...use }, log);
  return s3Stage(
    {
      ...s3Connection(options),
      bucket: options.s3_bucket,
      keyPrefix: options.s3_key_prefix,
      acl: options.s3_acl,
      uriScheme: options.s3_uri_scheme,
      compression: content === 'parquet' ? 'none' : compressionOf(options),
      content,
      runFolder,
      ...use,
    },
    log,
  );
}

/** How S3 is called. */
export function s3Connection(options: ResolvedOptions) {
  return {
    endpointUrl: options.s3_endpoint_url,
    region: options.s3_region_name,
    accessKeyId: options.aws_access_key_id,
    secretAccessKey: options.aws_secret_access_key,
    sessionToken: options.aws_session_token,
    profile: options.aws_profile,
    retryMaxSeconds: options.retry_max_seconds,
  };
}

/** DuckDB is in this process, the lakehouse reads S3 by itself. */
function batchFileSettings(options: ResolvedOptions) {
  const readable = options.destination === 'duckdb' ? ('local' as const) : ('s3' as const);
  return { ...s3Connection(options), readable, uriScheme: options.s3_uri_scheme };
}

function destinationFor(options: ResolvedOptions, runId: string, log: Log): Destination {
  const syncStartedAtMs = Date.now();
  if (options.destination === 'duckdb')
    return duckdbDestination(
      {
        path: options.duckdb_path,
        memoryLimit: options.duckdb_memory_limit,
        tempDir: options.temp_dir,
        syncStartedAtMs,
        runId,
      },
      log,
    );
  return iometeDestination({ ...connectionOf(options), syncStartedAtMs, runId }, log);
}

/** How the lakehouse is called. */
export function connectionOf(options: IometeOptions) {
  return {
    host: options.host,
    port: options.port,
    httpPath: connectionPath(options),
    user: options.user,
    password: options.password,
    tlsCaFile: options.tls_ca_file,
    tlsVerify: options.tls_verify,
    startupWaitSeconds: options.startup_wait_seconds,
    retryMaxSeconds: options.retry_max_seconds,
    database: options.database,
    catalog: options.catalog,
  };
}

function compressionOf(options: ResolvedOptions): 'gzip' | 'none' {
  return options.destination === 'duckdb' || options.no_compression ? 'none' : 'gzip';
}

function rowsForm(options: ResolvedOptions): RowsForm {
  return { format: options.stage_format, compression: compressionOf(options) };
}

function streamOptions(options: ResolvedOptions) {
  return {
    defaultTargetSchema: options.default_target_schema,
    schemaMapping: options.schema_mapping,
    catalog: options.destination === 'iomete' ? options.catalog : undefined,
    addMetadataColumns: options.add_metadata_columns,
    hardDelete: options.hard_delete,
    loadMethod: options.load_method,
    streamLoadMethods: options.stream_load_methods,
    flattenMaxLevel: options.data_flattening_max_level,
    numberType: options.number_type,
    nestedColumns: options.nested_columns,
    primaryKeyRequired: options.primary_key_required,
    validateRecords: options.validate_records,
    undeclaredFields: options.undeclared_fields,
    contract: contractOf(options.schema_contract),
  };
}

function poolSettings(options: ResolvedOptions, { recordLine }: FrontEnd) {
  return {
    recordLine,
    workers: options.workers,
    slabBytes: SLAB_BYTES,
    inlineBytes: INLINE_BYTES,
    ...rowsForm(options),
    maxSegmentRows: options.batch_size_rows,
    invalidValues: options.invalid_values,
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
    rowsForm: rowsForm(options),
    flushAllStreams: options.flush_all_streams,
    memoryBudgetBytes: options.memory_budget_mb * 2 ** 20,
    stateMaxLagMs: options.state_max_lag_seconds * 1000,
    shutdownMs: options.shutdown_seconds * 1000,
    maxDeadLetters: options.dead_letter_max,
    overwriteRequires: options.overwrite_requires,
    chunksAhead: 2 * Math.max(1, options.workers) + 1,
  };
}

/** `parallelism` as the reference documents it: 0 one for each stream, -1 one for each core, never more than `parallelism_max`. */
function loadSlots({ parallelism, parallelism_max: max }: ResolvedOptions): number {
  if (parallelism === 0) return max;
  return Math.min(max, parallelism === -1 ? availableParallelism() : parallelism);
}
