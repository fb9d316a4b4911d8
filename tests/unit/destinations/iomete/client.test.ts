import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectionSettings, connect } from '../../../../src/destinations/iomete/client.ts';
import { describeLakehouse, ownGateway } from '../../../setup/lakehouse.ts';
import type { Gateway } from '../../../stand-in/lakehouse.mjs';
import { type Lake, memoryLog, openLake, settings } from './lake.ts';

describeLakehouse('a session', (details) => {
  let lake: Lake;
  beforeAll(async () => {
    lake = await openLake(details, 'client');
  });
  afterAll(() => lake.close());

  it('gives back every value exactly', async () => {
    const [row] = await lake.sql(`SELECT 9223372036854775807 AS highest, -9223372036854775808 AS lowest,
      CAST('12345678901234567890123456789.123456789' AS DECIMAL(38,9)) AS d, CAST(NULL AS BIGINT) AS n, '' AS empty,
      TIMESTAMP '2024-02-29 12:34:56.123456' AS t, DATE '0001-01-01' AS day, CAST(0.1 AS DOUBLE) AS f, true AS b,
      array(9007199254740993) AS a, 'é\\u2028😀' AS u`);
    expect(row).toEqual({
      highest: '9223372036854775807',
      lowest: '-9223372036854775808',
      d: '12345678901234567890123456789.123456789',
      n: null,
      empty: '',
      t: '2024-02-29 12:34:56.123456',
      day: '0001-01-01',
      f: 0.1,
      b: true,
      a: '[9007199254740993]',
      u: 'é\u2028😀',
    });
  });

  it('names columns in their order and keeps nulls apart over more than a byte of them', async () => {
    const rows = await lake.sql('SELECT id AS a, IF(id % 3 = 0, NULL, id * 2) AS b FROM range(20) ORDER BY id');
    expect(rows.map(({ a, b }) => [a, b])).toEqual(
      Array.from({ length: 20 }, (_, id) => [`${id}`, id % 3 === 0 ? null : `${id * 2}`]),
    );
  });

  it('runs in UTC and lets casts fail, whatever the defaults of the lakehouse', async () => {
    const variable = '$' + '{spark.app.name}';
    expect(await lake.sql(`SELECT current_timezone() AS zone, '${variable}' AS text`)).toEqual([
      { zone: 'UTC', text: variable },
    ]);
    await expect(lake.sql("SELECT CAST('topsecret' AS BIGINT)")).rejects.toMatchObject({
      outcome: 'failed',
      errorClass: 'CAST_INVALID_INPUT',
      message: expect.not.stringContaining('topsecret'),
    });
  });

  it('names the class of an error', async () => {
    await expect(lake.sql('SELECT * FROM nowhere.nothing')).rejects.toMatchObject({
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
      message: expect.stringMatching(/^\[TABLE_OR_VIEW_NOT_FOUND\] .*`nowhere`.`nothing`/),
    });
  });
});

describeLakehouse('opening a session', (details) => {
  const failure = async (changes: Partial<ConnectionSettings>, log = memoryLog()) => {
    const client = await connect({ ...settings(details), startupWaitSeconds: 0, ...changes }, log);
    try {
      await client.openSession();
    } finally {
      await client.close();
    }
  };

  it.each([
    ['DESTINATION_AUTH', { password: 'wrong-password' }],
    ['DESTINATION_NOT_FOUND', { httpPath: '/data-plane/demo/lakehouse/other' }],
    ['DESTINATION_TLS', { tlsCaFile: undefined }],
    ['DESTINATION_UNREACHABLE', { host: 'no-such-host.invalid' }],
    ['DESTINATION_UNREACHABLE', { port: 1 }],
  ] as const)('fails with %s when the settings are %o', async (code, changes) => {
    const error = await failure(changes).then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code, message: expect.stringMatching(/^[^\n]{10,200}$/) });
    expect(`${error.message} ${error.stack}`).not.toMatch(/wrong-password|secret-token|Basic /);
  });

  it('names a CA file that cannot be read, or is none', async () => {
    await expect(failure({ tlsCaFile: '/no/such/ca.pem' })).rejects.toMatchObject({
      code: 'DESTINATION_TLS',
      message: expect.stringContaining('/no/such/ca.pem'),
    });
    await expect(failure({ tlsCaFile: import.meta.filename })).rejects.toMatchObject({ code: 'DESTINATION_TLS' });
  });

  it('does not ask for a trusted certificate when it is told not to', async () => {
    await failure({ tlsCaFile: undefined, tlsVerify: false });
  });

  it('says so when plain HTTP answers where HTTPS should', async () => {
    const plain = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    await expect(failure({ port })).rejects.toMatchObject({ code: 'DESTINATION_TLS' });
    plain.close();
  });

  describe('behind a gateway', () => {
    let gateway: Gateway;
    const throughGateway = () => ({ port: gateway.port });
    beforeAll(async () => {
      ({ gateway } = await ownGateway(details));
    });
    afterAll(() => gateway.close());

    it('waits for a lakehouse that is starting, and says so once', async () => {
      gateway.setMode('starting');
      setTimeout(() => gateway.setMode('up'), 2_500);
      const log = memoryLog();
      await failure({ ...throughGateway(), startupWaitSeconds: 30 }, log);
      expect(log.lines).toEqual(['lakehouse is starting, waiting up to 30 s']);
    });

    it('gives up on a lakehouse that goes on starting', async () => {
      gateway.setMode('starting');
      const startedAt = Date.now();
      await expect(failure({ ...throughGateway(), startupWaitSeconds: 2 })).rejects.toMatchObject({
        code: 'DESTINATION_STARTING',
        message: expect.stringContaining('after 2 s'),
      });
      expect(Date.now() - startedAt).toBeLessThan(4_000);
      await expect(failure(throughGateway())).rejects.toMatchObject({ code: 'DESTINATION_STARTING' });
    });

    it.each(['hang', 'reset'] as const)('ends in an error, not in silence, when the gateway does: %s', async (mode) => {
      gateway.setMode(mode);
      const error = failure({ ...throughGateway(), exchangeTimeoutMs: 1_000 });
      await expect(error).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
    });

    it('closes within seconds when the lakehouse no longer answers', async () => {
      gateway.setMode('up');
      const client = await connect({ ...settings(details), ...throughGateway() }, memoryLog());
      const session = await client.openSession();
      gateway.setMode('hang');
      const startedAt = Date.now();
      await session.close();
      await client.close();
      expect(Date.now() - startedAt).toBeLessThan(8_000);
    });

    it('takes a session that the lakehouse does not know for one that is over', async () => {
      gateway.setMode('up');
      const client = await connect({ ...settings(details), ...throughGateway() }, memoryLog());
      const session = await client.openSession();
      await session.end();
      await expect(session.end()).resolves.toBeUndefined();
      await expect(session.run('SELECT 1')).rejects.toMatchObject({ outcome: 'not-started' });
      await client.close();
    });

    it('goes on with a statement when a poll for it is lost', async () => {
      gateway.setMode('up');
      const client = await connect({ ...settings(details), ...throughGateway() }, memoryLog());
      const session = await client.openSession();
      // late enough for the statement to have been taken
      setTimeout(() => gateway.setMode('reset'), 2_000);
      setTimeout(() => gateway.setMode('up'), 3_000);
      const slow = "SELECT id, java_method('java.lang.Thread', 'sleep', 2000L) FROM range(0, 3, 1, 1)";
      expect(await session.run(slow)).toHaveLength(3);
      await session.close();
      await client.close();
    });
  });
});
