// A small sample of scripts/twice.mjs: the same orders by two processes, about 1% of their ids with two sets of values.
import { describe, expect, onTestFinished, test } from 'vitest';
import { type DestinationSettings, openDestination } from '../../scripts/acceptance/destination.mjs';
import { loadTwice } from '../../scripts/acceptance/load-twice.mjs';
import { temporaryFolder } from '../../scripts/acceptance/with-cleanup.mjs';
import { describeLakehouse } from '../setup/lakehouse.ts';

const ROWS = 20_000;

describe('orders loaded into DuckDB twice', () => {
  test('are there once, each with the last values sent', async () => {
    await expectOnce({ kind: 'duckdb' });
  });
});

describeLakehouse('orders loaded into a lakehouse twice', (lakehouse) => {
  test('are there once, each with the last values sent', async () => {
    await expectOnce({ kind: 'iomete', lakehouse });
  }, 600_000);
});

const defer = (undo: () => unknown) => onTestFinished(async () => void (await undo()));

async function expectOnce(settings: Omit<DestinationSettings, 'folder'>): Promise<void> {
  const folder = await temporaryFolder('twice-test', defer);
  const destination = await openDestination({ ...settings, folder }, defer);
  const { expectedRows, outcomes } = await loadTwice({ destination, folder, rows: ROWS, report: () => {} }, defer);
  expect(expectedRows).toBeLessThan(ROWS);
  const once = { rows: expectedRows, distinctIds: expectedRows, wrongColumns: [] };
  expect(outcomes).toEqual([once, once]);
}
