// Lines of records → the bytes of a staged file, by the encoder and the writer that a run has.

import type { EncoderSettings } from '../../src/encode/chunk.ts';
import { ChunkEncoder } from '../../src/encode/chunk-encoder.ts';
import type { RowFormat } from '../../src/formats/format.ts';
import { rowsFile } from '../../src/formats/registry.ts';
import type { StagedFileWriter } from '../../src/formats/staged-file.ts';
import { recordLine } from '../../src/protocols/singer/record-line.ts';
import type { StreamVersion } from '../../src/schema/model.ts';

/** @param version its id must be 0, @param linesPerChunk how many lines a worker is given at a time, @param rowLoop as `EncoderSettings` has it */
export async function stagedBytes(
  form: RowFormat,
  version: StreamVersion,
  lines: readonly string[],
  linesPerChunk = 5000,
  rowLoop: EncoderSettings['rowLoop'] = 'auto',
): Promise<Buffer> {
  const encoder = new ChunkEncoder({ recordLine, ...form, maxSegmentRows: 100_000, invalidValues: 'fail', rowLoop });
  encoder.define([{ number: 0, version }]);
  const file = memoryFile();
  const writer = rowsFile(form, version, file);
  for (let from = 0, inputOffset = 0; from < lines.length; from += linesPerChunk) {
    const bytes = Buffer.from(`${lines.slice(from, from + linesPerChunk).join('\n')}\n`);
    const runs = [{ ranges: [0, bytes.length], definitions: 1 }];
    const [result] = encoder.encode({ bytes, runs, inputOffset, receivedAtMs: Date.UTC(2024, 0, 1) });
    if (result!.failure) throw new Error(result!.failure.detail);
    for (const segment of result!.segments) await writer.append(segment);
    inputOffset += bytes.length;
  }
  await writer.close();
  return Buffer.concat(file.chunks);
}

export function memoryFile(): StagedFileWriter & { readonly chunks: Uint8Array[] } {
  const chunks: Uint8Array[] = [];
  return {
    chunks,
    bufferedBytes: 0,
    write: async (bytes) => {
      chunks.push(new Uint8Array(bytes));
    },
    close: async () => ({ location: 'memory', key: 'memory', bytes: Buffer.concat(chunks).length }),
    abort: async () => {
      chunks.length = 0;
    },
  };
}
