// The worker thread's side of the encode pool: a chunk in, its segments and the slab back, all transferred.
import { parentPort, workerData } from 'node:worker_threads';
import type { Chunk, EncoderSettings, RangeResult } from './chunk.ts';
import { ChunkEncoder } from './chunk-encoder.ts';
import type { Definition } from './definitions.ts';

export interface WorkerRequest {
  readonly chunk: Chunk;
  /** Those that this worker has not been given yet and that this chunk, or one after it, may mean. */
  readonly definitions: readonly Definition[];
}

/** The first one says that requests are answered from now on. `crash` is a defect of the encoder, not bad input. */
export type WorkerReply =
  | { readonly ready: true }
  | { readonly results: RangeResult[]; readonly slab: Uint8Array }
  | { readonly crash: string };

const port = parentPort;
if (port) {
  const encoder = new ChunkEncoder(workerData as EncoderSettings);
  port.on('message', ({ chunk, definitions }: WorkerRequest) => {
    try {
      encoder.define(definitions);
      const results = encoder.encode(chunk);
      port.postMessage({ results, slab: chunk.bytes } satisfies WorkerReply, transferables(chunk, results));
    } catch (error) {
      port.postMessage({
        crash: error instanceof Error ? (error.stack ?? error.message) : String(error),
      } satisfies WorkerReply);
    }
  });
  port.postMessage({ ready: true } satisfies WorkerReply);
}

function transferables(chunk: Chunk, results: readonly RangeResult[]): ArrayBuffer[] {
  const segments = results.flatMap((result) => result.segments);
  return [chunk.bytes, ...segments.flatMap(({ bytes, digests, values }) => [bytes, digests, values])]
    .map((view) => view.buffer as ArrayBuffer)
    .filter((buffer) => buffer.byteLength > 0);
}
