// The summary of a run: every record that was read is in one of its counts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { duckdbWarehouse, loadInto, sparkWarehouse, type Warehouse } from '../support/warehouse.ts';
import { writeParquet } from '../unit/destinations/parquet-files.ts';

const text = { type: ['null', 'string'] };
const schema = (stream: string, keys = ['id']) => ({
  type: 'SCHEMA',
  stream,
  schema: { properties: { id: { type: 'integer' }, n: { type: ['null', 'integer'] }, name: text } },
  key_properties: keys,
});
const record = (stream: string, record: object) => ({ type: 'RECORD', stream, record });
const gone = (id: number) => ({ id, _sdc_deleted_at: '2024-01-01T00:00:00Z' });
const end = { type: 'STATE', value: 'end' };

const before = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }];
/** 12 records: 1 and 5 twice; 2 ends deleted after an update, 3 outright; 6 comes and goes; 4 goes and comes; one is bad. */
const history = [
  { id: 1, n: 1 },
  { id: 5, n: 1, name: 'e' },
  { id: 1, n: 2 },
  { id: 2, n: 2 },
  gone(2),
  gone(3),
  { id: 6, n: 1 },
  gone(6),
  gone(4),
  { id: 4, n: 4 },
  { id: 7, n: 'seven' },
  { id: 5, n: 2 },
];

function summaries(open: () => Warehouse) {
  const warehouse = open();
  const folder = mkdtempSync(join(tmpdir(), 'summary-'));
  afterAll(async () => {
    await warehouse.close();
    rmSync(folder, { recursive: true, force: true });
  });
  let count = 0;
  const summaryOf = async (messages: readonly object[], options: Readonly<Record<string, string | boolean>>) => {
    const said = await loadInto(warehouse, messages, { invalid_values: 'dead_letter', ...options });
    return said.filter((line) => /^\w+: .* read, /.test(line)).map((line) => line.replace(/^\w+: /, ''));
  };
  const run = (options: Readonly<Record<string, string | boolean>>) => {
    const stream = `t${count++}`;
    const records = (all: readonly object[]) => all.map((one) => record(stream, one));
    const load = (all: readonly object[]) => summaryOf([schema(stream), ...records(all), end], options);
    return load(before).then(() => load(history));
  };

  test.each([
    ['hard', { hard_delete: true }, '3 loaded in 1 load, 5 updated by a later one, 3 deleted, 1 set aside'],
    [
      'soft',
      { add_metadata_columns: true },
      '3 loaded in 1 load, 5 updated by a later one, 3 marked as deleted, 1 set aside',
    ],
    ['no', {}, '6 loaded in 1 load, 5 updated by a later one, 1 set aside'],
    [
      'overwrites and hard',
      { hard_delete: true, load_method: 'overwrite' },
      '3 loaded in 1 load, 5 updated by a later one, 3 deleted, 1 set aside',
    ],
  ])('with %s deletes is the sum of all that became of the records', async (_, options, counts) => {
    expect(await run(options)).toEqual([`12 rows read, ${counts}`]);
  });

  test('counts delete markers of keys that come once', async () => {
    const stream = `t${count++}`;
    const records = [{ id: 1 }, gone(2), { id: 3 }].map((one) => record(stream, one));
    const summary = await summaryOf([schema(stream), ...records, end], { hard_delete: true });
    expect(summary).toEqual(['3 rows read, 2 loaded in 1 load, 1 deleted']);
  });

  test('counts all rows that are appended as loaded', async () => {
    expect(await run({ load_method: 'append-only', add_metadata_columns: true })).toEqual([
      '12 rows read, 11 loaded in 1 load, 1 set aside',
    ]);
  });

  test('counts the rows of Parquet files, too', async () => {
    const stream = `t${count++}`;
    const file = join(folder, `${stream}.parquet`);
    const rows = "(1, NULL), (2, NULL), (1, NULL), (2, TIMESTAMP '2024-01-01'), (3, TIMESTAMP '2024-01-01')";
    await writeParquet(
      file,
      `SELECT id::BIGINT AS id, gone::TIMESTAMPTZ AS _sdc_deleted_at FROM (VALUES ${rows}) t(id, gone)`,
    );
    const batch = { type: 'BATCH', stream, encoding: { format: 'parquet', compression: 'none' }, manifest: [file] };
    expect(await summaryOf([schema(stream), batch, end], { hard_delete: true })).toEqual([
      '5 rows read, 1 loaded in 1 load, 2 updated by a later one, 2 deleted',
    ]);
  });

  test('counts what an overwrite had loaded as not loaded when it was not completed', async () => {
    const stream = `t${count++}`;
    const said: string[] = [];
    const messages = [schema(stream), record(stream, { id: 1 }), record(stream, { id: 1 }), record(stream, { id: 2 })];
    await expect(loadInto(warehouse, messages, { load_method: 'overwrite' }, said)).rejects.toMatchObject({
      code: 'OVERWRITE_INCOMPLETE',
    });
    expect(said).toContain(`${stream}: 3 rows read, 0 loaded in 1 load, 3 not loaded`);
  });

  test('counts the rows of a stream that has no table and may get none as discarded', async () => {
    const stream = `t${count++}`;
    const messages = [
      schema(stream),
      record(stream, { id: 1 }),
      record(stream, { id: 'one' }),
      record(stream, { id: 1 }),
    ];
    expect(await summaryOf([...messages, end], { schema_contract: '{"tables":"discard"}' })).toEqual([
      '3 rows read, 0 loaded in 0 loads, 1 set aside, 2 discarded',
    ]);
  });
}

describe('the summary of a run into DuckDB', () => summaries(duckdbWarehouse));
describeLakehouse('the summary of a run into Spark', (details) => summaries(() => sparkWarehouse(details)));
