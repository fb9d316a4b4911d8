// Files that a BATCH names, local and on a server that breaks connections as S3 now and then does.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { batchFiles } from '../../../src/input/batch-file-store.ts';
import { MemoryStage } from '../../support/scripted-parts.ts';

let folder: string;
let server: Server;
let requests: IncomingMessage[];
/** Bytes after which each answer breaks off; the last counts for all that follow. */
let breaks: (number | undefined)[];
const body = Buffer.from(Array.from({ length: 50_000 }, (_, id) => `{"id":${id}}\n`).join(''));
let stored = body;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'target-batch-'));
  server = createServer((incoming, outgoing) => {
    requests.push(incoming);
    if (!incoming.url?.includes('there')) return outgoing.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
    const from = Number(/bytes=(\d+)-/.exec(incoming.headers.range ?? '')?.[1] ?? 0);
    const rest = stored.subarray(from);
    outgoing.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length, etag: '"e"' });
    const limit = breaks.length > 1 ? breaks.shift() : breaks[0];
    if (limit === undefined) return outgoing.end(rest);
    outgoing.write(rest.subarray(0, limit), () => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  requests = [];
  breaks = [undefined];
  stored = body;
});

function open(readable: 'local' | 's3' = 's3') {
  const stage = new MemoryStage();
  const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const access = { endpointUrl, region: 'r', accessKeyId: 'key', secretAccessKey: 'geheim' };
  return { stage, files: batchFiles({ ...access, readable, uriScheme: 's3a' }, stage, () => {}) };
}

async function read(name: string, compression: 'gzip' | 'none' = 'none'): Promise<Buffer> {
  const { files } = open();
  const source = await files.open(name, compression);
  const chunks: Buffer[] = [];
  for (let bytes = await source.read(); bytes; bytes = await source.read()) chunks.push(Buffer.from(bytes));
  source.close();
  await files.close();
  return Buffer.concat(chunks);
}

test('an object is read to its end, over connections that break', async () => {
  breaks = [100_000, 0, 200_000, undefined];
  expect((await read('s3://b/there')).equals(body)).toBe(true);
  expect(requests.map(({ headers }) => headers.range)).toEqual([
    undefined,
    ...requests.slice(1).map(() => expect.stringMatching(/^bytes=\d+-$/)),
  ]);
  expect(requests.length).toBeGreaterThan(2);
  expect(requests.at(-1)!.headers['if-match']).toBe('"e"');
});

test('a compressed object is, too', async () => {
  stored = gzipSync(body);
  breaks = [10_000, undefined];
  expect((await read('s3://b/there', 'gzip')).equals(body)).toBe(true);
});

test('an object that is not there is named, and no secret is', async () => {
  const refused = {
    code: 'INPUT_BATCH_FILE',
    context: { file: 's3://b/gone' },
    message: expect.stringMatching(/NoSuchKey/),
  };
  await expect(read('s3://b/gone')).rejects.toMatchObject(refused);
});

test('a destination that reads S3 gets the object’s address, and nothing is read here', async () => {
  const { files, stage } = open('s3');
  expect(await files.place('s3://b/a b/=1.parquet')).toEqual({
    name: 's3://b/a b/=1.parquet',
    location: 's3a://b/a b/=1.parquet',
  });
  await files.close();
  expect(requests).toEqual([]);
  expect(stage.files.size).toBe(0);
});

test('what a destination can’t read is copied unchanged, and only the copy is removed', async () => {
  const file = join(folder, 'x.parquet');
  await writeFile(file, body);
  const local = open('s3');
  const placed = await local.files.place(`file://${file}`);
  expect(local.stage.files.get(placed.location)?.equals(body)).toBe(true);
  await local.files.release([placed]);
  expect(local.stage.removed).toEqual([placed.location]);

  const remote = open('local');
  const fetched = await remote.files.place('s3://b/there');
  expect(remote.stage.files.get(fetched.location)?.equals(body)).toBe(true);
  await remote.files.close();
  expect(remote.stage.removed).toEqual([fetched.location]);
  expect(await remote.files.place(file)).toEqual({ name: file, location: file });
});

test.each(['_hidden.parquet', '.dot.parquet', 'a[1].parquet', 'a*.parquet'])(
  'Spark would not find %s by its name: it is copied',
  async (key) => {
    const { files, stage } = open('s3');
    const placed = await files.place(`s3://b/there/${key}`);
    expect(stage.files.get(placed.location)?.equals(body)).toBe(true);
    await files.close();
  },
);
