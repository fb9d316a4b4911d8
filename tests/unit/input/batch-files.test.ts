// Files that a BATCH names, local and on a server that breaks connections as S3 now and then does.

import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { batchFiles } from '../../../src/input/batch-file-store.ts';
import { plainFileBytes } from '../../../src/input/plain-file.ts';
import { MemoryStage } from '../../support/scripted-parts.ts';

let folder: string;
let server: Server;
let requests: IncomingMessage[];
/** Bytes after which each answer breaks off; the last counts for all that follow. */
let breaks: (number | undefined)[];
/** With the ends of a Parquet file around them. */
const parquet = Buffer.concat([Buffer.from('PAR1'), Buffer.from('rows of a file'), Buffer.from('PAR1')]);
const body = Buffer.from(Array.from({ length: 50_000 }, (_, id) => `{"id":${id}}\n`).join(''));
let stored = body;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'target-batch-')));
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

function open(readable: 'local' | 's3' = 's3', sources?: readonly string[]) {
  const stage = new MemoryStage();
  const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const access = { endpointUrl, region: 'r', accessKeyId: 'key', secretAccessKey: 'geheim' };
  return { stage, files: batchFiles({ ...access, readable, uriScheme: 's3a', sources }, stage, () => {}) };
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
  await writeFile(file, parquet);
  stored = parquet;
  const local = open('s3');
  const placed = await local.files.place(`file://${file}`);
  expect(local.stage.files.get(placed.location)?.equals(parquet)).toBe(true);
  await local.files.release([placed]);
  expect(local.stage.removed).toEqual([placed.location]);

  const remote = open('local');
  const fetched = await remote.files.place('s3://b/there');
  expect(remote.stage.files.get(fetched.location)?.equals(parquet)).toBe(true);
  await remote.files.close();
  expect(remote.stage.removed).toEqual([fetched.location]);
  expect(await remote.files.place(file)).toEqual({ name: file, location: file });
});

test.each(['_hidden.parquet', '.dot.parquet', 'a[1].parquet', 'a*.parquet'])(
  'Spark would not find %s by its name: it is copied',
  async (key) => {
    const { files, stage } = open('s3');
    stored = parquet;
    const placed = await files.place(`s3://b/there/${key}`);
    expect(stage.files.get(placed.location)?.equals(parquet)).toBe(true);
    await files.close();
  },
);

test('what is no Parquet file is not copied', async () => {
  const file = join(folder, 'config.json');
  await writeFile(file, '{"password":"geheim"}');
  stored = Buffer.from('{"password":"geheim"}');
  for (const [readable, name] of [
    ['s3', file],
    ['local', 's3://b/there'],
    ['s3', 's3://b/there/_x'],
  ] as const) {
    const { files, stage } = open(readable);
    await expect(files.place(name), name).rejects.toMatchObject({
      code: 'INPUT_BATCH_FILE',
      message: expect.stringContaining('the file is not Parquet'),
      context: { file: name },
    });
    expect(stage.files.size).toBe(0);
    await files.close();
  }
});

test('a pipe, a device or a folder is refused, and nothing waits for it', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await mkdir(join(folder, 'dir.d'));
  for (const name of [pipe, '/dev/zero', join(folder, 'dir.d')]) {
    const refused = {
      code: 'INPUT_BATCH_FILE',
      message: expect.stringContaining('not a plain file'),
      context: { file: name },
    };
    for (const readable of ['s3', 'local'] as const) {
      const { files } = open(readable);
      await expect(files.open(name, 'none'), name).rejects.toMatchObject(refused);
      await expect(files.place(name), name).rejects.toMatchObject(refused);
      await files.close();
    }
  }
});

test('a pipe that takes the place of a file between the look and the opening is refused too', async () => {
  const pipe = join(folder, 'late-pipe');
  execFileSync('mkfifo', [pipe]);
  await expect(plainFileBytes(pipe).next()).rejects.toMatchObject({ code: 'INPUT_BATCH_FILE' });
});

test('a file outside of the sources is neither read nor placed, and a file in them is', async () => {
  const own = join(folder, 'exports');
  await mkdir(own);
  await writeFile(join(own, 'in.jsonl'), '{"id":1}');
  await writeFile(join(folder, 'out.jsonl'), '{"id":2}');
  const { files } = open('local', [own, 's3://b/there']);
  await (await files.open(join(own, 'in.jsonl'), 'none')).read();
  expect(await files.place(join(own, 'in.jsonl'))).toMatchObject({ location: join(own, 'in.jsonl') });
  await (await files.open('s3://b/there/x', 'none')).read();
  const before = requests.length;
  for (const name of [join(folder, 'out.jsonl'), `${own}/../out.jsonl`, 's3://b/x/there']) {
    const refused = { code: 'INPUT_BATCH_SOURCE', context: { file: name } };
    await expect(files.open(name, 'none'), name).rejects.toMatchObject(refused);
    await expect(files.place(name), name).rejects.toMatchObject(refused);
  }
  expect(requests.length).toBe(before);
  await files.close();
});

test('without a setting of S3 nobody is asked for its credentials', async () => {
  const unset = { readable: 'local', uriScheme: 's3a' } as const;
  vi.stubEnv('AWS_REGION', '');
  for (const name of Object.keys(process.env).filter((each) => each.startsWith('AWS_'))) vi.stubEnv(name, '');
  const files = batchFiles(unset, new MemoryStage(), () => {});
  await expect(files.open('s3://b/there', 'none')).rejects.toMatchObject({ code: 'INPUT_BATCH_SOURCE' });
  vi.unstubAllEnvs();
  await files.close();
});
