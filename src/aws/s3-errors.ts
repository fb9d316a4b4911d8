// What the S3 client throws → a coded error of one line.
import type { ErrorCode } from '../errors/codes.ts';
import type { Secrets } from '../errors/secrets.ts';
import { TargetError } from '../errors/target-error.ts';
import { perhapsProxy, proxyWords } from '../network/proxy.ts';
import { credentialsFixOf, networkFault, regionFix } from './s3-fix.ts';

export interface S3Place {
  readonly bucket: string;
  readonly prefix: string;
  /** Undefined for AWS. */
  readonly endpointUrl?: string | undefined;
  /** Taken out of every message. */
  readonly secrets: Secrets;
}

const wrongPlace = new Set([
  'NoSuchBucket',
  'InvalidBucketName',
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
]);

const refused = new Set([
  'AccessDenied',
  'AllAccessDisabled',
  'AccountProblem',
  'CredentialsProviderError',
  'ExpiredToken',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'TokenRefreshRequired',
]);

/** The SDK's error is not kept as a cause: what a server echoes into its fields can hold the session token. */
export function s3Error(error: unknown, place: S3Place): TargetError {
  if (error instanceof TargetError) return error;
  const isOfProxy = proxyWords(error) !== undefined;
  const code = isOfProxy ? 'STAGE_FAILED' : codeOf(error);
  const fields = fieldsOf(error);
  const fault = isOfProxy ? undefined : networkFault(fields, place.endpointUrl);
  const reason = fault?.words ?? s3Reason(error, place.secrets);
  const fix = hasNoCredentials(code, error)
    ? credentialsFixOf(fields.message)
    : (fault?.fix ?? regionFix(fields.message));
  return new TargetError(code, `${opening(code, error, place)}: ${reason}`, { fix });
}

/** `AccessDenied: Access Denied (HTTP 403, request 5C3D…)`: the server's or the network's own words, on one line. */
export function s3Reason(error: unknown, secrets: Secrets): string {
  const { name, message, code } = fieldsOf(error, (text) => secrets.redact(text));
  const { httpStatusCode, requestId } = answerOf(error);
  const proxy = proxyWords(error);
  if (proxy !== undefined) return proxy;
  const isForeign = notS3(message) || (message === 'UnknownError' && perhapsProxy(httpStatusCode) !== '');
  const ownWords = isForeign
    ? `the answer is not that of an S3 server${perhapsProxy(httpStatusCode)}`
    : message || code || 'no further detail';
  const title = name && !plainNames.has(name) ? `${name}: ` : '';
  const details = [httpStatusCode && `HTTP ${httpStatusCode}`, requestId && `request ${requestId}`].filter(Boolean);
  const text = `${title}${ownWords}`.replace(/\s+/g, ' ').replace(/(?<![.\s])[.\s]+$/, '');
  const line = details.length === 0 ? text : `${text} (${details.join(', ')})`;
  const unsigned = line.replace(/((?:Signature|X-Amz-Security-Token|X-Amz-Credential)=)[^&\s",]+/gi, '$1***');
  return secrets.redact(unsigned);
}

/** They say less than the message beside them. */
const plainNames = new Set(['Error', 'AggregateError', 'SyntaxError', 'CredentialsProviderError']);

/** The name that S3 gives an error, such as `NoSuchUpload`. */
export const s3ErrorName = (error: unknown): string => fieldsOf(error).name;

/** The status of the server's answer; undefined when there was none. */
export const s3Status = (error: unknown): number | undefined => answerOf(error).httpStatusCode;

function codeOf(error: unknown): ErrorCode {
  const { name, message } = fieldsOf(error);
  const status = s3Status(error);
  if (wrongPlace.has(name)) return 'STAGE_BUCKET_MISSING';
  if (refused.has(name) || status === 401 || status === 403) return 'STAGE_AUTH';
  return status === 404 && !notS3(message) && !/^NoSuch/.test(name) ? 'STAGE_BUCKET_MISSING' : 'STAGE_FAILED';
}

function opening(code: ErrorCode, error: unknown, place: S3Place): string {
  const server = place.endpointUrl ? ` at ${place.endpointUrl}` : '';
  if (code === 'STAGE_BUCKET_MISSING') return `S3${server} has no bucket "${place.bucket}" here`;
  const stage = `"s3://${place.bucket}/${place.prefix}"`;
  if (code === 'STAGE_AUTH') {
    return hasNoCredentials(code, error)
      ? `There are no AWS credentials for the stage ${stage}`
      : `S3${server} refused access to the stage ${stage}`;
  }
  return `The stage ${stage}${server && ` on S3${server}`} failed`;
}

/** Nothing was asked of S3. */
const hasNoCredentials = (code: ErrorCode, error: unknown): boolean =>
  code === 'STAGE_AUTH' && s3Status(error) === undefined;

const notS3 = (message: string): boolean => message.includes('Deserialization error');

function fieldsOf(error: unknown, redact = (shown: string) => shown): { name: string; message: string; code: string } {
  const { name, message, code } = (error ?? {}) as { name?: unknown; message?: unknown; code?: unknown };
  return { name: text(name, redact), message: text(message, redact), code: text(code, redact) };
}

function answerOf(error: unknown): { httpStatusCode?: number; requestId?: string } {
  return (error as { $metadata?: { httpStatusCode?: number; requestId?: string } } | null)?.$metadata ?? {};
}

/** Longer texts are no message, and would take long to search. */
const maxText = 8192;

/** Secrets go before the text is cut: half a secret would not be found. */
const text = (value: unknown, redact: (shown: string) => string): string =>
  typeof value === 'string' ? redact(value.slice(0, 8 * maxText)).slice(0, maxText) : '';
