// What a JSON value is, by its first bytes: as a scanner notes it for each column of a record.

import { QUOTE } from './ascii.ts';
import { skipNumber, skipString } from './json-bytes.ts';

/** What stands in a column's slot. The order is that of `acceptBits` in encode/record-scanner.ts. */
export const slotKind = {
  null: 0,
  integer: 1,
  number: 2,
  boolean: 3,
  string: 4,
  escapedString: 5,
  structure: 6,
  absent: 7,
  notFinite: 8,
} as const;

/** The kind of a value by its first bytes, for one that was skipped. */
export function slotKindAt(bytes: Buffer, at: number): number {
  const c = bytes[at]!;
  if (c === QUOTE) return skipString(bytes, at) < 0 ? slotKind.escapedString : slotKind.string;
  if (c === 45 || (c >= 48 && c <= 57)) return numberKind(bytes, at, skipNumber(bytes, at));
  if (c === 123 || c === 91) return slotKind.structure;
  return literalKind(c);
}

/** @param end as `skipNumber` returns it */
export const numberKind = (bytes: Buffer, at: number, end: number): number =>
  end > 0 ? slotKind.integer : bytes[at + 1] === 73 ? slotKind.notFinite : slotKind.number;

/** @param c the first byte of a literal */
export const literalKind = (c: number): number =>
  c === 110 ? slotKind.null : c === 78 || c === 73 ? slotKind.notFinite : slotKind.boolean;
