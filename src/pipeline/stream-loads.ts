// One stream's staged batches → loads, in order, one at a time. What is staged while a load runs goes into the next one together.
import type {
  Discards,
  InexactCounts,
  Load,
  LoadOutcome,
  LoadPace,
  ParquetOutcome,
  StreamSink,
} from '../destinations/destination.ts';
import { TargetError } from '../errors/target-error.ts';
import { countRepeats } from '../formats/key-digest.ts';
import type { StagedFile } from '../formats/staged-file.ts';
import type { Discard, LoadedRows } from '../report/facts.ts';
import type { StreamVersion } from '../schema/model.ts';
import type { Batch } from './batch.ts';
import type { Unit } from './checkpoints.ts';
import { Coalescing } from './coalescing.ts';
import type { Overwrite } from './overwrites.ts';
import { loadParquet, type ParquetBatch } from './parquet-batch.ts';

/** Beyond so many files a load takes no further batch: statements stay small. */
const MAX_LOAD_FILES = 256;
/** The columns of each of these are looked up by themselves. */
const MAX_PARQUET_FILES = 64;

export interface Expiry extends Unit {
  readonly version: StreamVersion;
  /** Rows of lower versions expire. */
  readonly below: bigint;
}

type Work =
  | { readonly kind: 'prepare'; readonly version: StreamVersion }
  | { readonly kind: 'load'; readonly batch: Batch }
  | { readonly kind: 'parquet'; readonly batch: ParquetBatch }
  | { readonly kind: 'activate'; readonly activate: Expiry }
  | { readonly kind: 'complete'; readonly overwrite: Overwrite };

export interface LoadEvents {
  durable(units: readonly Unit[]): void;
  /** These rows, or these values of a column, were not loaded, as the schema contract says. */
  discarded(version: StreamVersion, discard: Discard): void;
  /** The stream's new rows have taken the place of the old, or were discarded. */
  overwritten(overwrite: Overwrite, isDiscarded: boolean): void;
  /** The table keeps its old rows. Other streams go on. */
  refused(error: TargetError): void;
  /** The batches are in no table and will not be: their outcome is known, or unknown when `files` is empty. */
  failed(error: TargetError): void;
  /** A load of files that were not read here has told what is in them. */
  counted(version: StreamVersion, outcome: ParquetOutcome): void;
  /** So many values of a column, an index into the version's, are only approximately in the table's own column. */
  inexact(version: StreamVersion, column: number, count: number): void;
  /** A version's table is as the version wants it. @param isDiscarded when there is no table, and none may be made */
  prepared(version: StreamVersion, isDiscarded: boolean): void;
  loading(stream: string, rows: number): void;
  loaded(stream: string, rows: LoadedRows, seconds: number): void;
}

/** Runs a job when one of the run's load slots is free. */
export type Slots = <T>(job: () => Promise<T>) => Promise<T>;

export class StreamLoads {
  readonly stream: string;
  readonly sink: StreamSink;
  private readonly slots: Slots;
  private readonly pace: LoadPace;
  private readonly coalescing: Coalescing;
  private readonly events: LoadEvents;
  private readonly queue: Work[] = [];
  private running: Promise<void> | undefined;
  private prepared: StreamVersion | undefined;
  /** Of the version that was prepared last. */
  private discards: Discards | undefined;
  private stopped = false;

  constructor(stream: string, sink: StreamSink, slots: Slots, pace: LoadPace, events: LoadEvents) {
    this.stream = stream;
    this.sink = sink;
    this.slots = slots;
    this.pace = pace;
    this.coalescing = new Coalescing(pace.coalesceMs ?? 0);
    this.events = events;
  }

  add(work: Work): void {
    if (this.stopped) return;
    this.queue.push(work);
    this.running ??= this.drain();
  }

  /** Nothing more comes. Resolves when everything that was added is done, or has failed. */
  async idle(): Promise<void> {
    this.coalescing.end();
    while (this.running) await this.running;
  }

  /** Starts nothing more; what runs goes on to its end. */
  stop(): void {
    this.stopped = true;
    this.queue.length = 0;
    this.coalescing.end();
  }

  /** Batches that wait here for their load: they hold memory too. */
  get waiting(): readonly Batch[] {
    return this.queue.flatMap((work) => (work.kind === 'load' ? [work.batch] : []));
  }

  /** How many things are to be done here, but for what is done now. */
  get queued(): number {
    return this.queue.length;
  }

  async close(): Promise<void> {
    await this.sink.close();
  }

  private async drain(): Promise<void> {
    try {
      while (this.queue.length > 0) {
        await this.staged();
        if (this.queue.length > 0) await this.slots(() => this.next());
      }
    } catch (error) {
      this.stop();
      this.events.failed(asTargetError(error, this.stream));
    } finally {
      this.running = undefined;
    }
  }

  /** A load slot is not taken before there is something to load. */
  private async staged(): Promise<void> {
    const [first] = this.queue;
    if (first?.kind !== 'load') return;
    await first.batch.close();
    await this.coalescing.done(() => this.joining);
  }

  /** Rows that the next load may take; undefined when it is full, or no further batch could be part of it. */
  private get joining(): number | undefined {
    const isOpen = this.queue.every(({ kind }) => kind === 'load');
    const rows = this.waiting.reduce((sum, batch) => sum + batch.rows, 0);
    return isOpen && rows < this.maxRowsOf(this.waiting[0]?.version) ? rows : undefined;
  }

  private maxRowsOf(version: StreamVersion | undefined): number {
    const { maxLoadRows, maxLoadValues = Number.POSITIVE_INFINITY } = this.pace;
    return Math.min(maxLoadRows, maxLoadValues / (version?.columns.length || 1));
  }

  private async next(): Promise<void> {
    const [first] = this.queue;
    if (!first) return;
    if (first.kind === 'load') return this.load(this.takeBatches(first.batch));
    if (first.kind === 'parquet') return this.loadParquet(this.takeParquet(first.batch));
    this.queue.shift();
    if (first.kind === 'prepare') {
      this.discards = await this.sink.prepare(first.version);
      this.prepared = first.version;
      return this.events.prepared(first.version, this.discards?.stream === true);
    }
    if (first.kind === 'complete') return this.complete(first.overwrite);
    const { version, below } = first.activate;
    if (!this.discards?.stream) await this.sink.expire?.(version, below);
    this.events.durable([first.activate]);
  }

  private async complete(overwrite: Overwrite): Promise<void> {
    let isRefused = false;
    const inexact = await this.sink.complete?.().catch((error: unknown) => {
      if (!(error instanceof TargetError) || error.code !== 'OVERWRITE_TOO_FEW') throw error;
      isRefused = true;
      this.events.refused(error.at({ stream: this.stream }));
    });
    if (isRefused) return;
    if (this.prepared && inexact) this.tellInexact(this.prepared, inexact);
    this.events.overwritten(overwrite, this.discards?.stream === true);
  }

  /** The first batch and those right behind it that share its version and may be loaded with it. */
  private takeBatches(first: Batch): Batch[] {
    const batches: Batch[] = [];
    const maxRows = this.maxRowsOf(first.version);
    let rows = 0;
    for (const work of this.queue) {
      if (work.kind !== 'load' || work.batch.version.id !== first.version.id) break;
      if (batches.length > 0 && (rows + work.batch.rows > maxRows || batches.length === MAX_LOAD_FILES)) break;
      batches.push(work.batch);
      rows += work.batch.rows;
    }
    this.queue.splice(0, batches.length);
    return batches;
  }

  private takeParquet(first: ParquetBatch): ParquetBatch[] {
    const batches: ParquetBatch[] = [];
    let files = 0;
    for (const work of this.queue) {
      if (work.kind !== 'parquet' || work.batch.version.id !== first.version.id) break;
      if (batches.length > 0 && files + work.batch.fileCount > MAX_PARQUET_FILES) break;
      batches.push(work.batch);
      files += work.batch.fileCount;
    }
    this.queue.splice(0, batches.length);
    return batches;
  }

  private async loadParquet(batches: readonly ParquetBatch[]): Promise<void> {
    const { version } = batches[0]!;
    const files = batches.reduce((sum, batch) => sum + batch.fileCount, 0);
    // nobody looks into them: their rows are not known
    if (this.discards?.stream) this.events.discarded(version, { of: 'files', count: files });
    else await this.loadFiles(version, batches);
    this.events.durable(batches);
    for (const batch of batches) await batch.release();
  }

  private async loadFiles(version: StreamVersion, batches: readonly ParquetBatch[]): Promise<void> {
    const startedAt = performance.now();
    this.events.loading(this.stream, 0);
    const outcome = await loadParquet(this.sink, batches);
    this.events.counted(version, outcome);
    this.tellInexact(version, outcome.inexact);
    for (const [column, count] of outcome.discarded) {
      const of = this.discards?.columns.get(column);
      if (of !== undefined && count > 0) this.events.discarded(version, { of, column, count });
    }
    this.tellLoaded(version, outcome.rows, outcome, startedAt);
  }

  private async load(batches: readonly Batch[]): Promise<void> {
    const files = await Promise.all(batches.map((batch) => batch.close()));
    const load = loadOf(batches, files);
    for (const batch of batches) batch.digests.free();
    this.tellDiscards(batches, load);
    // all records of these batches may have been set aside
    if (load.rows > 0 && !this.discards?.stream) {
      const startedAt = performance.now();
      this.events.loading(this.stream, load.rows);
      const outcome = await this.sink.commit(load);
      this.sink.drop(files.filter((file) => !load.files.includes(file)));
      this.tellInexact(load.version, outcome.inexact);
      this.tellLoaded(load.version, load.rows, outcome, startedAt);
    } else this.sink.drop(files);
    this.events.durable(batches);
  }

  /** @param startedAt by `performance` */
  private tellLoaded({ deletes }: StreamVersion, rows: number, outcome: LoadOutcome, startedAt: number): void {
    const { deduplicated, deleted } = outcome;
    const removed = deletes === 'hard' ? deleted : 0;
    const counts = { loaded: rows - deduplicated - deleted, deduplicated, deleted: removed, marked: deleted - removed };
    this.events.loaded(this.stream, counts, (performance.now() - startedAt) / 1000);
  }

  private tellInexact(version: StreamVersion, inexact: InexactCounts): void {
    for (const [column, count] of inexact) if (count > 0) this.events.inexact(version, column, count);
  }

  private tellDiscards(batches: readonly Batch[], { version, rows }: Load): void {
    if (this.discards === undefined) return;
    if (this.discards.stream) return this.events.discarded(version, { of: 'tables', count: rows });
    for (const [column, of] of this.discards.columns) {
      const count = batches.reduce((sum, { values }) => sum + (values[column] ?? 0), 0);
      if (count > 0) this.events.discarded(version, { of, column, count });
    }
  }
}

function loadOf(batches: readonly Batch[], files: readonly StagedFile[]): Load {
  const repeats = countRepeats(batches.flatMap((batch) => batch.digests.lists));
  return {
    version: batches[0]!.version,
    files: files.filter((_, index) => batches[index]!.rows > 0),
    rows: batches.reduce((sum, batch) => sum + batch.rows, 0),
    mayRepeatKeys: repeats > 0,
    repeats,
    absentColumns: new Set(batches.flatMap((batch) => [...batch.absent])),
    hasDeletes: batches.some((batch) => batch.hasDeletes),
    batchedAt: new Date(),
  };
}

function asTargetError(error: unknown, stream: string): TargetError {
  if (error instanceof TargetError) return error.at({ stream });
  return new TargetError(
    'INTERNAL',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
    { stream },
    error,
  );
}
