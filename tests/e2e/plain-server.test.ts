// A lakehouse's port at which a server answers without TLS, and a log that Node.js itself writes to.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../support/cli.mjs';

let server: Server;
let port: number;
beforeAll(async () => {
  // good enough for an S3 that takes everything
  server = createServer((request, response) => request.resume().on('end', () => response.end()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

const config = () => ({
  ...{ host: '127.0.0.1', port, lakehouse: 'a', data_plane: 'b', user: 'me', password: 'secret-of-mine' },
  ...{ s3_bucket: 'bucket', s3_endpoint_url: `http://127.0.0.1:${port}`, s3_region_name: 'eu-central-1' },
  ...{ aws_access_key_id: 'key', aws_secret_access_key: 'other-secret', default_target_schema: 's' },
  retry_max_seconds: 1,
});

test('is told apart from a certificate that is not trusted', async () => {
  const { code, errors } = await runCli({ config: config() });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(
    `ERROR DESTINATION_TLS: https://127.0.0.1:${port}/data-plane/b/lakehouse/a does not speak TLS (EPROTO). Correct "host" and "port"`,
  );
  expect(errors[0]).not.toContain('tls_ca_file');
  expect(code).toBe(4);
});

test.each([
  ['http', 1],
  ['tls,net', 1],
  ['timer', 0],
  ['', 0],
])('NODE_DEBUG=%s is warned of %i times', async (NODE_DEBUG, times) => {
  const { warnings } = await runCli({
    config: { destination: 'duckdb', duckdb_path: 'x.duckdb' },
    env: { NODE_DEBUG },
  });
  expect(warnings.filter((warning) => warning.includes('NODE_DEBUG'))).toHaveLength(times);
});
