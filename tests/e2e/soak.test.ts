// A small sample of scripts/soak.mjs: rows of many streams, paused and killed again and again, in flat memory.
import { expect, onTestFinished, test } from 'vitest';
import { openDestination } from '../../scripts/acceptance/destination.mjs';
import { soak } from '../../scripts/acceptance/soak.mjs';
import { temporaryFolder } from '../../scripts/acceptance/with-cleanup.mjs';

const MAX_PEAK_BYTES = (300 + 128) * 2 ** 20;

const defer = (undo: () => unknown) => onTestFinished(async () => void (await undo()));

test('200,000 rows of 30 streams are all there after pauses and kills', async () => {
  const folder = await temporaryFolder('soak-test', defer);
  const destination = await openDestination({ kind: 'duckdb', folder }, defer);
  const lines: string[] = [];
  const result = await soak(
    {
      ...{ destination, folder, rows: 200_000, streams: 30, seed: 20_261, faultEveryMs: 1_500 },
      config: { duckdb_memory_limit: '128MB', batch_size_rows: 2_000 },
      report: (line) => lines.push(line),
    },
    defer,
  );
  expect(result.problems, lines.join('\n')).toEqual([]);
  expect(result.faults).toBeGreaterThan(0);
  expect(result.peakBytes).toBeLessThan(MAX_PEAK_BYTES);
}, 400_000);
