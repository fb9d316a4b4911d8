// Every fault at DuckDB's seams × load method × instant: a sample, or all of them (npm run test:long).
//
// TARGET_IOMETE_SEED chooses the sample, TARGET_IOMETE_SCENARIOS (a regular expression) certain scenarios.
import { describe, expect, test } from 'vitest';
import { chosen } from './chosen.ts';
import { noSmallDisk, withDuckdb } from './duckdb-faults.ts';
import { problemsIn } from './run-scenario.ts';
import { duckdbScenarios } from './scenarios.mjs';

const SAMPLE = 10;
const withoutDisk = noSmallDisk();

describe('a fault around a run into DuckDB loses and doubles nothing', () => {
  for (const scenario of chosen(duckdbScenarios, SAMPLE)) {
    const why = scenario.seam === 'disk' ? withoutDisk : undefined;
    test.runIf(why === undefined)(`${scenario.name}${why ? ` [${why}]` : ''}`, async () => {
      const problems = await withDuckdb(scenario, (place, fault) => problemsIn(scenario, place, fault));
      expect(problems.join('\n')).toBe('');
    });
  }
});
