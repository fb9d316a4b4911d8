import { afterAll, beforeAll, expect, it, test } from 'vitest';
import type { LoadOutcome } from '../../../../src/destinations/destination.ts';
import { connect, type SparkClient } from '../../../../src/destinations/iomete/client.ts';
import { Schemas } from '../../../../src/destinations/iomete/schemas.ts';
import type { SparkSession } from '../../../../src/destinations/iomete/session.ts';
import { tableLoader } from '../../../../src/destinations/iomete/table-loader.ts';
import { tableSession } from '../../../../src/destinations/iomete/table-session.ts';
import { replacesWholeRows } from '../../../../src/destinations/sql/load-statements.ts';
import type { LoadTarget } from '../../../../src/destinations/sql/source.ts';
import type { StreamVersion } from '../../../../src/schema/model.ts';
import { describeLakehouse } from '../../../setup/lakehouse.ts';
import { type Lake, memoryLog, openLake, quoted, settings } from './lake.ts';
import { fields, loadOf, version } from './versions.ts';

const columns = { a: 'string', b: 'bigint', x: 'string' } as const;
const row = (a: string, b: number, x: string | null) => ({ data: [quoted(a), `${b}`, x === null ? null : quoted(x)] });

describeLakehouse('a load by way of a branch', (details) => {
  let lake: Lake;
  let client: SparkClient;
  beforeAll(async () => {
    lake = await openLake(details, 'branch');
    client = await connect(settings(details), memoryLog());
  });
  afterAll(async () => {
    await client.close();
    await lake.close();
  });

  /** Sees each statement before it is carried out. */
  const watched = (session: SparkSession, before: (sql: string) => Promise<void>): SparkSession => ({
    run: async (sql) => before(sql).then(() => session.run(sql)),
    execute: async (sql) => before(sql).then(() => session.execute(sql)),
    close: () => session.close(),
    end: () => session.end(),
  });

  /** @param minBranchRows 0 for the loader's own; else every load goes by way of a branch */
  async function open(of: StreamVersion, before: (sql: string) => Promise<void> = async () => {}, minBranchRows = 1) {
    const statements: string[] = [];
    const openSession = async () =>
      watched(await client.openSession(), async (sql) => {
        statements.push(sql.split(/\s+/, 1)[0]!);
        await before(sql);
      });
    const loader = tableLoader(
      tableSession(() => ({ ...client, openSession })),
      {
        stream: of.stream,
        catalog: 'spark_catalog',
        syncStartedAtMs: 1,
        sayRenamed: () => {},
        schemas: new Schemas(),
        runId: `${of.stream}_run`,
        ...(minBranchRows === 0 ? {} : { minBranchRows }),
      },
      lake.log,
    );
    const load = async (rows: readonly ReturnType<typeof row>[], repeats?: number): Promise<LoadOutcome> => {
      const staged = fields(of, rows);
      const half = Math.ceil(staged.length / 2);
      const files = [await lake.stage(staged.slice(0, half)), await lake.stage(staged.slice(half))];
      const counted = repeats === undefined ? {} : { repeats, mayRepeatKeys: repeats > 0 };
      return loader.load(loadOf(of, files, rows.length, counted));
    };
    return { loader, load, statements };
  }

  const held = async ({ stream }: StreamVersion) =>
    (await lake.sql(`SELECT a, b, x FROM ${lake.schema}.${stream} ORDER BY a, b`)).map(({ a, b, x }) => [a, b, x]);
  const refs = async ({ stream }: StreamVersion) =>
    (await lake.sql(`SELECT name FROM ${lake.schema}.${stream}.refs`)).map(({ name }) => name);
  const keyed = (table: string) => version(lake.schema, table, columns, { keys: ['a', 'b'] });

  it('inserts into a new table, then replaces the rows of its keys, and the last of a key counts', async () => {
    const of = keyed('replaced');
    const { loader, load, statements } = await open(of);
    await loader.prepare(of);
    expect(await load([row('k', 1, 'old'), row('k', 2, 'two'), row('k', 1, 'new')], 1)).toEqual({
      inexact: new Map(),
      deduplicated: 1,
      deleted: 0,
    });
    expect(statements).not.toContain('DELETE');
    expect(await held(of)).toEqual([
      ['k', '1', 'new'],
      ['k', '2', 'two'],
    ]);
    await load([row('k', 2, null), row('k,2', 2, 'other'), row('', 2, 'empty')], 0);
    await loader.close();
    expect(statements).toContain('DELETE');
    expect(await held(of)).toEqual([
      ['', '2', 'empty'],
      ['k', '1', 'new'],
      ['k', '2', null],
      ['k,2', '2', 'other'],
    ]);
    expect(await refs(of)).toEqual(['main']);
  });

  it.each([
    ['by way of a branch', 1],
    ['in one statement', 0],
  ])('changes all rows of a key that a table has already, %s, and counts them once', async (_, minBranchRows) => {
    const of = keyed(`repeated_${minBranchRows}`);
    await lake.sql(`CREATE SCHEMA IF NOT EXISTS ${lake.schema}`);
    await lake.sql(`CREATE TABLE ${lake.schema}.${of.stream} (a STRING, b BIGINT, x STRING) USING iceberg`);
    await lake.sql(
      `INSERT INTO ${lake.schema}.${of.stream} VALUES ('k', 1, 'old'), ('k', 1, 'older'), ('k', 2, 'two'), ('l', 1, 'l'), ('l', 1, 'l')`,
    );
    const { loader, load, statements } = await open(of, undefined, minBranchRows);
    await loader.prepare(of);
    for (const x of ['x', 'y']) await load([row('k', 1, x), row('m', 1, x)], 0);
    await loader.close();
    expect(statements).toContain('MERGE');
    expect(await held(of)).toEqual([
      ['k', '1', 'y'],
      ['k', '1', 'y'],
      ['k', '2', 'two'],
      ['l', '1', 'l'],
      ['l', '1', 'l'],
      ['m', '1', 'y'],
    ]);
    expect(await refs(of)).toEqual(['main']);
    const told = lake.log.lines.filter((line) => line.includes(of.stream) && line.includes('more than once'));
    expect(told).toEqual([expect.stringContaining('has 4 rows whose key (a, b) comes more than once')]);
  });

  it('is how ten thousand rows get into a new table, not how they update one', async () => {
    const of = keyed('sized');
    const { loader, load, statements } = await open(of, undefined, 0);
    const rows = Array.from({ length: 10_000 }, (_, at) => row('k', at, 'x'));
    await loader.prepare(of);
    await load(rows, 0);
    expect(statements).toContain('CALL');
    statements.length = 0;
    await load(rows, 0);
    await loader.close();
    expect(statements).not.toContain('CALL');
    expect(await held(of)).toHaveLength(10_000);
  });

  it('asks for the keys when digests do not say how many came twice', async () => {
    const of = keyed('digests');
    const { loader, load } = await open(of);
    await loader.prepare(of);
    const outcome = await load([row('k', 1, 'old'), row('k', 2, 'two'), row('k', 1, 'new'), row('k', 3, 'x')], 2);
    await loader.close();
    expect(outcome.deduplicated).toBe(1);
    expect(await held(of)).toHaveLength(3);
  });

  it('leaves the table as it was when fewer rows are read than were staged', async () => {
    const of = keyed('short');
    const { loader, load } = await open(of);
    await loader.prepare(of);
    await load([row('k', 1, 'old')], 0);
    const files = [await lake.stage(fields(of, [row('k', 1, 'new')]))];
    await expect(loader.load(loadOf(of, files, 2, { repeats: 0 }))).rejects.toMatchObject({
      code: 'LOAD_ROWS_MISMATCH',
    });
    await loader.close();
    expect(await held(of)).toEqual([['k', '1', 'old']]);
    expect(await refs(of)).toEqual(['main']);
  });

  it('keeps what another writer commits before the table is moved on', async () => {
    const of = keyed('contested');
    let others = 0;
    const { loader, load, statements } = await open(of, async (sql) => {
      if (!sql.startsWith('CALL') || others++ > 0) return;
      await lake.sql(`INSERT INTO ${lake.schema}.contested VALUES ('k', 1, 'theirs'), ('z', 9, 'theirs')`);
    });
    await loader.prepare(of);
    await load([row('k', 1, 'ours'), row('k', 2, 'ours')], 0);
    await loader.close();
    expect(statements).toContain('CALL');
    expect(await held(of)).toEqual([
      ['k', '1', 'ours'],
      ['k', '2', 'ours'],
      ['z', '9', 'theirs'],
    ]);
    expect(await refs(of)).toEqual(['main']);
  });

  it('finds that a new table is not empty any more', async () => {
    const of = keyed('raced');
    const { loader, load } = await open(of);
    await loader.prepare(of);
    await lake.sql(`INSERT INTO ${lake.schema}.raced VALUES ('k', 1, 'theirs'), ('z', 9, 'theirs')`);
    await load([row('k', 1, 'ours'), row('k', 2, 'ours')], 0);
    await loader.close();
    expect(await held(of)).toEqual([
      ['k', '1', 'ours'],
      ['k', '2', 'ours'],
      ['z', '9', 'theirs'],
    ]);
  });

  it('is not taken where a row would lose what the load does not say', async () => {
    const of = keyed('partly');
    await lake.sql(`CREATE TABLE ${lake.schema}.partly (a STRING, b BIGINT, x STRING, own STRING) USING iceberg`);
    await lake.sql(`INSERT INTO ${lake.schema}.partly VALUES ('k', 1, 'old', 'kept')`);
    const { loader, load, statements } = await open(of);
    await loader.prepare(of);
    await load([row('k', 1, 'new')], 0);
    await loader.close();
    expect(statements).not.toContain('DELETE');
    expect(await lake.sql(`SELECT x, own FROM ${lake.schema}.partly`)).toEqual([{ x: 'new', own: 'kept' }]);
  });
});

test('rows are replaced as wholes only where each says all there is', () => {
  const keyed = version('s', 't', columns, { keys: ['a'] });
  const target = (rest: Partial<LoadTarget>): LoadTarget => ({
    load: loadOf(keyed, [], 1),
    table: 't',
    columns: [],
    others: [],
    relation: 'v',
    syncStartedAtMs: 0,
    ...rest,
  });
  expect(replacesWholeRows(target({}))).toBe(true);
  expect(replacesWholeRows(target({ others: [{ name: 'own' }] }))).toBe(false);
  expect(replacesWholeRows(target({ load: loadOf(keyed, [], 1, { hasDeletes: true }) }))).toBe(false);
  expect(replacesWholeRows(target({ load: loadOf(keyed, [], 1, { absentColumns: new Set([1]) }) }))).toBe(false);
  expect(replacesWholeRows(target({ load: loadOf(version('s', 't', columns), [], 1) }))).toBe(false);
});
