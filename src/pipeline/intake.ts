// Slabs of input → chunks for the encoders, and the messages that belong between their rows.
import { TargetError } from '../errors/target-error.ts';
import type { ActivateVersionMessage, Message, Records, SingerFramer, StateMessage } from '../protocol/singer.ts';
import type { SlabReader } from '../protocol/slab-reader.ts';
import type { StreamVersion } from '../schema/model.ts';
import type { Run, RunResult } from '../stage/chunk.ts';
import type { EncodePool } from '../stage/encode-pool.ts';
import { FieldFinder } from '../stage/field-finder.ts';
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

/** What is to be done after the rows of a run, in this order. */
export type Instruction = StateMessage | ActivateVersionMessage | SchemaChange | SchemaAgain;

/** One run of rows, then instructions. A STATE may stand among the rows: what it waits for is told by its offset. */
export interface Step {
  readonly ranges: number[];
  readonly instructions: Instruction[];
}

export interface EncodedChunk {
  readonly steps: readonly Step[];
  /** One result per step, fewer after a failure. */
  readonly results: Promise<readonly RunResult[]>;
  /** Lines of the input before this chunk. */
  readonly linesBefore: number;
  /** Offset of the chunk in the input. */
  readonly inputOffset: number;
  readonly inputBytes: number;
  /** A message that ended the input: everything before it is in `steps`. */
  readonly failure: TargetError | undefined;
}

export class Intake {
  private readonly reader: SlabReader;
  private readonly framer: SingerFramer;
  private readonly streams: Streams;
  private readonly pool: EncodePool;
  private readonly finder = new FieldFinder();
  private inputOffset = 0;
  private ended = false;

  constructor(reader: SlabReader, framer: SingerFramer, streams: Streams, pool: EncodePool) {
    this.reader = reader;
    this.framer = framer;
    this.streams = streams;
    this.pool = pool;
  }

  /** The next chunk, already on its way through the encoders; undefined at the end of input or after a failure. */
  async next(): Promise<EncodedChunk | undefined> {
    if (this.ended) return undefined;
    const filled = await this.reader.next();
    if (!filled) {
      this.ended = true;
      return undefined;
    }
    const { slab, length } = filled;
    const bytes = slab.subarray(0, length);
    const linesBefore = this.framer.lineCount;
    const { steps, runs, failure } = this.route(Buffer.from(slab.buffer, 0, length));
    if (failure) this.ended = true;
    const results = this.pool.encode({ bytes, runs, inputOffset: this.inputOffset, receivedAtMs: Date.now() });
    const inputOffset = this.inputOffset;
    this.inputOffset += length;
    // awaited later: until then a rejection is not unhandled
    results.catch(() => {});
    return { steps, results, linesBefore, inputOffset, inputBytes: length, failure };
  }

  private route(bytes: Buffer): { steps: Step[]; runs: Run[]; failure: TargetError | undefined } {
    const steps: Step[] = [];
    const runs: Run[] = [];
    let step = this.beginStep(steps, runs);
    try {
      for (const item of this.framer.frame(bytes)) {
        if (item.type === 'RECORDS') step = this.records(bytes, item, step, () => this.beginStep(steps, runs));
        else if (this.instruct(item, step)) step = this.beginStep(steps, runs);
      }
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      return { steps, runs, failure: error.at({ line: this.framer.lineCount }) };
    }
    return { steps, runs, failure: undefined };
  }

  /** Where a field needs another version, the rows from there on are another step's. @returns the last step */
  private records(bytes: Buffer, { start, end }: Records, first: Step, beginStep: () => Step): Step {
    let step = first;
    for (let from = start; ; ) {
      const found = this.finder.find(bytes, from, end);
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
    step.instructions.push(message);
    return message.type === 'ACTIVATE_VERSION';
  }
}
