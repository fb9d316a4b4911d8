import { afterAll, beforeAll, expect, it } from 'vitest';
import { stagedReadError, tableError } from '../../../../src/destinations/iomete/load-errors.ts';
import { StatementError } from '../../../../src/destinations/iomete/statement-error.ts';
import { iometeWarehouse } from '../../../../src/destinations/iomete/warehouse.ts';
import { describeLakehouse, ownGateway } from '../../../setup/lakehouse.ts';
import { expectExample } from '../../../support/error-examples.ts';
import { type Lake, memoryLog, openLake, quoted, settings } from './lake.ts';
import { fields, loadOf, version } from './versions.ts';

describeLakehouse('a load', (details) => {
  let lake: Lake;
  beforeAll(async () => {
    lake = await openLake(details, 'failures');
  });
  afterAll(() => lake.close());

  const prepared = async (table: string, destination = lake.destination) => {
    const of = version(lake.schema, table, { id: 'bigint', text: 'string' }, { keys: ['id'] });
    const loader = destination.openTable(table);
    await loader.prepare(of);
    return { of, loader };
  };
  const count = async (table: string) => (await lake.sql(`SELECT count(*) AS n FROM ${lake.schema}.${table}`))[0]?.n;
  const rejection = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.fail('nothing was thrown'),
      (error) => error,
    );

  it('into a catalog that the lakehouse does not have names the option', async () => {
    const of = version(lake.schema, 'wrong_catalog', { id: 'bigint' }, { keys: ['id'] });
    const loader = lake.destination.openTable('wrong_catalog');
    const error = await rejection(loader.prepare({ ...of, table: { ...of.table, catalog: 'nowhere' } }));
    expectExample(error, 'LOAD_FAILED', { [lake.schema]: 'shop' });
    await loader.close();
  });

  it('that reads other rows than were staged changes nothing', async () => {
    const { of, loader } = await prepared('miscounted');
    const file = await lake.stage(fields(of, [{ data: ['1', quoted('a')] }, { data: ['2', quoted('b')] }]));
    const error = await rejection(loader.load(loadOf(of, [file], 3)));
    expect(error).toMatchObject({
      code: 'LOAD_ROWS_MISMATCH',
      message: '3 rows were written to 1 staged file, the lakehouse reads 2',
      context: { stream: 'miscounted' },
    });
    expect(await count('miscounted')).toBe('0');
    await loader.load(loadOf(of, [file], 2));
    await loader.close();
    expect(await count('miscounted')).toBe('2');
  });

  it.each([
    ['a value that is not of its type', '"topsecret",1'],
    ['a quote that does not close its value', '"a"topsecret,1'],
    ['a record with a field too few', '1'],
    ['a record with a field too many', '"topsecret",1,,,'],
  ])('fails on %s, and quotes no row', async (_, rest) => {
    const table = `malformed_${rest.length}`;
    const of = version(lake.schema, table, { id: 'bigint', text: 'string' });
    const loader = lake.destination.openTable(table);
    await loader.prepare(of);
    const record = rest === '"topsecret",1' ? ['topsecret', rest, ''] : ['1', ...rest.split(','), ''];
    if (rest === '1') record.pop();
    const error = await rejection(loader.load(loadOf(of, [await lake.stage([record])], 1)));
    expect(error).toMatchObject({ code: expect.stringMatching(/^LOAD_(FAILED|ROWS_MISMATCH)$/) });
    expect(`${error.message} ${error.stack}`).not.toContain('topsecret');
    expect(await count(table)).toBe('0');
    await loader.close();
  });

  it('says that the lakehouse does not see the stage', async () => {
    const { of, loader } = await prepared('unstaged');
    const there = await lake.stage(fields(of, [{ data: ['1', quoted('a')] }]));
    const lost = { ...there, location: there.location.replace(/[^/]*$/, 'lost.csv.gz') };
    expect(await rejection(loader.load(loadOf(of, [lost], 1)))).toMatchObject({
      code: 'LOAD_FAILED',
      message: expect.stringMatching(/^the lakehouse can't read the stage s3a:\/\/.*: the staged files are not there$/),
    });
    const elsewhere = { ...there, location: 's3a://no-such-bucket-here/a/1.csv.gz' };
    expect(await rejection(loader.load(loadOf(of, [elsewhere], 1)))).toMatchObject({
      code: 'LOAD_FAILED',
      message: "the lakehouse can't read the stage s3a://no-such-bucket-here/a/: there is no such bucket for it",
    });
    expect(await rejection(loader.load(loadOf(of, [there, lost], 2)))).toMatchObject({ code: 'LOAD_ROWS_MISMATCH' });
    await loader.close();
  });

  it('says so when S3 refuses the lakehouse', async () => {
    const location = 's3a://iomete-refused/a/1.csv';
    const refused = await rejection(
      lake.sql(
        `CREATE TEMPORARY VIEW refused (c0 BIGINT) USING csv OPTIONS (path '${location}', \`fs.s3a.secret.key\` 'wrong')`,
      ),
    );
    expect(stagedReadError(refused, [{ location, key: '', bytes: 0 }])).toMatchObject({
      code: 'LOAD_FAILED',
      message: "the lakehouse can't read the stage s3a://iomete-refused/a/: S3 refused its credentials (HTTP 403)",
    });
  });

  it('waits for a lakehouse that fell asleep since the last one', async () => {
    const { gateway, details: own } = await ownGateway(details);
    const log = memoryLog();
    const destination = iometeWarehouse(settings(own), log);
    await destination.connect();
    const { of, loader } = await prepared('asleep', destination);
    const file = await lake.stage(fields(of, [{ data: ['1', quoted('a')] }]));
    gateway.setMode('starting');
    setTimeout(() => gateway.setMode('up'), 2_000);
    await loader.load(loadOf(of, [file], 1));
    expect(log.lines.filter((line) => line.includes('starting'))).toHaveLength(1);
    expect(await count('asleep')).toBe('1');
    await loader.close();
    await destination.close();
    await gateway.close();
  });

  it('survives a connection that is reset while it only reads', async () => {
    const { gateway, details: own } = await ownGateway(details);
    const destination = iometeWarehouse(settings(own), memoryLog());
    await destination.connect();
    const { of, loader } = await prepared('reset', destination);
    const file = await lake.stage(fields(of, [{ data: ['1', quoted('a')] }]));
    gateway.setMode('reset');
    setTimeout(() => gateway.setMode('up'), 1_000);
    await loader.load(loadOf(of, [file], 1));
    expect(await count('reset')).toBe('1');
    await loader.close();
    await destination.close();
    await gateway.close();
  });
});

it('is TABLE_FORBIDDEN when the user may not, and says that the outcome is unknown when the answer is lost', () => {
  const forbidden = new StatementError(
    'failed',
    'org.apache.hadoop.security.AccessControlException: Permission denied: user [loader] does not have [CREATE] privilege on [shop/orders]',
  );
  expectExample(tableError(forbidden, { stream: 'orders' }, '`shop`.`orders`'), 'TABLE_FORBIDDEN');
  const lost = new StatementError('unknown', 'socket hang up');
  expectExample(tableError(lost, { stream: 'orders' }, '`shop`.`orders`'), 'LOAD_UNANSWERED');
});
