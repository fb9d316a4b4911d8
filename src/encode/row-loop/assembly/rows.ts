// Consecutive lines of one stream → CSV rows, or rows that become columns, and key digests, up to the first line that is not plain: the host encodes that one.
import { increment, writeAbsentFlags } from './absent';
import { COMMA, copy, LINE_FEED, lineEnd, writeDecimal } from './bytes';
import { finishValues, valuesAt } from './columns';
import { isColumnar, LENGTH_BYTES, setForm } from './form';
import { extractedEnd, extractedStart, readHeader, readTrailer, versionEnd, versionStart } from './message';
import { writeBigint } from './number';
import {
  COLUMN_COUNT,
  COLUMN_END,
  COLUMN_INEXACT,
  COLUMN_IS_KEY,
  COLUMN_SIZE,
  COLUMN_START,
  COLUMN_TYPE,
  COLUMNAR,
  COLUMNS,
  HAS_DELETED,
  HAS_METADATA,
  KEY_COUNT,
  RECEIVED,
  RECEIVED_LENGTH,
  TYPE_MIXED_KEY,
  TYPE_TEXT,
  UNORDERED,
} from './plan';
import { columnsSeen, encodeRecord, gather, inexactColumns, inexactCount, isOutOfOrder, keysSeen } from './record';
import {
  REFUSED_FOR_ROOM,
  REFUSED_LINE,
  REFUSED_RECORD,
  REPORT_ANY_ABSENT,
  REPORT_ANY_INEXACT,
  REPORT_LAST_LINE,
  REPORT_OUTPUT_END,
  REPORT_REFUSED,
  REPORT_ROWS,
} from './report';
import { writeTimestamp } from './time';

/** Keys out of the columns' order are the exception at first; after such a record, so many are not tried in order. */
const UNORDERED_ROWS: u32 = 255;
/** Upper bound of what a row adds beside its values, without columns and for each. */
const FIXED_BYTES: u32 = 512;
const COLUMN_BYTES: u32 = 24;

export { packColumn, takeRecords } from './columns';
export { setLine } from './line';

/** Where memory is the host's to use. */
export function heapStart(): u32 {
  return __heap_base as u32;
}

/**
 * Encodes the lines of [from, to), which are whole, into [output, outputEnd).
 * @param base what to add to an address to get the offset in the input
 * @param digests room for two u32 for each of `maxRows` rows
 * @returns where it stopped: at `to`, at a line that it refuses, or because there is no more room
 */
export function encodeRows(
  plan: u32,
  from: u32,
  to: u32,
  output: u32,
  outputEnd: u32,
  digests: u32,
  maxRows: u32,
  base: f64,
  report: u32,
): u32 {
  let p = from;
  let o = output;
  let rows: u32 = 0;
  setForm(load<u32>(plan + COLUMNAR) !== 0);
  const fixed = load<u32>(plan + COLUMN_COUNT) * COLUMN_BYTES + FIXED_BYTES;
  const hasKeys: bool = load<u32>(plan + KEY_COUNT) !== 0;
  memory.fill(report, 0, REPORT_REFUSED + 4);
  while (p < to && rows < maxRows) {
    const end = lineEnd(p);
    const bound = (end - p) * 2 + fixed;
    // CSV: values whose keys are in any order are first written behind the row
    if ((isColumnar ? bound : bound * 2) > outputEnd - o) {
      if (rows === 0) store<u32>(report + REPORT_REFUSED, REFUSED_FOR_ROOM);
      break;
    }
    const after = encodeLine(plan, p, o, bound, ((base as i64) + (p as i64)) as u64, report);
    if (after === 0) {
      if (load<u32>(report + REPORT_REFUSED) === 0) store<u32>(report + REPORT_REFUSED, REFUSED_RECORD);
      break;
    }
    if (hasKeys) writeDigest(plan, digests + rows * 8);
    o = after;
    store<u32>(report + REPORT_LAST_LINE, p);
    p = end + 1;
    rows++;
  }
  store<u32>(report + REPORT_ROWS, rows);
  store<u32>(report + REPORT_OUTPUT_END, o);
  return p;
}

/** @returns the place after the row, 0 when the line is refused: then nothing is counted */
function encodeLine(plan: u32, p: u32, o: u32, bound: u32, order: u64, report: u32): u32 {
  const brace = readHeader(plan, p, o);
  if (brace === 0) {
    store<u32>(report + REPORT_REFUSED, REFUSED_LINE);
    return 0;
  }
  const r = isColumnar ? encodeRecord(plan, brace, valuesAt(plan, o), false) : encodeFields(plan, brace, o, bound);
  if (r === 0 || keysSeen !== load<u32>(plan + KEY_COUNT)) return 0;
  const written = r as u32;
  if (readTrailer(plan, (r >> 32) as u32, written) === 0) return 0;
  const after = isColumnar ? finishValues(plan, o, written, order) : finishFields(plan, written, order);
  if (after === 0) return 0;
  if (columnsSeen !== load<u32>(plan + COLUMN_COUNT)) store<u32>(report + REPORT_ANY_ABSENT, 1);
  if (inexactCount !== 0) {
    for (let i: u32 = 0; i < inexactCount; i++) increment(load<u32>(inexactColumns + i * 4) + COLUMN_INEXACT);
    store<u32>(report + REPORT_ANY_INEXACT, 1);
  }
  return after;
}

function encodeFields(plan: u32, brace: u32, o: u32, bound: u32): u64 {
  const unordered = load<u32>(plan + UNORDERED);
  if (unordered === 0) {
    const r = encodeRecord(plan, brace, o, true);
    if (r !== 0 || !isOutOfOrder) return r;
    store<u32>(plan + UNORDERED, UNORDERED_ROWS);
  } else store<u32>(plan + UNORDERED, unordered - 1);
  const r = encodeRecord(plan, brace, o + bound, false);
  if (r === 0) return 0;
  return ((r >> 32) << 32) | (gather(plan, o) as u64);
}

/** What a CSV row has after the data columns. @returns the place after it, 0 when the line is refused */
function finishFields(plan: u32, o: u32, order: u64): u32 {
  o = writeMetadata(plan, o);
  if (o === 0) return 0;
  o = writeDecimal(order, o);
  store<u8>(o++, COMMA);
  if (columnsSeen !== load<u32>(plan + COLUMN_COUNT)) o = writeAbsentFlags(plan, o);
  store<u8>(o, LINE_FEED);
  return o + 1;
}

function writeMetadata(plan: u32, o: u32): u32 {
  if (load<u32>(plan + HAS_DELETED) !== 0) store<u8>(o++, COMMA);
  if (load<u32>(plan + HAS_METADATA) === 0) return o;
  if (extractedStart !== 0 && extractedEnd !== 0) {
    o = writeTimestamp(extractedStart, extractedEnd, o) as u32;
    if (o === 0) return 0;
  }
  store<u8>(o++, COMMA);
  const received = load<u32>(plan + RECEIVED);
  o = copy(received, received + load<u32>(plan + RECEIVED_LENGTH), o);
  if (versionStart !== 0 && versionEnd !== 0) {
    o = writeBigint(versionStart, versionEnd, o);
    if (o === 0) return 0;
  }
  store<u8>(o++, COMMA);
  return o;
}

/** The digest of the row's key, as src/formats/key-digest.ts computes it: the high half first. */
function writeDigest(plan: u32, at: u32): void {
  let low: u32 = 0x811c9dc5;
  let high: u32 = 0x9e3779b9;
  let column = load<u32>(plan + COLUMNS);
  const last = column + load<u32>(plan + COLUMN_COUNT) * COLUMN_SIZE;
  let left = load<u32>(plan + KEY_COUNT);
  for (; left !== 0 && column < last; column += COLUMN_SIZE) {
    if (load<u8>(column + COLUMN_IS_KEY) === 0) continue;
    left--;
    const end = load<u32>(column + COLUMN_END);
    const type: u32 = load<u8>(column + COLUMN_TYPE);
    const prefix: u32 = isColumnar && (type === TYPE_TEXT || type === TYPE_MIXED_KEY) ? LENGTH_BYTES : 0;
    for (let q = load<u32>(column + COLUMN_START) + prefix; q < end; q++) {
      const c: u32 = load<u8>(q);
      low = (low ^ c) * 0x01000193;
      high = ((high << 5) ^ (high >> 27) ^ c) * 0x85ebca6b;
    }
    low = (low ^ 0xff) * 0x01000193;
    high = (high ^ 0xff ^ (high >> 15)) * 0xc2b2ae35;
  }
  store<u32>(at, high);
  store<u32>(at + 4, low);
}
