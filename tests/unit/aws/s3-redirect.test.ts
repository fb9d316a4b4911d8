// An S3 that sends the client elsewhere: what is staged, and its signature, go nowhere but to the endpoint.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, expect, it } from 'vitest';
import { s3Client } from '../../../src/aws/s3-client.ts';
import { Secrets } from '../../../src/errors/secrets.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serverThat(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.each([301, 302, 307, 308])('HTTP %i is not followed', async (status) => {
  let elsewhere = 0;
  const other = await serverThat((request, response) => {
    elsewhere++;
    request.resume();
    response.end();
  });
  const endpointUrl = await serverThat((request, response) => {
    request.resume();
    response.writeHead(status, { location: `${other}${request.url}`, 'x-amz-bucket-region': 'eu-west-1' }).end();
  });
  const keys = { accessKeyId: 'a', secretAccessKey: 'b' };
  const settings = { endpointUrl, region: 'us-east-1', ...keys, retryMaxSeconds: 0 };
  const client = await s3Client(settings, () => {}, new Secrets());
  const put = client.send(new PutObjectCommand({ Bucket: 'stage', Key: 'k', Body: 'rows' }));
  await expect(put).rejects.toMatchObject({ $metadata: { httpStatusCode: status } });
  client.destroy();
  expect(elsewhere).toBe(0);
});
