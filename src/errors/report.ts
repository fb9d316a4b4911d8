// An error → the one line that a person reads: what happened, where, and what to do.
import { type ErrorCode, errorCodes } from './codes.ts';
import { cutName } from './cut-name.ts';
import { onOneLine } from './plain-text.ts';
import { type ErrorContext, TargetError } from './target-error.ts';

/** @returns one line, or more where the detail itself lists several problems. It ends with where to read more. */
export function describeError(error: unknown): string {
  if (!(error instanceof TargetError))
    return `INTERNAL: ${lines(stackOf(error), stackLine)}. ${errorCodes.INTERNAL.fix}. ${readMore('INTERNAL')}`;
  const { code, context } = error;
  const message = ownLines(error);
  const separator = message.includes('\n') ? '\n' : ' ';
  const fix = context.fix ?? errorCodes[code].fix;
  return `${code}: ${placeOf(context)}${endSentence(message)}${separator}${fix}. ${readMore(code)}`;
}

/** The command prints the part of docs/errors.md that is about the code. */
const readMore = (code: ErrorCode): string => `More: target-iomete --help ${code}`;

const stackLine = /^ {4}at /;
const listed = /^- /;

/** A line feed in a message is ours in a list of problems and in a stack. Elsewhere somebody's name holds it. */
function ownLines({ code, message }: TargetError): string {
  if (code === 'INTERNAL') return lines(message, stackLine);
  return /^\d+ problems? in the configuration:\n/.test(message) ? lines(message, listed) : onOneLine(message);
}

/** @param begins how a line of ours begins, after the first */
function lines(text: string, begins: RegExp): string {
  const [first = '', ...others] = text.split('\n');
  return others.reduce(
    (shown, line) => (begins.test(line) ? `${shown}\n${onOneLine(line)}` : `${shown}\\u000a${onOneLine(line)}`),
    onOneLine(first),
  );
}

/** For programs: what {@link describeError} says, in parts. */
export function errorParts({ code, fault, message, context }: TargetError) {
  return { code, fault, message, fix: context.fix ?? errorCodes[code].fix };
}

/** The exit code for anything that was thrown. */
export function exitCodeOf(error: unknown): number {
  return error instanceof TargetError ? error.exitCode : errorCodes.INTERNAL.exitCode;
}

function placeOf({ line, file, fileLine, stream, column, record }: ErrorContext): string {
  const parts = [
    line === undefined ? undefined : `line ${line}`,
    file === undefined ? undefined : `file ${JSON.stringify(file)}${fileLine === undefined ? '' : ` line ${fileLine}`}`,
    stream === undefined ? undefined : `stream ${JSON.stringify(cutName(stream))}`,
    column === undefined ? undefined : `column ${JSON.stringify(cutName(column))}`,
    record === undefined ? undefined : `record ${record}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : `${onOneLine(parts.join(', '))}: `;
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
