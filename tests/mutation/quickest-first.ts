// A mutant is killed by the first test that fails: files of quick tests go before those of slow ones.
import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Properties over generated values, and files of DuckDB, take longer than all else. */
const slow = [/\bfc\.assert\b/, /\bstagedFolder\(/, /\bvi\.waitFor\b/];

const costs = new Map<string, number>();

function costOf({ moduleId }: TestSpecification): number {
  let cost = costs.get(moduleId);
  if (cost === undefined) {
    const text = readFileSync(moduleId, 'utf8');
    cost = text.length * (slow.some((pattern) => pattern.test(text)) ? 100 : 1);
    costs.set(moduleId, cost);
  }
  return cost;
}

export class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => costOf(a) - costOf(b));
  }
}
