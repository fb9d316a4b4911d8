import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from './tests/setup/closing-line-reporter.ts';
import { LongestFirst } from './tests/setup/longest-first.ts';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: './tests/setup/global-setup.ts',
    pool: 'forks',
    // Spark works on two cores beside them.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // A cold Spark takes seconds for its first statements, many more when the machine is busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    reporters: ['default', new ClosingLineReporter()],
  },
});
