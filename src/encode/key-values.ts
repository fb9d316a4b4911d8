// A key's JSON value → the one form in which its column holds it. What its column would take for another key is refused.
//
// Two keys are the same when their JSON values are equal, or as date-times their instants. A column must neither make one of
// two keys nor two of one.
import { shownKeyAt } from '../errors/shown-key.ts';
import { TargetError } from '../errors/target-error.ts';
import { canonicalNumber, isZero } from '../json/encode-number.ts';
import { slotKind } from '../json/slot-kind.ts';
import { characters, isText } from '../json/text-slice.ts';
import { type Column, jsonKind, type ValueType } from '../schema/model.ts';

/** True for a key that is text, although some of its values are not: their text must not be that of a string. */
export const isMixedKey = ({ type, accepts }: ValueType): boolean =>
  type.kind === 'string' && (accepts & (jsonKind.number | jsonKind.boolean)) !== 0;

const ZERO = Buffer.from('0');

/**
 * @param kind a slot kind that the column accepts, neither `null` nor `absent`
 * @returns the JSON number to be written instead of [start, end); undefined where the value is written as it is
 * @throws TargetError INPUT_VALUE_INVALID for a string that is written as another value of the column is
 */
export function keyNumber(column: Column, bytes: Buffer, kind: number, start: number, end: number): Buffer | undefined {
  if (column.type.kind === 'double') return isZeroAt(bytes, kind, start, end) ? ZERO : undefined;
  if (!isMixedKey(column)) return undefined;
  if (kind === slotKind.integer || kind === slotKind.number)
    return Buffer.from(canonicalNumber(bytes.toString('latin1', start, end)));
  if (isText(kind)) assertOneMeaning(column, bytes, kind, start, end);
  return undefined;
}

/** The two zeros are one key, and not all that compares keys knows that. */
function isZeroAt(bytes: Buffer, kind: number, start: number, end: number): boolean {
  if (kind === slotKind.notFinite) return false;
  const text = isText(kind) ? characters(bytes, kind, start, end) : { source: bytes, start, end };
  return isZero(text.source.toString('latin1', text.start, text.end));
}

function assertOneMeaning({ accepts }: Column, bytes: Buffer, kind: number, start: number, end: number): void {
  const { source, start: from, end: to } = characters(bytes, kind, start, end);
  const text = source.toString('utf8', from, to);
  const isNumber = (accepts & jsonKind.number) !== 0 && isWrittenNumber(text);
  const isBoolean = (accepts & jsonKind.boolean) !== 0 && (text === 'true' || text === 'false');
  if (!isNumber && !isBoolean) return;
  const other = isNumber ? 'number' : 'boolean';
  throw new TargetError(
    'INPUT_VALUE_INVALID',
    `the string can't be told from the ${other} that is written so: declare one type for the key in the catalog`,
  );
}

const NUMBER = /^(?:-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?|NaN|-?Infinity)$/;

/** Whether a number is written as this text. */
function isWrittenNumber(text: string): boolean {
  return NUMBER.test(text) && text !== '-0';
}

/**
 * For a key that was written.
 * @param isInexact whether the column holds it only approximately
 * @throws TargetError INPUT_VALUE_INVALID for a key that another one may become, too
 */
export function assertKeyIsHeld(
  { type }: Column,
  isInexact: boolean,
  bytes: Buffer,
  kind: number,
  start: number,
  end: number,
): void {
  if (type.kind === 'double' && isInexact)
    throw new TargetError(
      'INPUT_VALUE_INVALID',
      'a DOUBLE can\'t hold the key exactly: set "number_type" to "decimal" or "string", or declare "multipleOf"',
    );
  if (type.kind !== 'timestamp') return;
  if (isInexact)
    throw new TargetError(
      'INPUT_VALUE_INVALID',
      'a TIMESTAMP can\'t hold a key that is finer than a microsecond: declare the key without "format"',
    );
  const text = characters(bytes, kind, start, end);
  if (isLeapSecond(text.source, text.start, text.end))
    throw new TargetError(
      'INPUT_VALUE_INVALID',
      'a TIMESTAMP can\'t tell a leap second from the second after it: declare the key without "format"',
    );
}

/** Of a date-time: its second is 60. */
function isLeapSecond(source: Buffer, start: number, end: number): boolean {
  return end - start >= 19 && source[start + 17] === 54 && source[start + 18] === 48 && source[start + 16] === 58;
}

/** An error about the key whose JSON text is [start, end), with the key: who reads it must find the record. */
export function withKey(error: unknown, bytes: Buffer, start: number, end: number): unknown {
  if (!(error instanceof TargetError) || error.code !== 'INPUT_VALUE_INVALID') return error;
  const detail = `${error.message} (the key is ${shownKeyAt(bytes, start, end)})`;
  return new TargetError(error.code, detail, error.context, error.cause);
}
