// How pages are compressed.
import type { StagedCompression } from '../compress/compression.ts';
import { snappy } from './snappy.ts';

export interface Codec {
  /** As Parquet's footer has it. */
  readonly id: number;
  /** @returns a view that the next call may overwrite */
  compress(page: Buffer): Uint8Array;
}

const uncompressed: Codec = { id: 0, compress: (page) => page };
const compressed: Codec = { id: 1, compress: snappy };

export const codecOf = (compression: StagedCompression): Codec => (compression === 'none' ? uncompressed : compressed);
