// What uploads ask S3 to encrypt with: seen by a server that notes the headers of every request.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type S3StageSettings, s3Stage } from '../../../src/stage/s3-stage.ts';

const seen: IncomingMessage[] = [];
const server = createServer(async (request, response) => {
  seen.push(request);
  for await (const _ of request);
  const { searchParams } = new URL(request.url!, 'http://s3');
  if (searchParams.has('uploads'))
    response.end('<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>');
  else if (request.method === 'POST')
    response.end('<CompleteMultipartUploadResult><ETag>"1"</ETag></CompleteMultipartUploadResult>');
  else response.writeHead(request.method === 'DELETE' ? 204 : 200, { etag: '"1"' }).end();
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => {
  seen.length = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const stage = (encryption: Partial<S3StageSettings>) =>
  s3Stage(
    {
      ...{ bucket: 'b', runFolder: 'run', uriScheme: 's3a', compression: 'none', keepFiles: true, heartbeatMs: 60_000 },
      ...{ accessKeyId: 'AKIA', secretAccessKey: 'secret', region: 'us-east-1' },
      endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ...encryption,
    },
    { info: () => {}, warn: () => {} },
  );

/** A heartbeat, a probe, an object of one part, and one of several. */
async function upload(encryption: Partial<S3StageSettings>) {
  const opened = stage(encryption);
  await opened.check();
  for (const bytes of [10, 20 * 1024 * 1024]) {
    const file = opened.create('orders');
    await file.write(new Uint8Array(bytes));
    await file.close();
  }
  await opened.close();
  const begun = seen.filter(({ method, url }) => /^PUT (?!.*partNumber)|^POST .*[?&]uploads/.test(`${method} ${url}`));
  return begun.map(({ method, headers }) => [
    method,
    headers['x-amz-server-side-encryption'],
    headers['x-amz-server-side-encryption-aws-kms-key-id'],
  ]);
}

const each = (...encryption: (string | undefined)[]) =>
  ['PUT', 'PUT', 'PUT', 'POST'].map((method) => [method, ...encryption]);

test('every upload names SSE-S3', async () => {
  expect(await upload({ sse: 'AES256' })).toEqual(each('AES256', undefined));
});

test('every upload names the key of SSE-KMS', async () => {
  expect(await upload({ sse: 'aws:kms', kmsKeyId: 'alias/rows' })).toEqual(each('aws:kms', 'alias/rows'));
});

test('without an option the bucket decides', async () => {
  expect(await upload({})).toEqual(each(undefined, undefined));
});

test('a key without SSE-KMS is refused', () => {
  for (const sse of [undefined, 'AES256'] as const)
    expect(() => stage({ sse, kmsKeyId: 'alias/rows' })).toThrow('"s3_kms_key_id" needs "s3_sse" to be "aws:kms"');
});
