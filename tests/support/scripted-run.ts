// A pipeline over a stage in memory and a destination whose loads end when the test says so, fed message by message.
import pLimit from 'p-limit';
import type { Destination } from '../../src/destinations/destination.ts';
import { stagedDestination } from '../../src/destinations/staged/staged-destination.ts';
import type { Warehouse } from '../../src/destinations/staged/warehouse.ts';
import type { InvalidValues } from '../../src/encode/chunk.ts';
import { EncodePool } from '../../src/encode/encode-pool.ts';
import { batchFiles as createBatchFiles } from '../../src/input/batch-file-store.ts';
import type { BatchFiles } from '../../src/input/batch-files.ts';
import { SlabReader } from '../../src/input/slab-reader.ts';
import { GlobalFrontier } from '../../src/pipeline/global-frontier.ts';
import { Intake } from '../../src/pipeline/intake.ts';
import { PerStreamFrontier } from '../../src/pipeline/per-stream-frontier.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import type { PipelineEvents, PipelineSettings } from '../../src/pipeline/pipeline-parts.ts';
import { Streams } from '../../src/pipeline/streams.ts';
import type { FrontEnd } from '../../src/protocols/front-end.ts';
import { bookmarks } from '../../src/protocols/singer/bookmarks.ts';
import { singer } from '../../src/protocols/singer/index.ts';
import type { LoadMethodOptions } from '../../src/schema/load-method.ts';
import { streamVersion } from '../../src/schema/stream-version.ts';
import type { Stage } from '../../src/stage/store.ts';
import { MemoryStage, ScriptedDestination } from './scripted-parts.ts';

export const schema = (stream: string, properties: object = { id: { type: 'integer' } }, more: object = {}) =>
  ({ type: 'SCHEMA', stream, schema: { properties }, key_properties: ['id'], ...more }) as const;
export const record = (stream: string, id: number, more: object = {}) => ({
  type: 'RECORD',
  stream,
  record: { id, ...more },
});
export const state = (value: unknown) => ({ type: 'STATE', value });
export const activate = (stream: string, version: number) => ({ type: 'ACTIVATE_VERSION', stream, version });

export interface TestRun {
  destination: ScriptedDestination;
  stage: MemoryStage;
  deadLetters: MemoryStage;
  states: unknown[];
  warnings: string[];
  infos: string[];
  /** Bytes are fed as they are, without a line feed. */
  feed(...messages: (object | string)[]): void;
  end(): void;
  /** The input breaks off with the error. */
  breakOff(error: Error): void;
  pipeline: Pipeline;
  done: Promise<void>;
}

const rowsForm = { format: 'csv', compression: 'none' } as const;

const nothing = () => {};

interface TestSettings {
  /** Every load succeeds by itself. */
  automatic?: boolean;
  /** See {@link ScriptedDestination.coalesceMs}. */
  coalesceMs?: number;
  metadata?: boolean;
  hardDelete?: boolean;
  invalidValues?: InvalidValues;
  /** Real parts instead of the scripted ones. */
  parts?: { warehouse: Warehouse; stage: Stage };
  batchFiles?: BatchFiles;
  /** `state_frontier: per_stream` */
  perStream?: boolean;
  undeclaredFields?: 'ignore' | 'add';
  /** Told what happens. */
  events?: Partial<PipelineEvents>;
  /** Singer's when it is not set. */
  frontEnd?: FrontEnd;
  /** The destination that takes the scripted one's place. */
  instead?: (scripted: Destination) => Destination;
}

export function start(settings: Partial<PipelineSettings> & LoadMethodOptions & TestSettings = {}): TestRun {
  type Bytes = Promise<Uint8Array | undefined>;
  const waiting: ((bytes: Bytes) => void)[] = [];
  const queue: Bytes[] = [];
  const push = (bytes: Bytes) => {
    // whoever reads next is told of it
    bytes.catch(nothing);
    const next = waiting.shift();
    if (next) next(bytes);
    else queue.push(bytes);
  };
  const source = {
    read: () => queue.shift() ?? new Promise<Uint8Array | undefined>((resolve) => waiting.push(resolve)),
    close: () => {},
  };
  const { frontEnd = singer } = settings;
  const pool = new EncodePool({
    recordLine: frontEnd.recordLine,
    workers: 0,
    slabBytes: 1 << 16,
    inlineBytes: 0,
    ...rowsForm,
    maxSegmentRows: 100,
    invalidValues: settings.invalidValues ?? 'fail',
  });
  const reader = new SlabReader(source, pool, { maxWaitMs: 5 });
  const options = {
    defaultTargetSchema: 's',
    addMetadataColumns: settings.metadata ?? false,
    hardDelete: settings.hardDelete ?? false,
    flattenMaxLevel: 0,
    primaryKeyRequired: true,
    validateRecords: false,
    loadMethod: settings.loadMethod,
    streamLoadMethods: settings.streamLoadMethods,
    undeclaredFields: settings.undeclaredFields,
  };
  const streams = new Streams((message, id, known) => streamVersion(message, options, id, known));
  const destination = new ScriptedDestination(settings.automatic, settings.coalesceMs);
  const stage = new MemoryStage();
  const deadLetters = new MemoryStage();
  const batchFiles = settings.batchFiles ?? localFiles(deadLetters);
  const states: unknown[] = [];
  const warnings: string[] = [];
  const infos: string[] = [];
  const intake = new Intake(reader, frontEnd, streams, pool, batchFiles);
  const staged = stagedDestination({
    warehouse: settings.parts?.warehouse ?? destination,
    stage: settings.parts?.stage ?? stage,
    format: rowsForm,
    deadLetters,
    files: batchFiles,
  });
  const pipeline = new Pipeline(
    {
      intake,
      frontier: settings.perStream ? new PerStreamFrontier(bookmarks) : new GlobalFrontier(),
      stopInput: () => intake.stop(),
      batchFiles,
      deadLetters,
      destination: settings.instead?.(staged) ?? staged,
      slots: pLimit(4),
      states: { emit: (value) => states.push(JSON.parse(value.toString())) },
      events: {
        reading: nothing,
        read: nothing,
        noted: nothing,
        setAside: nothing,
        abandoned: nothing,
        ignored: nothing,
        discarded: nothing,
        input: nothing,
        state: nothing,
        loading: nothing,
        loaded: nothing,
        ...settings.events,
      },
      log: { info: (message) => infos.push(message), warn: (message) => warnings.push(message) },
    },
    {
      limits: { maxRows: 100, maxBytes: 1e9, maxAgeMs: undefined },
      flushAllStreams: false,
      memoryBudgetBytes: 1e9,
      stateMaxLagMs: 1e9,
      shutdownMs: 0,
      overwriteRequires: 'state',
      chunksAhead: 3,
      maxDeadLetters: undefined,
      ...settings,
    },
  );
  const done = pipeline.run();
  done.catch(nothing);
  const fed = (message: object | string) =>
    Buffer.isBuffer(message)
      ? message
      : Buffer.from(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  const feed = (...messages: (object | string)[]) => push(Promise.resolve(Buffer.concat(messages.map(fed))));
  const end = () => push(Promise.resolve(undefined));
  const breakOff = (error: Error) => push(Promise.reject(error));
  return { destination, stage, deadLetters, states, warnings, infos, feed, end, breakOff, pipeline, done };
}

const localFiles = (copies: MemoryStage): BatchFiles => {
  const s3 = { readable: 'local', uriScheme: 's3a' } as const;
  return createBatchFiles(s3, copies, () => {});
};

export const records = (stream: string, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => record(stream, from + i));
