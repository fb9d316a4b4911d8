// The last slab of an input whose last line has no line feed → whether the line is a message that broke off.
import { linesTo } from '../encode/line-failure.ts';
import { LINE_FEED, OPEN_BRACE } from '../json/ascii.ts';
import { skipSpace } from '../json/json-bytes.ts';

/**
 * The number of the line, counted from 1. Undefined when the line does not begin a JSON object, or when a JSON object
 * may end there.
 * @param bytes whole lines, each with a line feed
 */
export function truncatedLine(bytes: Buffer, linesBefore: number): number | undefined {
  const start = bytes.lastIndexOf(LINE_FEED, -2) + 1;
  if (bytes[skipSpace(bytes, start)] !== OPEN_BRACE) return undefined;
  if (/}\s*$/.test(bytes.toString('latin1', Math.max(start, bytes.length - LAST_BYTES)))) return undefined;
  return linesBefore + linesTo(bytes, start) + 1;
}

/** The end of a line, with the white space behind it. */
const LAST_BYTES = 64;
