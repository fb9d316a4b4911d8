// JSON strings and structures, as bytes, → quoted CSV fields, or the text alone.
import { TargetError } from '../errors/target-error.ts';
import type { GrowingBytes } from '../memory/growing-bytes.ts';
import { BACKSLASH, QUOTE } from './ascii.ts';
import { hexDigit } from './json-bytes.ts';

/** An object, array, number or boolean as its own JSON text, quoted: quotes doubled, all else byte for byte. */
export function encodeJsonText(source: Buffer, start: number, end: number, out: GrowingBytes): void {
  const { bytes } = out;
  let o = out.length;
  bytes[o++] = QUOTE;
  for (let p = start; p < end; p++) {
    const c = source[p]!;
    bytes[o++] = c;
    if (c === QUOTE) bytes[o++] = QUOTE;
  }
  bytes[o++] = QUOTE;
  out.length = o;
}

/** The text of a JSON string literal that holds escapes. [start, end) includes its quotes; its grammar has been checked. */
export function encodeEscapedString(source: Buffer, start: number, end: number, out: GrowingBytes): void {
  out.byte(QUOTE);
  unescapeString(source, start, end, out, true);
  out.byte(QUOTE);
}

/** The same as bare UTF-8, which is never longer than its source, or with its quotes doubled. */
export function unescapeString(
  source: Buffer,
  start: number,
  end: number,
  out: GrowingBytes,
  doubleQuotes: boolean,
): void {
  const { bytes } = out;
  let o = out.length;
  const last = end - 1;
  for (let p = start + 1; p < last; ) {
    const c = source[p]!;
    if (c !== BACKSLASH) {
      bytes[o++] = c;
      p++;
      continue;
    }
    const code = source[p + 1]!;
    if (code === 117) {
      const unit = codeUnit(source, p);
      p += 6;
      let point = unit;
      if (unit >= 0xd800 && unit < 0xe000) {
        point = joinSurrogates(source, p, last, unit);
        p += 6;
      }
      if (doubleQuotes && point === QUOTE) bytes[o++] = QUOTE;
      o = writeUtf8(bytes, o, point);
    } else {
      if (doubleQuotes && code === QUOTE) bytes[o++] = QUOTE;
      bytes[o++] = simpleEscape(code);
      p += 2;
    }
  }
  out.length = o;
}

/** Throws TargetError when a string literal holds half of a surrogate pair. [start, end) includes its quotes. */
export function assertWholeText(source: Buffer, start: number, end: number): void {
  const last = end - 1;
  for (let p = start + 1; p < last; ) {
    if (source[p] !== BACKSLASH) p++;
    else if (source[p + 1] !== 117) p += 2;
    else {
      const unit = codeUnit(source, p);
      p += 6;
      if (unit < 0xd800 || unit >= 0xe000) continue;
      joinSurrogates(source, p, last, unit);
      p += 6;
    }
  }
}

function simpleEscape(c: number): number {
  switch (c) {
    case 98:
      return 8;
    case 102:
      return 12;
    case 110:
      return 10;
    case 114:
      return 13;
    case 116:
      return 9;
    default:
      return c;
  }
}

function codeUnit(source: Buffer, at: number): number {
  let unit = 0;
  for (let i = at + 2; i < at + 6; i++) unit = (unit << 4) | hexDigit(source[i]!);
  return unit;
}

/** @param at where the second half must begin. */
function joinSurrogates(source: Buffer, at: number, last: number, high: number): number {
  const paired = high < 0xdc00 && at + 6 <= last && source[at] === BACKSLASH && source[at + 1] === 117;
  const low = paired ? codeUnit(source, at) : 0;
  if (low < 0xdc00 || low > 0xdfff)
    throw new TargetError(
      'INPUT_VALUE_INVALID',
      'the text holds half of a surrogate pair, which no UTF-8 text can hold',
    );
  return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

function writeUtf8(bytes: Buffer, at: number, point: number): number {
  let o = at;
  if (point < 0x80) bytes[o++] = point;
  else if (point < 0x800) {
    bytes[o++] = 0xc0 | (point >> 6);
    bytes[o++] = 0x80 | (point & 63);
  } else if (point < 0x10000) {
    bytes[o++] = 0xe0 | (point >> 12);
    bytes[o++] = 0x80 | ((point >> 6) & 63);
    bytes[o++] = 0x80 | (point & 63);
  } else {
    bytes[o++] = 0xf0 | (point >> 18);
    bytes[o++] = 0x80 | ((point >> 12) & 63);
    bytes[o++] = 0x80 | ((point >> 6) & 63);
    bytes[o++] = 0x80 | (point & 63);
  }
  return o;
}
