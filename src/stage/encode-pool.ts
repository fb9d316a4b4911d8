// Chunks in, results out, by worker threads: slabs are lent, filled, transferred to a worker and lent again.
// Small inputs never start a worker: it costs 50–100 ms and 40–70 MB.
import { Worker } from 'node:worker_threads';
import { TargetError } from '../errors/target-error.ts';
import type { StreamVersion } from '../schema/model.ts';
import type { Chunk, EncoderSettings, RunResult } from './chunk.ts';
import { ChunkEncoder } from './chunk-encoder.ts';
import { Definitions } from './definitions.ts';
import type { WorkerReply, WorkerRequest } from './encode-worker.ts';

export interface PoolSettings extends EncoderSettings {
  /** Worker threads; 0 encodes everything in the main thread. */
  readonly workers: number;
  /** Bytes of one slab, which is what a worker takes at a time. */
  readonly slabBytes: number;
  /** Bytes of input that the main thread encodes itself before workers are started. */
  readonly inlineBytes: number;
}

const SLABS_PER_WORKER = 2;
const LONG_LINE_BYTES = 8 << 20;

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

interface Thread {
  readonly worker: Worker;
  /** Definitions that the worker has been given. */
  defined: number;
  readonly pending: Waiting<RunResult[]>[];
}

export class EncodePool {
  private readonly settings: PoolSettings;
  private readonly definitions = new Definitions();
  /** This thread's own, until workers do it. */
  private inline: ChunkEncoder | undefined;
  private inlineDefined = 0;
  private inlineBytes = 0;
  private threads: Thread[] = [];
  private readonly free: Uint8Array[] = [];
  private lent = 0;
  private readonly waiting: Waiting<Uint8Array>[] = [];
  private closed = false;

  constructor(settings: PoolSettings) {
    this.settings = settings;
  }

  get slabBytes(): number {
    return this.settings.slabBytes;
  }

  /** How many stream versions have been defined: what a {@link Run} refers to. */
  get definitionCount(): number {
    return this.definitions.count;
  }

  define(version: StreamVersion): void {
    this.definitions.add(version);
  }

  /** Lends a slab; waits while all are in use. Give it back by `encode` or `release`. */
  acquire(): Promise<Uint8Array> {
    if (this.closed) return Promise.reject(closedError());
    const slab = this.free.pop();
    if (slab) return Promise.resolve(slab);
    const limit = SLABS_PER_WORKER * Math.max(1, this.settings.workers) + 1;
    if (this.lent < limit) {
      this.lent++;
      return Promise.resolve(new Uint8Array(new ArrayBuffer(this.settings.slabBytes)));
    }
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  release(slab: Uint8Array): void {
    // a slab that grew for one long line is not kept: memory stays flat
    const kept =
      slab.byteLength === this.settings.slabBytes ? slab : new Uint8Array(new ArrayBuffer(this.settings.slabBytes));
    const next = this.waiting.shift();
    if (next) next.resolve(kept);
    else this.free.push(kept);
  }

  /** Takes the chunk's slab over. Chunks are encoded in the order of the calls, as far as definitions are concerned. */
  async encode(chunk: Chunk): Promise<RunResult[]> {
    if (this.closed) throw closedError();
    this.definitions.settle(chunk.runs[0]?.definitions ?? 0);
    this.inlineBytes += chunk.bytes.length;
    if (this.settings.workers > 0 && this.inlineBytes > this.settings.inlineBytes) {
      this.inline = undefined;
      return this.encodeInWorker(chunk);
    }
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

  private encodeInWorker(chunk: Chunk): Promise<RunResult[]> {
    const thread = this.threadFor(chunk.bytes.length);
    const request: WorkerRequest = { chunk, definitions: this.definitions.since(thread.defined) };
    thread.defined = this.definitions.count;
    return new Promise((resolve, reject) => {
      thread.pending.push({ resolve, reject });
      thread.worker.postMessage(request, [chunk.bytes.buffer as ArrayBuffer]);
    });
  }

  /** Long lines all go to one thread: each that has had one keeps memory of several times its length. */
  private threadFor(bytes: number): Thread {
    const [first] = this.threads;
    return first && bytes >= LONG_LINE_BYTES ? first : this.leastBusy();
  }

  private leastBusy(): Thread {
    const idle = this.threads.find((thread) => thread.pending.length === 0);
    if (idle) return idle;
    if (this.threads.length < this.settings.workers) return this.startThread();
    return this.threads.reduce((best, thread) => (thread.pending.length < best.pending.length ? thread : best));
  }

  private startThread(): Thread {
    const { format, compression, maxSegmentRows, invalidValues, rowLoop } = this.settings;
    const worker = new Worker(workerUrl, {
      workerData: { format, compression, maxSegmentRows, invalidValues, rowLoop } satisfies EncoderSettings,
      // what a worker allocates is short-lived or outside of the heap: a larger young generation only raises the peak
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    const thread: Thread = { worker, defined: 0, pending: [] };
    worker.on('message', (reply: WorkerReply) => this.receive(thread, reply));
    worker.on('error', (error) => this.fail(thread, error));
    worker.on('exit', () => this.fail(thread, new Error('an encode worker ended')));
    this.threads.push(thread);
    return thread;
  }

  private receive(thread: Thread, reply: WorkerReply): void {
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
    for (const job of thread.pending.splice(0)) {
      this.replaceLostSlab();
      job.reject(new TargetError('INTERNAL', error.message, {}, error));
    }
  }

  /** A slab that went to a worker and won't come back: who waits for one must not wait for ever. */
  private replaceLostSlab(): void {
    this.release(new Uint8Array(new ArrayBuffer(this.settings.slabBytes)));
  }
}

/** In few files, since each thread loads them anew; from the package's root, so that it is found from every file. */
const workerUrl = new URL('../../dist/command/encode-worker.js', import.meta.url);

const closedError = () => new TargetError('INTERNAL', 'the encode pool is closed');

/** The slab that a chunk's view was cut from. */
function wholeSlab(view: Uint8Array): Uint8Array {
  return new Uint8Array(view.buffer as ArrayBuffer);
}
