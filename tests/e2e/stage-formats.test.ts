// The example, staged as CSV and as Parquet, compressed and not → the same tables.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type DestinationSettings, openDestination } from '../../scripts/acceptance/destination.mjs';
import { readTables } from '../../scripts/acceptance/loaded-tables.mjs';
import { temporaryFolder } from '../../scripts/acceptance/with-cleanup.mjs';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { runCli } from '../support/cli.mjs';

const SHOP = readFileSync(resolve(import.meta.dirname, '../../examples/shop.singer'));
const PATIENCE_MS = 300_000;
/** Other in every run. */
const TIMES = ['_sdc_received_at', '_sdc_batched_at', '_sdc_sequence', '_sdc_sync_started_at'];

describe('the example in DuckDB', () => {
  test('is the same however it is staged', () => expectSameTables({ kind: 'duckdb' }));
});

describeLakehouse('the example in a lakehouse', (lakehouse) => {
  test('is the same however it is staged', () => expectSameTables({ kind: 'iomete', lakehouse }), 600_000);
});

const defer = (undo: () => unknown) => onTestFinished(async () => void (await undo()));

async function expectSameTables(settings: Omit<DestinationSettings, 'folder'>): Promise<void> {
  const csv = await loaded(settings, { stage_format: 'csv' });
  expect(csv.orders?.rows).toHaveLength(2450);
  expect(await loaded(settings, { stage_format: 'parquet' })).toEqual(csv);
  expect(await loaded(settings, { stage_format: 'parquet', no_compression: true })).toEqual(csv);
}

/** Twice, so that the second time every row is an update or a delete. */
async function loaded(settings: Omit<DestinationSettings, 'folder'>, options: object) {
  const folder = await temporaryFolder('stage-formats', defer);
  const destination = await openDestination({ ...settings, folder }, defer);
  const config = { ...destination.config, hard_delete: true, workers: 1, ...options };
  for (let run = 0; run < 2; run++) {
    const { code, errors } = await runCli({ config, input: SHOP, patienceMs: PATIENCE_MS });
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
  }
  const tables = await readTables(destination);
  return Object.fromEntries(
    Object.entries(tables).map(([name, { columns, rows }]) => {
      const texts = rows.map((row) =>
        JSON.stringify(Object.entries(row).filter(([column]) => !TIMES.includes(column))),
      );
      return [name, { columns, rows: texts.sort() }];
    }),
  );
}
