// Bytes of a buffer that is used again → compressed bytes in memory of their own, which can go to another thread.
import type { StagedCompression } from './compression.ts';
import { Gzip } from './gzip/gzip.ts';

/** This thread's, once it is needed. */
let gzip: Gzip | undefined;

export function pack(bytes: Uint8Array, compression: StagedCompression): Uint8Array {
  if (compression !== 'gzip' || bytes.length === 0) return Uint8Array.prototype.slice.call(bytes);
  gzip ??= new Gzip();
  return gzip.compress(bytes);
}
