// A key's value → what an error may show of it: JSON on one line, cut where it is long.
import { onOneLine } from './plain-text.ts';

const MAX_CHARACTERS = 80;
/** A character of four bytes is the longest. */
const MAX_BYTES = MAX_CHARACTERS * 4;

/** @param json the value's JSON text */
export function shownKey(json: string): string {
  const plain = onOneLine(json);
  const characters = [...plain];
  return characters.length > MAX_CHARACTERS ? `${characters.slice(0, MAX_CHARACTERS).join('')}…` : plain;
}

/** The same of JSON text that is still bytes, of which it reads no more than it shows. */
export const shownKeyAt = (bytes: Buffer, start: number, end: number): string =>
  shownKey(bytes.toString('utf8', start, Math.min(end, start + MAX_BYTES + 1)));
