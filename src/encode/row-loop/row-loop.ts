// Lines of a slab → rows, by the WebAssembly row loop: as many as it takes, and the rest is the caller's to encode.

import type { LoopForm } from '../../formats/format.ts';
import { LINE_FEED } from '../../json/ascii.ts';
import { isShortest } from '../../json/encode-number.ts';
import { reserveMemory } from '../../memory/load-wasm.ts';
import type { RecordLine } from '../../protocols/record-line.ts';
import type { LinePrefix } from '../message-reader.ts';
import type { StreamEncoder } from '../stream-encoder.ts';
import {
  REFUSED_FOR_ROOM,
  REFUSED_RECORD,
  REPORT_ANY_ABSENT,
  REPORT_ANY_INEXACT,
  REPORT_LAST_LINE,
  REPORT_OUTPUT_END,
  REPORT_REFUSED,
  REPORT_ROWS,
  REPORT_SIZE,
  REPORT_VALUES,
} from './assembly/report.ts';
import { LineForm } from './line-form.ts';
import { loadRowModule, type RowModule } from './row-module.ts';
import { type PlanMemory, RowPlan } from './row-plan.ts';
import { type ColumnMemory, WaitingColumns } from './waiting-columns.ts';

const MAX_ROWS = 8192;
/** Of a slab, so much is in memory at a time; a line that is longer is not taken. */
const WINDOW_BYTES = 2 << 20;
/** Vectors read beyond the last line. */
const MARGIN_BYTES = 64;
/** Room for a line of a window's size: a field can double, and is moved once more when its keys are out of order. */
const OUTPUT_BYTES = 4 * WINDOW_BYTES + (1 << 20);
/** Of it rows that become columns have one half, where no more than a line's room is needed, and a column of them the other. */
const WAITING_BYTES = OUTPUT_BYTES / 2;
/** Plans of so many bytes are dropped, and made again of the streams that still come. */
const MAX_PLAN_BYTES = 32 << 20;
/** After so many lines on end that it did not take, it isn't asked for a while. */
const MAX_REFUSED = 8;
const REST_LINES = 64;

/** What is known of a stream: its plan, unless it has none yet. */
interface Known {
  plan: RowPlan | undefined;
  /** Only where rows become columns. */
  waiting: WaitingColumns | undefined;
  /** Plans of an earlier generation are gone. */
  generation: number;
  refusedOnEnd: number;
  resting: number;
}

/** A slab whose bytes are valid UTF-8, and where it came from. */
export interface RowSource {
  readonly bytes: Buffer;
  /** One that `takesLine`. */
  readonly line: RecordLine;
  readonly inputOffset: number;
  readonly receivedAtMs: number;
}

/** One serves one thread. */
export class RowLoop {
  private readonly form: LoopForm;
  private readonly module: RowModule;
  private readonly memory: PlanMemory & ColumnMemory;
  private readonly report: number;
  private readonly digests: number;
  private readonly window: number;
  private readonly output: number;
  /** Where rows that wait end; CSV rows don't. */
  private filled: number;
  /** Whose rows wait. */
  private readonly waiting = new Set<StreamEncoder>();
  private readonly line: LineForm;
  private readonly plans: number;
  private free: number;
  private generation = 0;
  private readonly streams = new WeakMap<StreamEncoder, Known>();
  private source: RowSource | undefined;
  private received: Buffer = Buffer.alloc(0);
  /** The part of the slab that is in memory: whole lines. */
  private windowStart = 0;
  private windowEnd = 0;

  constructor(form: LoopForm) {
    this.form = form;
    this.module = loadRowModule((start, end, output) => this.judge(start, end, output));
    this.report = aligned(this.module.heapStart());
    this.digests = this.report + REPORT_SIZE;
    const list = this.digests + MAX_ROWS * 8;
    const present = list + MAX_ROWS * 4;
    this.window = aligned(present + MAX_ROWS / 8 + 1);
    this.output = this.window + WINDOW_BYTES + MARGIN_BYTES;
    this.filled = this.output;
    this.free = this.output + OUTPUT_BYTES;
    const memory = {
      bytes: Buffer.alloc(0),
      allocate: (bytes: number) => this.allocate(bytes),
      module: this.module,
      list,
      present,
      counted: this.report + REPORT_VALUES,
      values: this.output + WAITING_BYTES,
    };
    this.memory = memory;
    this.allocate(0);
    memory.bytes = Buffer.from(this.module.memory.buffer);
    this.line = new LineForm(memory);
    // plans are dropped now and then, the form of the lines is not
    this.plans = this.free;
    this.module.setLine(this.line.address);
  }

  /** The slab that is encoded from now on: all rows of the one before have been taken. */
  begin(source: RowSource): void {
    this.source = source;
    this.line.write(source.line);
    this.received = (this.form === 'csv' ? receivedFields : receivedValues)(source.receivedAtMs);
    this.waiting.clear();
    this.filled = this.output;
    this.windowStart = this.windowEnd = 0;
    if (this.free - this.plans <= MAX_PLAN_BYTES) return;
    this.free = this.plans;
    this.generation++;
  }

  /**
   * Encodes lines of the stream from the one at `from` on.
   * @param prefix what such a line begins with; undefined for bare lines
   * @param to the end of a line
   * @returns where it stopped: at `to`, at a line that it does not take, or because the stream's segment is full
   */
  encode(stream: StreamEncoder, from: number, to: number, prefix: LinePrefix | undefined): number {
    const known = this.known(stream);
    if (known.resting > 0) {
      known.resting--;
      return from;
    }
    if (!this.makePlan(stream, known)) return from;
    const plan = known.plan!;
    if (prefix) plan.setHeader(prefix);
    plan.setReceived(this.received);
    let p = from;
    let refused = 0;
    while (p < to && refused === 0 && !stream.isFull && this.load(p)) {
      p = this.rows(stream, known, p, Math.min(to, this.windowEnd));
      refused = this.reported(REPORT_REFUSED);
      if (refused === REFUSED_FOR_ROOM && this.flushWaiting()) refused = 0;
    }
    if (p > from) known.refusedOnEnd = 0;
    else if (refused === REFUSED_RECORD && ++known.refusedOnEnd >= MAX_REFUSED) known.resting = REST_LINES;
    return p;
  }

  private rows(stream: StreamEncoder, known: Known, from: number, to: number): number {
    const { bytes } = this.memory;
    const plan = known.plan!;
    const { waiting } = known;
    const shift = this.window - this.windowStart;
    if (waiting?.rows === MAX_ROWS) flushRows(stream);
    const maxRows = Math.min(MAX_ROWS - (waiting?.rows ?? 0), stream.roomRows);
    const stop =
      this.module.encodeRows(
        plan.address,
        from + shift,
        to + shift,
        this.filled,
        this.output + (waiting ? WAITING_BYTES : OUTPUT_BYTES),
        this.digests,
        maxRows,
        this.source!.inputOffset - shift,
        this.report,
      ) - shift;
    const rows = this.reported(REPORT_ROWS);
    if (rows === 0) return from;
    const { inputOffset } = this.source!;
    this.write(stream, waiting, rows);
    stream.append(
      {
        rows,
        inputOffset: inputOffset + from,
        digests: new Uint32Array(bytes.buffer, this.digests, rows * 2),
        absent: this.reported(REPORT_ANY_ABSENT) === 1 ? plan.takeAbsent() : [],
        inexact: this.reported(REPORT_ANY_INEXACT) === 1 ? plan.takeInexact() : [],
      },
      stop - from,
      inputOffset + this.reported(REPORT_LAST_LINE) - shift,
    );
    return stop;
  }

  private write(stream: StreamEncoder, waiting: WaitingColumns | undefined, rows: number): void {
    const end = this.reported(REPORT_OUTPUT_END);
    const { loop } = stream;
    if (loop?.form === 'csv') return loop.append(this.memory.bytes.subarray(this.output, end));
    if (!waiting) return;
    this.filled = end;
    this.waiting.add(stream);
    waiting.rows += rows;
    loop?.append(waiting, rows);
  }

  /** @returns whether there is more room for rows that wait now */
  private flushWaiting(): boolean {
    const isFreed = this.filled > this.output;
    for (const stream of this.waiting) flushRows(stream);
    this.waiting.clear();
    this.filled = this.output;
    return isFreed;
  }

  private reported(offset: number): number {
    return this.memory.bytes.readUInt32LE(this.report + offset);
  }

  /** Brings the line at `at` into memory, and what fits after it. @returns false when the line is too long */
  private load(at: number): boolean {
    if (at >= this.windowStart && at < this.windowEnd) return true;
    const { bytes } = this.source!;
    let end = bytes.length;
    if (end - at > WINDOW_BYTES) {
      end = bytes.lastIndexOf(LINE_FEED, at + WINDOW_BYTES - 1) + 1;
      if (end <= at) return false;
    }
    this.memory.bytes.set(bytes.subarray(at, end), this.window);
    this.memory.bytes.fill(LINE_FEED, this.window + end - at, this.window + end - at + MARGIN_BYTES);
    this.windowStart = at;
    this.windowEnd = end;
    return true;
  }

  private known(stream: StreamEncoder): Known {
    let known = this.streams.get(stream);
    if (!known) {
      known = { plan: undefined, waiting: undefined, generation: -1, refusedOnEnd: 0, resting: 0 };
      this.streams.set(stream, known);
    }
    return known;
  }

  /** @returns false when the stream can have none yet */
  private makePlan(stream: StreamEncoder, known: Known): boolean {
    if (known.generation === this.generation) return true;
    const { learned, version } = stream;
    if (!learned) return false;
    const columnar = this.form === 'columns';
    known.plan = new RowPlan(version, learned, this.memory, columnar);
    known.waiting = columnar ? new WaitingColumns(version, known.plan.address, this.memory) : undefined;
    known.generation = this.generation;
    return true;
  }

  private allocate(bytes: number): number {
    const at = this.free;
    this.free = aligned(at + bytes);
    const { memory } = this.module;
    if (reserveMemory(memory, this.free + MARGIN_BYTES)) this.memory.bytes = Buffer.from(memory.buffer);
    return at;
  }

  private judge(start: number, end: number, output: number): number {
    const text = this.memory.bytes.toString('latin1', start, end);
    const nearest = Number(text);
    if (!Number.isFinite(nearest)) return 2;
    this.memory.bytes.writeDoubleLE(nearest, output);
    return isShortest(text) ? 0 : 1;
  }
}

function flushRows({ loop }: StreamEncoder): void {
  if (loop?.form === 'columns') loop.flush();
}

/** `_sdc_received_at` and `_sdc_sequence` as `CsvRows` writes them, which all rows of a slab have in common. */
const receivedFields = (atMs: number): Buffer =>
  Buffer.from(`${new Date(atMs).toISOString().slice(0, 23).replace('T', ' ')},${atMs},`);

/** The same as `ParquetRows` writes them. */
function receivedValues(atMs: number): Buffer {
  const values = Buffer.alloc(16);
  values.writeBigInt64LE(BigInt(atMs) * 1000n);
  values.writeBigInt64LE(BigInt(atMs), 8);
  return values;
}

const aligned = (address: number): number => Math.ceil(address / 64) * 64;
