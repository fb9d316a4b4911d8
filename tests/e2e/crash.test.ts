// A small sample of scripts/crash-storm.mjs: kill -9 at random moments, resumed from the last state each time.
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type DestinationSettings, openDestination } from '../../scripts/acceptance/destination.mjs';
import { type StormResult, storm } from '../../scripts/acceptance/storm.mjs';
import { temporaryFolder } from '../../scripts/acceptance/with-cleanup.mjs';
import { describeLakehouse } from '../setup/lakehouse.ts';

const SAMPLE = {
  rows: 100_000,
  streams: 5,
  kills: 3,
  seed: 20_251,
  stateEvery: 1000,
  batchSizeRows: 1000,
  maxBlindMs: 0,
};
const PACE = {
  duckdb: { tapDelayMs: 20, maxDelayMs: 300 },
  iomete: { tapDelayMs: 100, maxDelayMs: 1000 },
};

describe('a run on DuckDB that is killed again and again', () => {
  test('has every row there once in the end, and no state that says more than is there', async () => {
    await killAndResume({ kind: 'duckdb' });
  });

  test('has the same where each bookmark waits for its own stream alone', async () => {
    const { splicedStates } = await killAndResume({ kind: 'duckdb' }, { state_frontier: 'per_stream' });
    expect(splicedStates).toBeGreaterThan(0);
  });

  test('has the same where each run goes on from the state file of the one before', async () => {
    await killAndResume({ kind: 'duckdb' }, {}, 'kept-state.json');
  });
});

describeLakehouse('a run on a lakehouse that is killed again and again', (lakehouse) => {
  test('has every row there once in the end, and no state that says more than is there', async () => {
    await killAndResume({ kind: 'iomete', lakehouse });
  }, 600_000);
});

const defer = (undo: () => unknown) => onTestFinished(async () => void (await undo()));

async function killAndResume(
  settings: Omit<DestinationSettings, 'folder'>,
  options: Readonly<Record<string, unknown>> = {},
  stateFile?: string,
): Promise<StormResult> {
  const folder = await temporaryFolder('crash-test', defer);
  const destination = await openDestination({ ...settings, folder }, defer);
  const lines: string[] = [];
  const report = (line: string) => lines.push(line);
  const kept = stateFile === undefined ? {} : { stateFile: join(folder, stateFile) };
  const result = await storm(
    { ...SAMPLE, ...PACE[settings.kind], settings: options, ...kept, destination, folder, report },
    defer,
  );
  expect(result.problems, lines.join('\n')).toEqual([]);
  expect(result.killsAfterState).toBe(SAMPLE.kills);
  return result;
}
