// What DuckDB threw → a coded error. DuckDB tells kinds of errors apart by their text only.
import { messageOf } from '../../errors/message-of.ts';
import { type ErrorContext, TargetError } from '../../errors/target-error.ts';
import { requiredColumn } from '../sql/required-column.ts';

/** For the opening of a file. */
export function openError(error: unknown, path: string): TargetError {
  const text = firstLine(error);
  if (isDiskFull(text)) return new TargetError('STAGE_DISK_FULL', text);
  if (/Could not set lock/i.test(text)) {
    const holder = /held in (.+? \(PID \d+\))/.exec(text)?.[1] ?? 'another process';
    return new TargetError('DESTINATION_BUSY', `the DuckDB file ${path} is open in ${holder}`);
  }
  if (/different configuration/i.test(text)) {
    return new TargetError('DESTINATION_BUSY', `the DuckDB file ${path} is open in this process`);
  }
  const known = unopened.find(({ says }) => says.test(text));
  if (known !== undefined) return new TargetError('DESTINATION_FILE', known.what(path), { fix: known.fix });
  return new TargetError('DESTINATION_FILE', `cannot open the DuckDB file ${path}: ${text}${memoryAdvice(error)}`);
}

/** What DuckDB says of a file that it can't open, and what a person is told. */
const unopened = [
  {
    says: /Is a directory/,
    what: (path: string) => `${path} is a folder, not a DuckDB file`,
    fix: 'Name a file with "duckdb_path"',
  },
  {
    says: /not a valid DuckDB database file/,
    what: (path: string) => `${path} is a file, but not a DuckDB database`,
    fix: 'Name another file with "duckdb_path", or move this one away',
  },
  {
    says: /No such file or directory/i,
    what: (path: string) => `the folder of the DuckDB file ${path} does not exist`,
    fix: 'Make the folder, or correct "duckdb_path"',
  },
  {
    says: /Permission denied/i,
    what: (path: string) => `this user may not open the DuckDB file ${path}`,
    fix: 'Change the rights of the file and its folder, or name another file with "duckdb_path"',
  },
] as const;

/** For a log that could not be written into its file when the file was closed. */
export function checkpointWarning(error: unknown, path: string): string {
  const reason = firstLine(error).replace(/^FATAL Error: Failed to create checkpoint because of error: /, '');
  return `${path}.wal could not be written into ${path}: ${reason}${memoryAdvice(error)}. Nothing is lost: whoever opens the file reads ${path}.wal too, which takes longer from run to run`;
}

const memoryAdvice = (error: unknown): string => (isOutOfMemory(error) ? '; "duckdb_memory_limit" may be too low' : '');

/** For statements. Coded errors pass through, with more of their place known. */
export function statementError(error: unknown, context: ErrorContext): TargetError {
  if (error instanceof TargetError) return error.at(context);
  const text = firstLine(error);
  if (isDiskFull(text)) return new TargetError('STAGE_DISK_FULL', text, context);
  const required = /NOT NULL constraint failed: [^.]*\.(.+)$/m.exec(messageOf(error))?.[1];
  if (required !== undefined) return requiredColumn(required, context);
  const constraint = brokenConstraint(error);
  if (constraint !== undefined)
    return new TargetError('TABLE_CONSTRAINT', `${constraint.what}: nothing of this load is in the table`, {
      ...context,
      column: constraint.column,
    });
  return new TargetError('LOAD_FAILED', `${text}${memoryAdvice(error)}`, context);
}

/** The CSV reader says so of a row that is longer than its buffer, in one of several ways. */
export const isCsvError = (error: unknown): boolean => /CSV Error|maximum line size/i.test(messageOf(error));

/** A file that is no Parquet, is cut off, is gone, or that may not be read. */
export const isParquetError = (error: unknown): boolean =>
  /^(IO|Invalid Input|Invalid|Not implemented|Corrupt\w*|TProtocolException|Permission) Error|No magic bytes|[Pp]arquet|snappy|zstd|Thrift|TProtocol/i.test(
    messageOf(error),
  ) &&
  !isOutOfMemory(error) &&
  !isDiskFull(messageOf(error));

/** A commit says it in other words. */
export const isOutOfMemory = (error: unknown): boolean =>
  /^Out of Memory Error|(failed to (pin|allocate)|could not allocate) block/.test(messageOf(error)) &&
  !isDiskFull(messageOf(error));

export const isConstraintError = (error: unknown): boolean => messageOf(error).startsWith('Constraint Error');

export interface BrokenConstraint {
  /** As DuckDB's catalog calls them. */
  readonly kinds: readonly string[];
  /** For people. Names of columns and expressions may be shown; values, which stand beside them, may not. */
  readonly what: string;
  readonly column?: string | undefined;
  /** Of a CHECK, as the catalog has it. */
  readonly text?: string;
}

export function brokenConstraint(error: unknown): BrokenConstraint | undefined {
  const message = messageOf(error);
  const check = /^Constraint Error: CHECK constraint failed on table .+ with expression (CHECK\(.+\))$/m;
  const text = check.exec(message)?.[1];
  if (text !== undefined)
    return { kinds: ['CHECK'], what: `a row breaks the table's constraint ${withoutTexts(text)}`, text };
  const column = /key "([^":]+): /.exec(message)?.[1];
  if (/is still referenced by a foreign key/.test(message)) {
    const what = "a row can't be removed or changed, as a foreign key of another table refers to it";
    return { kinds: [], what, column };
  }
  // The column that DuckDB names here is one of the other table.
  if (/Violates foreign key constraint/.test(message))
    return { kinds: ['FOREIGN KEY'], what: "a row refers to one that is not there, by the table's foreign key" };
  const isUnique = /violates (unique|primary key) constraint|(PRIMARY KEY|UNIQUE).* constraint violat/i.test(message);
  const what = "two rows are alike in the table's PRIMARY KEY or UNIQUE constraint";
  return isUnique ? { kinds: ['PRIMARY KEY', 'UNIQUE'], what, column } : undefined;
}

/** A text in an expression may be the very value that the row has. */
const withoutTexts = (expression: string): string => expression.replace(/'(?:[^']|'')*'/g, "'…'");

const isDiskFull = (text: string): boolean => /No space left|max_temp_directory_size/i.test(text);

/** The lines after the first repeat the statement or the row; of some kinds the first line quotes a value as well. */
function firstLine(error: unknown): string {
  const message = messageOf(error);
  // Says which setting was exceeded only further down, and never a value.
  if (/max_temp_directory_size/.test(message)) return 'no more room for temporary files (max_temp_directory_size)';
  const line = message.split('\n', 1)[0]!.trim();
  if (!quotesValues.test(line)) return line;
  return line.replace(/['"].*(['"]|$)/, '…').replace(/\bvalue \S+/gi, 'value …');
}

const quotesValues = /\b(Conversion|Invalid Input|Out of Range|Constraint|Mismatch Type|Invalid Type) Error/;
