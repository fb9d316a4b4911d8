// A statement that did not succeed: what may be shown of the reason, and whether it may have taken effect.
import type { Tried } from '../../errors/retry-budget.ts';
import { readServerText } from './server-text.ts';

/**
 * `not-started`: it never reached a session, so it may be run again in a new one.
 * `failed`: Spark ended it with an error; a commit, if it came to one, did not happen.
 * `unknown`: the answer was lost or does not tell, so it may have been carried out.
 */
export type Outcome = 'not-started' | 'failed' | 'unknown';

/** `message` may be shown: it holds no values of rows. */
export class StatementError extends Error {
  readonly outcome: Outcome;
  readonly errorClass: string | undefined;
  /** What was done before giving up on it. */
  tried: Tried | undefined;
  /** All that the server said, which may quote rows: for decisions, never for messages. */
  private readonly serverText: string;

  constructor(outcome: Outcome, serverText: string) {
    const { errorClass, line } = readServerText(serverText);
    super(line);
    this.name = 'StatementError';
    this.outcome = isCommitUnknown(serverText) ? 'unknown' : outcome;
    this.errorClass = errorClass;
    this.serverText = serverText;
  }

  /** @param failure what the client threw: the server's text may be in either of two places. */
  static from(failure: unknown, outcome: Outcome): StatementError {
    const { response, message } = (failure ?? {}) as { response?: { errorMessage?: unknown }; message?: unknown };
    const text = [response?.errorMessage, message].find((part) => typeof part === 'string' && part !== '');
    return new StatementError(outcome, typeof text === 'string' ? text : 'no reason given');
  }

  /** What the pattern's first group matches in what the server said: never for a group that could match a row's values. */
  find(pattern: RegExp): string | undefined {
    return pattern.exec(this.serverText)?.[1];
  }

  says(pattern: RegExp): boolean {
    return pattern.test(this.serverText);
  }

  /** Another writer committed first. Nothing of this statement was committed, so it may be run again. */
  get isConflict(): boolean {
    return this.outcome === 'failed' && this.says(conflict);
  }
}

const isCommitUnknown = (serverText: string): boolean => /CommitStateUnknownException/.test(serverText);

/** Iceberg's words for losing a race: for the table's pointer, for the files that a MERGE has read, or while it reads them. */
const conflict =
  /CommitFailedException|ValidationException: (?:Found|Missing|Cannot commit)|Found (?:new )?conflicting|Concurrent\w{0,80}Exception|table has been concurrently modified/;

/** There is no such table, view or schema. */
export const isMissing = (failure: unknown): boolean =>
  failure instanceof StatementError &&
  (missing.has(failure.errorClass ?? '') ||
    failure.says(/NoSuchTableException|NoSuchNamespaceException|NoSuchDatabaseException/));
const missing = new Set(['TABLE_OR_VIEW_NOT_FOUND', 'SCHEMA_NOT_FOUND', 'DATABASE_NOT_FOUND']);
