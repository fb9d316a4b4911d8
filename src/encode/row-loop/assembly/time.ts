// Dates and date-times of the usual forms → `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC, and `YYYY-MM-DD`; or microseconds and days
// since 1970. All else is refused.
import { copy, digitRun } from './bytes';
import { isColumnar } from './form';

const MICROSECOND_DIGITS: u32 = 6;
/** From the first of March of the year 0. */
const DAYS_TO_1970: i32 = 719468;
/** Set in the result of `writeTimestamp` when a fraction finer than a microsecond was cut. */
export const CUT: u64 = 1 << 32;

/** The date-time read last. */
let year: i32 = 0;
let month: i32 = 0;
let day: i32 = 0;
let hour: i32 = 0;
let minute: i32 = 0;
let second: i32 = 0;
let fractionStart: u32 = 0;
let fractionEnd: u32 = 0;
let offsetMinutes: i32 = 0;

/** The text [b, e) as a TIMESTAMP. @returns the place after it, with CUT or not; 0 when it is refused */
export function writeTimestamp(b: u32, e: u32, o: u32): u64 {
  if (!parse(b, e)) return 0;
  if (offsetMinutes !== 0 && !shift()) return 0;
  const stop = min(fractionEnd, fractionStart + MICROSECOND_DIGITS);
  const cut: u64 = isZeros(stop, fractionEnd) ? 0 : CUT;
  return ((isColumnar ? putMicroseconds(stop, o) : writeText(stop, o)) as u64) | cut;
}

/** Up to the fraction's end at `stop`. */
function writeText(stop: u32, o: u32): u32 {
  o = writeTwo(month, writeTwo(year % 100, writeTwo(year / 100, o)), 45, 3);
  o = writeTwo(day, o, 45, 3);
  o = writeTwo(hour, o, 32, 3);
  o = writeTwo(minute, o, 58, 3);
  o = writeTwo(second, o, 58, 3);
  // equal instants have equal text: keys are compared by it
  while (stop > fractionStart && load<u8>(stop - 1) === 48) stop--;
  if (stop > fractionStart) {
    store<u8>(o, 46);
    o = copy(fractionStart, stop, o + 1);
  }
  return o;
}

function putMicroseconds(stop: u32, o: u32): u32 {
  let microseconds: i64 = 0;
  for (let p = fractionStart; p < fractionStart + MICROSECOND_DIGITS; p++)
    microseconds = microseconds * 10 + (p < stop ? (load<u8>(p) as i64) - 48 : 0);
  const seconds = (daysSince1970() as i64) * 86400 + (hour * 3600 + minute * 60 + second);
  store<i64>(o, seconds * 1000000 + microseconds);
  return o + 8;
}

/** The text [b, e) as a DATE: a date, or a date-time at midnight UTC. @returns the place after it; 0 when it is refused */
export function writeDate(b: u32, e: u32, o: u32): u32 {
  if (!parse(b, e)) return 0;
  if ((hour | minute | second | offsetMinutes) !== 0 || !isZeros(fractionStart, fractionEnd)) return 0;
  if (!isColumnar) return copy(b, b + 10, o);
  store<i32>(o, daysSince1970());
  return o + 4;
}

/** Of the date read last: years are counted from March, so that leap days come last. */
function daysSince1970(): i32 {
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return y * 365 + y / 4 - y / 100 + y / 400 + dayOfYear - DAYS_TO_1970;
}

/** Two digits, after a separator when `width` is 3. */
function writeTwo(value: i32, o: u32, separator: u32 = 0, width: u32 = 2): u32 {
  if (width === 3) store<u8>(o++, separator);
  store<u8>(o, 48 + value / 10);
  store<u8>(o + 1, 48 + (value % 10));
  return o + 2;
}

function isZeros(q: u32, end: u32): bool {
  for (; q < end; q++) if (load<u8>(q) !== 48) return false;
  return true;
}

/** Two characters that are known to be digits. */
function two(q: u32): i32 {
  return (load<u8>(q) as i32) * 10 + (load<u8>(q + 1) as i32) - 528;
}

/** Which of 16 characters have their place in `0000-00-00T00:00`, as bits. */
function shape(b: u32): u32 {
  const v = i8x16.sub(v128.load(b), i8x16(48, 48, 48, 48, 45, 48, 48, 45, 48, 48, 84, 48, 48, 58, 48, 48));
  return i8x16.bitmask(i8x16.le_u(v, i8x16(9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9))) as u32;
}

function parse(b: u32, e: u32): bool {
  const length = e - b;
  const fits = shape(b);
  if (length < 10 || (fits & 0x3ff) !== 0x3ff) return false;
  year = two(b) * 100 + two(b + 2);
  month = two(b + 5);
  day = two(b + 8);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
  hour = minute = second = offsetMinutes = 0;
  fractionStart = fractionEnd = e;
  if (length === 10) return true;
  const separator: u32 = load<u8>(b + 10);
  if (length < 19 || (fits | 0x400) !== 0xffff || (separator !== 84 && separator !== 32 && separator !== 116))
    return false;
  hour = two(b + 11);
  minute = two(b + 14);
  if (load<u8>(b + 16) !== 58 || digitRun(b + 17) !== 2) return false;
  second = two(b + 17);
  // 24:00 and leap seconds are for the other path
  if (hour > 23 || minute > 59 || second > 59) return false;
  let p = b + 19;
  const c: u32 = load<u8>(p);
  if (p < e && (c === 46 || c === 44)) {
    fractionStart = p + 1;
    fractionEnd = p = fractionStart + digitRun(fractionStart);
    if (fractionStart === fractionEnd) return false;
  }
  return p === e || parseOffset(p, e);
}

/** `Z`, `±HH`, `±HHMM`, `±HH:MM` */
function parseOffset(p: u32, e: u32): bool {
  const sign: u32 = load<u8>(p);
  if (sign === 90 || sign === 122) return p + 1 === e;
  if ((sign !== 43 && sign !== 45) || digitRun(p + 1) < 2) return false;
  const hours = two(p + 1);
  let minutes: i32 = 0;
  if (e - p !== 3) {
    const at = load<u8>(p + 3) === 58 ? p + 4 : p + 3;
    if (e !== at + 2 || digitRun(at) !== 2) return false;
    minutes = two(at);
  }
  if (hours > 23 || minutes > 59) return false;
  offsetMinutes = sign === 45 ? -(hours * 60 + minutes) : hours * 60 + minutes;
  return true;
}

function daysIn(inYear: i32, inMonth: i32): i32 {
  if (inMonth === 2) return inYear % 4 === 0 && (inYear % 100 !== 0 || inYear % 400 === 0) ? 29 : 28;
  return inMonth === 4 || inMonth === 6 || inMonth === 9 || inMonth === 11 ? 30 : 31;
}

/** Moves the date-time to UTC: an offset is less than a day. @returns false when that leaves the years 1 to 9999 */
function shift(): bool {
  let minutes = hour * 60 + minute - offsetMinutes;
  if (minutes < 0) {
    minutes += 1440;
    if (--day === 0) {
      if (--month === 0) {
        month = 12;
        if (--year === 0) return false;
      }
      day = daysIn(year, month);
    }
  } else if (minutes >= 1440) {
    minutes -= 1440;
    if (++day > daysIn(year, month)) {
      day = 1;
      if (++month === 13) {
        month = 1;
        if (++year === 10000) return false;
      }
    }
  }
  hour = minutes / 60;
  minute = minutes % 60;
  return true;
}
