// A fault on the way to S3 → what to do about it, where the code's own advice does not fit.

const refusedTls = /wrong version number|packet length too long|EPROTO/i;
const untrusted = /CERT|SELF_SIGNED|ISSUER|UNABLE_TO_VERIFY/;
const unreachable = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'];

export interface NetworkFault {
  /** What happened, in the place of the network library's words; undefined where these are plain. */
  readonly words?: string;
  readonly fix: string;
}

/** @returns undefined for what is no fault of the network, or no known one */
export function networkFault(
  { code, message }: { readonly code: string; readonly message: string },
  endpointUrl: string | undefined,
): NetworkFault | undefined {
  if (refusedTls.test(code) || refusedTls.test(message))
    return {
      words: 'the server does not speak TLS (EPROTO)',
      fix: 'Begin "s3_endpoint_url" with http:// if the server has no TLS, or correct its port',
    };
  if (untrusted.test(code))
    return {
      words: `the server has no trusted certificate (${code})`,
      fix: 'Name the PEM file of the certificate authority in the variable NODE_EXTRA_CA_CERTS of the environment, or correct "s3_endpoint_url"',
    };
  if (message.includes('socket hang up') && endpointUrl?.startsWith('http:'))
    return {
      words: 'the server has closed the connection without an answer',
      fix: 'Begin "s3_endpoint_url" with https:// if the server has TLS, or correct its port',
    };
  if (!unreachable.includes(code)) return undefined;
  return endpointUrl === undefined
    ? { fix: 'Check the network and "s3_region_name"; a proxy is named by the variable HTTPS_PROXY' }
    : { fix: 'Check that "s3_endpoint_url" names the host and port of the S3 server, and that the server runs' };
}

/** Where there are no credentials. @param message of the SDK */
export const credentialsFixOf = (message: string): string =>
  message.includes('profile: [')
    ? 'Correct "aws_profile", or add the profile to the configuration files of AWS'
    : credentialsFix;

const credentialsFix =
  'Set "aws_access_key_id" and "aws_secret_access_key", or "aws_profile"; or the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; or run on a machine whose role may use the bucket';

/** Where S3 names the region of the bucket. @returns undefined for any other message */
export function regionFix(message: string): string | undefined {
  const region = /\bexpecting '([a-z\d-]{1,40})'/.exec(message)?.[1];
  return region === undefined ? undefined : `Set "s3_region_name" to "${region}"`;
}
