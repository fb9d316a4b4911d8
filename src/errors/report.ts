// An error → the one line that a person reads: what happened, where, and what to do.
import { errorCodes } from './codes.ts';
import { type ErrorContext, TargetError } from './target-error.ts';

/** @returns one line, or more where the detail itself lists several problems. */
export function describeError(error: unknown): string {
  if (!(error instanceof TargetError)) return `INTERNAL: ${stackOf(error)}. ${errorCodes.INTERNAL.fix}.`;
  const place = placeOf(error.context);
  const separator = error.message.includes('\n') ? '\n' : ' ';
  return `${error.code}: ${place}${endSentence(error.message)}${separator}${error.context.fix ?? errorCodes[error.code].fix}.`;
}

/** The exit code for anything that was thrown. */
export function exitCodeOf(error: unknown): number {
  return error instanceof TargetError ? error.exitCode : errorCodes.INTERNAL.exitCode;
}

function placeOf({ line, file, fileLine, stream, column }: ErrorContext): string {
  const parts = [
    line === undefined ? undefined : `line ${line}`,
    file === undefined ? undefined : `file ${JSON.stringify(file)}${fileLine === undefined ? '' : ` line ${fileLine}`}`,
    stream === undefined ? undefined : `stream ${JSON.stringify(stream)}`,
    column === undefined ? undefined : `column ${JSON.stringify(column)}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : `${parts.join(', ')}: `;
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
