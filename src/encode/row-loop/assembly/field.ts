// One value of a record → its field, when it is valid for its column beyond doubt.
import { putShortDouble } from './binary';
import { copy, NULL, OPEN_BRACE, OPEN_BRACKET, pack, plainEnd, QUOTE } from './bytes';
import { beginText, endText, isColumnar } from './form';
import { INTEGER, isSurelyExact, numberEnd, quoteNumber, writeBigint, writeDecimalNumber } from './number';
import {
  ACCEPTS_BOOLEAN,
  ACCEPTS_NUMBER,
  ACCEPTS_STRING,
  ACCEPTS_STRUCTURE,
  COLUMN_ACCEPTS,
  COLUMN_IS_KEY,
  COLUMN_PRECISION,
  COLUMN_SCALE,
  COLUMN_TYPE,
  TYPE_BIGINT,
  TYPE_BOOLEAN,
  TYPE_DATE,
  TYPE_DECIMAL,
  TYPE_DOUBLE,
  TYPE_MIXED_KEY,
  TYPE_TEXT,
  TYPE_TIMESTAMP,
} from './plan';
import { booleanEnd, copyStructure, decodeString } from './text';
import { CUT, writeDate, writeTimestamp } from './time';

/** Set in the result of `doubleFit`: the nearest double's shortest text is another number. */
const INEXACT: i32 = 1;

/** The host's judgement of the number [q, end): 0 exact, 1 inexact, 2 beyond the range of doubles. The nearest one is stored at `o`. */
declare function doubleFit(q: u32, end: u32, o: u32): i32;

/** Set by `writeField`: the column holds the value only approximately. */
export let isInexact: bool = false;

/** The value at `q`, whose column is at `column`. @returns 0 when the line is for the other path */
export function writeField(column: u32, q: u32, o: u32): u64 {
  isInexact = false;
  const c: u32 = load<u8>(q);
  const accepts: u32 = load<u8>(column + COLUMN_ACCEPTS);
  if (c === QUOTE) return (accepts & ACCEPTS_STRING) !== 0 ? writeString(column, q + 1, o) : 0;
  if (c === 110) return load<u32>(q) === NULL && load<u8>(column + COLUMN_IS_KEY) === 0 ? pack(q + 4, o) : 0;
  const type: u32 = load<u8>(column + COLUMN_TYPE);
  if (c === OPEN_BRACE || c === OPEN_BRACKET) {
    if ((accepts & ACCEPTS_STRUCTURE) === 0 || type !== TYPE_TEXT) return 0;
    const r = copyStructure(q, beginText(o));
    return r === 0 ? 0 : pack((r >> 32) as u32, endText(o, r as u32));
  }
  if (c === 116 || c === 102) {
    const end = booleanEnd(q);
    if (end === 0 || (accepts & ACCEPTS_BOOLEAN) === 0) return 0;
    if (type === TYPE_TEXT || type === TYPE_MIXED_KEY) return quoteNumber(q, end, o);
    return type === TYPE_BOOLEAN ? pack(end, writeBoolean(q, end, o)) : 0;
  }
  return (accepts & ACCEPTS_NUMBER) !== 0 ? writeNumber(column, type, q, o) : 0;
}

function writeBoolean(q: u32, end: u32, o: u32): u32 {
  if (!isColumnar) return copy(q, end, o);
  store<u8>(o, load<u8>(q) === 116 ? 1 : 0);
  return o + 1;
}

function writeNumber(column: u32, type: u32, q: u32, o: u32): u64 {
  const number = numberEnd(q);
  if (number === 0) return 0;
  const end = number as u32;
  let after: u32 = 0;
  if (type === TYPE_BIGINT) after = (number & INTEGER) !== 0 ? writeBigint(q, end, o) : 0;
  else if (type === TYPE_DOUBLE) after = writeDouble(q, end, number, o);
  else if (type === TYPE_DECIMAL) after = writeDecimal(column, q, end, number, o);
  else if (type === TYPE_TEXT) return quoteNumber(q, end, o);
  else if (type === TYPE_MIXED_KEY) return isCanonical(q, end, number) ? quoteNumber(q, end, o) : 0;
  return after === 0 ? 0 : pack(end, after);
}

function writeDouble(q: u32, end: u32, look: u64, o: u32): u32 {
  if (isSurelyExact(q, end, look)) return isColumnar ? putShortDouble(q, end, o) : copy(q, end, o);
  const fit = doubleFit(q, end, o);
  if (fit > INEXACT) return 0;
  isInexact = fit === INEXACT;
  return isColumnar ? o + 8 : copy(q, end, o);
}

function writeDecimal(column: u32, q: u32, end: u32, look: u64, o: u32): u32 {
  // only plain numbers: neither INTEGER nor nothing means an exponent
  if (look >> 33 !== 0) return 0;
  return writeDecimalNumber(q, end, load<u32>(column + COLUMN_PRECISION), load<u32>(column + COLUMN_SCALE), o);
}

/** @param q the string's first character */
function writeString(column: u32, q: u32, o: u32): u64 {
  const type: u32 = load<u8>(column + COLUMN_TYPE);
  if (type === TYPE_TEXT) return writeText(q, o);
  if (type === TYPE_MIXED_KEY) return mayBeOther(load<u8>(q)) ? 0 : writeText(q, o);
  const end = plainEnd(q);
  if (end === 0) return 0;
  let after: u32 = 0;
  if (type === TYPE_TIMESTAMP) {
    const r = writeTimestamp(q, end, o);
    isInexact = (r & CUT) !== 0;
    after = r as u32;
  } else if (type === TYPE_DATE) after = writeDate(q, end, o);
  else if (type === TYPE_DOUBLE || type === TYPE_DECIMAL) {
    const number = numberEnd(q);
    if (number === 0 || (number as u32) !== end) return 0;
    after = type === TYPE_DOUBLE ? writeDouble(q, end, number, o) : writeDecimal(column, q, end, number, o);
  }
  return after === 0 ? 0 : pack(end + 1, after);
}

function writeText(q: u32, o: u32): u64 {
  const r = decodeString(q, beginText(o));
  return r === 0 ? 0 : pack((r >> 32) as u32, endText(o, r as u32));
}

/** The other path refuses numbers of some more digits. */
const MAX_DIGITS: u32 = 300;

/** Whether a key is written as the number [q, end) is: an integer, and not -0. */
function isCanonical(q: u32, end: u32, look: u64): bool {
  return (look & INTEGER) !== 0 && end - q <= MAX_DIGITS && (load<u8>(q) !== 45 || load<u8>(q + 1) !== 48);
}

/** Whether a string that begins so may be the text of a number or a boolean, which only the other path tells: "1", "true", "NaN", "\\u0031". */
function mayBeOther(c: u32): bool {
  return (c >= 48 && c <= 57) || c === 45 || c === 116 || c === 102 || c === 78 || c === 73 || c === 92;
}
