// The bytes of a batch file → its lines' bytes, uncompressed.
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TargetError } from '../errors/target-error.ts';
import type { ByteSource } from './input.ts';
import { isGzip } from './is-gzip.ts';

const CHUNK_BYTES = 256 * 1024;

/**
 * What the file is compressed with, its first bytes tell: taps of Meltano's SDK write gzip whatever they say. But a file
 * that is said to be gzip, and is not, is not whole.
 * @throws TargetError INPUT_BATCH_FILE; what `bytes` throws
 */
export async function batchSource(
  bytes: AsyncGenerator<Uint8Array, void>,
  compression: 'gzip' | 'none',
): Promise<ByteSource> {
  const head = await firstBytes(bytes);
  const isPacked = isGzip(head);
  if (!isPacked && compression === 'gzip') {
    await bytes.return();
    throw new TargetError('INPUT_BATCH_FILE', 'the file is not gzip, which its message says it is');
  }
  const whole = Readable.from(joined(head, bytes), { objectMode: false, highWaterMark: CHUNK_BYTES });
  return readableSource(isPacked ? gunzipped(whole) : whole);
}

/** As many as tell gzip, or all when there are less. */
async function firstBytes(bytes: AsyncGenerator<Uint8Array, void>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for (let length = 0; length < 2; ) {
    const { value, done } = await bytes.next();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  return Buffer.concat(chunks);
}

async function* joined(head: Uint8Array, rest: AsyncGenerator<Uint8Array, void>) {
  if (head.length > 0) yield head;
  yield* rest;
}

function gunzipped(whole: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // errors of either arrive where the other end is read
  pipeline(whole, gunzip, () => {});
  return gunzip;
}

function readableSource(readable: Readable): ByteSource {
  const chunks = readable[Symbol.asyncIterator]();
  return {
    read: async () => {
      const { value, done } = await chunks.next();
      return done ? undefined : (value as Uint8Array);
    },
    close: () => {
      readable.destroy();
    },
  };
}
