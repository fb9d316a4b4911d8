// What a line holds around its record: the header before it, the trailer after it.
import { CLOSE_BRACE, COLON, COMMA, LINE_FEED, matches, NULL, OPEN_BRACE, plainEnd, QUOTE, skipSpace } from './bytes';
import { isWord, line } from './line';
import {
  EXTRACTED_KEY,
  IS_BARE,
  RECORD_KEY,
  SHARED_EXTRACTED,
  SHARED_EXTRACTED_END,
  SHARED_VERSION,
  SHARED_VERSION_END,
  STREAM_KEY,
  TYPE_KEY,
  TYPE_VALUE,
  VERSION_KEY,
} from './line-form';
import { INTEGER, numberEnd } from './number';
import { HAS_METADATA, NAME, NAME_LENGTH, PREFIX, PREFIX_LENGTH } from './plan';
import { skipValue } from './text';

const TYPE: u32 = 1;
const STREAM: u32 = 2;
/** The values of the message read last, 0 where it has none; `null` is one that has no end. */
export let extractedStart: u32 = 0;
export let extractedEnd: u32 = 0;
export let versionStart: u32 = 0;
export let versionEnd: u32 = 0;

/** @returns where the record's brace is when the line at `p` is a record of the plan's stream, else 0 */
export function readHeader(plan: u32, p: u32, scratch: u32): u32 {
  if (load<u32>(line + IS_BARE) !== 0) return readShared(p);
  extractedStart = versionStart = 0;
  const length = load<u32>(plan + PREFIX_LENGTH);
  if (length !== 0 && matches(p, load<u32>(plan + PREFIX), length)) {
    p += length;
    return load<u8>(p) === OPEN_BRACE ? p : 0;
  }
  return oddHeader(plan, p, scratch);
}

/** The line is the record: what is said of it is said of all. */
function readShared(p: u32): u32 {
  extractedStart = load<u32>(line + SHARED_EXTRACTED);
  extractedEnd = load<u32>(line + SHARED_EXTRACTED_END);
  versionStart = load<u32>(line + SHARED_VERSION);
  versionEnd = load<u32>(line + SHARED_VERSION_END);
  return load<u8>(p) === OPEN_BRACE ? p : 0;
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
    if (isWord(RECORD_KEY, key, length))
      return !isUsual && seen === (TYPE | STREAM) && load<u8>(value) === OPEN_BRACE ? value : 0;
    if (isWord(STREAM_KEY, key, length)) {
      const name = load<u32>(plan + NAME_LENGTH);
      if ((seen & STREAM) !== 0 || !matches(value, load<u32>(plan + NAME), name)) return 0;
      if (seen === 0) isUsual = false;
      seen |= STREAM;
      q = value + name;
    } else if (isWord(TYPE_KEY, key, length)) {
      const typeLength = load<u32>(line + TYPE_VALUE + 4);
      if ((seen & TYPE) !== 0 || !isWord(TYPE_VALUE, value, typeLength)) return 0;
      seen |= TYPE;
      q = value + typeLength;
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
  if (load<u32>(line + IS_BARE) !== 0) return lineFeed(q);
  while (true) {
    q = skipSpace(q);
    const c: u32 = load<u8>(q);
    if (c === CLOSE_BRACE) return lineFeed(q + 1);
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
    if (isWord(TYPE_KEY, key, length) || isWord(STREAM_KEY, key, length) || isWord(RECORD_KEY, key, length)) return 0;
    q = member(plan, key, length, value, scratch);
    if (q === 0) return 0;
  }
}

function lineFeed(q: u32): u32 {
  q = skipSpace(q);
  return load<u8>(q) === LINE_FEED ? q : 0;
}

function afterColon(q: u32): u32 {
  q = skipSpace(q);
  return load<u8>(q) === COLON ? skipSpace(q + 1) : 0;
}

/** Any other member. @returns where its value ends, 0 when it is for the other path */
function member(plan: u32, key: u32, length: u32, value: u32, scratch: u32): u32 {
  if (load<u32>(plan + HAS_METADATA) !== 0) {
    if (isWord(EXTRACTED_KEY, key, length)) return timeExtracted(value);
    if (isWord(VERSION_KEY, key, length)) return tableVersion(value);
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
