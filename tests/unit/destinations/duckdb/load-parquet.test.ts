import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Warehouse } from '../../../../src/destinations/staged/warehouse.ts';
import { keptValues, refusedValues } from '../parquet-cases.ts';
import { parquetLoad, plainTime, versionOfProperties, writeParquet } from '../parquet-files.ts';
import { stagedFolder } from './staged-folder.ts';

let folder: Awaited<ReturnType<typeof stagedFolder>>;
let destination: Warehouse;
beforeAll(async () => {
  folder = await stagedFolder();
  destination = folder.destination();
  await destination.connect();
});
afterAll(async () => {
  await destination.close();
  await folder.remove();
});

const fileOf = async (name: string, query: string) => {
  const path = join(folder.folder, name);
  await writeParquet(path, query);
  return path;
};

test('values arrive as the file has them', async () => {
  const version = versionOfProperties(Object.fromEntries(keptValues.map(({ type }, i) => [`v${i}`, type])));
  const path = await fileOf('kept.parquet', `SELECT ${keptValues.map(({ value }, i) => `${value} AS v${i}`)}`);
  const loader = destination.openTable('orders');
  await loader.prepare(version);
  expect(await loader.loadParquet(parquetLoad(version, path))).toEqual({
    rows: 1,
    hasDeletes: false,
    discarded: new Map(),
    inexact: new Map(),
    deduplicated: 0,
    deleted: 0,
  });
  await loader.close();
  await destination.close();
  const columns = keptValues.map((_, i) => `CAST(v${i} AS VARCHAR)`).join(', ');
  const [found] = (await folder.query(`SELECT ${columns} FROM orders`)) as (string | null)[][];
  await destination.connect();
  expect(named(found!.map((value) => (value === null ? null : plainTime(value))))).toEqual(
    named(keptValues.map(({ expected }) => expected)),
  );
});

const named = (values: readonly (string | null)[]) =>
  Object.fromEntries(keptValues.map(({ what }, i) => [what, values[i]]));

describe('a value is refused that would be lost or changed:', () => {
  test.each(refusedValues)('$what', async ({ what, type, value }) => {
    const version = versionOfProperties({ v: type }, 'main', 'refused');
    const path = await fileOf(`${what}.parquet`, `SELECT ${value} AS v UNION ALL SELECT NULL`);
    const loader = destination.openTable('refused');
    await loader.prepare(version);
    await expect(loader.loadParquet(parquetLoad(version, path))).rejects.toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      message: expect.stringMatching(/^one row has a value that the column's type [A-Z0-9(),]+ can't hold as it is$/),
      context: { stream: 'refused', column: 'v', file: path, line: 2 },
    });
    await loader.close();
  });
});

test('a name that may mean two columns is refused, and a nested column where flattened ones are wanted', async () => {
  const loader = destination.openTable('names');
  const version = { ...versionOfProperties({ Id: { type: 'integer' } }, 'main', 'names') };
  const nested = { ...version, columns: [{ ...version.columns[0]!, path: ['o', 'x'] }] };
  await loader.prepare(version);
  const load = async (query: string, of = version) =>
    loader.loadParquet(parquetLoad(of, await fileOf(`${query.length}.parquet`, query)));
  await expect(load('SELECT {x: 1} AS o', nested)).rejects.toMatchObject({
    code: 'INPUT_BATCH_FILE',
    message: expect.stringContaining('a column "o" where flattened properties, such as "o__x", are wanted'),
  });
  expect(await load('SELECT 1 AS o__x', nested)).toMatchObject({ rows: 1 });
  expect(await load('SELECT 1 AS ID')).toMatchObject({ rows: 1 });
  await loader.close();
});
