// Rows that wait to become columns. Each is a record: the address of the next one of the plan, then for each place of the
// staged layout the address of its value (0 where there is none), then the values.
import { writeAbsentFlags } from './absent';
import { copy } from './bytes';
import { LENGTH_BYTES } from './form';
import { extractedEnd, extractedStart, versionEnd, versionStart } from './message';
import { writeBigint } from './number';
import {
  COLUMN_COUNT,
  COLUMN_END,
  COLUMN_SEEN,
  COLUMN_SIZE,
  COLUMN_START,
  COLUMNS,
  FIRST_WAITING,
  HAS_DELETED,
  HAS_METADATA,
  LAST_WAITING,
  RECEIVED,
  STAGED_COUNT,
  STAMP,
} from './plan';
import { columnsSeen } from './record';
import { writeTimestamp } from './time';

/** Of the records' fields. */
const NEXT: u32 = 0;
const CELLS: u32 = 4;

/** Records are aligned: the one that is written at `o` begins here. */
function recordAt(o: u32): u32 {
  return (o + 3) & ~3;
}

/** @returns where the values belong of the record that is written at `o` */
export function valuesAt(plan: u32, o: u32): u32 {
  return recordAt(o) + CELLS + load<u32>(plan + STAGED_COUNT) * 4;
}

/**
 * Makes a record at `start` of the values read last, and adds what a row has beside them.
 * @param o the place after the values. @returns the one after the record; 0 when the line is refused
 */
export function finishValues(plan: u32, start: u32, o: u32, order: u64): u32 {
  const record = recordAt(start);
  let cell = placeValues(plan, record + CELLS);
  if (load<u32>(plan + HAS_DELETED) !== 0) {
    store<u32>(cell, 0);
    cell += 4;
  }
  if (load<u32>(plan + HAS_METADATA) !== 0) {
    o = writeMetadata(plan, cell, o);
    if (o === 0) return 0;
    cell += 16;
  }
  store<u32>(cell, o);
  store<u64>(o, order);
  o += 8;
  const lacksAny = columnsSeen !== load<u32>(plan + COLUMN_COUNT);
  store<u32>(cell + 4, lacksAny ? o : 0);
  if (lacksAny) o = writeAbsentFlags(plan, o);
  store<u32>(record + NEXT, 0);
  const last = load<u32>(plan + LAST_WAITING);
  store<u32>(last !== 0 ? last + NEXT : plan + FIRST_WAITING, record);
  store<u32>(plan + LAST_WAITING, record);
  return o;
}

/** A value of no bytes is null. @returns the cell after those of the data columns */
function placeValues(plan: u32, cell: u32): u32 {
  const stamp = load<u32>(plan + STAMP);
  let column = load<u32>(plan + COLUMNS);
  const last = column + load<u32>(plan + COLUMN_COUNT) * COLUMN_SIZE;
  for (; column < last; column += COLUMN_SIZE, cell += 4) {
    const start = load<u32>(column + COLUMN_START);
    const hasValue = load<u32>(column + COLUMN_SEEN) === stamp && start !== load<u32>(column + COLUMN_END);
    store<u32>(cell, hasValue ? start : 0);
  }
  return cell;
}

/** The four metadata values that come after the delete marker. @returns the place after them, 0 when one is refused */
function writeMetadata(plan: u32, cell: u32, o: u32): u32 {
  const isExtracted: bool = extractedStart !== 0 && extractedEnd !== 0;
  store<u32>(cell, isExtracted ? o : 0);
  if (isExtracted) {
    o = writeTimestamp(extractedStart, extractedEnd, o) as u32;
    if (o === 0) return 0;
  }
  const received = load<u32>(plan + RECEIVED);
  store<u32>(cell + 4, received);
  store<u32>(cell + 8, received + 8);
  const hasVersion: bool = versionStart !== 0 && versionEnd !== 0;
  store<u32>(cell + 12, hasVersion ? o : 0);
  return hasVersion ? writeBigint(versionStart, versionEnd, o) : o;
}

/** Writes the address of each record that waits to `list`; then none does. @returns how many there were */
export function takeRecords(plan: u32, list: u32): u32 {
  let count: u32 = 0;
  for (let record = load<u32>(plan + FIRST_WAITING); record !== 0; record = load<u32>(record + NEXT))
    store<u32>(list + count++ * 4, record);
  store<u32>(plan + FIRST_WAITING, 0);
  store<u32>(plan + LAST_WAITING, 0);
  return count;
}

/**
 * One column of the records: which rows have a value, and the values, one after the other.
 * @param position in the staged layout, @param width bytes of a value; 0 for text, whose length stands before it
 * @param present where a bit for each row goes, lowest first, @param bit of the first row in the first byte, the bits below are 0
 * @param counted where to store how many values there are
 * @returns the place after the values
 */
export function packColumn(
  list: u32,
  count: u32,
  position: u32,
  width: u32,
  bit: u32,
  present: u32,
  counted: u32,
  o: u32,
): u32 {
  const cell = CELLS + position * 4;
  const end = list + count * 4;
  let bits: u32 = 0;
  let values: u32 = 0;
  for (; list < end; list += 4) {
    const value = load<u32>(load<u32>(list) + cell);
    if (value !== 0) {
      bits |= 1 << bit;
      values++;
      o = copyValue(value, width, o);
    }
    if (++bit === 8) {
      store<u8>(present++, bits);
      bit = bits = 0;
    }
  }
  if (bit !== 0) store<u8>(present, bits);
  store<u32>(counted, values);
  return o;
}

function copyValue(value: u32, width: u32, o: u32): u32 {
  if (width === 0) return copy(value, value + LENGTH_BYTES + load<u32>(value), o);
  if (width === 8) store<u64>(o, load<u64>(value));
  else if (width === 1) store<u8>(o, load<u8>(value));
  else if (width === 4) store<u32>(o, load<u32>(value));
  else v128.store(o, v128.load(value));
  return o + width;
}
