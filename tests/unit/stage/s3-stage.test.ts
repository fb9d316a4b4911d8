import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StagedFile } from '../../../src/formats/staged-file.ts';
import { type S3StageSettings, s3Stage } from '../../../src/stage/s3-stage.ts';
import type { Stage } from '../../../src/stage/store.ts';
import { describeLakehouse, lakehouse } from '../../setup/lakehouse.ts';

const details = lakehouse();
const server = {
  endpointUrl: details?.s3.endpoint ?? '',
  region: details?.s3.region ?? '',
  accessKeyId: details?.s3.accessKeyId ?? '',
  secretAccessKey: details?.s3.secretAccessKey ?? '',
};

const bucket = `stage-test-${randomBytes(4).toString('hex')}`;
const mebibyte = 1024 * 1024;
let s3: S3;
let logged: string[];
const log = {
  info: (line: string) => logged.push(`info ${line}`),
  warn: (line: string) => logged.push(`warn ${line}`),
};

/** A stage with the test's own keys; what a test sets to undefined is left out. */
const stageWith = (settings: Partial<S3StageSettings> = {}): Stage =>
  s3Stage(
    {
      ...server,
      bucket,
      keyPrefix: '/singer/stage',
      uriScheme: 's3a',
      compression: 'gzip',
      keepFiles: false,
      runFolder: 'run1',
      ...settings,
    },
    log,
  );
const keyless = { accessKeyId: undefined, secretAccessKey: undefined };

async function stageBytes(stage: Stage, bytes: Uint8Array, name = 'orders'): Promise<StagedFile> {
  const file = stage.create(name);
  await file.write(bytes);
  return file.close();
}

const keysInBucket = async () =>
  ((await s3.listObjectsV2({ Bucket: bucket })).Contents ?? []).map((object) => object.Key!);
const unfinishedUploads = async () => (await s3.listMultipartUploads({ Bucket: bucket })).Uploads ?? [];
const bytesOf = async (key: string) => (await s3.getObject({ Bucket: bucket, Key: key })).Body!.transformToByteArray();
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describeLakehouse('S3 as the stage', () => {
  beforeAll(async () => {
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
    const { endpointUrl, region, ...credentials } = server;
    s3 = new S3({ endpoint: endpointUrl, region, credentials, forcePathStyle: true });
    await s3.createBucket({ Bucket: bucket });
  });
  afterAll(async () => {
    // the bucket goes with the lakehouse: a put that was given up may still arrive in it
    s3.destroy();
  });
  beforeEach(() => {
    logged = [];
    for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
      vi.stubEnv(name, undefined);
    }
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    for (const { Key, UploadId } of await unfinishedUploads()) {
      await s3.abortMultipartUpload({ Bucket: bucket, Key, UploadId });
    }
    for (const Key of await keysInBucket()) await s3.deleteObject({ Bucket: bucket, Key });
  });

  describe('writing', () => {
    test('puts a small file as one object that the destination can address', async () => {
      const stage = stageWith();
      const writer = stage.create('orders');
      await writer.write(Buffer.from('1,2\n'));
      await writer.write(Buffer.from('3,4\n'));
      expect(writer.bufferedBytes).toBe(8);
      const file = await writer.close();

      expect(writer.bufferedBytes).toBe(0);
      expect(file.key).toMatch(/^singer\/stage\/run1\/orders-1-[0-9a-f]{12}\.csv\.gz$/);
      expect(file.location).toBe(`s3a://${bucket}/${file.key}`);
      expect(file.bytes).toBe(8);
      expect(Buffer.from(await bytesOf(file.key)).toString()).toBe('1,2\n3,4\n');
      await stage.close();
    });

    test('names what the settings say: scheme, ending, and a bucket without a prefix', async () => {
      const stage = stageWith({ uriScheme: 's3', compression: 'none', keyPrefix: undefined });
      const { location } = await stageBytes(stage, Buffer.from('x'));
      expect(location).toMatch(new RegExp(`^s3://${bucket}/run1/orders-1-[0-9a-f]{12}\\.csv$`));
      await stage.close();
    });

    test('stages an empty file when nothing was written', async () => {
      const stage = stageWith();
      const file = await stage.create('orders').close();
      expect(await bytesOf(file.key)).toHaveLength(0);
      await stage.close();
    });

    test('takes bytes that other threads share', async () => {
      const stage = stageWith();
      const shared = new Uint8Array(new SharedArrayBuffer(9 * mebibyte));
      shared.set(randomBytes(1000), 8 * mebibyte - 500);
      const file = await stageBytes(stage, shared);
      expect(sha256(await bytesOf(file.key))).toBe(sha256(shared));
      await stage.close();
    });

    test('uploads a large file in parts, and holds no more than two of them', async () => {
      const stage = stageWith();
      const content = randomBytes(20 * mebibyte + 12_345);
      const writer = stage.create('orders');
      let mostBuffered = 0;
      for (let from = 0; from < content.length; from += 700_001) {
        await writer.write(content.subarray(from, from + 700_001));
        mostBuffered = Math.max(mostBuffered, writer.bufferedBytes);
      }
      const file = await writer.close();

      expect(mostBuffered).toBeGreaterThan(8 * mebibyte);
      expect(mostBuffered).toBeLessThanOrEqual(16 * mebibyte);
      expect(writer.bufferedBytes).toBe(0);
      expect(file.bytes).toBe(content.length);
      expect(sha256(await bytesOf(file.key))).toBe(sha256(content));
      expect(await unfinishedUploads()).toEqual([]);
      await stage.close();
    });

    test.each([8 * mebibyte, 8 * mebibyte + 1, 16 * mebibyte])(
      'loses nothing at a boundary of parts: %d bytes',
      async (size) => {
        const stage = stageWith();
        const content = randomBytes(size);
        const file = await stageBytes(stage, content);
        expect(file.bytes).toBe(size);
        expect(sha256(await bytesOf(file.key))).toBe(sha256(content));
        await stage.close();
      },
    );

    test('writes several files at once', async () => {
      const stage = stageWith();
      const contents = [1, 9, 3, 10].map((size) => randomBytes(size * mebibyte));
      const files = await Promise.all(contents.map((content) => stageBytes(stage, content)));
      const staged = await Promise.all(files.map(({ key }) => bytesOf(key)));
      expect(staged.map(sha256)).toEqual(contents.map(sha256));
      await stage.close();
    });

    test.each(['../../../x', 'a*b?', '_x', '.x', 'x'.repeat(300), '🦆', '/', 'a\nb'])(
      'keeps a stream called %j below the prefix, under a key that Spark reads literally',
      async (name) => {
        const stage = stageWith();
        const file = await stageBytes(stage, Buffer.from('x'), name);
        expect(file.key).toMatch(/^singer\/stage\/run1\/[A-Za-z0-9][\w-]{0,110}\.csv\.gz$/);
        expect(await keysInBucket()).toEqual([file.key]);
        await stage.close();
      },
    );
  });

  describe('aborting', () => {
    test.each([
      ['a small file', 1000],
      ['a large file', 20 * mebibyte],
    ])('%s leaves nothing', async (_, size) => {
      const stage = stageWith();
      const writer = stage.create('orders');
      await writer.write(randomBytes(size));
      if (size > mebibyte) expect(await unfinishedUploads()).toHaveLength(1);
      await writer.abort();
      await writer.abort();
      expect(writer.bufferedBytes).toBe(0);
      expect(await keysInBucket()).toEqual([]);
      expect(await unfinishedUploads()).toEqual([]);
      await expect(writer.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'STAGE_FAILED' });
      await stage.close();
      expect(logged).toEqual([]);
    });

    test('does not touch a file that is closed already', async () => {
      const stage = stageWith();
      const writer = stage.create('orders');
      const file = await writer.close();
      await writer.abort();
      expect(await keysInBucket()).toEqual([file.key]);
      await stage.close();
    });
  });

  describe('removing', () => {
    test('takes more files than S3 removes at once', async () => {
      const stage = stageWith();
      const [first, last, other] = [
        await stageBytes(stage, Buffer.from('1')),
        await stageBytes(stage, Buffer.from('2')),
        await stageBytes(stage, Buffer.from('3')),
      ];
      const gone = Array.from({ length: 1001 }, (_, i) => ({ ...first, key: `singer/stage/run1/gone-${i}` }));
      await stage.remove([first, ...gone, last]);
      expect(await keysInBucket()).toEqual([other.key]);
      await stage.close();
      expect(logged).toEqual([]);
    });

    test('close() removes what the run still holds, unfinished uploads included', async () => {
      const stage = stageWith();
      await stageBytes(stage, Buffer.from('1'));
      await stage.create('large').write(randomBytes(17 * mebibyte));
      const strangers = await s3.putObject({ Bucket: bucket, Key: 'singer/stage/run2/x', Body: 'x' });
      expect(strangers.ETag).toBeDefined();
      await stage.close();
      await stage.close();
      expect(await keysInBucket()).toEqual(['singer/stage/run2/x']);
      expect(await unfinishedUploads()).toEqual([]);
    });

    test('keeps staged files when told to, but no unfinished ones, and says where', async () => {
      const stage = stageWith({ keepFiles: true });
      await stage.check();
      const file = await stageBytes(stage, Buffer.from('1'));
      await stage.create('large').write(randomBytes(17 * mebibyte));
      await stage.remove([file]);
      await stage.close();
      expect(await keysInBucket()).toEqual([file.key]);
      expect(await unfinishedUploads()).toEqual([]);
      expect(logged).toEqual([`info Kept 1 staged file in "s3://${bucket}/singer/stage/run1/"`]);
    });
  });

  describe('check()', () => {
    test('passes, and leaves nothing, where objects can be put and deleted', async () => {
      const stage = stageWith();
      await stage.check();
      expect(await keysInBucket()).toEqual([]);
      await stage.close();
    });

    test.each<[string, Partial<S3StageSettings>, string, RegExp]>([
      [
        'a bucket that is not there',
        { bucket: 'no-such-bucket-here' },
        'STAGE_BUCKET_MISSING',
        /"no-such-bucket-here".*NoSuchBucket/,
      ],
      ['a wrong secret', { secretAccessKey: 'wrong-secret-7431' }, 'STAGE_AUTH', /SignatureDoesNotMatch/],
      ['an unknown key', { accessKeyId: 'nobody' }, 'STAGE_AUTH', /InvalidAccessKeyId/],
      ['half a key pair', { secretAccessKey: undefined }, 'STAGE_AUTH', /no secret access key/],
      ['no credentials anywhere', keyless, 'STAGE_AUTH', /no AWS credentials/],
      ['an unknown profile', { ...keyless, profile: 'nobody' }, 'STAGE_AUTH', /profile: \[nobody\]/],
      ['a closed port', { endpointUrl: 'http://127.0.0.1:9' }, 'STAGE_FAILED', /127\.0\.0\.1:9.*ECONNREFUSED/],
      ['an unknown host', { endpointUrl: 'http://nowhere.invalid' }, 'STAGE_FAILED', /nowhere\.invalid/],
      ['an endpoint that is no URL', { endpointUrl: 'minio:9000' }, 'CONFIG_INVALID', /s3_endpoint_url/],
    ])(
      'refuses %s in one line, without the secret',
      async (_, settings, code, message) => {
        const stage = stageWith(settings);
        const error = await stage.check().then(
          () => undefined,
          (reason: unknown) => reason as Error,
        );
        expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
        expect(error?.message).not.toMatch(/\n|wrong-secret|lakesecret/);
        expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/wrong-secret|lakesecret/);
        await stage.close();
      },
      20_000,
    );

    test('refuses a prefix that would name other files', () => {
      expect(() => stageWith({ keyPrefix: 'a/*/b' })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    });
  });

  describe('credentials', () => {
    const wrongKeys = { accessKeyId: 'nobody', secretAccessKey: 'nothing' };
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 's3-stage-test-'));
      const profile = (name: string, { accessKeyId, secretAccessKey }: typeof wrongKeys) =>
        `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
      await writeFile(join(folder, 'credentials'), profile('default', wrongKeys) + profile('lake', server));
      await writeFile(join(folder, 'default-works'), profile('default', server));
    });
    afterAll(() => rm(folder, { recursive: true }));

    const accepts = async (settings: Partial<S3StageSettings>) => {
      const stage = stageWith(settings);
      await stage.check();
      await stage.close();
      expect(logged).toEqual([]);
    };
    const environmentKeys = ({ accessKeyId, secretAccessKey }: typeof wrongKeys) => {
      vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
    };

    test('may be a profile that the config names', async () => {
      vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
      await accepts({ ...keyless, profile: 'lake' });
    });

    test('may be the profile of AWS_PROFILE', async () => {
      vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
      vi.stubEnv('AWS_PROFILE', 'lake');
      await accepts(keyless);
    });

    test('may be the default profile', async () => {
      vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'default-works'));
      await accepts(keyless);
    });

    test('may come from the environment, which goes before AWS_PROFILE', async () => {
      environmentKeys(server);
      vi.stubEnv('AWS_PROFILE', 'nobody');
      await accepts(keyless);
    });

    test('may be half in the config and half in the environment', async () => {
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretAccessKey);
      await accepts({ secretAccessKey: undefined });
    });

    test('of the config go before a profile and the environment', async () => {
      environmentKeys(wrongKeys);
      vi.stubEnv('AWS_SESSION_TOKEN', 'the token of another key');
      await accepts({ profile: 'nobody' });
    });

    test('are renewed by the program that a profile names', async () => {
      const script = join(folder, 'issue.mjs');
      const issued = { Version: 1, AccessKeyId: server.accessKeyId, SecretAccessKey: server.secretAccessKey };
      const soon = 'new Date(Date.now() + 60_000).toISOString()';
      await writeFile(
        script,
        `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(join(folder, 'issued'))}, 'x');
         console.log(JSON.stringify({ ...${JSON.stringify(issued)}, Expiration: ${soon} }));`,
      );
      await writeFile(join(folder, 'config'), `[profile issued]\ncredential_process = ${process.execPath} ${script}\n`);
      vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
      const stage = stageWith({ ...keyless, profile: 'issued' });
      await stage.check();
      await stageBytes(stage, Buffer.from('x'));
      await stage.close();
      expect((await readFile(join(folder, 'issued'), 'utf8')).length).toBeGreaterThan(1);
      expect(logged).toEqual([]);
    });
  });

  describe('on the wire', () => {
    interface Seen {
      readonly method: string;
      readonly url: string;
      readonly headers: IncomingHttpHeaders;
    }
    /** Pass the request on; pass it on and lose the answer; never answer; or answer with a status or an S3 error instead. */
    type Fault = (seen: Seen) => 'pass' | 'lose-answer' | 'hang' | 'NoSuchUpload' | number;

    let seen: Seen[];
    let fault: Fault;
    let proxy: Server;
    let endpointUrl: string;

    beforeAll(async () => {
      // Passes everything, signatures included, to the real server.
      proxy = createServer((incoming, outgoing) => {
        const { method = '', url = '', headers } = incoming;
        const act = fault({ method, url, headers });
        seen.push({ method, url, headers });
        if (act === 'hang') return;
        if (typeof act === 'number' || act === 'NoSuchUpload') {
          const [status, body] = act === 'NoSuchUpload' ? [404, `<Error><Code>${act}</Code></Error>`] : [act, ''];
          incoming.resume().on('end', () => outgoing.writeHead(status).end(body));
          return;
        }
        const onward = request(new URL(url, server.endpointUrl), { method, headers }, (answer) => {
          if (act === 'lose-answer') {
            answer.resume().on('end', () => outgoing.destroy());
            return;
          }
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        });
        onward.on('error', () => outgoing.destroy());
        incoming.pipe(onward);
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      endpointUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    });
    afterAll(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    beforeEach(() => {
      seen = [];
      fault = () => 'pass';
    });
    const once = (matches: (seen: Seen) => boolean, act: ReturnType<Fault>): Fault => {
      let left = 1;
      return (request) => (matches(request) && left-- > 0 ? act : 'pass');
    };
    const isComplete = ({ method, url }: Seen) => method === 'POST' && url.includes('uploadId=');
    const isPart = ({ method, url }: Seen) => method === 'PUT' && url.includes('partNumber=');

    test('the session token goes with every request', async () => {
      const stage = stageWith({ endpointUrl, sessionToken: 'token-of-the-session' });
      await stage.check().catch(() => {});
      expect(seen.length).toBeGreaterThan(0);
      for (const { headers } of seen) {
        expect(headers['x-amz-security-token']).toBe('token-of-the-session');
        expect(headers.authorization).toContain('x-amz-security-token');
      }
      await stage.close();
    });

    test('the session token of the environment goes with its keys', async () => {
      vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKeyId);
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretAccessKey);
      vi.stubEnv('AWS_SESSION_TOKEN', 'token-of-the-shell');
      const stage = stageWith({ ...keyless, endpointUrl });
      await stage.check().catch(() => {});
      expect(seen[0]?.headers['x-amz-security-token']).toBe('token-of-the-shell');
      await stage.close();
    });

    test('the ACL goes with every object, put or uploaded in parts', async () => {
      const stage = stageWith({ endpointUrl, acl: 'public-read' });
      await stage.check();
      await stageBytes(stage, Buffer.from('x'));
      await stageBytes(stage, randomBytes(9 * mebibyte));
      const creating = seen.filter(
        (request) => (request.method === 'PUT' && !isPart(request)) || request.url.includes('uploads'),
      );
      expect(creating.map(({ headers }) => headers['x-amz-acl'])).toEqual([
        'public-read',
        'public-read',
        'public-read',
      ]);
      await stage.close();
    });

    test('the hash of the body is signed, and no checksum that only AWS knows is sent with objects', async () => {
      const stage = stageWith({ endpointUrl });
      const content = Buffer.from('1,2\n');
      await stageBytes(stage, content);
      const { headers } = seen.find(({ method }) => method === 'PUT')!;
      expect(headers['x-amz-content-sha256']).toBe(sha256(content));
      expect(Object.keys(headers).filter((name) => /checksum|trailer/.test(name))).toEqual([]);
      await stage.close();
    });

    test.each<[string, (seen: Seen) => boolean, ReturnType<Fault>]>([
      ['a part is answered with 503', isPart, 503],
      ['the answer to a part is lost', isPart, 'lose-answer'],
      ['the answer to the completion is lost', isComplete, 'lose-answer'],
    ])(
      'a large file is whole although %s',
      async (_, matches, act) => {
        fault = once(matches, act);
        const stage = stageWith({ endpointUrl });
        const content = randomBytes(17 * mebibyte);
        const file = await stageBytes(stage, content);
        expect(sha256(await bytesOf(file.key))).toBe(sha256(content));
        await stage.close();
        expect(await keysInBucket()).toEqual([]);
      },
      20_000,
    );

    test('a large file is whole although its upload is unknown once it was completed', async () => {
      const answers: ReturnType<Fault>[] = ['lose-answer', 'NoSuchUpload'];
      fault = (request) => (isComplete(request) ? (answers.shift() ?? 'pass') : 'pass');
      const stage = stageWith({ endpointUrl });
      const content = randomBytes(9 * mebibyte);
      const file = await stageBytes(stage, content);
      expect(answers).toEqual([]);
      expect(sha256(await bytesOf(file.key))).toBe(sha256(content));
      await stage.close();
    });

    test('a large file fails when its upload vanished before it was completed', async () => {
      fault = (request) => (isComplete(request) ? 'NoSuchUpload' : 'pass');
      const stage = stageWith({ endpointUrl });
      await expect(stageBytes(stage, randomBytes(9 * mebibyte))).rejects.toMatchObject({ code: 'STAGE_FAILED' });
      expect(await keysInBucket()).toEqual([]);
      expect(await unfinishedUploads()).toEqual([]);
      await stage.close();
    });

    test('a part that keeps failing fails the file and leaves nothing', async () => {
      fault = (request) => (isPart(request) ? 500 : 'pass');
      const stage = stageWith({ endpointUrl, retryMaxSeconds: 2 });
      const writer = stage.create('orders');
      await writer.write(randomBytes(9 * mebibyte));
      await expect(writer.close()).rejects.toMatchObject({
        code: 'STAGE_FAILED',
        message: expect.stringMatching(/HTTP 500/),
      });
      expect(await unfinishedUploads()).toEqual([]);
      expect(await keysInBucket()).toEqual([]);
      await stage.close();
    }, 30_000);

    test('an object whose put was never answered is removed, as nobody will load it', async () => {
      fault = ({ method }) => (method === 'PUT' ? 'lose-answer' : 'pass');
      const stage = stageWith({ endpointUrl, retryMaxSeconds: 2 });
      await expect(stageBytes(stage, Buffer.from('x'))).rejects.toMatchObject({ code: 'STAGE_FAILED' });
      expect(await keysInBucket()).toEqual([]);
      await stage.close();
    }, 30_000);

    test('abort() does not wait for a server that hangs', async () => {
      fault = (request) => (isPart(request) ? 'hang' : 'pass');
      const stage = stageWith({ endpointUrl });
      const writer = stage.create('orders');
      await writer.write(randomBytes(9 * mebibyte));
      const pending = writer.write(randomBytes(9 * mebibyte));
      pending.catch(() => {});
      while (!seen.some(isPart)) await new Promise((resolve) => setTimeout(resolve, 20));
      const started = performance.now();
      await stage.close();
      expect(performance.now() - started).toBeLessThan(3000);
      await expect(pending).rejects.toMatchObject({ code: 'STAGE_FAILED' });
      expect(await unfinishedUploads()).toEqual([]);
    });

    test('files are removed with one request for many', async () => {
      const stage = stageWith({ endpointUrl });
      const files = [await stageBytes(stage, Buffer.from('1')), await stageBytes(stage, Buffer.from('2'))];
      seen = [];
      await stage.remove(files);
      expect(seen.map(({ method }) => method)).toEqual(['POST']);
      expect(await keysInBucket()).toEqual([]);
      await stage.close();
    });

    test('files are removed one by one where the server can’t remove many', async () => {
      fault = ({ method, url }) => (method === 'POST' && url.includes('delete') ? 501 : 'pass');
      const stage = stageWith({ endpointUrl });
      const files = [await stageBytes(stage, Buffer.from('1')), await stageBytes(stage, Buffer.from('2'))];
      await stage.remove(files);
      expect(await keysInBucket()).toEqual([]);
      await stage.close();
      expect(logged).toEqual([]);
    });

    test('what can’t be removed never throws, is tried again at the end, and is reported once', async () => {
      fault = ({ method, url }) => (method === 'POST' && url.includes('delete') ? 403 : 'pass');
      const stage = stageWith({ endpointUrl });
      const files = [await stageBytes(stage, Buffer.from('1')), await stageBytes(stage, Buffer.from('2'))];
      await stage.remove([files[0]!]);
      await stage.remove([files[1]!]);
      expect(logged).toEqual([]);
      await stage.close();
      expect(logged).toEqual([
        expect.stringMatching(new RegExp(`^warn 2 staged files stay in "s3://${bucket}/singer/stage/run1/".*HTTP 403`)),
      ]);
    });

    test('a right to put but not to delete is found by check()', async () => {
      fault = ({ method }) => (method === 'DELETE' ? 403 : 'pass');
      await expect(stageWith({ endpointUrl }).check()).rejects.toMatchObject({ code: 'STAGE_AUTH' });
      await stageWith({ endpointUrl, keepFiles: true }).check();
      expect(logged).toHaveLength(1);
    });

    test('a page that is not S3’s is called that', async () => {
      const web = createServer((incoming, outgoing) => {
        incoming
          .resume()
          .on('end', () => outgoing.writeHead(404, { 'content-type': 'text/html' }).end('<html><p>No</html>'));
      });
      await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
      const stage = stageWith({ endpointUrl: `http://127.0.0.1:${(web.address() as AddressInfo).port}` });
      await expect(stage.check()).rejects.toMatchObject({
        code: 'STAGE_FAILED',
        message: expect.stringContaining('not that of an S3 server'),
      });
      await stage.close();
      web.closeAllConnections();
      web.close();
    });
  });

  const built = join(import.meta.dirname, '../../../dist/stage/s3-stage.js');

  test('a whole run of the built stage writes nothing to stdout or stderr', async () => {
    const settings = { ...server, bucket, uriScheme: 's3a', compression: 'gzip', keepFiles: false, runFolder: 'quiet' };
    const { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: _, ...env } = process.env;
    const script = `
      const { s3Stage } = await import(${JSON.stringify(built)});
      const stage = s3Stage(${JSON.stringify(settings)}, console);
      await stage.check();
      await stage.close();`;
    const ran = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
    expect(ran).toEqual({ stdout: '', stderr: '' });
  });
});
