// npm run test:mutation [ROOM...]: mutants of each room, one room after the other. docs/mutation.md tells how to read it.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { rooms } from './rooms.mjs';

const lowestScore = 85;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(rooms, name));
if (unknown.length > 0) {
  console.error(`no such room: ${unknown.join(', ')}; there are ${Object.keys(rooms).join(', ')}`);
  process.exit(1);
}
for (const name of asked.length > 0 ? asked : Object.keys(rooms)) {
  // read by vitest.config.ts, in the processes that run the tests
  process.env.MUTATION_ROOM = name;
  console.log(`\nroom ${name}`);
  await new Stryker(optionsOf(name)).runMutationTest();
}

function optionsOf(name) {
  const reports = `reports/mutation/${name}`;
  return {
    mutate: process.env.MUTATE?.split(',') ?? rooms[name].mutate,
    plugins: ['@stryker-mutator/vitest-runner'],
    testRunner: 'vitest',
    vitest: { configFile: 'tests/mutation/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    concurrency: 2,
    timeoutMS: 4_000,
    // mutants whose code and tests are as they were keep their outcome
    incremental: true,
    incrementalFile: `${reports}.incremental.json`,
    reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
    clearTextReporter: { reportTests: false, logTests: false, allowColor: false, allowEmojis: false },
    htmlReporter: { fileName: `${reports}.html` },
    jsonReporter: { fileName: `${reports}.json` },
    thresholds: { high: 95, low: lowestScore, break: lowestScore },
    tempDirName: join(tmpdir(), 'target-iomete-mutation'),
    ignorePatterns: ['bench', 'docs', 'output', 'reports'],
    // types are not looked at: Stryker does not know this version of TypeScript
    disableTypeChecks: false,
    tsconfigFile: 'no-tsconfig.json',
  };
}
