// A test run → its very last line on stdout, `N passed, N failed, N skipped`, after what was left out and why.

import type { SerializedError } from 'vitest';
import type { Reporter, TestModule, TestSpecification, Vitest } from 'vitest/node';
import { isCi } from './provided.ts';

export class ClosingLineReporter implements Reporter {
  private vitest?: Vitest;
  private lines: readonly string[] = [];

  onInit(vitest: Vitest): void {
    this.vitest = vitest;
    // Not at the run's end, as other reporters and the teardown still speak after it.
    process.once('exit', () => {
      for (const line of this.lines) process.stdout.write(`${line}\n`);
    });
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.vitest?.getRootProject().provide(
      'selectedTestFiles',
      specifications.map((specification) => specification.moduleId),
    );
  }

  onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const { lakehouse, setupProblems = [] } = this.vitest?.getRootProject().getProvidedContext() ?? {};
    const { passed, failed, skipped } = count(testModules);
    const lines = setupProblems.map((problem) => `SETUP PROBLEM: ${problem}`);
    if (lakehouse?.kind === 'absent') lines.push(`LAKEHOUSE TESTS DID NOT RUN: ${lakehouse.reason}`);
    if (skipped > 0 && isCi()) {
      lines.push('In CI a skipped test is a failure.');
      process.exitCode = 1;
    }
    const allFailed = failed + unhandledErrors.length + setupProblems.length;
    this.lines = [...lines, `${passed} passed, ${allFailed} failed, ${skipped} skipped`];
  }
}

/** A file or suite that failed outside its tests counts as one failure. */
function count(testModules: readonly TestModule[]): { passed: number; failed: number; skipped: number } {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const testModule of testModules) {
    for (const test of testModule.children.allTests()) {
      const { state } = test.result();
      counts[state === 'pending' ? 'skipped' : state]++;
    }
    for (const part of [testModule, ...testModule.children.allSuites()]) if (part.errors().length > 0) counts.failed++;
  }
  return counts;
}
