// A record's object → its fields, in the order of the columns.
import { BACKSLASH, CLOSE_BRACE, COLON, COMMA, copy, matches, NULL, plainEnd, QUOTE, skipSpace } from './bytes';
import { isInexact, writeField } from './field';
import {
  COLUMN_COUNT,
  COLUMN_END,
  COLUMN_IS_KEY,
  COLUMN_SEEN,
  COLUMN_SIZE,
  COLUMN_START,
  COLUMNS,
  COMMA_LENGTH,
  ENTRY_COLUMN,
  ENTRY_LENGTH,
  ENTRY_NAME,
  ENTRY_NAME_LENGTH,
  ENTRY_NEXT,
  ENTRY_TEXT,
  IGNORED,
  REFUSED,
  STAMP,
  TABLE,
  TABLE_MASK,
} from './plan';
import { skipValue } from './text';

/** Inexact values of one row that are remembered until it is known to be taken. */
const MAX_PENDING: u32 = 16;

/** Of the record read last: the addresses of columns that hold it only approximately, and how many. */
export const inexactColumns: u32 = memory.data(64) as u32;
export let inexactCount: u32 = 0;
export let keysSeen: u32 = 0;
export let columnsSeen: u32 = 0;
/** Set when a record was refused because its keys do not come in the order of the columns. */
export let isOutOfOrder: bool = false;

/**
 * The record whose brace is at `q`.
 * @param inOrder whether to write finished fields, which works as long as keys come in the order of the columns; else values
 * are written one after the other, for `gather`
 */
export function encodeRecord(plan: u32, q: u32, o: u32, inOrder: bool): u64 {
  const stamp = newStamp(plan);
  const columns = load<u32>(plan + COLUMNS);
  inexactCount = keysSeen = columnsSeen = 0;
  isOutOfOrder = false;
  let next = columns;
  let entry = plan;
  // before the first key stands no comma
  let skipped = load<u32>(plan + COMMA_LENGTH);
  const first = skipSpace(++q);
  if (load<u8>(first) === CLOSE_BRACE) q = first;
  else
    while (true) {
      // here: where the value before ended
      const expected = load<u32>(entry + ENTRY_NEXT);
      const length = load<u32>(expected + ENTRY_LENGTH) - skipped;
      // a field without a column is counted by the other path, unless it is null
      let column: u32 = REFUSED;
      if (matches(q, load<u32>(expected + ENTRY_TEXT) + skipped, length)) {
        entry = expected;
        column = load<u32>(entry + ENTRY_COLUMN);
        q += length;
        if ((load<u8>(q) as u32) <= 32) q = skipSpace(q);
      } else {
        const r = lookUp(plan, q, skipped !== 0);
        if (r === 0) return 0;
        q = (r >> 32) as u32;
        const found = r as u32;
        if (found !== 0) {
          store<u32>(entry + ENTRY_NEXT, found);
          entry = found;
          column = load<u32>(entry + ENTRY_COLUMN);
        }
      }
      skipped = 0;
      if (column > REFUSED) {
        if (inOrder) {
          if (column < next) {
            isOutOfOrder = true;
            return 0;
          }
          for (; next < column; next += COLUMN_SIZE) store<u8>(o++, COMMA);
          next += COLUMN_SIZE;
        } else if (load<u32>(column + COLUMN_SEEN) === stamp) return 0;
        const r = writeField(column, q, o);
        if (r === 0) return 0;
        store<u32>(column + COLUMN_SEEN, stamp);
        store<u32>(column + COLUMN_START, o);
        store<u32>(column + COLUMN_END, r as u32);
        columnsSeen++;
        keysSeen += load<u8>(column + COLUMN_IS_KEY);
        if (isInexact) {
          // a key that its column can't hold is for the other path
          if (inexactCount === MAX_PENDING || load<u8>(column + COLUMN_IS_KEY) !== 0) return 0;
          store<u32>(inexactColumns + inexactCount++ * 4, column);
        }
        q = (r >> 32) as u32;
        o = r as u32;
        if (inOrder) store<u8>(o++, COMMA);
      } else if (column === IGNORED) {
        q = skipValue(q, o);
        if (q === 0) return 0;
      } else if (load<u32>(q) === NULL) q += 4;
      else return 0;
      if (load<u8>(q) === COMMA) continue;
      const after = skipSpace(q);
      const c: u32 = load<u8>(after);
      if (c === CLOSE_BRACE) {
        q = after;
        break;
      }
      if (c !== COMMA) return 0;
    }
  if (inOrder) {
    const last = columns + load<u32>(plan + COLUMN_COUNT) * COLUMN_SIZE;
    for (; next < last; next += COLUMN_SIZE) store<u8>(o++, COMMA);
  }
  return (((q + 1) as u64) << 32) | (o as u64);
}

/** The fields of the record read last, whose values lie anywhere. @returns the place after them */
export function gather(plan: u32, o: u32): u32 {
  const stamp = load<u32>(plan + STAMP);
  let column = load<u32>(plan + COLUMNS);
  const last = column + load<u32>(plan + COLUMN_COUNT) * COLUMN_SIZE;
  for (; column < last; column += COLUMN_SIZE) {
    if (load<u32>(column + COLUMN_SEEN) === stamp)
      o = copy(load<u32>(column + COLUMN_START), load<u32>(column + COLUMN_END), o);
    store<u8>(o++, COMMA);
  }
  return o;
}

/** A number that no column was seen with. */
function newStamp(plan: u32): u32 {
  let stamp = load<u32>(plan + STAMP) + 1;
  if (stamp === 0) {
    const columns = load<u32>(plan + COLUMNS);
    const count = load<u32>(plan + COLUMN_COUNT);
    for (let i: u32 = 0; i < count; i++) store<u32>(columns + i * COLUMN_SIZE + COLUMN_SEEN, 0);
    stamp = 1;
  }
  store<u32>(plan + STAMP, stamp);
  return stamp;
}

/**
 * A key that is not the expected one.
 * @returns where its value begins, and its entry or 0 when no column has the name; 0 when that can't be told
 */
function lookUp(plan: u32, q: u32, isFirst: bool): u64 {
  q = skipSpace(q);
  if (!isFirst) {
    if (load<u8>(q) !== COMMA) return 0;
    q = skipSpace(q + 1);
  }
  if (load<u8>(q) !== QUOTE) return 0;
  const name = q + 1;
  const plain = plainEnd(name);
  const end = plain !== 0 ? plain : escapedEnd(name);
  if (end === 0) return 0;
  const colon = skipSpace(end + 1);
  if (load<u8>(colon) !== COLON) return 0;
  const value = (skipSpace(colon + 1) as u64) << 32;
  let slot = hash(name, end);
  const table = load<u32>(plan + TABLE);
  const mask = load<u32>(plan + TABLE_MASK);
  while (true) {
    const entry = load<u32>(table + (slot & mask) * 4);
    // of an escaped name only the spellings that are in the table are known
    if (entry === 0) return plain !== 0 ? value : 0;
    const length = load<u32>(entry + ENTRY_NAME_LENGTH);
    if (length === end - name && matches(name, load<u32>(entry + ENTRY_NAME), length)) return value | (entry as u64);
    slot++;
  }
}

/** The closing quote of a string with escapes, which are not checked: 0 when it holds a control character. */
function escapedEnd(q: u32): u32 {
  while (true) {
    const c: u32 = load<u8>(q);
    if (c === QUOTE) return q;
    if (c < 32) return 0;
    q += c === BACKSLASH && load<u8>(q + 1) >= 32 ? 2 : 1;
  }
}

/** FNV-1a, as src/encode/row-loop/row-plan.ts has it. */
function hash(q: u32, end: u32): u32 {
  let h: u32 = 0x811c9dc5;
  for (; q < end; q++) h = (h ^ load<u8>(q)) * 0x01000193;
  return h;
}
