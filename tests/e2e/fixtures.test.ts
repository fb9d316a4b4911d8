// Taps' output of every troublesome kind → tables, through the command line: what tests/fixtures/expected.json says, twice.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { afterAll, describe, expect, test } from 'vitest';
import { fixtureDocument } from '../../scripts/acceptance/fixture-document.mjs';
import { checkFixture, fixtureRuns } from '../../scripts/acceptance/fixture-runs.mjs';
import { describeLakehouse } from '../setup/lakehouse.ts';

const FILES = resolve(import.meta.dirname, '../fixtures');
const RUNS_AT_ONCE = 4;
// all runs share the machine, so that one may wait for several others
const PATIENCE_MS = 900_000;

const folder = mkdtempSync(join(tmpdir(), 'target-iomete-fixtures-'));
const limit = pLimit(RUNS_AT_ONCE);
const runs = fixtureRuns(JSON.parse(readFileSync(join(FILES, 'expected.json'), 'utf8')));
// the lakehouse of a test run ends with it, tables and all
const leave = () => {};

afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const format of ['csv', 'parquet']) {
  const title = `in DuckDB, staged as ${format}, a second run changes nothing, and the first leaves what is expected of`;
  describe.concurrent(title, () => {
    test.for(runs)('$name', { timeout: PATIENCE_MS }, async (run, context) => {
      const staged = { ...run, config: { ...run.config, stage_format: format } };
      const problems = await limit(() => checkFixture({ run: staged, files: FILES, folder, kind: 'duckdb' }, leave));
      context.expect(problems).toEqual([]);
    });
  });
}

describeLakehouse('in the lakehouse', (lakehouse) => {
  describe.concurrent('a second run changes nothing, and the first leaves what is expected of', () => {
    test.for(runs.filter(({ only }) => only !== 'duckdb'))('$name', { timeout: PATIENCE_MS }, async (run, context) => {
      const problems = await limit(() => checkFixture({ run, files: FILES, folder, kind: 'iomete', lakehouse }, leave));
      context.expect(problems).toEqual([]);
    });
  });
});

describe('the fixtures', () => {
  test('are all loaded', () => {
    const files = readdirSync(FILES).filter((file) => file.endsWith('.singer'));
    expect([...new Set(runs.map(({ file }) => file))].sort()).toEqual(files.sort());
  });

  test('of real taps are in the documentation as they are checked', () => {
    const real = fixtureRuns(JSON.parse(readFileSync(join(FILES, 'real-taps.json'), 'utf8')));
    expect(readFileSync(resolve(FILES, '../../docs/fixtures.md'), 'utf8')).toBe(fixtureDocument(real));
  });
});
