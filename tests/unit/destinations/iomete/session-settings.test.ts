import { readFile } from 'node:fs/promises';
import type { DBSQLClient } from '@databricks/sql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../../../../src/destinations/iomete/driver.ts';
import { openSparkSession } from '../../../../src/destinations/iomete/session.ts';
import { sessionSettings } from '../../../../src/destinations/iomete/session-settings.ts';
import { describeLakehouse } from '../../../setup/lakehouse.ts';
import { expectExample } from '../../../support/error-examples.ts';

type ThriftSession = Awaited<ReturnType<DBSQLClient['openSession']>>;

/** What a lakehouse may be set to; each would change what a load does. */
const hostile: Readonly<Record<string, string>> = {
  'spark.sql.columnNameOfCorruptRecord': 'c1',
  'spark.sql.storeAssignmentPolicy': 'LEGACY',
  'spark.sql.iceberg.check-nullability': 'false',
  'spark.sql.iceberg.merge-schema': 'true',
  'spark.sql.crossJoin.enabled': 'false',
  'spark.sql.jsonGenerator.ignoreNullFields': 'false',
  'spark.sql.parquet.binaryAsString': 'true',
  'spark.sql.legacy.keepCommandOutputSchema': 'true',
};

describeLakehouse('a session of a lakehouse whose defaults are hostile', (details) => {
  let client: DBSQLClient;
  const retry = { maxMs: 0, signal: new AbortController().signal };
  beforeAll(async () => {
    client = await createClient({ exchangeMs: 60_000 });
    const token = Buffer.from(`${details.user}:${details.password}`).toString('base64');
    await client.connect({
      host: details.host,
      port: details.port,
      path: details.httpPath,
      authType: 'custom',
      provider: { authenticate: () => Promise.resolve({ Authorization: `Basic ${token}` }) },
      customCaCert: await readFile(details.caFile),
      telemetryEnabled: false,
    });
  });
  afterAll(() => client.close());

  /** A session as a lakehouse with these settings would open it. */
  async function opened(settings: Readonly<Record<string, string>>): Promise<ThriftSession> {
    const thrift = await client.openSession({});
    for (const [name, value] of Object.entries(settings)) {
      const operation = await thrift.executeStatement(`SET \`${name}\`=${value}`);
      await operation.finished();
      await operation.close();
    }
    return thrift;
  }

  /** `RESET` gives back what the lakehouse sets for everybody. */
  const withoutReset = (thrift: ThriftSession): ThriftSession =>
    new Proxy(thrift, {
      get: (target, name) => {
        if (name === 'close') return () => target.close();
        if (name !== 'executeStatement') return Reflect.get(target, name);
        return (sql: string, options: object) =>
          target.executeStatement(sql.startsWith('RESET') ? 'SELECT 1' : sql, options);
      },
    });

  it('has each setting that loads rely on, and no branch that they would go to', async () => {
    const thrift = await opened({ ...hostile, 'spark.wap.branch': 'audit' });
    const session = await openSparkSession(client, thrift, retry);
    const found = Object.fromEntries((await session.run('SET')).map(({ key, value }) => [key, value]));
    await session.close();
    expect(found).toMatchObject(sessionSettings);
    expect(Object.keys(sessionSettings)).toEqual(expect.arrayContaining(Object.keys(hostile)));
    expect(found).not.toHaveProperty(['spark.wap.branch']);
  });

  it.each(['spark.wap.branch', 'spark.wap.id'])('is refused by name where %s can not be unset', async (name) => {
    const thrift = withoutReset(await opened({ [name]: 'audit' }));
    const error = await openSparkSession(client, thrift, retry).catch((failure) => failure);
    expectExample(error, 'DESTINATION_SETTING', { [name]: 'spark.wap.branch' });
    expect(error.message).toContain(name);
  });
});
