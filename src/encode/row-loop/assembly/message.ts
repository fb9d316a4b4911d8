// What a RECORD message holds around its record: the header before it, the trailer after it.
import { CLOSE_BRACE, COLON, COMMA, LINE_FEED, matches, NULL, OPEN_BRACE, plainEnd, QUOTE, skipSpace } from './bytes';
import { INTEGER, numberEnd } from './number';
import { HAS_METADATA, NAME, NAME_LENGTH, PREFIX, PREFIX_LENGTH } from './plan';
import { skipValue } from './text';

const TYPE: u32 = 1;
const STREAM: u32 = 2;
/** `type` as a little-endian word. */
const WORD_TYPE: u32 = 0x65707974;
const WORDS = memory.data<u8>([
  // "stream", "record", "RECORD" with its quotes, "time_extracted", "version"; 16 bytes each
  115, 116, 114, 101, 97, 109, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 114, 101, 99, 111, 114, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  34, 82, 69, 67, 79, 82, 68, 34, 0, 0, 0, 0, 0, 0, 0, 0, 116, 105, 109, 101, 95, 101, 120, 116, 114, 97, 99, 116, 101,
  100, 0, 0, 118, 101, 114, 115, 105, 111, 110, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]) as u32;

/** The values of the message read last, 0 where it has none; `null` is one that has no end. */
export let extractedStart: u32 = 0;
export let extractedEnd: u32 = 0;
export let versionStart: u32 = 0;
export let versionEnd: u32 = 0;

/** @returns where the record's brace is when the line at `p` is a record of the plan's stream, else 0 */
export function readHeader(plan: u32, p: u32, scratch: u32): u32 {
  extractedStart = versionStart = 0;
  const length = load<u32>(plan + PREFIX_LENGTH);
  if (length !== 0 && matches(p, load<u32>(plan + PREFIX), length)) {
    p += length;
    return load<u8>(p) === OPEN_BRACE ? p : 0;
  }
  return oddHeader(plan, p, scratch);
}

/**
 * Members in any order, as long as the type and the stream come before the record. The most usual order is refused: from
 * such a line the host learns the prefix.
 */
function oddHeader(plan: u32, p: u32, scratch: u32): u32 {
  if (load<u8>(p) !== OPEN_BRACE) return 0;
  let seen: u32 = 0;
  let isUsual: bool = true;
  let q = skipSpace(p + 1);
  while (load<u8>(q) === QUOTE) {
    const key = q + 1;
    const end = plainEnd(key);
    if (end === 0) return 0;
    const value = afterColon(end + 1);
    if (value === 0) return 0;
    const length = end - key;
    if (length === 6 && matches(key, WORDS + 16, 6))
      return !isUsual && seen === (TYPE | STREAM) && load<u8>(value) === OPEN_BRACE ? value : 0;
    if (length === 6 && matches(key, WORDS, 6)) {
      const name = load<u32>(plan + NAME_LENGTH);
      if ((seen & STREAM) !== 0 || !matches(value, load<u32>(plan + NAME), name)) return 0;
      if (seen === 0) isUsual = false;
      seen |= STREAM;
      q = value + name;
    } else if (length === 4 && load<u32>(key) === WORD_TYPE) {
      if ((seen & TYPE) !== 0 || !matches(value, WORDS + 32, 8)) return 0;
      seen |= TYPE;
      q = value + 8;
    } else {
      isUsual = false;
      q = member(plan, key, length, value, scratch);
      if (q === 0) return 0;
    }
    q = skipSpace(q);
    if (load<u8>(q) !== COMMA) return 0;
    q = skipSpace(q + 1);
  }
  return 0;
}

/** From after the record to after the message. @returns the line feed's place, 0 when something else is there */
export function readTrailer(plan: u32, q: u32, scratch: u32): u32 {
  while (true) {
    q = skipSpace(q);
    const c: u32 = load<u8>(q);
    if (c === CLOSE_BRACE) {
      q = skipSpace(q + 1);
      return load<u8>(q) === LINE_FEED ? q : 0;
    }
    if (c !== COMMA) return 0;
    q = skipSpace(q + 1);
    if (load<u8>(q) !== QUOTE) return 0;
    const key = q + 1;
    const end = plainEnd(key);
    if (end === 0) return 0;
    const value = afterColon(end + 1);
    if (value === 0) return 0;
    const length = end - key;
    // the message has one of these twice
    if (length === 4 && load<u32>(key) === WORD_TYPE) return 0;
    if (length === 6 && (matches(key, WORDS, 6) || matches(key, WORDS + 16, 6))) return 0;
    q = member(plan, key, length, value, scratch);
    if (q === 0) return 0;
  }
}

function afterColon(q: u32): u32 {
  q = skipSpace(q);
  return load<u8>(q) === COLON ? skipSpace(q + 1) : 0;
}

/** Any other member. @returns where its value ends, 0 when it is for the other path */
function member(plan: u32, key: u32, length: u32, value: u32, scratch: u32): u32 {
  if (load<u32>(plan + HAS_METADATA) !== 0) {
    if (length === 14 && matches(key, WORDS + 48, 14)) return timeExtracted(value);
    if (length === 7 && matches(key, WORDS + 64, 7)) return tableVersion(value);
  }
  return skipValue(value, scratch);
}

function timeExtracted(value: u32): u32 {
  if (extractedStart !== 0) return 0;
  extractedStart = value + 1;
  if (load<u32>(value) === NULL) {
    extractedEnd = 0;
    return value + 4;
  }
  if (load<u8>(value) !== QUOTE) return 0;
  extractedEnd = plainEnd(value + 1);
  return extractedEnd === 0 ? 0 : extractedEnd + 1;
}

function tableVersion(value: u32): u32 {
  if (versionStart !== 0) return 0;
  versionStart = value;
  if (load<u32>(value) === NULL) {
    versionEnd = 0;
    return value + 4;
  }
  const number = numberEnd(value);
  if ((number & INTEGER) === 0) return 0;
  versionEnd = number as u32;
  return versionEnd;
}
