import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLakehouse } from '../../../setup/lakehouse.ts';
import { type Lake, openLake, quoted } from './lake.ts';
import { fields, loadOf, version } from './versions.ts';

describeLakehouse('loads at the same time', (details) => {
  let lake: Lake;
  beforeAll(async () => {
    lake = await openLake(details, 'concurrent');
  });
  afterAll(() => lake.close());

  const start = async (table: string) => {
    const of = version(lake.schema, table, { id: 'bigint', text: 'string' }, { keys: ['id'] });
    const loader = lake.destination.openTable(table);
    await loader.prepare(of);
    return { of, loader };
  };

  it('do not get in each other’s way on two tables', async () => {
    const load = async (table: string) => {
      const { of, loader } = await start(table);
      const rows = Array.from({ length: 50 }, (_, id) => ({ data: [`${id}`, quoted(`${table} ${id}`)] }));
      await loader.load(loadOf(of, [await lake.stage(fields(of, rows))], 50));
      await loader.close();
    };
    await Promise.all([load('left'), load('right')]);
    for (const table of ['left', 'right'])
      expect(
        await lake.sql(`SELECT count(*) AS n FROM ${lake.schema}.${table} WHERE text = '${table} ' || id`),
      ).toEqual([{ n: '50' }]);
  });

  it('of two writers to one table all arrive, whoever commits first', async () => {
    const writers = await Promise.all([start('shared'), start('shared')]);
    const rounds = 3;
    await Promise.all(
      writers.map(async ({ of, loader }, writer) => {
        for (let round = 0; round < rounds; round++) {
          const rows = [
            { data: ['0', quoted(`last of ${writer}`)] },
            { data: [`${1 + writer * rounds + round}`, quoted('own')] },
          ];
          await loader.load(loadOf(of, [await lake.stage(fields(of, rows))], 2));
        }
        await loader.close();
      }),
    );
    const rows = await lake.sql(`SELECT id, text FROM ${lake.schema}.shared ORDER BY id`);
    expect(rows.map(({ id }) => id)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(rows[0]?.text).toMatch(/^last of [01]$/);
  });
});
