// The S3 settings and the environment → whether somebody has said how S3 is called.
import type { S3ConnectionSettings } from './s3-client.ts';

/** Those that people set. A platform sets others by itself: with the role of a machine or a container alone S3 is not chosen. */
const variables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_S3',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
];

export function isS3Chosen(
  settings: S3ConnectionSettings,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  const { endpointUrl, region, accessKeyId, secretAccessKey, sessionToken, profile } = settings;
  const given = [endpointUrl, region, accessKeyId, secretAccessKey, sessionToken, profile];
  return [...given, ...variables.map((name) => environment[name])].some(Boolean);
}
