// Slabs of input → chunks for the encoders, and the messages that belong between their rows. The lines of files that a
// BATCH names come in its place: offsets are counted as if they stood in the input.

import type { Chunk, Run, RunResult } from '../encode/chunk.ts';
import type { EncodePool } from '../encode/encode-pool.ts';
import { FieldFinder, type FoundFields } from '../encode/field-finder.ts';
import { type ErrorContext, TargetError } from '../errors/target-error.ts';
import type { BatchFiles } from '../input/batch-files.ts';
import { BatchReader, type BatchSlab } from '../input/batch-reader.ts';
import type { FilledSlab, SlabReader } from '../input/slab-reader.ts';
import type { BatchMessage } from '../protocols/singer/batch-message.ts';
import type { ActivateVersionMessage, Message, SingerFramer, StateMessage } from '../protocols/singer/singer.ts';
import { awaitsColumns } from '../schema/awaits-columns.ts';
import type { StreamVersion } from '../schema/model.ts';
import type { Streams } from './streams.ts';

export interface SchemaChange {
  readonly type: 'SCHEMA';
  readonly version: StreamVersion;
  readonly offset: number;
}

/** A SCHEMA of an overwritten stream that says nothing new: more of the stream may have been meant to follow. */
export interface SchemaAgain {
  readonly type: 'SCHEMA_AGAIN';
  readonly stream: string;
  readonly offset: number;
}

/**
 * What is to be done after the rows of a run, in this order. Of a BATCH of JSON lines the rows come in the chunks that
 * follow; those of Parquet files are not read here.
 */
export type Instruction = StateMessage | ActivateVersionMessage | BatchMessage | SchemaChange | SchemaAgain;

/** One run of rows, then instructions. A STATE may stand among the rows: what it waits for is told by its offset. */
export interface Step {
  readonly ranges: number[];
  readonly instructions: Instruction[];
}

export interface EncodedChunk {
  readonly steps: readonly Step[];
  /** One result per step, fewer after a failure. */
  readonly results: Promise<readonly RunResult[]>;
  /** Where in the input, or in which file, the line is that so many lines of this chunk precede. */
  placeOf(linesBefore: number): ErrorContext;
  /** Offset of the chunk in the input. */
  readonly inputOffset: number;
  readonly inputBytes: number;
  /** A message that ended the input: everything before it is in `steps`. */
  readonly failure: TargetError | undefined;
}

interface Routed {
  readonly steps: Step[];
  readonly runs: Run[];
  /** Bytes up to a BATCH whose lines come next, with it; or all. */
  readonly length: number;
  readonly batch: BatchMessage | undefined;
  readonly failure: TargetError | undefined;
}

/** Offsets of whole lines, and what finds the first field from an offset on that needs another version. */
interface SearchedRecords {
  readonly start: number;
  readonly end: number;
  find(from: number): FoundFields | undefined;
}

const LINE_FEED = 10;

export class Intake {
  private readonly reader: SlabReader;
  private readonly maxLineBytes: number | undefined;
  private readonly framer: SingerFramer;
  private readonly streams: Streams;
  private readonly pool: EncodePool;
  private readonly files: BatchFiles;
  private readonly finder = new FieldFinder();
  private inputOffset = 0;
  /** Bytes of batch files in `inputOffset`. */
  private batchBytes = 0;
  /** What is read now, before any more input. */
  private batch: BatchReader<BatchMessage> | undefined;
  /** Input that was read and stands behind a BATCH. */
  private rest: Buffer | undefined;
  private ended = false;

  /** @param maxLineBytes of the files that a BATCH names; no limit when not set */
  constructor(
    reader: SlabReader,
    framer: SingerFramer,
    streams: Streams,
    pool: EncodePool,
    files: BatchFiles,
    maxLineBytes?: number,
  ) {
    this.maxLineBytes = maxLineBytes;
    this.reader = reader;
    this.framer = framer;
    this.streams = streams;
    this.pool = pool;
    this.files = files;
  }

  /** Ends the input here: what has not been handed out is dropped. */
  stop(): void {
    this.ended = true;
    this.reader.stop();
    this.batch?.stop();
  }

  /** The next chunk, already on its way through the encoders; undefined at the end of input or after a failure. */
  async next(): Promise<EncodedChunk | undefined> {
    const fromBatch = this.ended ? undefined : await this.nextOfBatch();
    if (this.ended) return fromBatch;
    return fromBatch ?? (this.rest ? this.nextOfRest(this.rest) : this.nextOfInput());
  }

  private async nextOfInput(): Promise<EncodedChunk | undefined> {
    let filled: FilledSlab | undefined;
    try {
      filled = await this.reader.next();
    } catch (error) {
      return this.failedBy(error, { line: this.framer.lineCount + 1 });
    }
    if (!filled) {
      this.ended = true;
      return undefined;
    }
    const { slab, length } = filled;
    const bytes = Buffer.from(slab.buffer, 0, length);
    const linesBefore = this.framer.lineCount;
    const routed = this.route(bytes);
    // the slab goes to an encoder
    if (routed.length < length) this.rest = Buffer.from(bytes.subarray(routed.length));
    return this.chunkOf(slab.subarray(0, routed.length), routed, linesBefore);
  }

  private async nextOfRest(rest: Buffer): Promise<EncodedChunk | undefined> {
    const slab = await this.pool.acquire();
    const linesBefore = this.framer.lineCount;
    const routed = this.route(rest);
    this.rest = routed.length < rest.length ? rest.subarray(routed.length) : undefined;
    // a slab that had grown for a long line leaves a rest that no other has room for
    const room = routed.length <= slab.length ? slab : new Uint8Array(new ArrayBuffer(routed.length));
    room.set(rest.subarray(0, routed.length));
    return this.chunkOf(room.subarray(0, routed.length), routed, linesBefore);
  }

  private chunkOf(bytes: Uint8Array, { steps, runs, batch, failure }: Routed, linesBefore: number): EncodedChunk {
    if (failure) this.ended = true;
    if (batch) this.batch = new BatchReader(batch, this.files, this.pool, this.maxLineBytes);
    const placeOf = (lines: number) => ({ line: linesBefore + lines + 1 });
    const sourceOffset = this.reader.skippedBytes + this.inputOffset - this.batchBytes;
    return this.encoded(bytes, { steps, runs, placeOf, failure, sourceOffset });
  }

  /** @returns undefined when no BATCH is being read, or nothing more is in its files. */
  private async nextOfBatch(): Promise<EncodedChunk | undefined> {
    const { batch } = this;
    if (!batch) return undefined;
    try {
      const slab = await batch.next();
      if (slab) return this.batchChunk(batch.message, slab);
    } catch (error) {
      return this.failedBy(error, { stream: batch.message.stream, line: batch.message.line });
    }
    this.batch = undefined;
    return undefined;
  }

  private batchChunk(
    { stream, version, timeExtracted, line }: BatchMessage,
    { slab, length, file, linesBefore, offset }: BatchSlab,
  ): EncodedChunk {
    const steps: Step[] = [];
    const runs: Run[] = [];
    const bytes = Buffer.from(slab.buffer, slab.byteOffset, length);
    const find = (from: number) => this.finder.findInLines(stream, bytes, from, length);
    this.records({ start: 0, end: length, find }, this.beginStep(steps, runs), () => this.beginStep(steps, runs));
    const placeOf = (lines: number) => ({ line, file, fileLine: linesBefore + lines + 1 });
    const chunk = this.encoded(slab.subarray(0, length), {
      steps,
      runs,
      placeOf,
      failure: undefined,
      sourceOffset: offset,
      batch: { stream, file, version, timeExtracted },
    });
    this.batchBytes += length;
    return chunk;
  }

  /** Reading has failed: what was read before is loaded. @throws what is no TargetError */
  private failedBy(error: unknown, place: ErrorContext): EncodedChunk {
    this.ended = true;
    if (!(error instanceof TargetError)) throw error;
    const { inputOffset } = this;
    const failure = error.at(place);
    return { steps: [], results: Promise.resolve([]), placeOf: () => ({}), inputOffset, inputBytes: 0, failure };
  }

  private encoded(
    bytes: Uint8Array,
    {
      steps,
      runs,
      placeOf,
      failure,
      ...source
    }: Pick<EncodedChunk, 'steps' | 'placeOf' | 'failure'> & Pick<Chunk, 'runs' | 'sourceOffset' | 'batch'>,
  ): EncodedChunk {
    const { inputOffset } = this;
    const inputBytes = bytes.length;
    const results = this.pool.encode({ bytes, runs, inputOffset, receivedAtMs: Date.now(), ...source });
    this.inputOffset += inputBytes;
    // awaited later: until then a rejection is not unhandled
    results.catch(() => {});
    return { steps, results, placeOf, inputOffset, inputBytes, failure };
  }

  private route(bytes: Buffer): Routed {
    const steps: Step[] = [];
    const runs: Run[] = [];
    let step = this.beginStep(steps, runs);
    try {
      for (const item of this.framer.frame(bytes)) {
        if (item.type === 'RECORDS') {
          const find = (from: number) => this.finder.find(bytes, from, item.end);
          step = this.records({ ...item, find }, step, () => this.beginStep(steps, runs));
        } else if (this.instruct(item, step)) step = this.beginStep(steps, runs);
        if (item.type === 'BATCH' && item.format === 'jsonl') {
          const length = bytes.indexOf(LINE_FEED, item.offset) + 1;
          return { steps, runs, length, batch: item, failure: undefined };
        }
      }
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      const failure = error.at({ line: this.framer.lineCount });
      return { steps, runs, length: bytes.length, batch: undefined, failure };
    }
    return { steps, runs, length: bytes.length, batch: undefined, failure: undefined };
  }

  /** Where a field needs another version, the rows from there on are another step's. @returns the last step */
  private records({ start, end, find }: SearchedRecords, first: Step, beginStep: () => Step): Step {
    let step = first;
    for (let from = start; ; ) {
      const found = find(from);
      if (found === undefined) {
        step.ranges.push(from, end);
        return step;
      }
      const { stream, offset } = found;
      if (offset > from) step.ranges.push(from, offset);
      const version = this.streams.addFields(stream, found.fields);
      this.watch(stream);
      this.pool.define(version);
      step.instructions.push({ type: 'SCHEMA', version, offset });
      step = beginStep();
      from = offset;
    }
  }

  private watch(stream: string): void {
    const version = this.streams.current(stream);
    if (version?.undeclared) this.finder.watch(version, version.undeclared, this.streams.loose(stream));
  }

  private beginStep(steps: Step[], runs: Run[]): Step {
    const step: Step = { ranges: [], instructions: [] };
    steps.push(step);
    runs.push({ ranges: step.ranges, definitions: this.pool.definitionCount });
    return step;
  }

  /** @throws TargetError for a BATCH whose rows can have no columns */
  private assertReadable({ stream, format }: BatchMessage): void {
    const version = this.streams.current(stream);
    if (!version)
      throw new TargetError('INPUT_RECORD_BEFORE_SCHEMA', 'a BATCH before the SCHEMA of its stream', { stream });
    if (format !== 'parquet' || !awaitsColumns(version)) return;
    const what = version.awaitedKeys === undefined ? 'no columns' : 'no column for its key';
    throw new TargetError(
      'INPUT_SCHEMA_INVALID',
      `the stream has ${what}, and "undeclared_fields" finds none in Parquet files: the SCHEMA has to declare what they hold`,
      { stream, column: version.awaitedKeys?.[0] },
    );
  }

  /** @returns true when rows after the message must not be in a batch with those before it. */
  private instruct(message: Message, step: Step): boolean {
    if (message.type === 'SCHEMA') {
      const { stream, offset } = message;
      const taken = this.streams.take(message);
      if (taken) this.pool.define(taken.version);
      this.watch(stream);
      if (taken?.change === 'version') step.instructions.push({ type: 'SCHEMA', version: taken.version, offset });
      else if (this.streams.current(stream)?.loadMethod === 'overwrite')
        step.instructions.push({ type: 'SCHEMA_AGAIN', stream, offset });
      return taken !== undefined;
    }
    if (message.type === 'BATCH') this.assertReadable(message);
    step.instructions.push(message);
    return message.type === 'ACTIVATE_VERSION' || message.type === 'BATCH';
  }
}
