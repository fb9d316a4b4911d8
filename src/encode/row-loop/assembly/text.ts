// JSON strings and structures → text, its quotes doubled for CSV. Every function refuses what src/json/json-bytes.ts refuses.
import {
  BACKSLASH,
  CLOSE_BRACE,
  COLON,
  COMMA,
  copy,
  NULL,
  OPEN_BRACE,
  OPEN_BRACKET,
  pack,
  QUOTE,
  skipSpace,
  stringStops,
} from './bytes';
import { isColumnar, quoteBytes } from './form';
import { numberEnd } from './number';

/** Two quotes, as a little-endian half word. */
const QUOTES: u16 = 0x2222;
/** Levels of nesting that have a bit; deeper structures are refused. */
const MAX_DEPTH: u32 = 64;

/** The characters of the string whose opening quote is before `q`, escapes decoded. Reading goes on after the closing quote. */
export function decodeString(q: u32, o: u32): u64 {
  while (true) {
    v128.store(o, v128.load(q));
    const m = stringStops(q);
    if (m === 0) {
      q += 16;
      o += 16;
      continue;
    }
    const n = ctz(m);
    q += n;
    o += n;
    const c: u32 = load<u8>(q);
    if (c === QUOTE) return pack(q + 1, o);
    if (c !== BACKSLASH) return 0;
    const r = decodeEscape(q, o);
    if (r === 0) return 0;
    q = (r >> 32) as u32;
    o = r as u32;
  }
}

function decodeEscape(q: u32, o: u32): u64 {
  let c: u32 = load<u8>(q + 1);
  switch (c) {
    case 34:
      store<u16>(o, QUOTES);
      return pack(q + 2, o + quoteBytes);
    case 47:
    case 92:
      break;
    case 98:
      c = 8;
      break;
    case 102:
      c = 12;
      break;
    case 110:
      c = 10;
      break;
    case 114:
      c = 13;
      break;
    case 116:
      c = 9;
      break;
    case 117:
      return decodeUnit(q, o);
    default:
      return 0;
  }
  store<u8>(o, c);
  return pack(q + 2, o + 1);
}

function decodeUnit(q: u32, o: u32): u64 {
  let point = codeUnit(q + 2);
  if (point < 0) return 0;
  q += 6;
  if (point >= 0xd800 && point < 0xe000) {
    // half of a pair alone is no text: the other path says so
    if (point >= 0xdc00 || load<u16>(q) !== 0x755c) return 0;
    const low = codeUnit(q + 2);
    if (low < 0xdc00 || low > 0xdfff) return 0;
    point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    q += 6;
  }
  if ((point as u32) === QUOTE) {
    store<u16>(o, QUOTES);
    return pack(q, o + quoteBytes);
  }
  return pack(q, writeUtf8(point, o));
}

/** The value of four hexadecimal digits, or -1. */
function codeUnit(q: u32): i32 {
  let unit: i32 = 0;
  for (let i: u32 = 0; i < 4; i++) {
    let c: i32 = load<u8>(q + i);
    if (c >= 48 && c <= 57) c -= 48;
    else {
      c |= 32;
      if (c < 97 || c > 102) return -1;
      c -= 87;
    }
    unit = (unit << 4) | c;
  }
  return unit;
}

function writeUtf8(point: u32, o: u32): u32 {
  if (point < 0x80) {
    store<u8>(o, point);
    return o + 1;
  }
  if (point < 0x800) {
    store<u8>(o, 0xc0 | (point >> 6));
    store<u8>(o + 1, 0x80 | (point & 63));
    return o + 2;
  }
  if (point < 0x10000) {
    store<u8>(o, 0xe0 | (point >> 12));
    store<u8>(o + 1, 0x80 | ((point >> 6) & 63));
    store<u8>(o + 2, 0x80 | (point & 63));
    return o + 3;
  }
  store<u8>(o, 0xf0 | (point >> 18));
  store<u8>(o + 1, 0x80 | ((point >> 12) & 63));
  store<u8>(o + 2, 0x80 | ((point >> 6) & 63));
  store<u8>(o + 3, 0x80 | (point & 63));
  return o + 4;
}

/** The string whose opening quote is before `q`, as its own JSON text, with both its quotes. */
function copyString(q: u32, o: u32): u64 {
  store<u16>(o, QUOTES);
  o += quoteBytes;
  while (true) {
    v128.store(o, v128.load(q));
    const m = stringStops(q);
    if (m === 0) {
      q += 16;
      o += 16;
      continue;
    }
    const n = ctz(m);
    q += n;
    o += n;
    const c: u32 = load<u8>(q);
    if (c === QUOTE) {
      store<u16>(o, QUOTES);
      return pack(q + 1, o + quoteBytes);
    }
    if (c !== BACKSLASH) return 0;
    const escaped: u32 = load<u8>(q + 1);
    if (!isEscape(escaped, q)) return 0;
    store<u16>(o, load<u16>(q));
    q += 2;
    o += 2;
    if (escaped === QUOTE && !isColumnar) store<u8>(o++, QUOTE);
  }
}

function isEscape(c: u32, q: u32): bool {
  switch (c) {
    case 34:
    case 47:
    case 92:
    case 98:
    case 102:
    case 110:
    case 114:
    case 116:
      return true;
    case 117:
      return codeUnit(q + 2) >= 0;
    default:
      return false;
  }
}

/** From a key's opening quote to the start of its value. */
function copyKey(q: u32, o: u32): u64 {
  if (load<u8>(q) !== QUOTE) return 0;
  const r = copyString(q + 1, o);
  if (r === 0) return 0;
  q = (r >> 32) as u32;
  o = r as u32;
  const colon = skipSpace(q);
  if (load<u8>(colon) !== COLON) return 0;
  const value = skipSpace(colon + 1);
  return pack(value, copy(q, value, o));
}

function copyScalar(q: u32, o: u32): u64 {
  const c: u32 = load<u8>(q);
  if (c === QUOTE) return copyString(q + 1, o);
  let end: u32;
  if (c === 110) end = load<u32>(q) === NULL ? q + 4 : 0;
  else if (c === 116 || c === 102) end = booleanEnd(q);
  else end = numberEnd(q) as u32;
  return end === 0 ? 0 : pack(end, copy(q, end, o));
}

/** The end of `true` or `false`, 0 when it is neither. */
export function booleanEnd(q: u32): u32 {
  if (load<u32>(q) === 0x65757274) return q + 4;
  return load<u8>(q) === 102 && load<u32>(q + 1) === 0x65736c61 ? q + 5 : 0;
}

/** The object or array at `q` as its own JSON text, byte for byte but for quotes that CSV doubles. */
export function copyStructure(q: u32, o: u32): u64 {
  // one bit a level: 1 for an object
  let levels: u64 = 0;
  let depth: u32 = 0;
  while (true) {
    // here: at the start of a value
    let c: u32 = load<u8>(q);
    if (c === OPEN_BRACE || c === OPEN_BRACKET) {
      const inside = skipSpace(q + 1);
      o = copy(q, inside, o);
      q = inside;
      if (load<u8>(q) !== c + 2) {
        if (depth === MAX_DEPTH) return 0;
        depth++;
        levels = (levels << 1) | (c === OPEN_BRACE ? 1 : 0);
        if (c === OPEN_BRACE) {
          const r = copyKey(q, o);
          if (r === 0) return 0;
          q = (r >> 32) as u32;
          o = r as u32;
        }
        continue;
      }
      store<u8>(o++, c + 2);
      q++;
    } else {
      const r = copyScalar(q, o);
      if (r === 0) return 0;
      q = (r >> 32) as u32;
      o = r as u32;
    }
    // here: after a value
    while (true) {
      if (depth === 0) return pack(q, o);
      const next = skipSpace(q);
      c = load<u8>(next);
      const isObject = (levels & 1) !== 0;
      if (c === (isObject ? CLOSE_BRACE : 93)) {
        o = copy(q, next + 1, o);
        q = next + 1;
        levels >>= 1;
        depth--;
        continue;
      }
      if (c !== COMMA) return 0;
      const after = skipSpace(next + 1);
      o = copy(q, after, o);
      q = after;
      if (isObject) {
        const r = copyKey(q, o);
        if (r === 0) return 0;
        q = (r >> 32) as u32;
        o = r as u32;
      }
      break;
    }
  }
}

/** Any value that nobody wants: what it writes after `o` is to be overwritten. @returns where reading goes on */
export function skipValue(q: u32, o: u32): u32 {
  const c: u32 = load<u8>(q);
  const r = c === OPEN_BRACE || c === OPEN_BRACKET ? copyStructure(q, o) : copyScalar(q, o);
  return (r >> 32) as u32;
}
