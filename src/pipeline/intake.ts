// Slabs of input → chunks for the encoders, and the messages that belong between their rows. The lines of files that a
// BATCH names come in its place: offsets are counted as if they stood in the input.

import type { Chunk, RecordRange } from '../encode/chunk.ts';
import type { EncodePool } from '../encode/encode-pool.ts';
import { FieldFinder, type FoundFields } from '../encode/field-finder.ts';
import { linesTo } from '../encode/line-failure.ts';
import { type ErrorContext, TargetError } from '../errors/target-error.ts';
import type { BatchFiles } from '../input/batch-files.ts';
import { BatchReader, type BatchSlab } from '../input/batch-reader.ts';
import type { FilledSlab, SlabReader } from '../input/slab-reader.ts';
import { LINE_FEED } from '../json/ascii.ts';
import type { FilesEvent, Framer, FrontEnd, InputEvent, RecordLines, StreamEvent } from '../protocols/front-end.ts';
import type { BareLine } from '../protocols/record-line.ts';
import { awaitsColumns } from '../schema/awaits-columns.ts';
import type { EncodedChunk, Step } from './encoded-chunk.ts';
import type { Streams } from './streams.ts';
import { truncatedLine } from './truncated-line.ts';

interface Routed {
  readonly steps: Step[];
  readonly runs: RecordRange[];
  /** Bytes up to a BATCH whose lines come next, with it; or all. */
  readonly length: number;
  readonly batch: FilesEvent | undefined;
  readonly failure: TargetError | undefined;
}

/** Offsets of whole lines, and what finds the first field from an offset on that needs another version. */
interface SearchedRecords {
  readonly start: number;
  readonly end: number;
  find(from: number): FoundFields | undefined;
  placeOf(offset: number): ErrorContext;
}

export class Intake {
  private readonly reader: SlabReader;
  private readonly maxLineBytes: number | undefined;
  private readonly frontEnd: FrontEnd;
  private readonly framer: Framer;
  private readonly streams: Streams;
  private readonly pool: EncodePool;
  private readonly files: BatchFiles;
  private readonly finder = new FieldFinder();
  private inputOffset = 0;
  /** Bytes of batch files in `inputOffset`. */
  private batchBytes = 0;
  /** What is read now, before any more input. */
  private batch: BatchReader<FilesEvent> | undefined;
  /** Input that was read and stands behind a BATCH. */
  private rest: Buffer | undefined;
  private ended = false;
  /** The input ends within this line. */
  private truncated: number | undefined;
  /** The front end's own streams are known. */
  private declared = false;

  /** @param maxLineBytes of the files that a BATCH names; no limit when not set */
  constructor(
    reader: SlabReader,
    frontEnd: FrontEnd,
    streams: Streams,
    pool: EncodePool,
    files: BatchFiles,
    maxLineBytes?: number,
  ) {
    this.maxLineBytes = maxLineBytes;
    this.reader = reader;
    this.frontEnd = frontEnd;
    this.framer = frontEnd.openFramer();
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

  /** What is wrong with the input, where its end within a line is the cause. */
  explain(error: TargetError): TargetError {
    const { code, context } = error;
    const isThere = this.truncated !== undefined && context.line === this.truncated && context.file === undefined;
    if (code !== 'INPUT_NOT_JSON' || !isThere) return error;
    return new TargetError('INPUT_TRUNCATED', 'the input ends within the line', context, error);
  }

  /** The next chunk, already on its way through the encoders; undefined at the end of input or after a failure. */
  async next(): Promise<EncodedChunk | undefined> {
    if (!this.declared) {
      this.declared = true;
      if (this.frontEnd.streams.length > 0) return this.declaredStreams();
    }
    const fromBatch = this.ended ? undefined : await this.nextOfBatch();
    if (this.ended) return fromBatch;
    return fromBatch ?? (this.rest ? this.nextOfRest(this.rest) : this.nextOfInput());
  }

  /** A chunk without lines: before the first one, the streams of the front end are in force. */
  private async declaredStreams(): Promise<EncodedChunk> {
    const slab = await this.pool.acquire();
    const events = this.frontEnd.streams.map(
      (declaration): StreamEvent => ({ kind: 'stream', declaration, line: 0, offset: 0 }),
    );
    return this.chunkOf(slab.subarray(0, 0), this.routed(events, Buffer.alloc(0)), 0);
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
    if (filled.lacksLineFeed) this.truncated = truncatedLine(bytes, linesBefore);
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

  private batchChunk(message: FilesEvent, { slab, length, file, linesBefore, offset }: BatchSlab): EncodedChunk {
    const steps: Step[] = [];
    const runs: RecordRange[] = [];
    const bytes = Buffer.from(slab.buffer, slab.byteOffset, length);
    const bare = bareLineOf(message);
    const find = (from: number) => this.finder.find(bare, bytes, from, length);
    const placeOf = (lines: number) => ({ line: message.line, file, fileLine: linesBefore + lines + 1 });
    const records = { start: 0, end: length, find, placeOf: (at: number) => placeOf(linesTo(bytes, at)) };
    this.records(records, this.beginStep(steps, runs), () => this.beginStep(steps, runs));
    const chunk = this.encoded(slab.subarray(0, length), {
      steps,
      runs,
      placeOf,
      failure: undefined,
      sourceOffset: offset,
      file: { name: file, line: bare },
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
    }: Pick<EncodedChunk, 'steps' | 'placeOf' | 'failure'> & Pick<Chunk, 'runs' | 'sourceOffset' | 'file'>,
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
    return this.routed(this.framer.frame(bytes), bytes);
  }

  private routed(items: Iterable<RecordLines | InputEvent>, bytes: Buffer): Routed {
    const { recordLine } = this.frontEnd;
    const steps: Step[] = [];
    const runs: RecordRange[] = [];
    const begin = () => this.beginStep(steps, runs);
    let step = begin();
    const linesBefore = this.framer.lineCount;
    const placeOf = (offset: number) => ({ line: linesBefore + linesTo(bytes, offset) + 1 });
    try {
      for (const item of items) {
        if (item.kind === 'records') {
          const find = (from: number) => this.finder.find(recordLine, bytes, from, item.end);
          step = this.records({ ...item, find, placeOf }, step, begin);
        } else if (this.instruct(item, step)) step = begin();
        if (item.kind === 'files' && item.format === 'jsonl') {
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

  /**
   * Where a field needs another version, the rows from there on are another step's. @returns the last step
   * @throws TargetError INPUT_SCHEMA_INVALID: the rows before the line are in the steps
   */
  private records({ start, end, find, placeOf }: SearchedRecords, first: Step, beginStep: () => Step): Step {
    let step = first;
    for (let from = start; ; ) {
      const found = find(from);
      if (found === undefined) {
        step.ranges.push(from, end);
        return step;
      }
      const { stream, offset, problem } = found;
      if (offset > from) step.ranges.push(from, offset);
      if (problem) throw problem.at(placeOf(offset));
      const version = this.streams.addFields(stream, found.fields);
      this.watch(stream);
      this.pool.define(version);
      step.instructions.push({ kind: 'version', version, offset });
      step = beginStep();
      from = offset;
    }
  }

  private watch(stream: string): void {
    const version = this.streams.current(stream);
    if (version?.undeclared) this.finder.watch(version, version.undeclared, this.streams.loose(stream));
  }

  private beginStep(steps: Step[], runs: RecordRange[]): Step {
    const step: Step = { ranges: [], instructions: [] };
    steps.push(step);
    runs.push({ ranges: step.ranges, definitions: this.pool.definitionCount });
    return step;
  }

  /** @throws TargetError for a BATCH whose rows can have no columns */
  private assertReadable({ stream, format }: FilesEvent): void {
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

  /** @returns true when rows after the event must not be in a batch with those before it. */
  private instruct(event: InputEvent, step: Step): boolean {
    if (event.kind === 'stream') return this.declare(event, step);
    if (event.kind === 'files') this.assertReadable(event);
    step.instructions.push(event);
    return event.kind !== 'checkpoint';
  }

  private declare({ declaration, offset }: StreamEvent, step: Step): boolean {
    const { stream } = declaration;
    const taken = this.streams.take(declaration);
    if (taken) this.pool.define(taken.version);
    this.watch(stream);
    if (taken?.change === 'version') step.instructions.push({ kind: 'version', version: taken.version, offset });
    else if (this.streams.current(stream)?.loadMethod === 'overwrite')
      step.instructions.push({ kind: 'again', stream, offset });
    return taken !== undefined;
  }
}

/** What a message says of all records in its files. */
const bareLineOf = ({ stream, timeExtracted, version }: FilesEvent): BareLine => ({
  kind: 'bare',
  stream,
  ...(timeExtracted !== undefined && { extractedAt: { key: 'time_extracted', json: timeExtracted } }),
  ...(version !== undefined && { version: { key: 'version', json: version } }),
});
