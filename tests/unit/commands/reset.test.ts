// Tables of streams that are to be loaded anew, in a DuckDB file and in the lakehouse.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reset } from '../../../src/commands/reset.ts';
import { loadConfig, parseArguments } from '../../../src/config/index.ts';
import type { TargetError } from '../../../src/errors/target-error.ts';
import { describeLakehouse } from '../../setup/lakehouse.ts';
import { inDuckdb, readDuckdb } from '../../support/duckdb-file.ts';
import { lakehouseOptions } from '../../support/lakehouse-options.ts';
import { openLake } from '../destinations/iomete/lake.ts';

let folder: string;
let file: string;
let stateFile: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reset-'));
  file = join(folder, 'shop.duckdb');
  stateFile = join(folder, 'state.json');
});
afterEach(() => rm(folder, { recursive: true }));

/** @returns the lines that the command prints */
async function resetOf(streams: readonly string[], options: Readonly<Record<string, unknown>>, remove: boolean) {
  const config = join(folder, 'config.json');
  await writeFile(config, JSON.stringify(options), { mode: 0o600 });
  const resolved = await loadConfig(await parseArguments(['--config', config]), {});
  const lines: string[] = [];
  const log = { info: () => {}, warn: () => {} };
  await reset(resolved.options, { streams, remove, print: (line) => lines.push(line), log });
  return lines;
}

const inFile = () => ({ destination: 'duckdb', duckdb_path: file });
const tables = async () =>
  (await readDuckdb(file, 'SELECT schema_name, table_name FROM duckdb_tables() ORDER BY 1, 2')).getRows().map(String);

describe('reset of streams in a DuckDB file', () => {
  beforeEach(async () => {
    await inDuckdb(
      file,
      'CREATE TABLE "Orders" AS FROM range(3750); CREATE TABLE other AS FROM range(2); CREATE SCHEMA crm; CREATE TABLE crm.people AS FROM range(1); CREATE VIEW seen AS FROM other',
    );
  });

  it('lists the tables, and changes nothing', async () => {
    const options = { ...inFile(), schema_mapping: { public: { target_schema: 'crm' } }, state_file: stateFile };
    await writeFile(stateFile, '{"bookmarks":{"orders":{"id":7}}}');
    expect(await resetOf(['orders', 'public-people', 'missing'], options, false)).toEqual([
      `found: table main.Orders in ${file} (3,750 rows) of the stream orders`,
      `found: table crm.people in ${file} (1 row) of the stream public-people`,
      'nothing: the stream missing has no table main.missing',
      'nothing is changed: --remove drops what is listed, with all of its rows',
    ]);
    expect(await tables()).toEqual(['crm,people', 'main,Orders', 'main,other']);
    expect(await readFile(stateFile, 'utf8')).toBe('{"bookmarks":{"orders":{"id":7}}}');
  });

  it('drops the tables of these streams alone', async () => {
    expect(await resetOf(['orders'], inFile(), true)).toEqual([
      `dropped: table main.Orders in ${file} (3,750 rows) of the stream orders`,
      'the state of your tap may have a bookmark of orders: remove it there',
    ]);
    expect(await tables()).toEqual(['crm,people', 'main,other']);
  });

  it('empties the bookmarks of these streams in the state file, and leaves every other byte', async () => {
    await writeFile(stateFile, '{"bookmarks":{"orders":{"id":7},"other":{"id":12345678901234567890}},"x":1.0}\n');
    const lines = await resetOf(['orders', 'missing'], { ...inFile(), state_file: stateFile }, true);
    expect(lines).toEqual([
      `emptied: the bookmark of the stream orders in ${stateFile}`,
      `dropped: table main.Orders in ${file} (3,750 rows) of the stream orders`,
      'nothing: the stream missing has no table main.missing',
      'the state of your tap may have a bookmark of missing: remove it there',
    ]);
    expect(await readFile(stateFile, 'utf8')).toBe(
      '{"bookmarks":{"orders":{},"other":{"id":12345678901234567890}},"x":1.0}\n',
    );
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
  });

  it('goes on where there is no state file yet', async () => {
    const lines = await resetOf(['other'], { ...inFile(), state_file: stateFile }, true);
    expect(lines[0]).toBe(`dropped: table main.other in ${file} (2 rows) of the stream other`);
  });

  it('refuses a view, and drops nothing then', async () => {
    const error = await resetOf(['other', 'seen'], inFile(), true).catch((failure: TargetError) => failure);
    expect(error).toMatchObject({ code: 'TABLE_IS_VIEW', message: `main.seen in ${file} is a view` });
    expect(await tables()).toContain('main,other');
  });

  it('finds nothing in a file that does not exist, and makes none', async () => {
    const absent = join(folder, 'absent.duckdb');
    expect(await resetOf(['a'], { destination: 'duckdb', duckdb_path: absent }, true)).toEqual([
      'nothing: the stream a has no table main.a',
      'the state of your tap may have a bookmark of a: remove it there',
    ]);
    await expect(stat(absent)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describeLakehouse('reset of streams in the lakehouse', (details) => {
  it('lists the table, and drops it when told so', async () => {
    const lake = await openLake(details, 'reset');
    try {
      const { schema } = lake;
      await lake.sql(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
      await lake.sql(`CREATE TABLE ${schema}.a USING iceberg AS SELECT id FROM range(12)`);
      const options = lakehouseOptions(details, schema, `${schema}/`);
      const place = `table spark_catalog.${schema}.a (12 rows) of the stream a`;
      expect((await resetOf(['a', 'b'], options, false)).slice(0, 2)).toEqual([
        `found: ${place}`,
        `nothing: the stream b has no table ${schema}.b`,
      ]);
      expect((await resetOf(['a'], options, true))[0]).toBe(`dropped: ${place}`);
      expect(await lake.sql(`SHOW TABLES IN ${schema}`)).toEqual([]);
    } finally {
      await lake.close();
    }
  });
});
