// What the SDK's client does with a server that fails: the real client, a server of a few lines.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { s3Client } from '../../../src/aws/s3-client.ts';
import { Secrets } from '../../../src/errors/secrets.ts';

type Answer = { readonly status: number; readonly code?: string } | 'reset';

describe('a request to S3', () => {
  let server: Server;
  let endpointUrl: string;
  let answers: Answer[];
  let tokens: string[];
  beforeAll(async () => {
    server = createServer((incoming, outgoing) => {
      tokens.push(String(incoming.headers['x-amz-security-token'] ?? ''));
      const answer = answers.shift() ?? { status: 200 };
      incoming.resume().on('end', () => {
        if (answer === 'reset') return outgoing.destroy();
        const body = answer.code ? `<Error><Code>${answer.code}</Code><Message>no</Message></Error>` : '';
        outgoing.writeHead(answer.status, { 'content-type': 'application/xml' }).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    answers = [];
    tokens = [];
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.spyOn(Math, 'random').mockReturnValue(0.02);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  const keys = { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'static' };
  const client = (settings = {}) =>
    s3Client({ endpointUrl, region: 'us-east-1', ...keys, retryMaxSeconds: 60, ...settings }, () => {}, new Secrets());
  const put = async (settings = {}) => {
    const s3 = await client(settings);
    await s3.putObject({ Bucket: 'b', Key: 'first', Body: 'x' });
    answers = [...failures];
    tokens = [];
    return s3.putObject({ Bucket: 'b', Key: 'k', Body: 'x' }).finally(() => s3.destroy());
  };
  let failures: Answer[] = [];

  test('is sent again far more often than the SDK would, whatever fails', async () => {
    failures = [
      { status: 503, code: 'SlowDown' },
      { status: 500, code: 'InternalError' },
      'reset',
      { status: 502 },
      { status: 504 },
      { status: 400, code: 'RequestTimeout' },
      { status: 429 },
      ...Array.from({ length: 12 }, () => ({ status: 503, code: 'SlowDown' })),
    ];
    await put();
    expect(tokens).toHaveLength(failures.length + 1);
  }, 30_000);

  test.each([
    { status: 403, code: 'AccessDenied' },
    { status: 403, code: 'SignatureDoesNotMatch' },
    { status: 403, code: 'InvalidAccessKeyId' },
    { status: 404, code: 'NoSuchBucket' },
    { status: 400, code: 'ExpiredToken' },
  ])('is final at once when it is refused: $code', async (answer) => {
    failures = [answer];
    await expect(put()).rejects.toMatchObject({ name: answer.code });
    expect(tokens).toEqual(['static']);
  });

  test('ends with the deadline, with what the server said last', async () => {
    failures = Array.from({ length: 10_000 }, () => ({ status: 503, code: 'SlowDown' }));
    const startedAt = performance.now();
    await expect(put({ retryMaxSeconds: 1 })).rejects.toMatchObject({ name: 'SlowDown' });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test('to a server that never answered is given up soon', async () => {
    vi.mocked(Math.random).mockReturnValue(0.5);
    const s3 = await client({ endpointUrl: 'http://127.0.0.1:1', retryMaxSeconds: 3_600 });
    const startedAt = performance.now();
    await expect(s3.putObject({ Bucket: 'b', Key: 'k', Body: 'x' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    s3.destroy();
  });
});
