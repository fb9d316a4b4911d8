// Every fault between us, S3 and the lakehouse × load method × instant: a sample, or all of them (npm run test:long).
//
// TARGET_IOMETE_SEED chooses the sample, TARGET_IOMETE_SCENARIOS (a regular expression) certain scenarios.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { startLakehouse, stopLakehouse } from '../stand-in/lakehouse.mjs';
import { chosen } from './chosen.ts';
import { FaultyLakehouse } from './lakehouse-faults.ts';
import { gatewayScenarios, restartScenarios, s3Scenarios } from './scenarios.mjs';

const SAMPLE = 4;
const RESTART_SAMPLE = 1;
/** A request that hangs is given up after a minute, and then there is another run. */
const PATIENCE_MS = 300_000;

describeLakehouse('a fault around a run into the lakehouse loses and doubles nothing', (details) => {
  let lakehouse: FaultyLakehouse;

  beforeAll(async () => {
    lakehouse = await FaultyLakehouse.open(details);
  });
  afterAll(() => lakehouse.close());

  for (const scenario of chosen([...s3Scenarios, ...gatewayScenarios], SAMPLE))
    test(scenario.name, async () => expect((await lakehouse.problems(scenario)).join('\n')).toBe(''), PATIENCE_MS);
});

const restarts = chosen(restartScenarios, RESTART_SAMPLE);

describeLakehouse('Spark may be killed and started again', () => {
  if (restarts.length === 0) return test.skip('not asked for');
  let runDir: string;
  let lakehouse: FaultyLakehouse;

  beforeAll(async () => {
    // other tests need theirs
    const details = await startLakehouse({ stopWithParent: true, report: (line) => console.error(line) });
    runDir = details.runDir;
    lakehouse = await FaultyLakehouse.open(details);
  }, PATIENCE_MS);
  afterAll(async () => {
    await lakehouse.close();
    await stopLakehouse(runDir);
  });

  for (const scenario of restarts)
    test(scenario.name, async () => expect((await lakehouse.problems(scenario)).join('\n')).toBe(''), PATIENCE_MS);
});
