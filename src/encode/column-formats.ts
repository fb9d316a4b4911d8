// The formats that decide a column's type → checks for a JSON Schema validator: each takes what its column takes.
import type { Ajv } from 'ajv';
import { isDate, isTimeOfDay, isTimestamp, readTimestamp } from '../json/encode-time.ts';

/** Other formats stay as they are: they are the schema's own rules, and no column has any of them. */
export function addColumnFormats(ajv: Ajv): void {
  const { compare } = ajv.formats.time as { readonly compare: (a: string, b: string) => number | undefined };
  ajv.addFormat('date-time', { validate: check(isTimestamp), compare: compareInstants });
  ajv.addFormat('date', {
    validate: check(isDate),
    compare: (a: string, b: string) => compareTexts(a.slice(0, 10), b.slice(0, 10)),
  });
  ajv.addFormat('time', { validate: check(isTimeOfDay), compare });
}

/** Texts of dates and times are short: one buffer for all of them spares an allocation for each value. */
const scratch = Buffer.alloc(256);
const MAX_BYTES_PER_UNIT = 3;

type ByteCheck = (source: Buffer, start: number, end: number) => boolean;

function check(isValid: ByteCheck): (text: string) => boolean {
  return (text) => {
    if (text.length * MAX_BYTES_PER_UNIT <= scratch.length) return isValid(scratch, 0, scratch.write(text));
    const bytes = Buffer.from(text);
    return isValid(bytes, 0, bytes.length);
  };
}

/** For `formatMinimum` and the like. */
function compareInstants(a: string, b: string): number | undefined {
  const [first, second] = [instantOf(a), instantOf(b)];
  return first && second ? first.seconds - second.seconds || first.microseconds - second.microseconds : undefined;
}

function instantOf(text: string) {
  const bytes = Buffer.from(text);
  if (!isTimestamp(bytes, 0, bytes.length)) return undefined;
  const instant = { seconds: 0, microseconds: 0 };
  readTimestamp(bytes, 0, bytes.length, instant);
  return instant;
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
