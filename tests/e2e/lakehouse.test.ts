// The stand-in itself: that it refuses and fails the way a lakehouse does, without any client of ours.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { describeLakehouse, type LakehouseDetails, ownGateway } from '../setup/lakehouse.ts';

describeLakehouse('the stand-in lakehouse', (details) => {
  test('lets the right password on the right path through to Spark', async () => {
    // Spark answers an empty body with its own error; the gateway's are 401, 404, 502 and 503.
    expect(await statusOf(details)).toBe(500);
  });

  test('answers a wrong password with 401', async () => {
    expect(await statusOf({ ...details, password: `${details.password}x` })).toBe(401);
  });

  test('answers a path of no lakehouse with 404', async () => {
    expect(await statusOf({ ...details, httpPath: `${details.httpPath}x` })).toBe(404);
  });

  test('is trusted only by those who trust its certificate', async () => {
    await expect(statusOf(details, { ca: undefined })).rejects.toThrow(/self-signed certificate/);
  });

  test('answers 503 while it starts, and comes back', async () => {
    const { details: own, gateway } = await ownGateway(details);
    try {
      await fetch(`${own.controlUrl}/mode/starting`, { method: 'POST' });
      expect(await statusOf(own)).toBe(503);
      await fetch(`${own.controlUrl}/mode/up`, { method: 'POST' });
      expect(await statusOf(own)).toBe(500);
    } finally {
      await gateway.close();
    }
  });

  test('drops connections on demand', async () => {
    const { details: own, gateway } = await ownGateway(details);
    try {
      gateway.setMode('reset');
      await expect(statusOf(own)).rejects.toThrow('socket hang up');
    } finally {
      await gateway.close();
    }
  });

  test('keeps what is put into its bucket', async () => {
    const s3 = s3Client(details);
    const object = { Bucket: details.s3.bucket, Key: 'integration/lakehouse.txt' };
    await s3.send(new PutObjectCommand({ ...object, Body: 'kept' }));
    const { Body } = await s3.send(new GetObjectCommand(object));
    expect(await Body?.transformToString()).toBe('kept');
  });

  test('refuses a wrong S3 secret', async () => {
    const s3 = s3Client({ ...details, s3: { ...details.s3, secretAccessKey: 'wrong' } });
    const put = s3.send(new PutObjectCommand({ Bucket: details.s3.bucket, Key: 'integration/refused', Body: 'x' }));
    await expect(put).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });
});

async function statusOf(
  details: LakehouseDetails,
  tls: object = { ca: readFileSync(details.caFile) },
): Promise<number> {
  const { host, port, httpPath, user, password } = details;
  const headers = { 'content-type': 'application/x-thrift' };
  const options = { host, port, path: httpPath, auth: `${user}:${password}`, method: 'POST', headers, agent: false };
  const call = request({ ...options, ...tls }).end();
  const [response] = await once(call, 'response');
  response.resume();
  return response.statusCode;
}

function s3Client({ s3 }: LakehouseDetails): S3Client {
  return new S3Client({ endpoint: s3.endpoint, region: s3.region, credentials: s3, forcePathStyle: true });
}
