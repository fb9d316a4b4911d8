// A network in which only a proxy knows the lakehouse and S3: everything goes through it, and nothing past it.
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { runCli } from '../support/cli.mjs';
import { batch, toLines } from '../support/command.ts';
import { type ForwardProxy, openForwardProxy } from '../support/forward-proxy.ts';
import { lakehouseOptions } from '../support/lakehouse-options.ts';
import { schema as schemaOf, state } from '../support/scripted-run.ts';
import { type Lake, openLake } from '../unit/destinations/iomete/lake.ts';

vi.setConfig({ testTimeout: 200_000, hookTimeout: 60_000 });

const PASSWORD = 'only-the-proxy-may-know-this';

describeLakehouse('a run behind a proxy', (details) => {
  let lake: Lake;
  let proxy: ForwardProxy;
  let store: S3Client;
  const { s3 } = details;
  // without a lakehouse there is no endpoint, and no test runs
  const s3Port = URL.canParse(s3.endpoint) ? new URL(s3.endpoint).port : '';
  const lakeAddress = `lake.test:${details.port}`;
  const s3Address = `s3.test:${s3Port}`;
  const properties = { id: { type: 'integer' }, name: { type: ['string', 'null'] } };
  const record = (id: number) => ({ type: 'RECORD', stream: 'a', record: { id, name: 'x'.repeat(100) } });

  beforeAll(async () => {
    lake = await openLake(details, 'proxy');
    store = new S3Client({ endpoint: s3.endpoint, region: s3.region, forcePathStyle: true, credentials: s3 });
    proxy = await openForwardProxy(['lake.test', 's3.test'], `me:${PASSWORD}`);
  });
  beforeEach(() => {
    proxy.mood = 'up';
    proxy.asked.length = 0;
  });
  afterAll(async () => {
    await lake.close();
    store.destroy();
    await proxy.close();
  });

  const urlOf = (password = PASSWORD) => `http://me:${password}@127.0.0.1:${proxy.port}`;
  /** Neither name has an address but the proxy's. */
  const unknown = () => ({
    ...lakehouseOptions(details, lake.schema, `${lake.schema}/stage/`),
    ...{ host: 'lake.test', tls_verify: false, s3_endpoint_url: `http://${s3Address}`, retry_max_seconds: 1 },
  });
  const run = async (config: object, env: Record<string, string>, messages: readonly object[]) => {
    const outcome = await runCli({ config, env: { NO_PROXY: '', no_proxy: '', ...env }, input: toLines(messages) });
    expect(outcome.stderr + outcome.stdout).not.toContain(PASSWORD);
    expect(outcome.stderr).not.toContain(Buffer.from(`me:${PASSWORD}`).toString('base64'));
    return outcome;
  };
  const load = [schemaOf('a', properties), record(1), record(2), state(1)];
  const both = () => ({ HTTPS_PROXY: urlOf(), HTTP_PROXY: urlOf() });

  test('loads through it, statements by CONNECT and S3 by the whole URL', async () => {
    const { code, stderr } = await run(unknown(), both(), load);
    expect({ code, errors: stderr.match(/ERROR.*/g) }).toEqual({ code: 0, errors: null });
    expect(await lake.sql(`SELECT id FROM ${lake.schema}.a ORDER BY id`)).toHaveLength(2);
    const targets = new Set(proxy.asked.map((line) => /^\w+ (?:http:\/\/)?([^/]+)/.exec(line)![1]));
    expect([...targets].sort()).toEqual([lakeAddress, s3Address]);
    expect(proxy.asked.some((line) => line.startsWith(`PUT http://${s3Address}/`))).toBe(true);
    expect(stderr.match(/rows and session tokens go there unencrypted/g)).toHaveLength(1);
  });

  test.each([['https_proxy', 'http_proxy'], ['ALL_PROXY'], ['all_proxy']])('by %s %s', async (...variables) => {
    const env = Object.fromEntries(variables.map((variable) => [variable, urlOf()]));
    expect(await run(unknown(), env, load)).toMatchObject({ code: 0 });
  });

  test('checks the certificate of the lakehouse behind it', async () => {
    const options = lakehouseOptions(details, lake.schema, `${lake.schema}/stage/`);
    expect(await run(options, both(), load)).toMatchObject({ code: 0 });
    expect(proxy.asked).toContain(`CONNECT ${details.host}:${details.port}`);
    const { tls_ca_file: _, ...untrusting } = options;
    const { code, stderr } = await run(untrusting, both(), load);
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('DESTINATION_TLS') });
  });

  test('reads files of a BATCH through it', async () => {
    const Key = `${lake.schema}/files/1.jsonl`;
    await store.send(new PutObjectCommand({ Bucket: s3.bucket, Key, Body: '{"id":1}\n{"id":2}\n' }));
    const config = { ...unknown(), destination: 'duckdb', duckdb_path: `/tmp/${lake.schema}.duckdb` };
    const { code, stderr } = await run(config, both(), [
      schemaOf('a', properties),
      batch('a', [`s3://${s3.bucket}/${Key}`]),
      state(1),
    ]);
    expect({ code, errors: stderr.match(/ERROR.*/g) }).toEqual({ code: 0, errors: null });
    expect(proxy.asked).toContain(`GET http://${s3Address}/${s3.bucket}/${Key}?x-id=GetObject`);
  });

  test.each(['127.0.0.1,localhost', `${details.host}:${details.port},127.0.0.1:${s3Port}`, '*'])(
    'nothing goes through it where NO_PROXY is %s',
    async (NO_PROXY) => {
      const options = lakehouseOptions(details, lake.schema, `${lake.schema}/stage/`);
      expect(await run(options, { ...both(), NO_PROXY }, load)).toMatchObject({ code: 0 });
      expect(proxy.asked).toEqual([]);
    },
  );

  test.each(['.test', '*.test', `lake.test:${details.port}`])(
    'NO_PROXY %s lets nobody resolve the name',
    async (NO_PROXY) => {
      const { code, stderr } = await run(unknown(), { ...both(), NO_PROXY }, load);
      expect(code).toBeGreaterThan(0);
      expect(stderr).toMatch(/ENOTFOUND|EAI_AGAIN/);
      expect(proxy.asked.filter((line) => line.includes('lake.test'))).toEqual([]);
    },
  );

  test('a port in NO_PROXY is that port alone', async () => {
    expect(await run(unknown(), { ...both(), NO_PROXY: 'lake.test:1,s3.test:1' }, load)).toMatchObject({ code: 0 });
  });

  const failing = [
    [
      'a wrong password',
      () => ({ HTTPS_PROXY: urlOf('wrong-one') }),
      'up',
      'wants another user or password (HTTP 407)',
    ],
    ['a refusal', both, { status: 403 }, 'refused the connection (HTTP 403)'],
    ['a server out of reach', both, { status: 502 }, 'cannot reach the server (HTTP 502)'],
    ['silence', both, 'silent', 'gave no answer within 10 s'],
    [
      'nobody there',
      () => ({ HTTPS_PROXY: `http://me:${PASSWORD}@127.0.0.1:9` }),
      'up',
      'cannot be reached (ECONNREFUSED)',
    ],
  ] as const;
  test.each(failing)('%s: an error that names the proxy and the mend', async (_, env, mood, words) => {
    proxy.mood = mood;
    // S3 is asked directly, so that the lakehouse is what fails
    const config = { ...unknown(), s3_endpoint_url: s3.endpoint };
    const { code, errors, stderr } = await run(config, { HTTP_PROXY: '', ...env(), NO_PROXY: '127.0.0.1' }, load);
    expect({ code, stderr }).toMatchObject({ code: 4 });
    expect(errors.join()).toMatch(
      /DESTINATION_UNREACHABLE: https:\/\/lake\.test.* The proxy http:\/\/127\.0\.0\.1:\d+ \("HTTPS_PROXY"\)/,
    );
    expect(errors.join()).toContain(words);
    expect(errors.join()).toMatch(/"NO_PROXY"|Give both in "HTTPS_PROXY"/);
  });

  test.each([
    [407, 'another user or password'],
    [403, 'let it allow this host'],
  ])('HTTP %i to S3: an error that names the proxy and the mend', async (status, words) => {
    proxy.mood = { status };
    const { host, tls_ca_file } = lakehouseOptions(details, lake.schema);
    const { code, errors } = await run({ ...unknown(), host, tls_ca_file }, { HTTP_PROXY: urlOf() }, load);
    expect({ code, errors }).toMatchObject({ code: 6 });
    expect(errors.join()).toContain(`the proxy http://127.0.0.1:${proxy.port} ("HTTP_PROXY")`);
    expect(errors.join()).toContain(words);
  });

  test('a proxy that is none is an error of the configuration', async () => {
    const { code, errors } = await run(unknown(), { HTTPS_PROXY: `socks5://me:${PASSWORD}@127.0.0.1:1080` }, load);
    expect(code).toBe(2);
    expect(errors.join()).toContain('"HTTPS_PROXY" must be the URL of an HTTP proxy');
  });
});
