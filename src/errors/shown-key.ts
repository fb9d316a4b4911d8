// A key's value → what an error may show of it: JSON on one line, cut where it is long.

const MAX_CHARACTERS = 80;
/** A character of four bytes is the longest. */
const MAX_BYTES = MAX_CHARACTERS * 4;

/** @param json the value's JSON text */
export function shownKey(json: string): string {
  // what moves the cursor, or turns the order of letters, is not for a terminal
  const plain = json.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
  const characters = [...plain];
  return characters.length > MAX_CHARACTERS ? `${characters.slice(0, MAX_CHARACTERS).join('')}…` : plain;
}

/** The same of JSON text that is still bytes, of which it reads no more than it shows. */
export const shownKeyAt = (bytes: Buffer, start: number, end: number): string =>
  shownKey(bytes.toString('utf8', start, Math.min(end, start + MAX_BYTES + 1)));

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
