// Whether somebody has said how S3 is called.
import { expect, test } from 'vitest';
import { isS3Chosen } from '../../../src/aws/s3-chosen.ts';

test.each([
  ['an endpoint', { endpointUrl: 'https://s3.example' }, {}],
  ['a region', { region: 'eu-central-1' }, {}],
  ['a key', { accessKeyId: 'key' }, {}],
  ['a profile', { profile: 'loader' }, {}],
  ['keys of the environment', {}, { AWS_ACCESS_KEY_ID: 'key' }],
  ['a profile of the environment', {}, { AWS_PROFILE: 'loader' }],
  ['a role that the environment names', {}, { AWS_ROLE_ARN: 'arn:aws:iam::1:role/loader' }],
])('%s is enough', (_, settings, environment) => {
  expect(isS3Chosen(settings, environment)).toBe(true);
});

test.each([
  ['nothing', {}],
  ['the role of a container', { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/x', AWS_EXECUTION_ENV: 'AWS_ECS_EC2' }],
  ['what a run sets by itself', { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }],
  ['an empty variable', { AWS_PROFILE: '' }],
])('%s is not', (_, environment) => {
  expect(isS3Chosen({ retryMaxSeconds: 5 }, environment)).toBe(false);
});
