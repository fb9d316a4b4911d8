// A number of a record → its digits, for formats that write texts. A number may stand in a JSON string.
import { assertNumber, encodeDecimal, encodeDouble } from '../json/encode-number.ts';
import { slotKind } from '../json/slot-kind.ts';
import { characters, isText } from '../json/text-slice.ts';
import type { GrowingBytes } from '../memory/growing-bytes.ts';
import type { ColumnType } from '../schema/model.ts';

/** A finite one. @returns true when the nearest double is another number. @throws TargetError */
export function writeDouble(bytes: Buffer, kind: number, start: number, end: number, output: GrowingBytes): boolean {
  if (!isText(kind)) return encodeDouble(bytes, start, end, kind === slotKind.integer, output);
  const text = characters(bytes, kind, start, end);
  assertNumber(text.source, text.start, text.end);
  return encodeDouble(text.source, text.start, text.end, false, output);
}

/** With all digits of the column's scale. @throws TargetError */
export function writeDecimal(
  bytes: Buffer,
  kind: number,
  start: number,
  end: number,
  { precision, scale }: Extract<ColumnType, { kind: 'decimal' }>,
  output: GrowingBytes,
): void {
  const text = isText(kind) ? characters(bytes, kind, start, end) : { source: bytes, start, end };
  encodeDecimal(text.source, text.start, text.end, precision, scale, output);
}
