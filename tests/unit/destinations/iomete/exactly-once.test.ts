// The answer to a statement is lost before Spark has it, while Spark works on it, or after it is done.
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { seededRandom } from '../../../../scripts/acceptance/random.mjs';
import { iometeWarehouse } from '../../../../src/destinations/iomete/warehouse.ts';
import type { OverwriteLoader, TableLoader, Warehouse } from '../../../../src/destinations/staged/warehouse.ts';
import type { StreamVersion } from '../../../../src/schema/model.ts';
import { describeLakehouse, ownGateway } from '../../../setup/lakehouse.ts';
import type { Cut, Gateway } from '../../../stand-in/lakehouse.mjs';
import { type Lake, memoryLog, openLake, quoted, settings } from './lake.ts';
import { fields, loadOf, type StagedRow, version } from './versions.ts';

/** 100 in `npm run test:long`, which takes every moment everywhere. */
const rounds = Number(process.env.TARGET_IOMETE_ONCE_ROUNDS ?? 9);
const seed = Number(process.env.TARGET_IOMETE_SEED ?? randomInt(2 ** 31));
vi.setConfig({ testTimeout: 120_000 + rounds * 20_000 });

const moments = ['before', 'running', 'after'] as const;
const append = 'ExecuteStatement.*ON false';
const merge = 'ExecuteStatement.*MERGE INTO.*WHEN MATCHED';
const publish = 'ExecuteStatement.*publish_changes';

describeLakehouse(`a lost answer (TARGET_IOMETE_SEED=${seed})`, (details) => {
  let lake: Lake;
  let gateway: Gateway;
  let destination: Warehouse;
  const log = memoryLog();
  beforeAll(async () => {
    lake = await openLake(details, 'once');
    const own = await ownGateway(details);
    gateway = own.gateway;
    destination = iometeWarehouse({ ...settings(own.details), retryMaxSeconds: 60 }, log);
    await destination.connect();
  });
  afterAll(async () => {
    await destination.close();
    await gateway.close();
    await lake.close();
  });
  beforeEach(() => gateway.clearCuts());

  const rowsOf = async (table: string, order = 'id') =>
    lake.sql(`SELECT id, text FROM ${lake.schema}.${table} ORDER BY ${order}`);
  const staged = async (of: StreamVersion, rows: readonly StagedRow[]) =>
    loadOf(of, [await lake.stage(fields(of, rows))], rows.length);
  const prepared = async (of: StreamVersion): Promise<TableLoader> => {
    const loader = destination.openTable(of.stream);
    await loader.prepare(of);
    return loader;
  };
  /** Does the work while the orders are carried out, all of them. */
  const through = async <T>(orders: readonly Cut[], work: () => Promise<T>): Promise<T> => {
    const before = gateway.counts().cut;
    for (const order of orders) gateway.cut(order);
    const result = await work();
    const wanted = orders.reduce((sum, { count = 1 }) => sum + count, 0);
    expect(gateway.counts().cut - before, JSON.stringify(orders)).toBe(wanted);
    return result;
  };
  const random = seededRandom(seed);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;

  it(`of an append: every row is there exactly once, ${rounds} of ${rounds}`, async () => {
    const of = version(lake.schema, 'appended', { id: 'bigint', text: 'string' });
    const loader = await prepared(of);
    const done: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const orders = [
        { pattern: append, when: moments[round % 3]! },
        { pattern: publish, when: pick(moments), count: 1 + Math.floor(random() * 2) },
      ].filter((_, place) => [true, round % 2 === place % 2][Math.floor(random() * 2)]);
      if (orders.length === 0) orders.push({ pattern: publish, when: moments[round % 3]! });
      const rows = [0, 1, 2].map((row) => ({ data: [`${3 * round + row}`, quoted(`round ${round}`)] }));
      const load = await staged(of, rows);
      const startedAt = performance.now();
      await through(orders, () => loader.load(load));
      const ms = Math.round(performance.now() - startedAt);
      done.push(
        `${orders.map(({ pattern, when }) => `${pattern === append ? 'append' : 'publish'} ${when}`)} ${ms} ms`,
      );
    }
    await loader.close();
    console.info(`${rounds} rounds: ${done.join('; ')}`);
    const expected = Array.from({ length: 3 * rounds }, (_, id) => ({
      id: `${id}`,
      text: `round ${Math.floor(id / 3)}`,
    }));
    expect(await rowsOf('appended')).toEqual(expected);
  });

  it('of an append beside another writer: the rows of both are there exactly once', async () => {
    const of = version(lake.schema, 'shared', { id: 'bigint', text: 'string' });
    const loader = await prepared(of);
    for (const [round, when] of moments.entries()) {
      const load = await staged(of, [{ data: [`${round}`, quoted('ours')] }]);
      await through(
        [
          { pattern: append, when },
          { pattern: publish, when },
        ],
        async () => {
          const ours = loader.load(load);
          await lake.sql(`INSERT INTO ${lake.schema}.shared VALUES (${10 + round}, 'theirs')`);
          await ours;
        },
      );
    }
    await loader.close();
    expect((await rowsOf('shared')).map(({ id }) => id)).toEqual(['0', '1', '2', '10', '11', '12']);
  });

  it('of an append to a table that somebody else has made, partitioned and sorted, changes nothing either', async () => {
    await lake.sql(
      `CREATE TABLE ${lake.schema}.theirs (id BIGINT, text STRING) USING iceberg PARTITIONED BY (bucket(2, id))`,
    );
    await lake.sql(`ALTER TABLE ${lake.schema}.theirs WRITE ORDERED BY text`);
    const of = version(lake.schema, 'theirs', { id: 'bigint', text: 'string' });
    const loader = await prepared(of);
    const load = await staged(of, [{ data: ['1', quoted('a')] }, { data: ['2', quoted('b')] }]);
    await through(
      [
        { pattern: append, when: 'after' },
        { pattern: publish, when: 'after' },
      ],
      () => loader.load(load),
    );
    await loader.close();
    expect((await rowsOf('theirs')).map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('of a merge: the table is as if nothing had happened', async () => {
    const of = version(lake.schema, 'merged', { id: 'bigint', text: 'string' }, { keys: ['id'] });
    const loader = await prepared(of);
    for (const [round, when] of [...moments, 'late' as const].entries()) {
      const rows = [0, 1 + round].map((id) => ({ data: [`${id}`, quoted(`round ${round}`)] }));
      const load = await staged(of, rows);
      await through([{ pattern: merge, when, delayMs: 300 }], () => loader.load(load));
    }
    await through([{ pattern: merge, when: 'running', status: 504, count: 2 }], async () =>
      loader.load(await staged(of, [{ data: ['0', quoted('last')] }])),
    );
    await loader.close();
    const texts = (await rowsOf('merged')).map(({ id, text }) => `${id} ${text}`);
    expect(texts).toEqual(['0 last', '1 round 0', '2 round 1', '3 round 2', '4 round 3']);
  });

  it('of a merge that has nothing to update: each key is there once', async () => {
    const of = version(lake.schema, 'keys', { id: 'bigint' }, { keys: ['id'] });
    const loader = await prepared(of);
    for (const when of moments) {
      const load = await staged(
        of,
        [1, 2, 3].map((id) => ({ data: [`${id}`] })),
      );
      await through([{ pattern: 'MERGE INTO', when }], () => loader.load(load));
    }
    await loader.close();
    expect(await lake.sql(`SELECT count(*) AS n, count(DISTINCT id) AS keys FROM ${lake.schema}.keys`)).toEqual([
      { n: '3', keys: '3' },
    ]);
  });

  it.each(['hard', 'soft'] as const)('of an ACTIVATE_VERSION (%s): only the old rows are gone', async (deletes) => {
    const table = `activated_${deletes}`;
    const of = version(lake.schema, table, { id: 'bigint', text: 'string' }, { keys: ['id'], metadata: true, deletes });
    const loader = await prepared(of);
    for (const [round, when] of moments.entries()) {
      const data = [`${round}`, quoted('x')];
      await loader.load(await staged(of, [{ data, tableVersion: round }]));
      await through([{ pattern: 'ExecuteStatement.*(DELETE FROM|UPDATE) ', when }], () =>
        loader.activateVersion(of, BigInt(round)),
      );
    }
    await loader.close();
    const alive = `SELECT id FROM ${lake.schema}.${table} WHERE _sdc_deleted_at IS NULL`;
    expect(await lake.sql(alive)).toEqual([{ id: '2' }]);
  });

  it.each([
    ['the load into the staging table', append],
    ['its publication', publish],
    ['the new branch', 'CREATE OR REPLACE BRANCH'],
    ['the copy to the branch', 'INSERT OVERWRITE'],
    ['the swap', 'fast_forward'],
    ['CREATE TABLE', 'CREATE TABLE'],
  ])('during an overwrite, at %s: the new rows are there, and nothing else', async (_, pattern) => {
    for (const when of rounds < 100 ? [pick(moments)] : moments) {
      const of = version(lake.schema, `over_${pattern.replaceAll(/\W/g, '').slice(-8)}_${when}`.toLowerCase(), {
        id: 'bigint',
        text: 'string',
      });
      const { stream } = of;
      await lake.sql(`CREATE TABLE ${lake.schema}.${stream} (id BIGINT, text STRING) USING iceberg`);
      await lake.sql(`INSERT INTO ${lake.schema}.${stream} VALUES (7, 'old')`);
      const loader: OverwriteLoader = destination.openOverwrite(stream);
      await through([{ pattern, when }], async () => {
        await loader.prepare(of);
        await loader.load(await staged(of, [{ data: ['1', quoted('new')] }]));
        await loader.load(await staged(of, [{ data: ['2', quoted('new')] }]));
        await loader.complete();
      });
      await loader.close();
      expect((await rowsOf(stream)).map(({ id }) => id)).toEqual(['1', '2']);
      const refs = await lake.sql(`SELECT name FROM ${lake.schema}.${stream}.refs`);
      expect(refs.map(({ name }) => name)).toEqual(['main']);
    }
  });

  it('of the swap: another writer that comes after it is kept', async () => {
    const of = version(lake.schema, 'after_swap', { id: 'bigint', text: 'string' });
    await lake.sql(`CREATE TABLE ${lake.schema}.after_swap (id BIGINT, text STRING) USING iceberg`);
    const loader = destination.openOverwrite('after_swap');
    await loader.prepare(of);
    await loader.load(await staged(of, [{ data: ['1', quoted('new')] }]));
    await through(
      [
        { pattern: 'fast_forward', when: 'after' },
        { pattern: 'OpenSession', when: 'before' },
      ],
      async () => {
        const swapped = loader.complete();
        const until = Date.now() + 60_000;
        while ((await rowsOf('after_swap')).length === 0 && Date.now() < until);
        await lake.sql(`INSERT INTO ${lake.schema}.after_swap VALUES (2, 'theirs')`);
        await swapped;
      },
    );
    await loader.close();
    expect((await rowsOf('after_swap')).map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('while a table is made and changed: every column is there once', async () => {
    for (const when of rounds < 100 ? [pick(moments)] : moments) {
      const table = `made_${when}`;
      const first = version(lake.schema, table, { id: 'bigint', text: 'string' });
      const later = version(lake.schema, table, { id: 'string', text: 'string', more: 'bigint' });
      const loader = destination.openTable(table);
      await through([{ pattern: 'CREATE TABLE', when }], () => loader.prepare(first));
      await through(
        [
          { pattern: 'RENAME COLUMN', when },
          { pattern: 'ADD COLUMNS', when },
        ],
        () => loader.prepare(later),
      );
      await loader.close();
      const found = (await lake.sql(`DESCRIBE TABLE ${lake.schema}.${table}`)).map((row) => String(row.col_name));
      expect(found.map((name) => name.replace(/^id_[\d_]+$/, 'id, dated')).sort()).toEqual([
        'id',
        'id, dated',
        'more',
        'text',
      ]);
    }
  });

  it('of a change to a table without serializable isolation is not followed by a repetition', async () => {
    await lake.sql(
      `CREATE TABLE ${lake.schema}.weak (id BIGINT, text STRING) USING iceberg TBLPROPERTIES ('write.merge.isolation-level' = 'snapshot')`,
    );
    const of = version(lake.schema, 'weak', { id: 'bigint', text: 'string' }, { keys: ['id'] });
    const loader = await prepared(of);
    const load = await staged(of, [{ data: ['1', quoted('a')] }]);
    gateway.cut({ pattern: merge, when: 'before' });
    await expect(loader.load(load)).rejects.toMatchObject({
      code: 'LOAD_FAILED',
      message: expect.stringContaining('"write.merge.isolation-level"'),
      context: { stream: 'weak' },
    });
    await loader.close();
  });

  it.each([
    ['an append', append, /nothing of this load is in the table/],
    ['a publication', publish, /may be in the table: they are when its history has a snapshot .* target_iomete_/],
  ])('that goes on and on ends in an error that says what is known of the rows: %s', async (_, pattern, says) => {
    const impatient = iometeWarehouse({ ...settings(details), port: gateway.port, retryMaxSeconds: 3 }, log);
    await impatient.connect();
    const table = `gone_${pattern.slice(-4).toLowerCase()}`;
    const of = version(lake.schema, table, { id: 'bigint', text: 'string' });
    const loader = impatient.openTable(table);
    await loader.prepare(of);
    const load = await staged(of, [{ data: ['1', quoted('a')] }]);
    gateway.cut({ pattern, when: 'before', count: 1000 });
    const error = await loader.load(load).then(
      () => expect.fail('nothing was thrown'),
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code: 'LOAD_UNANSWERED', context: { stream: table } });
    expect(error.message).toMatch(/\d+ attempts in \d+ s/);
    expect(error.message).toMatch(says);
    await loader.close();
    await impatient.close();
  });
});
