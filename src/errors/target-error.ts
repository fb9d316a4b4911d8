// One error class for everything that ends a run: a code from the registry, where it happened, and the cause.
import { type ErrorCode, errorCodes, type Fault } from './codes.ts';

/** Where in the input or the warehouse an error belongs. Never holds secrets, nor values of a row but its key. */
export interface ErrorContext {
  /** 1-based number of the input line. */
  readonly line?: number | undefined;
  readonly stream?: string | undefined;
  readonly column?: string | undefined;
  /** The record's keys with their values, fit for a message: `id=17`. */
  readonly record?: string | undefined;
  /** A file that a BATCH names. */
  readonly file?: string | undefined;
  /** 1-based number of the line in that file. */
  readonly fileLine?: number | undefined;
  /** What to do, in the place of what the registry says of the code: for causes that this advice does not mend. */
  readonly fix?: string | undefined;
}

export class TargetError extends Error {
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  /** @param detail what happened, as a clause without a full stop: no row values but a key (`shownKey`), no secrets. */
  constructor(code: ErrorCode, detail: string, context: ErrorContext = {}, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.name = 'TargetError';
    this.code = code;
    this.context = context;
  }

  get exitCode(): number {
    return errorCodes[this.code].exitCode;
  }

  /** Who is to mend it. */
  get fault(): Fault {
    return errorCodes[this.code].fault;
  }

  /** The same error with more of its place known; what is already known stays. */
  at(context: ErrorContext): TargetError {
    return new TargetError(this.code, this.message, { ...context, ...definedOnly(this.context) }, this.cause);
  }
}

function definedOnly(context: ErrorContext): ErrorContext {
  return Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));
}
