// Bytes of a buffer that is used again → compressed bytes in memory of their own, which can go to another thread.
import { gzipSync } from 'node:zlib';
import type { StagedCompression } from './file-names.ts';

export function pack(bytes: Uint8Array, compression: StagedCompression): Uint8Array {
  const gzip = compression === 'gzip' && bytes.length > 0;
  return Uint8Array.prototype.slice.call(gzip ? gzipSync(bytes, { level: 1, memLevel: 9, chunkSize: 1 << 18 }) : bytes);
}
