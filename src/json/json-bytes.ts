// JSON text as bytes: where a value ends, checked against the whole grammar of RFC 8259, without building the value.
// One thing beyond it is taken: NaN, Infinity and -Infinity, which Python's json module writes for such floats.
// Every function needs a byte that no JSON token contains (a line feed, say) at or after the end of the text: it stops there.
import { BACKSLASH, CLOSE_BRACE, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './ascii.ts';

/** Malformed JSON at a byte offset into the buffer that was scanned. */
export class JsonSyntaxError extends Error {
  readonly offset: number;
  constructor(what: string, offset: number) {
    super(what);
    this.name = 'JsonSyntaxError';
    this.offset = offset;
  }
}

/** What a JsonSyntaxError says of a text that does not begin as an object does. */
export const noObject = 'it is no object';

/** Spaces and tabs and carriage returns; a line feed ends the line, so it is not skipped. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let p = at;
  for (;;) {
    const c = bytes[p];
    if (c === 32 || c === 9 || c === 13) p++;
    else return p;
  }
}

/** @returns the offset after the closing quote, negated when the string holds an escape. `at` is the opening quote. */
export function skipString(bytes: Uint8Array, at: number): number {
  let p = at + 1;
  let escaped = false;
  for (;;) {
    const c = bytes[p]!;
    if (c === QUOTE) return escaped ? -(p + 1) : p + 1;
    if (c === BACKSLASH) {
      escaped = true;
      p = skipEscape(bytes, p);
    } else if (c >= 32) p++;
    else throw new JsonSyntaxError('a string without its closing quote, or with a raw control character', p);
  }
}

function skipEscape(bytes: Uint8Array, at: number): number {
  switch (bytes[at + 1]) {
    case 34: // "
    case 47: // /
    case 92: // \
    case 98: // b
    case 102: // f
    case 110: // n
    case 114: // r
    case 116: // t
      return at + 2;
    case 117: // u
      for (let i = at + 2; i < at + 6; i++)
        if (hexDigit(bytes[i]!) < 0) throw new JsonSyntaxError('a bad \\u escape', at);
      return at + 6;
    default:
      throw new JsonSyntaxError('a bad escape in a string', at);
  }
}

/** The value of a hexadecimal digit, or -1. */
export function hexDigit(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  const lower = c | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

const isDigit = (c: number | undefined): boolean => c !== undefined && c >= 48 && c <= 57;

/** @returns the offset after the number, negated when it has a fraction or an exponent. */
export function skipNumber(bytes: Uint8Array, at: number): number {
  let p = at;
  if (bytes[p] === 45) p++;
  if (bytes[p] === 73 && p > at) return -skipLiteral(bytes, p);
  const first = p;
  while (isDigit(bytes[p])) p++;
  if (p === first || (bytes[first] === 48 && p - first > 1)) throw new JsonSyntaxError('a malformed number', at);
  let integer = true;
  if (bytes[p] === 46) {
    integer = false;
    const fraction = ++p;
    while (isDigit(bytes[p])) p++;
    if (p === fraction) throw new JsonSyntaxError('a malformed number', at);
  }
  if ((bytes[p]! | 32) === 101) {
    integer = false;
    p++;
    if (bytes[p] === 43 || bytes[p] === 45) p++;
    const exponent = p;
    while (isDigit(bytes[p])) p++;
    if (p === exponent) throw new JsonSyntaxError('a malformed number', at);
  }
  return integer ? p : -p;
}

/** @returns the offset after `true`, `false`, `null`, `NaN` or `Infinity`. */
export function skipLiteral(bytes: Uint8Array, at: number): number {
  const word = literals.get(bytes[at]!);
  if (word === undefined) throw new JsonSyntaxError('something that is no JSON value', at);
  for (let i = 0; i < word.length; i++)
    if (bytes[at + i] !== word[i]) throw new JsonSyntaxError('something that is no JSON value', at);
  return at + word.length;
}
/** By their first byte. */
const literals = new Map(
  ['true', 'false', 'null', 'NaN', 'Infinity'].map((word) => [word.charCodeAt(0), Buffer.from(word)]),
);

/** @returns the offset after the value that starts at `at`. Depth costs memory, not stack: nesting has no limit. */
export function skipValue(bytes: Uint8Array, at: number): number {
  const c = bytes[at];
  if (c === QUOTE) return Math.abs(skipString(bytes, at));
  if (c === OPEN_BRACE || c === OPEN_BRACKET) return skipStructure(bytes, at);
  if (c === 45 || isDigit(c)) return Math.abs(skipNumber(bytes, at));
  return skipLiteral(bytes, at);
}

/** @returns the offset after the object or array that opens at `at`. */
export function skipStructure(bytes: Uint8Array, at: number): number {
  const closers: number[] = [];
  let p = at;
  for (;;) {
    // here: at the start of a value
    const c = bytes[p];
    if (c === OPEN_BRACE || c === OPEN_BRACKET) {
      const closer = c + 2;
      p = skipSpace(bytes, p + 1);
      if (bytes[p] !== closer) {
        closers.push(closer);
        if (closer === CLOSE_BRACE) p = skipKey(bytes, p);
        continue;
      }
      p++;
    } else p = skipValue(bytes, p);
    // here: after a value
    for (;;) {
      const closer = closers.at(-1);
      if (closer === undefined) return p;
      p = skipSpace(bytes, p);
      if (bytes[p] === closer) {
        closers.pop();
        p++;
        continue;
      }
      if (bytes[p] !== COMMA) throw new JsonSyntaxError('an object or array that is not closed', p);
      p = skipSpace(bytes, p + 1);
      if (closer === CLOSE_BRACE) p = skipKey(bytes, p);
      break;
    }
  }
}

/** From a key's opening quote to the start of its value. */
export function skipKey(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) throw new JsonSyntaxError('an object without a key where one must be', at);
  const colon = skipSpace(bytes, Math.abs(skipString(bytes, at)));
  if (bytes[colon] !== COLON) throw new JsonSyntaxError('a key without a colon', colon);
  return skipSpace(bytes, colon + 1);
}

/** The text of the string whose quotes are at `start` and `end - 1`. */
export function stringAt(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start + 1, end - 1);
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}

/** A member of an object: offsets of its value. */
export interface Member {
  readonly start: number;
  readonly end: number;
}

/**
 * The members of the object at `at`, by key: of a key that is repeated the last counts, as in JSON.parse.
 * @returns also the keys that came again, and the offset after the object.
 */
export function membersOf(
  bytes: Buffer,
  at: number,
): { members: Map<string, Member>; repeated: string[]; end: number } {
  if (bytes[at] !== OPEN_BRACE) throw new JsonSyntaxError(noObject, at);
  const members = new Map<string, Member>();
  const repeated: string[] = [];
  let p = skipSpace(bytes, at + 1);
  if (bytes[p] === CLOSE_BRACE) return { members, repeated, end: p + 1 };
  for (;;) {
    const key = p;
    const start = skipKey(bytes, key);
    const keyEnd = Math.abs(skipString(bytes, key));
    const end = skipValue(bytes, start);
    const name = stringAt(bytes, key, keyEnd);
    if (members.has(name)) repeated.push(name);
    members.set(name, { start, end });
    p = skipSpace(bytes, end);
    if (bytes[p] === CLOSE_BRACE) return { members, repeated, end: p + 1 };
    if (bytes[p] !== COMMA) throw new JsonSyntaxError('an object that is not closed', p);
    p = skipSpace(bytes, p + 1);
  }
}

/** The JSON text [start, end) without insignificant white space: every token keeps its own bytes. */
export function compactJson(bytes: Buffer, start: number, end: number): Buffer {
  const out = Buffer.allocUnsafe(end - start);
  let o = 0;
  for (let p = start; p < end; ) {
    const c = bytes[p]!;
    if (c === QUOTE) {
      const stop = Math.abs(skipString(bytes, p));
      o += bytes.copy(out, o, p, stop);
      p = stop;
    } else {
      if (c !== 32 && c !== 9 && c !== 13 && c !== 10) out[o++] = c;
      p++;
    }
  }
  return out.subarray(0, o);
}
