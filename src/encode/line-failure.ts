// What a line's encoding threw → where and why the run fails.
import { TargetError } from '../errors/target-error.ts';
import { LINE_FEED } from '../json/ascii.ts';
import { JsonSyntaxError } from '../json/json-bytes.ts';
import type { Failure } from './chunk.ts';

/** With the stream that the line is of, as far as it is known. */
export function withStream(error: unknown, stream: string): unknown {
  if (error instanceof TargetError) return error.at({ stream });
  if (error instanceof JsonSyntaxError)
    return new TargetError('INPUT_NOT_JSON', `the line is not JSON: ${error.message}`, { stream });
  return error;
}

/** @param offset of the line in the slab */
export function failureAt(error: unknown, bytes: Buffer, offset: number): Failure {
  const place = { offset, linesBefore: linesTo(bytes, offset) };
  if (error instanceof TargetError)
    return { code: error.code, detail: error.message, context: error.context, ...place };
  if (error instanceof JsonSyntaxError)
    return { code: 'INPUT_NOT_JSON', detail: `the line is not JSON: ${error.message}`, context: {}, ...place };
  throw error;
}

/** How many lines of a slab stand before the offset. */
export function linesTo(bytes: Uint8Array, offset: number): number {
  let lines = 0;
  for (let p = bytes.indexOf(LINE_FEED); p >= 0 && p < offset; p = bytes.indexOf(LINE_FEED, p + 1)) lines++;
  return lines;
}
