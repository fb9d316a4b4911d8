// How pages are compressed.
import { gzipSync } from 'node:zlib';
import type { StagedCompression } from '../file-names.ts';
import { snappy } from './snappy.ts';

export interface Codec {
  /** As Parquet's footer has it. */
  readonly id: number;
  /** @returns a view that the next call may overwrite */
  compress(page: Buffer): Uint8Array;
}

const uncompressed: Codec = { id: 0, compress: (page) => page };
const snappyCodec: Codec = { id: 1, compress: snappy };
const gzipCodec: Codec = { id: 2, compress: (page) => gzipSync(page, { level: 1, memLevel: 9, chunkSize: 1 << 18 }) };

export const codecOf = (compression: StagedCompression): Codec =>
  compression === 'none' ? uncompressed : process.env.CODEC === 'gzip' ? gzipCodec : snappyCodec;
