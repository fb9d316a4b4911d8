// Mistakes of new users about S3 → what `check` says, which tries the stage first.
import { lakehouse, type Mistake, unverified } from './mistake.ts';

const noAwsFiles = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nowhere/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
};
const credentialsFix =
  'Set "aws_access_key_id" and "aws_secret_access_key", or "aws_profile"; or the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; or run on a machine whose role may use the bucket.';

/** @param failing its step and its error, as they are printed */
const stage = (mistake: string, options: object, failing: string, more: Partial<Mistake> = {}): Mistake => ({
  mistake: `a stage ${mistake}`,
  args: ['check', '--config', 'my.json'],
  files: { 'my.json': { ...lakehouse, ...options } },
  exit: 6,
  says: [unverified],
  prints: `${failing}\na run would fail\n`,
  ...more,
});

const written = (url: string, error: string) =>
  `✓ find AWS credentials (… s)\n✗ write to the stage (… s)\n  STAGE_FAILED: The stage "s3://stage/" on S3 at ${url} failed: ${error}`;
const checkServer = 'Check that "s3_endpoint_url" names the host and port of the S3 server, and that the server runs.';

export const stageMistakes: readonly Mistake[] = [
  stage(
    'whose server does not run',
    { s3_endpoint_url: 'http://127.0.0.1:1' },
    written('http://127.0.0.1:1', `connect ECONNREFUSED 127.0.0.1:1. ${checkServer}`),
  ),
  stage(
    'on a host that nobody knows',
    { s3_endpoint_url: 'http://s3.invalid:1' },
    written('http://s3.invalid:1', `getaddrinfo ENOTFOUND s3.invalid. ${checkServer}`),
    { says: [unverified, plain('s3.invalid:1')] },
  ),
  stage(
    'with https:// for a server without TLS',
    { s3_endpoint_url: 'https://127.0.0.1:STORE' },
    written(
      'https://127.0.0.1:STORE',
      'the server does not speak TLS (EPROTO). Begin "s3_endpoint_url" with http:// if the server has no TLS, or correct its port.',
    ),
  ),
  stage(
    'with http:// for a server with TLS',
    { s3_endpoint_url: 'http://127.0.0.1:LAKE' },
    written(
      'http://127.0.0.1:LAKE',
      'the server has closed the connection without an answer. Begin "s3_endpoint_url" with https:// if the server has TLS, or correct its port.',
    ),
  ),
  stage(
    'whose certificate nobody vouches for',
    { s3_endpoint_url: 'https://127.0.0.1:LAKE' },
    written(
      'https://127.0.0.1:LAKE',
      'the server has no trusted certificate (DEPTH_ZERO_SELF_SIGNED_CERT). Name the PEM file of the certificate authority in the variable NODE_EXTRA_CA_CERTS of the environment, or correct "s3_endpoint_url".',
    ),
  ),
  stage(
    'in another region',
    { s3_region_name: 'us-east-1' },
    `✓ find AWS credentials (… s)\n✗ write to the stage (… s)\n  STAGE_BUCKET_MISSING: S3 at http://127.0.0.1:STORE has no bucket "stage" here: AuthorizationHeaderMalformed: The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-central-1' (HTTP 400). Set "s3_region_name" to "eu-central-1".`,
    {
      stores: {
        status: 400,
        xml: "<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-central-1'</Message><Region>eu-central-1</Region></Error>",
      },
    },
  ),
  stage(
    'without credentials',
    { aws_access_key_id: null, aws_secret_access_key: null },
    `✗ find AWS credentials (… s)\n  STAGE_AUTH: There are no AWS credentials for the stage "s3://stage/": Could not load credentials from any providers. ${credentialsFix}`,
    { env: noAwsFiles },
  ),
  stage(
    'with half a key',
    { aws_secret_access_key: null },
    `✗ find AWS credentials (… s)\n  STAGE_AUTH: there is an AWS access key id but no secret access key. Set "aws_secret_access_key" as well, or the variable AWS_SECRET_ACCESS_KEY.`,
    { env: noAwsFiles },
  ),
  stage(
    'with a profile that is not there',
    { aws_access_key_id: null, aws_secret_access_key: null, aws_profile: 'nope' },
    `✗ find AWS credentials (… s)\n  STAGE_AUTH: There are no AWS credentials for the stage "s3://stage/": Could not resolve credentials using profile: [nope] in configuration/credentials file(s). Correct "aws_profile", or add the profile to the configuration files of AWS.`,
    { env: noAwsFiles },
  ),
];

function plain(server: string): string {
  return `WARNING "s3_endpoint_url" is http://${server}: rows and session tokens go there unencrypted. Use https:// where you can`;
}
