// What is said of all records of bare lines → the header that each of them would have in a message.
import type { BareLine, SharedValue } from '../protocols/record-line.ts';
import type { HeaderSlice, RecordHeader } from './metadata-fields.ts';

export function bareHeader({ version, extractedAt }: BareLine): RecordHeader {
  return { version: sliceOf(version), extractedAt: sliceOf(extractedAt) };
}

function sliceOf(value: SharedValue | undefined): HeaderSlice {
  if (value === undefined) return { key: '', start: -1, end: -1 };
  // the scanners of JSON stop at a line feed
  const source = Buffer.from(`${value.json}\n`);
  return { key: value.key, source, start: 0, end: source.length - 1 };
}
