// All scenarios, a sample of them by the seed, or those that somebody asks for.

import { isLong, testSeed } from '../support/long-tests.ts';
import { Dice } from '../unit/encode/spelling.ts';
import type { Scenario } from './scenarios.mjs';

const seed = testSeed();

export function chosen(scenarios: readonly Scenario[], sample: number): readonly Scenario[] {
  const asked = process.env.TARGET_IOMETE_SCENARIOS;
  if (asked !== undefined) return scenarios.filter(({ name }) => new RegExp(asked).test(name));
  if (isLong) return scenarios;
  console.log(`a sample of ${sample} of ${scenarios.length} scenarios: TARGET_IOMETE_SEED=${seed}`);
  return new Dice(seed).shuffled(scenarios).slice(0, sample);
}
