// A JSON string in its line → the characters that it stands for.
import { slotKind } from './slot-kind.ts';

/** @param kind a slot kind of the record scanner */
export const isText = (kind: number): boolean => kind === slotKind.string || kind === slotKind.escapedString;

/** UTF-8 bytes [start, end) of `source`. */
export interface TextSlice {
  readonly source: Buffer;
  readonly start: number;
  readonly end: number;
}

/** The characters of a string, without its quotes and escapes. [start, end) includes the quotes. */
export function characters(bytes: Buffer, kind: number, start: number, end: number): TextSlice {
  if (kind === slotKind.string) return { source: bytes, start: start + 1, end: end - 1 };
  const source = Buffer.from(JSON.parse(bytes.toString('utf8', start, end)) as string);
  return { source, start: 0, end: source.length };
}
