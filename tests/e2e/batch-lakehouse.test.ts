// BATCH messages by the command into the lakehouse: files on S3, read here or by Spark alone.
import { readFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { batch, type CommandFolder, commandFolder } from '../support/command.ts';
import { schema as schemaOf, state } from '../support/scripted-run.ts';
import { type Lake, openLake } from '../unit/destinations/iomete/lake.ts';

// Each test is dozens of statements, and tests of other files may be at Spark, too.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

describeLakehouse('BATCH by the command', (details) => {
  let lake: Lake;
  let cli: CommandFolder;
  let store: S3Client;
  let proxy: Server;
  /** What the command asked of S3: `GET /bucket/key`. */
  const asked: string[] = [];
  const { host, port, httpPath, user, password, caFile, s3 } = details;

  beforeAll(async () => {
    lake = await openLake(details, 'batch');
    store = new S3Client({ endpoint: s3.endpoint, region: s3.region, forcePathStyle: true, credentials: s3 });
    const target = new URL(s3.endpoint);
    proxy = createServer((incoming, outgoing) => {
      asked.push(`${incoming.method} ${incoming.url?.split('?')[0]}`);
      const { method, url: path, headers } = incoming;
      const onward = request({ host: target.hostname, port: target.port, method, path, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    cli = await commandFolder({
      ...{ destination: 'iomete', host, port, http_path: httpPath, user, password, tls_ca_file: caFile },
      ...{ s3_bucket: s3.bucket, s3_key_prefix: `${lake.schema}/stage/`, s3_region_name: s3.region },
      s3_endpoint_url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      ...{ aws_access_key_id: s3.accessKeyId, aws_secret_access_key: s3.secretAccessKey },
      default_target_schema: lake.schema,
    });
  });
  afterAll(async () => {
    await lake.close();
    await cli.remove();
    store.destroy();
    proxy.closeAllConnections();
    proxy.close();
  });

  const put = async (name: string, body: Uint8Array): Promise<string> => {
    const Key = `${lake.schema}/files/${name}`;
    await store.send(new PutObjectCommand({ Bucket: s3.bucket, Key, Body: body }));
    return `s3://${s3.bucket}/${Key}`;
  };
  const keys = async () => {
    const found = await store.send(new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: `${lake.schema}/` }));
    return (found.Contents ?? []).map(({ Key }) => Key!.slice(lake.schema.length + 1)).sort();
  };
  const properties = { id: { type: 'integer' }, name: { type: ['string', 'null'] } };
  const record = (stream: string, id: number, name: string) => ({ type: 'RECORD', stream, record: { id, name } });
  const rows = (table: string) => lake.sql(`SELECT id, name FROM ${lake.schema}.${table} ORDER BY id`);
  const values = (...list: string[]) => `SELECT * FROM (VALUES ${list.join(', ')}) t(id, name)`;

  test('files of lines, Parquet files on S3 and local ones come in order, and only what must passes through here', async () => {
    const lines = await put('1.json.gz', gzipSync('{"id":1,"name":"lines"}\n{"id":2,"name":"lines"}\n'));
    const query = values("(2, 'parquet')", "(3, 'parquet')", "(3, 'parquet again')");
    const parquet = await put('2=1.parquet', await readFile(await cli.parquet('2.parquet', query)));
    const local = await cli.parquet('3.parquet', values("(3, 'local')", "(4, 'local')"));
    const input = [
      ...[schemaOf('a', properties), record('a', 1, 'before'), batch('a', [lines]), state(1)],
      ...[batch('a', [parquet]), batch('a', [local]), state(2), record('a', 4, 'after'), state(3)],
    ];
    asked.length = 0;
    const { code, out, log } = await cli.run({}, input);
    expect(log).not.toContain('ERROR');
    expect({ code, last: out.trim().split('\n').at(-1) }).toEqual({ code: 0, last: '3' });
    expect(await rows('a')).toEqual([
      { id: '1', name: 'lines' },
      { id: '2', name: 'parquet' },
      { id: '3', name: 'local' },
      { id: '4', name: 'after' },
    ]);
    const files = asked.filter((line) => line.includes('/files/'));
    expect(files).toEqual([`GET /${s3.bucket}/${lake.schema}/files/1.json.gz`]);
    expect(await keys()).toEqual(['files/1.json.gz', 'files/2=1.parquet']);
  });

  test('a stream is overwritten by a Parquet file', async () => {
    const config = { load_method: 'overwrite' };
    await cli.run(config, [schemaOf('o', properties), record('o', 1, 'old'), state(1)]);
    const parquet = await put('o.parquet', await readFile(await cli.parquet('o.parquet', values("(2, 'new')"))));
    const input = [schemaOf('o', properties), batch('o', [parquet]), record('o', 3, 'newer'), state(2)];
    expect(await cli.run(config, input)).toMatchObject({ code: 0, out: '2\n' });
    expect(await rows('o')).toEqual([
      { id: '2', name: 'new' },
      { id: '3', name: 'newer' },
    ]);
  });

  test('a missing file ends the run, and no state covers it', async () => {
    const gone = `s3://${s3.bucket}/${lake.schema}/files/gone.parquet`;
    const input = [schemaOf('g', properties), record('g', 1, 'x'), state(1), batch('g', [gone]), state(2)];
    const { code, out, log } = await cli.run({}, input);
    expect({ code, out }).toEqual({ code: 3, out: '1\n' });
    expect(log).toContain(`INPUT_BATCH_FILE: line 4, file "${gone}", stream "g"`);
  });

  test('lines and Parquet files on S3 go into DuckDB, too', async () => {
    const lines = await put('d.json', Buffer.from('{"id":1,"name":"lines"}\n'));
    const parquet = await put('d.parquet', await readFile(await cli.parquet('d.parquet', values("(2, 'parquet')"))));
    const duckdb = await commandFolder({
      ...{ s3_endpoint_url: s3.endpoint, s3_region_name: s3.region },
      ...{ aws_access_key_id: s3.accessKeyId, aws_secret_access_key: s3.secretAccessKey },
    });
    const input = [schemaOf('a', properties), batch('a', [lines]), batch('a', [parquet]), state(1)];
    expect(await duckdb.run({}, input)).toMatchObject({ code: 0, out: '1\n' });
    expect((await duckdb.query('SELECT id, name FROM a ORDER BY id')).flat()).toEqual(['1', 'lines', '2', 'parquet']);
    await duckdb.remove();
  });
});
