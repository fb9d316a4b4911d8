// What is asked of an S3 server, and at what pace, with one that answers as told.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { s3Orphans } from '../../../src/stage/s3-orphans.ts';
import { s3Stage } from '../../../src/stage/s3-stage.ts';

const runId = '20240101T000000Z-9f2c41d0';
const written = Date.UTC(2024, 0, 1, 12);
const minutes = (count: number) => count * 60_000;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Answer {
  readonly status?: number;
  readonly body?: string;
  readonly date?: Date;
}

async function fakeS3(answer: (request: IncomingMessage) => Answer | Promise<Answer>) {
  const server = createServer(async (request, response) => {
    request.resume();
    const { status = 200, body = '', date = new Date() } = await answer(request);
    response.writeHead(status, { date: date.toUTCString(), 'content-type': 'application/xml', etag: '"x"' });
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return {
    endpointUrl: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    accessKeyId: 'k',
    secretAccessKey: 'secret',
    bucket: 'b',
  };
}

const object = (key: string) =>
  `<Contents><Key>${key}</Key><LastModified>${new Date(written).toISOString()}</LastModified><Size>3</Size></Contents>`;

/** A bucket that holds one run, and a clock that shows a time of its own. */
const bucketAt = (
  nowMs: number,
  keys: readonly string[],
  uploads: Answer = { body: '<ListMultipartUploadsResult/>' },
) =>
  fakeS3(({ url = '' }) => {
    const date = new Date(nowMs);
    if (url.includes('uploads')) return { date, ...uploads };
    if (!url.includes('list-type=2')) return { date, body: '{"machine":"elsewhere","pid":1}' };
    const found = url.includes('delimiter')
      ? `<CommonPrefixes><Prefix>p/${runId}/</Prefix></CommonPrefixes><CommonPrefixes><Prefix>p/other/</Prefix></CommonPrefixes>`
      : keys.map((name) => object(`p/${runId}/${name}`)).join('');
    return { date, body: `<ListBucketResult><IsTruncated>false</IsTruncated>${found}</ListBucketResult>` };
  });

describe('a run of another machine', () => {
  const staged = 'orders-1-9f2c41d07a3b.csv.gz';

  test.each([
    ['is alive nine minutes after its heartbeat, by the clock of the store', 9, ['heartbeat', staged], true],
    ['is dead eleven minutes after it', 11, ['heartbeat', staged], false],
    ['that has no heartbeat is alive while its files are young', 9, [staged], true],
    ['that has none is dead when its files are old', 11, [staged], false],
  ] as const)('%s', async (_, age, keys, isAlive) => {
    const s3 = await bucketAt(written + minutes(age), keys);
    const found = await s3Orphans({ ...s3, keyPrefix: 'p' }, () => {});
    found.close();
    expect([...found.deadRuns]).toEqual(isAlive ? [] : [runId]);
    expect(found.things.map(({ what, place, bytes }) => [what, place, bytes])).toEqual(
      isAlive ? [] : [['staged file', `s3://b/p/${runId}/${staged}`, 3]],
    );
    expect(found.last).toHaveLength(!isAlive && keys.length === 2 ? 1 : 0);
    expect(found.skipped).toHaveLength(isAlive ? 1 : 0);
  });

  test('is found where uploads may not be listed, too, and a warning says so', async () => {
    const refused = { status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' };
    const s3 = await bucketAt(written + minutes(11), ['heartbeat', staged], refused);
    const warnings: string[] = [];
    const found = await s3Orphans({ ...s3, keyPrefix: 'p' }, (message) => warnings.push(message));
    found.close();
    expect(found.things).toHaveLength(1);
    expect(warnings).toEqual([
      expect.stringMatching(/^Uploads that were never finished can't be listed: AccessDenied/),
    ]);
  });
});

test('of 300 files that are closed at once, no more than 16 are on their way', async () => {
  let [now, most, all] = [0, 0, 0];
  const s3 = await fakeS3(async ({ method }) => {
    if (method !== 'PUT') return { status: 204 };
    most = Math.max(most, ++now);
    all++;
    await sleep(5);
    now--;
    return {};
  });
  const warnings: string[] = [];
  const log = { info: () => {}, warn: (message: string) => warnings.push(message) };
  const stage = s3Stage({ ...s3, uriScheme: 's3a', compression: 'none', keepFiles: false, runFolder: 'r' }, log);
  const files = Array.from({ length: 300 }, (_, index) => stage.create(`s${index}`));
  await Promise.all(files.map((file) => file.write(Buffer.from('x'))));
  await Promise.all(files.map((file) => file.close()));
  expect({ all, isBounded: most <= 16, isParallel: most > 4, warnings }).toEqual({
    all: 300,
    isBounded: true,
    isParallel: true,
    warnings: [],
  });
  await stage.close();
});
