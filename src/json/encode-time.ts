// Date-times and dates as taps write them → `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC and `YYYY-MM-DD`, or numbers since 1970.
import { TargetError } from '../errors/target-error.ts';
import type { GrowingBytes } from '../memory/growing-bytes.ts';

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MICROSECOND_DIGITS = 6;
/** From the first of March of the year 0. */
const DAYS_TO_1970 = 719_468;
/** Of the years 1 and 9999. */
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

/** The fields of the date-time read last: one scratch object, because this is the inner loop. */
const read = {
  year: 0,
  month: 0,
  day: 0,
  hour: 0,
  minute: 0,
  second: 0,
  fractionStart: 0,
  fractionEnd: 0,
  offsetSeconds: 0,
};

/**
 * A TIMESTAMP from the characters [start, end): RFC 3339 and what taps make of it: a space for the T, no offset (UTC), offsets
 * with or without colon and with seconds, no seconds, no time, 24:00, a leap second (the second after it).
 * @returns true when a fraction finer than a microsecond was cut.
 */
export function encodeTimestamp(source: Buffer, start: number, end: number, out: GrowingBytes): boolean {
  parseTimestamp(source, start, end);
  writeSeconds(source, start, out);
  return writeFraction(source, out);
}

/** A point in time, in two integers that doubles hold exactly. */
export interface Instant {
  /** Since 1970 in UTC, rounded down. */
  seconds: number;
  /** After the seconds. */
  microseconds: number;
}

/** The same as `encodeTimestamp`, into `instant`. */
export function readTimestamp(source: Buffer, start: number, end: number, instant: Instant): boolean {
  parseTimestamp(source, start, end);
  const { fractionStart, fractionEnd } = read;
  const seconds = secondsSince1970();
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND) throw beyondYears();
  const stop = Math.min(fractionEnd, fractionStart + MICROSECOND_DIGITS);
  let microseconds = 0;
  for (let p = fractionStart; p < fractionStart + MICROSECOND_DIGITS; p++)
    microseconds = microseconds * 10 + (p < stop ? source[p]! - 48 : 0);
  instant.seconds = seconds;
  instant.microseconds = microseconds;
  return !isZeros(source, stop, fractionEnd);
}

/** Whether a TIMESTAMP column takes the characters. */
export function isTimestamp(source: Buffer, start: number, end: number): boolean {
  if (!parse(source, start, end)) return false;
  const seconds = secondsSince1970();
  return seconds >= FIRST_SECOND && seconds <= LAST_SECOND;
}

/** Whether a DATE column takes the characters. */
export function isDate(source: Buffer, start: number, end: number): boolean {
  return parse(source, start, end) && isMidnightUtc(source);
}

/** Whether the characters are a time of day as date-times have it, with an offset or without. */
export function isTimeOfDay(source: Buffer, start: number, end: number): boolean {
  read.fractionStart = read.fractionEnd = end;
  return end - start >= 5 && parseTime(source, start, end);
}

/** The same as `encodeDate`: days since 1970. */
export function readDate(source: Buffer, start: number, end: number): number {
  parseDate(source, start, end);
  return daysSince1970();
}

/** `_sdc_deleted_at`: as a date-time, and also as some taps for MySQL write it, with its offset twice: one is enough. */
export function endOfDeletedAt(source: Buffer, start: number, end: number): number {
  return /([+-]\d\d:\d\d)\1$/.test(source.toString('latin1', start, end)) ? end - 6 : end;
}

/** A DATE: a date, or a date-time at midnight UTC, which loses nothing. */
export function encodeDate(source: Buffer, start: number, end: number, out: GrowingBytes): void {
  parseDate(source, start, end);
  out.copy(source, start, start + 10);
}

function parseTimestamp(source: Buffer, start: number, end: number): void {
  if (!parse(source, start, end))
    throw new TargetError(
      'INPUT_VALUE_INVALID',
      'the text is no date-time: its form (RFC 3339) is wrong, or there is no such day or time',
    );
}

function parseDate(source: Buffer, start: number, end: number): void {
  if (!parse(source, start, end)) throw new TargetError('INPUT_VALUE_INVALID', 'the text is no date (YYYY-MM-DD)');
  if (!isMidnightUtc(source))
    throw new TargetError('INPUT_VALUE_INVALID', 'the value has a time of day where the schema says date');
}

function isMidnightUtc(source: Buffer): boolean {
  const { hour, minute, second, offsetSeconds, fractionStart, fractionEnd } = read;
  const isMidnight = hour === 0 && minute === 0 && second === 0 && offsetSeconds === 0;
  return isMidnight && isZeros(source, fractionStart, fractionEnd);
}

const beyondYears = () =>
  new TargetError('INPUT_VALUE_INVALID', 'the date-time lies outside of the years 1 to 9999 in UTC');

/** In UTC. */
function secondsSince1970(): number {
  const { hour, minute, second, offsetSeconds } = read;
  return daysSince1970() * 86_400 + hour * 3600 + minute * 60 + second - offsetSeconds;
}

/** Of the date read last, in the proleptic Gregorian calendar: years are counted from March, so that leap days come last. */
function daysSince1970(): number {
  const { month, day } = read;
  const year = month <= 2 ? read.year - 1 : read.year;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  return year * 365 + leapDays + dayOfYear - DAYS_TO_1970;
}

function writeSeconds(source: Buffer, start: number, out: GrowingBytes): void {
  const { year, month, day, hour, minute, second, offsetSeconds } = read;
  if (offsetSeconds === 0 && hour < 24 && second < 60) {
    out.copy(source, start, start + 10);
    out.byte(32);
    writeTwo(out, hour);
    out.byte(58);
    writeTwo(out, minute);
    out.byte(58);
    writeTwo(out, second);
    return;
  }
  const instant = new Date(0);
  instant.setUTCFullYear(year, month - 1, day);
  instant.setUTCHours(hour, minute, second - offsetSeconds);
  const shifted = instant.getUTCFullYear();
  if (shifted < 1 || shifted > 9999) throw beyondYears();
  out.ascii(instant.toISOString().slice(0, 19).replace('T', ' '));
}

function writeFraction(source: Buffer, out: GrowingBytes): boolean {
  const { fractionStart, fractionEnd } = read;
  let stop = Math.min(fractionEnd, fractionStart + MICROSECOND_DIGITS);
  const isCut = !isZeros(source, stop, fractionEnd);
  // equal instants have equal text: keys are compared by it
  while (stop > fractionStart && source[stop - 1] === 48) stop--;
  if (stop > fractionStart) {
    out.byte(46);
    out.copy(source, fractionStart, stop);
  }
  return isCut;
}

function writeTwo(out: GrowingBytes, value: number): void {
  out.byte(48 + ((value / 10) | 0));
  out.byte(48 + (value % 10));
}

function isZeros(source: Buffer, start: number, end: number): boolean {
  for (let p = start; p < end; p++) if (source[p] !== 48) return false;
  return true;
}

/** Two digits at `p`, or NaN. */
function two(source: Buffer, p: number): number {
  const high = source[p]! - 48;
  const low = source[p + 1]! - 48;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : Number.NaN;
}

function parse(source: Buffer, start: number, end: number): boolean {
  if (end - start < 10 || source[start + 4] !== 45 || source[start + 7] !== 45) return false;
  const year = two(source, start) * 100 + two(source, start + 2);
  const month = two(source, start + 5);
  const day = two(source, start + 8);
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return false;
  read.year = year;
  read.month = month;
  read.day = day;
  read.hour = read.minute = read.second = read.offsetSeconds = 0;
  read.fractionStart = read.fractionEnd = end;
  if (end - start === 10) return true;
  const separator = source[start + 10];
  if ((separator !== 84 && separator !== 116 && separator !== 32) || end - start < 16) return false;
  return parseTime(source, start + 11, end);
}

function daysIn(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return leap ? 29 : DAYS[month - 1]!;
}

/** @param end at least five characters after `start` */
function parseTime(source: Buffer, start: number, end: number): boolean {
  if (source[start + 2] !== 58) return false;
  const hour = two(source, start);
  const minute = two(source, start + 3);
  let p = start + 5;
  let second = 0;
  if (p < end && source[p] === 58) {
    second = p + 3 <= end ? two(source, p + 1) : Number.NaN;
    p += 3;
    if (p < end && (source[p] === 46 || source[p] === 44)) {
      read.fractionStart = ++p;
      while (p < end && source[p]! >= 48 && source[p]! <= 57) p++;
      read.fractionEnd = p;
      if (p === read.fractionStart) return false;
    }
  }
  if (!(hour <= 24 && minute < 60 && second <= 60)) return false;
  const isMidnight = minute === 0 && second === 0 && isZeros(source, read.fractionStart, read.fractionEnd);
  if (hour === 24 && !isMidnight) return false;
  read.hour = hour;
  read.minute = minute;
  read.second = second;
  return p === end || parseOffset(source, p, end);
}

/** `Z`, `±HH`, `±HHMM`, `±HH:MM`, `±HH:MM:SS` (historical local times have such), with a space before it or not. */
function parseOffset(source: Buffer, start: number, end: number): boolean {
  const p = source[start] === 32 ? start + 1 : start;
  const sign = source[p];
  if ((sign === 90 || sign === 122) && p + 1 === end) return true;
  if (sign !== 43 && sign !== 45) return false;
  const digits = source.toString('latin1', p + 1, end);
  const parts = /^(\d\d)(?::?(\d\d)(?::?(\d\d))?)?$/.exec(digits);
  if (!parts) return false;
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2] ?? 0), Number(parts[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return false;
  read.offsetSeconds = (hours * 3600 + minutes * 60 + seconds) * (sign === 45 ? -1 : 1);
  return true;
}
