// A failed statement → the coded error that a person is told: who refused it, and what that means for the load.
import { describeTried } from '../../errors/retry-budget.ts';
import { type ErrorContext, TargetError } from '../../errors/target-error.ts';
import type { StagedFile } from '../../formats/staged-file.ts';
import { requiredColumn } from '../sql/required-column.ts';
import { StatementError } from './statement-error.ts';

/**
 * Coded errors pass through, with their stream named; anything but a {@link StatementError} is a defect and stays as it is.
 * @param doubt for a failure that leaves open what was done: what a person is to know of the rows
 */
export function tableError(failure: unknown, context: ErrorContext, table: string, doubt?: string): unknown {
  const known = doubt === undefined ? '' : `; ${doubt}`;
  if (failure instanceof TargetError && failure.code.startsWith('DESTINATION_'))
    return new TargetError(failure.code, `${failure.message}${known}`, context, failure);
  if (failure instanceof TargetError) return failure.at(context);
  if (!(failure instanceof StatementError)) return failure;
  if (failure.outcome !== 'failed') {
    const tried = failure.tried === undefined ? '' : `, ${describeTried(failure.tried)}`;
    const detail = `table ${table}: the lakehouse gave no answer${tried} (${failure.message})${known}`;
    return new TargetError('LOAD_UNANSWERED', detail, context);
  }
  // of a struct's member each name of its path is on a line
  const required =
    failure
      .find(noValue)
      ?.trim()
      .split(/\s*\n\s*/)
      .join('.') ?? failure.find(noAssignment);
  if (required !== undefined) return requiredColumn(required, context);
  if (failure.errorClass === 'REQUIRES_SINGLE_PART_NAMESPACE') return wrongCatalog(failure, context, table);
  if (isForbidden(failure)) return new TargetError('TABLE_FORBIDDEN', `table ${table}: ${failure.message}`, context);
  return new TargetError('LOAD_FAILED', `table ${table}: ${failure.message}`, context);
}

/** A catalog that Spark does not know counts as the first part of a schema's name. */
function wrongCatalog({ message }: StatementError, context: ErrorContext, table: string): TargetError {
  const fix =
    'Correct "catalog": it must be the name of an Iceberg catalog that the lakehouse has, such as spark_catalog';
  return new TargetError('LOAD_FAILED', `table ${table}: the lakehouse has no such catalog: ${message}`, {
    ...context,
    fix,
  });
}

/** Spark's words for a NULL on its way into a NOT NULL column, and for an INSERT that does not name one: the column is quoted. */
const noValue = /null value appeared in non-nullable field:\s*\n((?:[^\n]+\n){1,64}?)If the schema/i;
export const noAssignment = /No assignment for '([^\n]+?)'/;

/** For statements that read staged files: one that can't be read is a matter of the stage, not of the table. */
export function stagedReadError(failure: unknown, files: readonly StagedFile[]): unknown {
  if (!(failure instanceof StatementError) || failure.outcome === 'unknown') return failure;
  const reason = unreadable(failure);
  if (reason === undefined) return failure;
  const stage = files[0]?.location.replace(/[^/]*$/, '') ?? '';
  return new TargetError('LOAD_FAILED', `the lakehouse can't read the stage ${stage}: ${reason}`, { fix: readableFix });
}

const readableFix =
  'Let the lakehouse read "s3_bucket" below "s3_key_prefix": its own configuration of S3 says with which endpoint and credentials, and "s3_uri_scheme" (s3a or s3) must be a scheme that it knows';

/** Why Spark can't read a file; undefined when the failure says nothing of the kind. */
export function unreadable(failure: StatementError): string | undefined {
  if (failure.says(/Status Code: 403|AccessDeniedException: s3/)) return 'S3 refused its credentials (HTTP 403)';
  if (failure.says(/NoSuchBucket|UnknownStoreException/)) return 'there is no such bucket for it';
  if (failure.says(/No AWS Credentials provided|NoAuthWithAWSException/)) return 'it has no credentials for S3';
  if (failure.says(/No FileSystem for scheme|UnsupportedFileSystemException/))
    return 'it has no file system for this kind of address';
  if (failure.errorClass === 'PATH_NOT_FOUND' || failure.says(/FileNotFoundException|FAILED_READ_FILE\.FILE_NOT_EXIST/))
    return 'the staged files are not there';
  return undefined;
}

/** Metastores, Ranger and catalogs each have their own words for it. */
const isForbidden = (failure: StatementError): boolean =>
  failure.says(
    /AccessControlException|Permission denied|does not have \[?\w+\]? privilege|AuthorizationException|Not authorized|INSUFFICIENT_PERMISSIONS|ForbiddenException/i,
  );
