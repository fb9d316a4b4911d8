// A lakehouse that sends its callers elsewhere: neither the password nor a statement goes there.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../../../src/destinations/iomete/client.ts';

const folder = mkdtempSync(join(tmpdir(), 'target-iomete-redirect-'));
const keyFile = join(folder, 'key.pem');
const certificateFile = join(folder, 'certificate.pem');

beforeAll(() => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-days', '2'];
  const files = ['-keyout', keyFile, '-out', certificateFile];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject], { stdio: 'ignore' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([301, 302, 307, 308])('HTTP %i is an error, and nobody is asked there', async (status) => {
  const tls = { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };
  let asked = 0;
  const elsewhere = createServer(tls, (_, response) => {
    asked++;
    response.end();
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const location = `https://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/stolen`;
  const server = createServer(tls, (_, response) => {
    response.writeHead(status, { location }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const settings = { host: '127.0.0.1', port, httpPath: '/lakehouse/a', user: 'me', password: 'secret' };
  const trust = { tlsCaFile: certificateFile, tlsVerify: true, startupWaitSeconds: 0, retryMaxSeconds: 0 };
  const client = await connect({ ...settings, ...trust }, { info: () => {}, warn: () => {} });
  try {
    await expect(client.openSession()).rejects.toMatchObject({
      code: 'DESTINATION_UNREACHABLE',
      message: expect.stringMatching(/answered with a redirect, which is not followed$/),
    });
    expect(asked).toBe(0);
  } finally {
    await client.close();
    for (const each of [server, elsewhere]) {
      each.closeAllConnections();
      each.close();
    }
  }
});
