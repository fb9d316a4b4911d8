// What a BATCH says of all its records → the header that each of them would have as a RECORD.
import type { BatchLines } from './chunk.ts';
import type { HeaderSlice, RecordHeader } from './metadata-fields.ts';

export function batchHeader({ version, timeExtracted }: BatchLines): RecordHeader {
  return { version: sliceOf(version), timeExtracted: sliceOf(timeExtracted) };
}

function sliceOf(json: string | undefined): HeaderSlice {
  if (json === undefined) return { start: -1, end: -1 };
  // the scanners of JSON stop at a line feed
  const source = Buffer.from(`${json}\n`);
  return { source, start: 0, end: source.length - 1 };
}
