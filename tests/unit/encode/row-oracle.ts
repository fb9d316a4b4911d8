// A line and its stream version → the row that must be staged, or a refusal. Slow and simple on purpose: it reads the line into
// a tree that keeps the source text of numbers, and reckons with BigInt where the encoder moves bytes.

import { type StagedColumn, stagedLayout } from '../../../src/formats/layout.ts';
import { asText, type Column, type ColumnType, jsonKind, type StreamVersion } from '../../../src/schema/model.ts';
import type { CsvField } from '../../support/csv.ts';
import { type Json, type JsonObject, member, parseLossless } from '../../support/lossless-json.ts';

/** One text per value: two values of a type are equal when these are. */
export type Canonical = string | null;

export interface ExpectedRow {
  /** In the order of the staged layout. */
  readonly fields: readonly Canonical[];
  readonly absent: readonly number[];
  /** Columns whose fraction of a second is finer than a microsecond. */
  readonly inexact: readonly number[];
  /** Columns of text that hold the JSON text of something that is no string. */
  readonly asText: readonly number[];
  /** Equal for rows of one key. */
  readonly key: string;
  readonly isDeleted: boolean;
}

export class Refused extends Error {}

function refuse(why: string): never {
  throw new Refused(why);
}

/** @throws Refused */
export function expectedRow(
  versionOf: (stream: string) => StreamVersion | undefined,
  line: string,
  order: number,
  receivedAtMs: number,
): { version: StreamVersion; row: ExpectedRow } {
  const message = messageOf(line);
  const stream = member(message, 'stream');
  const record = member(message, 'record');
  if (stream?.kind !== 'string') refuse('no stream');
  const version = versionOf(stream.value) ?? refuse('no SCHEMA');
  if (record?.kind !== 'object') refuse('no record');
  checkShape(record, [], version);
  return { version, row: rowOf(version, record, message, order, receivedAtMs) };
}

function messageOf(line: string): JsonObject {
  let message: Json;
  try {
    message = parseLossless(line);
  } catch (error) {
    if (error instanceof SyntaxError) refuse('no JSON');
    throw error;
  }
  if (message.kind !== 'object') refuse('no object');
  for (const name of ['type', 'stream', 'record'])
    if (message.members.filter(([key]) => key === name).length > 1) refuse(`${name} twice`);
  return message;
}

/** What is flattened must be an object or null wherever it stands, even where a later one of the same name counts. */
function checkShape(object: JsonObject, prefix: readonly string[], version: StreamVersion): void {
  for (const [key, value] of object.members) {
    const path = [...prefix, key];
    const isFlattened = version.columns.some(
      (column) => column.path.length > path.length && path.every((name, depth) => column.path[depth] === name),
    );
    if (!isFlattened || value.kind === 'null') continue;
    if (value.kind !== 'object') refuse('not an object');
    checkShape(value, path, version);
  }
}

function rowOf(
  version: StreamVersion,
  record: JsonObject,
  message: JsonObject,
  order: number,
  receivedAtMs: number,
): ExpectedRow {
  const values = version.columns.map((column) => find(record, column.path));
  const inexact: number[] = [];
  const notStrings: number[] = [];
  const data = version.columns.map((column, index) => {
    const value = values[index];
    if (value === undefined || value.kind === 'null') return version.keys.includes(index) ? refuse('no key') : null;
    if (isInexact(column.type, value)) inexact.push(index);
    if ((column.accepts & bits[value.kind]) === 0) {
      if ((column.accepts & asText) === 0 || version.keys.includes(index)) refuse('a kind that is not accepted');
      notStrings.push(index);
    }
    return version.keys.includes(index) ? keyOf(column, value) : canonicalOf(column, value);
  });
  const absent = [...values.keys()].filter((index) => values[index] === undefined);
  const deleted = markerOf(record);
  const staged = (column: StagedColumn): Canonical => {
    if (column.role === 'data') return data[column.index]!;
    if (column.role === 'order') return String(order);
    if (column.role === 'absent') return absent.length > 0 ? values.map((v) => (v ? '0' : '1')).join('') : null;
    switch (column.name) {
      case '_sdc_deleted_at':
        return optional(deleted, deletedAt);
      case '_sdc_extracted_at':
        return optional(member(message, 'time_extracted'), (value) => String(microseconds(stringOf(value))));
      case '_sdc_received_at':
        return String(receivedAtMs * 1000);
      case '_sdc_sequence':
        return String(receivedAtMs);
      case '_sdc_table_version':
        return optional(member(message, 'version'), (value) =>
          int64(/^-?\d+$/.test(value.source) ? value.source : 'x'),
        );
      default:
        throw new Error(`${column.name} is not staged`);
    }
  };
  const keyParts = version.keys.map((index) => data[index]);
  return {
    fields: stagedLayout(version).map(staged),
    absent,
    inexact,
    asText: notStrings,
    key: JSON.stringify(keyParts),
    isDeleted: deleted !== undefined && deleted.kind !== 'null',
  };
}

/** Undefined when absent; under a flattened null, and in a flattened object that lacks it, everything is null. */
function find(record: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = record;
  for (const [depth, name] of path.entries()) {
    if (value?.kind !== 'object') return value;
    value = member(value, name) ?? (depth > 0 ? { kind: 'null', source: 'null' } : undefined);
  }
  return value;
}

/** In any case: the name as it should be or, where that is null or not there, the last that is not null. */
function markerOf({ members }: JsonObject): Json | undefined {
  const last = new Map([...members].map(([name, value], index) => [name, { value, index }]));
  const own = last.get('_sdc_deleted_at');
  const others = [...last]
    .filter(([name, { value }]) => name.toLowerCase() === '_sdc_deleted_at' && value.kind !== 'null')
    .map(([, found]) => found)
    .sort((a, b) => b.index - a.index);
  return own !== undefined && own.value.kind !== 'null' ? own.value : (others[0]?.value ?? own?.value);
}

const optional = (value: Json | undefined, read: (value: Json) => string): Canonical =>
  value === undefined || value.kind === 'null' ? null : read(value);

const stringOf = (value: Json): string => (value.kind === 'string' ? value.value : refuse('no string'));

function deletedAt(value: Json): string {
  return String(microseconds(stringOf(value).replace(/([+-]\d\d:\d\d)\1$/, '$1')));
}

const bits: Record<Json['kind'], number> = {
  null: 0,
  number: jsonKind.number,
  boolean: jsonKind.boolean,
  string: jsonKind.string,
  array: jsonKind.structure,
  object: jsonKind.structure,
};

function canonicalOf({ type }: Column, value: Json): string {
  const text = value.kind === 'string' ? value.value : value.source;
  switch (type.kind) {
    case 'string':
    case 'json':
      return /\p{Surrogate}/u.test(text) ? refuse('half of a surrogate pair') : text;
    case 'boolean':
      return text;
    case 'bigint':
      return int64(text);
    case 'double':
      return double(text);
    case 'decimal':
      return scaled(text, type.precision, type.scale);
    case 'timestamp':
      return String(microseconds(text));
    case 'date':
      return microseconds(text) % (86_400n * 1_000_000n) === 0n &&
        /^.{10}([Tt ]00:00(:00([.,]0+)?)?( ?([Zz]|[+-]00.*))?)?$/.test(text)
        ? text.slice(0, 10)
        : refuse('a time of day');
    default:
      throw new Error('nested columns have a test of their own');
  }
}

/** @throws Refused for a key that its column would take for another one, too */
function keyOf(column: Column, value: Json): string {
  const { type, accepts } = column;
  if (isInexact(type, value)) refuse('a key that is held approximately');
  const canonical = canonicalOf(column, value);
  if (type.kind === 'double') return canonical === '-0' ? '0' : canonical;
  if (type.kind === 'timestamp' && value.kind === 'string' && /:\d\d:60/.test(value.value)) refuse('a leap second');
  if (type.kind !== 'string') return canonical;
  if (value.kind === 'number') return plain(value.source);
  const others = [accepts & jsonKind.boolean && /^(true|false)$/, accepts & jsonKind.number && isPlain];
  if (value.kind === 'string' && others.some((other) => typeof other === 'object' && other.test(value.value)))
    refuse('a string that is written as another value');
  return canonical;
}

/** What numbers are written as in text. */
const isPlain = /^(?!-0$)(-?(0|[1-9]\d*)(\.\d*[1-9])?|NaN|-?Infinity)$/;

/** All digits of a number, by BigInt. */
function plain(text: string): string {
  const [, sign, digits, power] = /^(-?)(\d+)e(-?\d+)$/.exec(scientific(text)) ?? ['', '', '0', '0'];
  const exponent = Number(power);
  if (Math.abs(exponent) > 400) refuse('too many digits');
  if (digits === '0') return '0';
  if (exponent >= 0) return `${sign}${digits}${'0'.repeat(exponent)}`;
  const padded = digits!.padStart(1 - exponent, '0');
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

function double(text: string): string {
  const value = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) refuse('no double');
  return Object.is(value, -0) ? '-0' : String(value);
}

const int64 = (text: string): string => {
  const value = BigInt(scaled(text, 40, 0));
  return BigInt.asIntN(64, value) === value ? String(value) : refuse('beyond 64 bits');
};

/** The number × 10^scale, which must be an integer of at most so many digits. */
function scaled(text: string, precision: number, scale: number): string {
  const [, sign, whole, fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? refuse('no number');
  const mantissa = BigInt(`${whole}${fraction}`);
  if (mantissa === 0n) return '0';
  const shift = Number(exponent) - fraction.length + scale;
  if (Math.abs(shift) > 5_000) refuse('too many digits');
  const divisor = 10n ** BigInt(Math.max(0, -shift));
  const value = (mantissa * 10n ** BigInt(Math.max(0, shift))) / divisor;
  if (value * divisor !== mantissa * 10n ** BigInt(Math.max(0, shift))) refuse('too many digits after the point');
  return value < 10n ** BigInt(precision) ? `${sign}${value}` : refuse('too many digits before the point');
}

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: ?(?:[Zz]|([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?))?)?$/;

/** Since 1970 in UTC. @throws Refused */
export function microseconds(text: string): bigint {
  const parts = DATE_TIME.exec(text) ?? refuse('no date-time');
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as number[];
  const [hours, minutes, seconds] = parts.slice(9, 12).map((part) => Number(part ?? 0)) as number[];
  const fraction = BigInt((parts[7] ?? '').padEnd(6, '0').slice(0, 6));
  const midnight = new Date(0);
  midnight.setUTCFullYear(year!, month! - 1, day);
  if (midnight.getUTCMonth() !== month! - 1 || midnight.getUTCDate() !== day || year === 0) refuse('no such day');
  if (hour! > 24 || minute! > 59 || second! > 60 || hours! > 23 || minutes! > 59 || seconds! > 59)
    refuse('no such time');
  if (hour === 24 && (minute || second || Number(parts[7] ?? 0) !== 0)) refuse('after 24:00');
  const offset = (hours! * 3600 + minutes! * 60 + seconds!) * (parts[8] === '-' ? -1 : 1);
  const instant = midnight.getTime() / 1000 + hour! * 3600 + minute! * 60 + second! - offset;
  const inUtc = new Date(instant * 1000).getUTCFullYear();
  if (inUtc < 1 || inUtc > 9999) refuse('beyond the years 1 to 9999');
  return BigInt(instant) * 1_000_000n + fraction;
}

const isCut = (type: ColumnType, value: Json): boolean =>
  type.kind === 'timestamp' && value.kind === 'string' && /[.,]\d{6}0*[1-9]/.test(value.value);

/** A staged field → the same canonical text. Throws where a field is not as the staged format says. */
export function readField({ type }: StagedColumn, field: CsvField): Canonical {
  if (field === null) return null;
  const { text, quoted } = field;
  const isQuoted = type.kind === 'string' || type.kind === 'json';
  if (quoted !== isQuoted) throw new Error(`a ${type.kind} field ${quoted ? 'with' : 'without'} quotes`);
  const strictly = (form: RegExp): string => {
    if (!form.test(text)) throw new Error(`a ${type.kind} field of the wrong form: ${text}`);
    return text;
  };
  switch (type.kind) {
    case 'string':
    case 'json':
      return text;
    case 'boolean':
      return strictly(/^(true|false)$/);
    case 'bigint':
      return int64(strictly(/^(0|-?[1-9]\d*)$/));
    case 'double':
      return double(strictly(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/));
    case 'decimal':
      return scaled(strictly(/^-?(0|[1-9]\d*)(\.\d+)?$/), type.precision, type.scale);
    case 'timestamp':
      return String(microseconds(strictly(/^\d{4}-\d\d-\d\d ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?$/)));
    case 'date':
      microseconds(strictly(/^\d{4}-\d\d-\d\d$/));
      return text;
  }
}

/** Held approximately: a fraction that was cut, or a number whose nearest double is shortest written as another number. */
function isInexact(type: ColumnType, value: Json): boolean {
  if (type.kind !== 'double') return isCut(type, value);
  const text = value.kind === 'string' ? value.value : value.kind === 'number' ? value.source : '0';
  return scientific(text) !== scientific(String(Number(text)));
}

/** One spelling for every spelling of a decimal number; what is none is its own. */
export function scientific(text: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text);
  if (!parts) return text;
  const [, sign, whole, fraction = '', power = '0'] = parts;
  let digits = BigInt(`${whole}${fraction}`);
  let exponent = Number(power) - fraction.length;
  if (digits === 0n) return '0';
  for (; digits % 10n === 0n; exponent++) digits /= 10n;
  return `${sign}${digits}e${exponent}`;
}
