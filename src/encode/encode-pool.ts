// Chunks in, results out, by worker threads: slabs are lent, filled, transferred to a worker and lent again.
// Small inputs never start a worker: it costs 50–100 ms and 40–70 MB. While a worker starts, the main thread goes on encoding.
import { Worker } from 'node:worker_threads';
import { TargetError } from '../errors/target-error.ts';
import { encodeWorkerFile } from '../package/package-files.ts';
import type { StreamVersion } from '../schema/model.ts';
import type { Chunk, EncoderSettings, RangeResult } from './chunk.ts';
import { ChunkEncoder } from './chunk-encoder.ts';
import { Definitions } from './definitions.ts';
import type { WorkerReply, WorkerRequest } from './encode-worker.ts';

export interface PoolSettings extends EncoderSettings {
  /** Worker threads; 0 encodes everything in the main thread, unless slabs have a time limit: one thread encodes them then. */
  readonly workers: number;
  /** Bytes of one slab, which is what a worker takes at a time. */
  readonly slabBytes: number;
  /** Bytes of input that the main thread encodes itself before workers are started. */
  readonly inlineBytes: number;
}

const SLABS_PER_WORKER = 2;
const LONG_LINE_BYTES = 8 << 20;
/** So many long lines are with workers at a time: a long line's slab is as large as the line. */
const MAX_LONG_LINES = 2;

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

interface Thread {
  readonly worker: Worker;
  /** Its modules are loaded. */
  isReady: boolean;
  /** Definitions that the worker has been given. */
  defined: number;
  readonly pending: Job[];
}

interface Job extends Waiting<RangeResult[]> {
  readonly bytes: number;
}

export class EncodePool {
  private readonly settings: PoolSettings;
  private readonly definitions = new Definitions();
  /** The main thread's encoder. Dropped when every worker that was started is ready. */
  private inline: ChunkEncoder | undefined;
  private inlineDefined = 0;
  private bytesEncodedHere = 0;
  private threads: Thread[] = [];
  private readonly free: Uint8Array[] = [];
  private slabsMade = 0;
  private readonly waiting: Waiting<Uint8Array>[] = [];
  private closed = false;
  /** The error of the first worker that ended before it was ready. */
  private startFailure: TargetError | undefined;

  constructor(settings: PoolSettings) {
    this.settings = settings;
  }

  get slabBytes(): number {
    return this.settings.slabBytes;
  }

  /** How many stream versions have been defined: a chunk's range says how many of them are in force. */
  get definitionCount(): number {
    return this.definitions.count;
  }

  define(version: StreamVersion): void {
    this.definitions.add(version);
  }

  /** Lends a slab. The caller waits while all slabs are out, or while {@link MAX_LONG_LINES} long lines are with workers. Give it back by `encode` or `release`. */
  acquire(): Promise<Uint8Array> {
    if (this.closed) return Promise.reject(closedError());
    const { mayLend } = this;
    const slab = mayLend ? this.free.pop() : undefined;
    if (slab) return Promise.resolve(slab);
    const limit = SLABS_PER_WORKER * Math.max(1, this.settings.workers) + 1;
    if (mayLend && this.slabsMade < limit) {
      this.slabsMade++;
      return Promise.resolve(new Uint8Array(new ArrayBuffer(this.settings.slabBytes)));
    }
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  release(slab: Uint8Array): void {
    // a slab that grew for one long line is not kept: memory stays flat
    const kept =
      slab.byteLength === this.settings.slabBytes ? slab : new Uint8Array(new ArrayBuffer(this.settings.slabBytes));
    this.free.push(kept);
    while (this.waiting.length > 0 && this.free.length > 0 && this.mayLend)
      this.waiting.shift()!.resolve(this.free.pop()!);
  }

  /** Takes the chunk's slab over. Chunks are encoded in the order of the calls, as far as definitions are concerned. */
  async encode(chunk: Chunk): Promise<RangeResult[]> {
    if (this.closed) throw closedError();
    if (this.startFailure) {
      this.release(wholeSlab(chunk.bytes));
      throw this.startFailure;
    }
    this.definitions.enforce(chunk.runs[0]?.definitions ?? 0);
    this.bytesEncodedHere += chunk.bytes.length;
    const thread = this.threadOf(chunk.bytes.length);
    if (thread) return this.encodeInWorker(chunk, thread);
    return this.encodeHere(chunk);
  }

  /** @returns undefined when the main thread is to encode the chunk */
  private threadOf(bytes: number): Thread | undefined {
    const { maxSlabSeconds, workers, inlineBytes } = this.settings;
    if (maxSlabSeconds !== undefined) return this.threadFor(bytes) ?? this.leastBusy(this.threads);
    return workers > 0 && this.bytesEncodedHere > inlineBytes ? this.threadFor(bytes) : undefined;
  }

  private encodeHere(chunk: Chunk): RangeResult[] {
    this.inline ??= new ChunkEncoder(this.settings);
    this.inline.define(this.definitions.since(this.inlineDefined));
    this.inlineDefined = this.definitions.count;
    const results = this.inline.encode(chunk);
    this.release(wholeSlab(chunk.bytes));
    return results;
  }

  /** Ends the workers. What is still in flight, and who waits for a slab, is refused. */
  async close(): Promise<void> {
    this.closed = true;
    const threads = this.threads.splice(0);
    const refused = [...threads.flatMap((thread) => thread.pending.splice(0)), ...this.waiting.splice(0)];
    for (const { reject } of refused) reject(closedError());
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  private encodeInWorker(chunk: Chunk, thread: Thread): Promise<RangeResult[]> {
    if (this.threads.every(({ isReady }) => isReady)) this.forgetInline();
    const request: WorkerRequest = { chunk, definitions: this.definitions.since(thread.defined) };
    thread.defined = this.definitions.count;
    return new Promise((resolve, reject) => {
      thread.pending.push({ resolve, reject, bytes: chunk.bytes.length });
      thread.worker.postMessage(request, [chunk.bytes.buffer as ArrayBuffer]);
    });
  }

  private get mayLend(): boolean {
    const pending = this.threads.flatMap((thread) => thread.pending);
    return pending.filter(({ bytes }) => bytes >= LONG_LINE_BYTES).length < MAX_LONG_LINES;
  }

  /**
   * Long lines all go to one worker: each thread that has had one keeps memory of several times its length.
   * @returns undefined while another worker starts, and those that are there have enough to do
   */
  private threadFor(bytes: number): Thread | undefined {
    if (bytes >= LONG_LINE_BYTES) return this.threads[0] ?? this.startThread();
    const least = this.leastBusy(this.threads.filter(({ isReady }) => isReady));
    if (least?.pending.length === 0) return least;
    if (this.threads.length < this.maxThreads) this.startThread();
    const isStarting = this.threads.some(({ isReady }) => !isReady);
    const hasRoom = least !== undefined && least.pending.length < SLABS_PER_WORKER;
    return isStarting && !hasRoom ? undefined : least;
  }

  private leastBusy(threads: readonly Thread[]): Thread | undefined {
    return threads.toSorted((one, other) => one.pending.length - other.pending.length)[0];
  }

  private get maxThreads(): number {
    const { workers, maxSlabSeconds } = this.settings;
    return maxSlabSeconds === undefined ? workers : Math.max(1, workers);
  }

  private forgetInline(): void {
    this.inline = undefined;
    this.inlineDefined = 0;
  }

  private startThread(): Thread {
    const { workers: _, slabBytes: __, inlineBytes: ___, ...settings } = this.settings;
    const worker = new Worker(encodeWorkerFile, {
      workerData: settings satisfies EncoderSettings,
      // what a worker allocates is short-lived or outside of the heap: a larger young generation only raises the peak
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    const thread: Thread = { worker, isReady: false, defined: 0, pending: [] };
    worker.on('message', (reply: WorkerReply) => this.receive(thread, reply));
    worker.on('error', (error) => this.fail(thread, error));
    worker.on('exit', () => this.fail(thread, new Error('an encode worker ended')));
    this.threads.push(thread);
    return thread;
  }

  private receive(thread: Thread, reply: WorkerReply): void {
    if ('ready' in reply) {
      thread.isReady = true;
      return;
    }
    const job = thread.pending.shift();
    if ('crash' in reply) {
      this.replaceLostSlab();
      return job?.reject(new TargetError('INTERNAL', reply.crash));
    }
    this.release(wholeSlab(reply.slab));
    job?.resolve(reply.results);
  }

  private fail(thread: Thread, error: Error): void {
    if (this.closed) return;
    this.threads = this.threads.filter((other) => other !== thread);
    if (!thread.isReady) this.startFailure ??= new TargetError('INTERNAL', error.message, {}, error);
    for (const job of thread.pending.splice(0)) {
      this.replaceLostSlab();
      job.reject(new TargetError('INTERNAL', error.message, {}, error));
    }
  }

  /** Makes a slab in the place of a lost one, so that no caller waits for ever. */
  private replaceLostSlab(): void {
    this.release(new Uint8Array(new ArrayBuffer(this.settings.slabBytes)));
  }
}

const closedError = () => new TargetError('INTERNAL', 'the encode pool is closed');

/** The slab that a chunk's view was cut from. */
function wholeSlab(view: Uint8Array): Uint8Array {
  return new Uint8Array(view.buffer as ArrayBuffer);
}
