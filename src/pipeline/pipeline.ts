// Chunks → batches → loads → released states. The one place where the order of the input is turned into the order of effects.
import type { ParquetOutcome } from '../destinations/destination.ts';
import type { RangeResult } from '../encode/chunk.ts';
import { TargetError } from '../errors/target-error.ts';
import type { Segment } from '../formats/segment.ts';
import type { FilesEvent } from '../protocols/front-end.ts';
import { awaitsColumns } from '../schema/awaits-columns.ts';
import type { StreamVersion } from '../schema/model.ts';
import type { Batch } from './batch.ts';
import { Checkpoints, type Unit } from './checkpoints.ts';
import { ChunksAhead } from './chunks-ahead.ts';
import { DeadLetterLimit } from './dead-letter-limit.ts';
import { DeleteSigns } from './delete-signs.ts';
import type { EncodedChunk, Instruction } from './encoded-chunk.ts';
import { forExistingTable } from './existing-table.ts';
import { Loads } from './loads.ts';
import { OpenBatches } from './open-batches.ts';
import { type Overwrite, Overwrites } from './overwrites.ts';
import { ParquetBatch } from './parquet-batch.ts';
import type { PipelineParts, PipelineSettings } from './pipeline-parts.ts';
import { Places } from './places.ts';
import type { Expiry } from './stream-loads.ts';
import { Warnings } from './warnings.ts';

const TICK_MS = 100;
/** Of staged rows that wait for a load: those of a million. More would only wait, and memory would grow with the input. */
const MAX_WAITING_DIGEST_BYTES = 8 << 20;
/** Of what waits for the loads before it: a tap may send a schema, of thousands of columns, with every record. */
const MAX_QUEUED = 1_000;

export class Pipeline {
  private readonly parts: PipelineParts;
  private readonly settings: PipelineSettings;
  private readonly checkpoints: Checkpoints;
  private readonly overwrites: Overwrites;
  private readonly open: OpenBatches;
  private readonly loads: Loads;
  /** By stream, as of the instruction followed last. */
  private readonly current = new Map<string, StreamVersion>();
  private readonly warnings: Warnings;
  private readonly deleteSigns = new DeleteSigns();
  private readonly places: Places;
  private readonly deadLetters: DeadLetterLimit;
  private readonly closing = new Set<Batch>();
  private failure: TargetError | undefined;
  /** Overwrites that the destination has refused. */
  private readonly refused: TargetError[] = [];
  private interrupted = false;
  /** An interruption has taken as long as it may. */
  private expired = false;
  private shutdown: NodeJS.Timeout | undefined;
  private wake: () => void = () => {};

  constructor(parts: PipelineParts, settings: PipelineSettings) {
    this.parts = parts;
    this.settings = settings;
    this.checkpoints = new Checkpoints(parts.frontier.keeps);
    this.warnings = new Warnings(parts.log);
    this.places = new Places(parts.destination, parts.log);
    this.deadLetters = new DeadLetterLimit(settings.maxDeadLetters);
    this.overwrites = new Overwrites(settings.overwriteRequires);
    this.loads = new Loads(parts.destination, parts.slots, {
      counted: (version, outcome) => this.counted(version, outcome),
      inexact: ({ stream, columns }, column, count) =>
        parts.events.noted(stream, columns[column]!, { what: 'inexact', column, count }),
      prepared: (version, isDiscarded) => {
        if (!isDiscarded) this.places.tell(version);
        this.wake();
      },
      loading: (stream, rows) => {
        parts.events.loading(stream, rows);
        this.wake();
      },
      loaded: (stream, rows, seconds) => parts.events.loaded(stream, rows, seconds),
      discarded: (version, discard) => parts.events.discarded(version, discard),
      durable: (units) => this.durable(units),
      overwritten: (overwrite, isDiscarded) => this.overwritten(overwrite, isDiscarded),
      refused: (error) => this.refused.push(error),
      failed: (error) => this.fail(error),
    });
    this.open = new OpenBatches(
      {
        openRows: (version) => this.loads.open(version).create(version),
        deadLetters: parts.deadLetters,
      },
      settings,
      (batch) => this.checkpoints.begin(batch),
      (batch) => this.submit(batch),
    );
  }

  /**
   * Runs to the end of input. Whatever ends it, every STATE that was covered has been emitted then.
   * @throws TargetError: bad input, after everything before it was loaded; or the first load that failed.
   */
  async run(): Promise<void> {
    const timer = setInterval(() => this.tick(Date.now()), TICK_MS);
    let badInput: TargetError | undefined;
    try {
      try {
        badInput = await this.consume();
      } catch (error) {
        this.fail(error);
      }
      if (!this.halted) this.open.closeAll();
      await this.loads.idle();
      if (!badInput) await this.overwrite();
      if (!badInput && !this.interrupted && !this.halted) this.tellLacks();
      if (this.failure) throw this.failure;
      if (badInput) throw badInput;
    } finally {
      clearInterval(timer);
      clearTimeout(this.shutdown);
      await this.tearDown();
    }
  }

  /** All input was read and loaded: the streams that are complete get their new rows. After a failure or a signal none does. */
  private async overwrite(): Promise<void> {
    if (this.interrupted || this.halted) return;
    const { complete, incomplete } = this.overwrites;
    for (const overwrite of complete) {
      this.prepareWithoutRecords(this.current.get(overwrite.stream)!);
      this.loads.of(overwrite.stream).add({ kind: 'complete', overwrite });
    }
    await this.loads.idle();
    const [first, ...others] = incomplete ? [incomplete, ...this.refused] : this.refused;
    for (const { context, message } of others) this.warnings.notOverwritten(context.stream!, message);
    if (first && !this.halted) this.fail(first);
  }

  /** What is done to rows that are there needs no columns: for a version that awaits them its table, if there is one, is prepared. */
  private prepareWithoutRecords(version: StreamVersion): void {
    if (!awaitsColumns(version)) return;
    this.loads.of(version.stream).add({ kind: 'prepare', version: forExistingTable(version) });
  }

  /** What the whole input has not said. */
  private tellLacks(): void {
    for (const version of this.current.values()) {
      if (awaitsColumns(version)) this.warnings.columnless(version);
      if (this.deleteSigns.isMissing(version)) this.warnings.deletesUntold(version);
    }
  }

  /** Stops reading. What was read is loaded within the time for it; then loads under way finish, and nothing else is loaded. */
  interrupt(): void {
    this.interrupted = true;
    this.parts.stopInput();
    const expire = () => {
      this.expired = true;
      this.halt();
    };
    if (this.settings.shutdownMs === 0) expire();
    else this.shutdown = setTimeout(expire, this.settings.shutdownMs);
  }

  /** Something beside the pipeline has failed: loads under way finish, nothing else is read or loaded. */
  stop(error: TargetError): void {
    this.fail(error);
  }

  private halt(): void {
    this.parts.stopInput();
    this.loads.stop();
    this.wake();
  }

  private async tearDown(): Promise<void> {
    await this.open.abortAll();
    for (const stream of this.overwrites.unfinished) {
      this.parts.events.abandoned(stream);
      this.warnings.overwriteAbandoned(stream);
    }
    await this.loads.close();
  }

  /** @returns what was wrong with the input, if anything. */
  private async consume(): Promise<TargetError | undefined> {
    const ahead = new ChunksAhead(this.parts.intake, this.settings.chunksAhead);
    for (;;) {
      const chunk = await ahead.next();
      if (!chunk || this.halted) return undefined;
      const badInput = await this.apply(chunk);
      if (badInput) {
        this.parts.stopInput();
        return this.parts.intake.explain(badInput);
      }
    }
  }

  private get halted(): boolean {
    return this.expired || this.failure !== undefined;
  }

  private async apply(chunk: EncodedChunk): Promise<TargetError | undefined> {
    const results = await this.resultsOf(chunk);
    this.parts.events.input(chunk.inputBytes, isBlank(chunk, results));
    for (const [index, step] of chunk.steps.entries()) {
      const result = results[index];
      if (!result) break;
      for (const segment of result.segments) await this.append(segment);
      this.open.endOfRange();
      for (const instruction of step.instructions) {
        const position = chunk.inputOffset + instruction.offset;
        if (!isAfter(instruction, result) && position < (this.deadLetters.excess?.offset ?? Number.POSITIVE_INFINITY))
          this.follow(instruction, position);
      }
      if (this.deadLetters.excess) return this.deadLetters.excess.error;
      if (result.failure) {
        const { code, detail, context, linesBefore } = result.failure;
        return new TargetError(code, detail, { ...context, ...chunk.placeOf(linesBefore) });
      }
      await this.underBudget();
    }
    return chunk.failure;
  }

  /** @returns none once the pipeline has halted: the encoders may be busy for long */
  private resultsOf({ results }: EncodedChunk): Promise<readonly RangeResult[]> {
    return new Promise((resolve, reject) => {
      this.wake = () => {
        if (this.halted) resolve([]);
      };
      results.then(resolve, reject);
    });
  }

  private async append(segment: Segment): Promise<void> {
    // these rows will be in no table: no STATE after them may go out
    if (this.halted) return this.checkpoints.begin({ stream: segment.stream, position: segment.inputOffset });
    const version = this.current.get(segment.stream);
    if (version?.id !== segment.versionId)
      throw new TargetError('INTERNAL', `rows of version ${segment.versionId} where ${version?.id} is in force`);
    this.tell(version, segment);
    this.overwrites.seen(version.stream, segment.lastOffset);
    try {
      await this.open.append(version, segment, segment.inputOffset);
    } catch (error) {
      // a batch that could not begin holds nothing back: the rows are lost, and no STATE after them may go out
      this.checkpoints.begin({ stream: segment.stream, position: segment.inputOffset });
      this.fail(error);
    }
  }

  private tell(version: StreamVersion, segment: Segment): void {
    const { events } = this.parts;
    events.read(version.stream, segment.rows);
    for (const note of segment.notes) events.noted(version.stream, version.columns[note.column]!, note);
    for (const field of segment.ignored) events.ignored(version.stream, field);
    this.deleteSigns.rows(version, segment.rows, segment.hasDeletes);
    if (segment.hasDeletes) this.warnings.deleteMarkers(version);
    if (!segment.deadLetters) return;
    events.setAside(version.stream, segment.deadLetters.offsets.length);
    this.deadLetters.add(version.stream, segment.deadLetters);
  }

  /** @param position offset of the instruction in the input */
  private follow(instruction: Instruction, position: number): void {
    switch (instruction.kind) {
      case 'checkpoint':
        this.overwrites.state(position);
        this.checkpoints.hold({ ...instruction, position, heldSinceMs: Date.now() });
        return this.releaseStates();
      case 'version':
        return this.changeVersion(instruction.version, position);
      case 'again':
        return this.overwrites.seen(instruction.stream, position);
      case 'files':
        return this.readBatch(instruction, position);
      case 'expire':
        return this.activate(instruction.stream, instruction.below, position);
    }
  }

  private changeVersion(version: StreamVersion, position: number): void {
    this.open.close(version.stream);
    this.current.set(version.stream, version);
    this.loads.open(version);
    if (version.loadMethod === 'overwrite') this.beginOverwrite(version.stream, position);
    if (!awaitsColumns(version)) this.loads.of(version.stream).add({ kind: 'prepare', version });
  }

  /** No STATE after the stream's first SCHEMA is true before its rows are the table's, be they none. */
  private beginOverwrite(stream: string, position: number): void {
    if (this.overwrites.has(stream)) return this.overwrites.seen(stream, position);
    const overwrite: Overwrite = { stream, position };
    this.overwrites.begin(overwrite);
    this.checkpoints.begin(overwrite);
  }

  /** The lines of JSON files come as rows, by themselves; Parquet files are loaded after the rows before them. */
  private readBatch(message: FilesEvent, position: number): void {
    const { stream, format } = message;
    this.overwrites.seen(stream, position);
    if (format !== 'parquet') return;
    this.open.close(stream);
    const batch = new ParquetBatch(message, this.current.get(stream)!, this.parts.batchFiles, position);
    this.checkpoints.begin(batch);
    this.loads.of(stream).add({ kind: 'parquet', batch });
  }

  private counted(version: StreamVersion, { rows, hasDeletes }: ParquetOutcome): void {
    this.parts.events.read(version.stream, rows);
    this.deleteSigns.rows(version, rows, hasDeletes);
    if (hasDeletes) this.warnings.deleteMarkers(version);
  }

  private activate(stream: string, below: bigint, position: number): void {
    const version = this.current.get(stream);
    if (!version) return this.warnings.activateBeforeSchema(stream);
    if (version.loadMethod === 'append-only') return this.warnings.activateAppendOnly(stream);
    this.overwrites.activated(stream, position);
    this.deleteSigns.activated(stream);
    if (!this.loads.of(stream).sink.expire) return this.warnings.activateUnsupported(stream);
    if (!version.metadata && version.loadMethod === 'overwrite') return;
    if (!version.metadata) return this.warnings.activateWithoutMetadata(stream);
    this.open.close(stream);
    const activate: Expiry = { stream, version, below, position };
    this.checkpoints.begin(activate);
    this.prepareWithoutRecords(version);
    this.loads.of(stream).add({ kind: 'activate', activate });
  }

  private overwritten(overwrite: Overwrite, isDiscarded: boolean): void {
    this.overwrites.completed(overwrite);
    if (!isDiscarded) this.parts.log.info(`stream ${overwrite.stream}: its table was overwritten`);
    this.durable([overwrite]);
  }

  private submit(batch: Batch): void {
    this.closing.add(batch);
    const done = () => {
      this.closing.delete(batch);
      this.wake();
    };
    // the load awaits the same promise and reports its failure
    batch.close().then(done, done);
    this.loads.of(batch.version.stream).add({ kind: 'load', batch });
  }

  private durable(units: readonly Unit[]): void {
    for (const unit of units) this.checkpoints.durable(unit);
    this.releaseStates();
    this.wake();
  }

  private releaseStates(): void {
    for (const payload of this.parts.frontier.release(this.checkpoints)) {
      this.parts.states.emit(payload);
      this.parts.events.state();
    }
  }

  private fail(error: unknown): void {
    this.failure ??=
      error instanceof TargetError
        ? error
        : new TargetError('INTERNAL', String((error as Error)?.stack ?? error), {}, error);
    this.halt();
  }

  private tick(nowMs: number): void {
    if (this.halted) return;
    this.open.closeOld(nowMs);
    const [oldest] = this.checkpoints.held;
    if (oldest && nowMs - oldest.heldSinceMs >= this.settings.stateMaxLagMs) this.open.closeBefore(oldest.position);
  }

  /** The input waits here. What frees memory (uploads, loads, timers) never waits for the input. */
  private async underBudget(): Promise<void> {
    while (!this.halted) {
      const { memoryBytes, digestBytes, queued } = this.loads;
      const isOverBudget = this.open.memoryBytes + memoryBytes > this.settings.memoryBudgetBytes;
      if (!isOverBudget && digestBytes <= MAX_WAITING_DIGEST_BYTES && queued <= MAX_QUEUED) return;
      const progress = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      if (isOverBudget && this.closing.size === 0) this.open.closeLargest();
      await progress;
    }
  }
}

/** Whether blank lines are all that a chunk holds. */
function isBlank({ steps, failure }: EncodedChunk, results: readonly RangeResult[]): boolean {
  const isEmpty = results.every((result) => result.segments.length === 0 && !result.failure);
  return isEmpty && !failure && steps.every(({ instructions }) => instructions.length === 0);
}

/** Whether an instruction stands behind the line at which its run failed. */
function isAfter(instruction: Instruction, result: RangeResult): boolean {
  return result.failure !== undefined && instruction.offset > result.failure.offset;
}
