// The tests of one room, as mutation tests run them: no lakehouse, no build, and an end soon after a mutant makes a test hang.
import { defineConfig } from 'vitest/config';
import { QuickestFirst } from './quickest-first.ts';
import { rooms } from './rooms.mjs';

const room = rooms[process.env.MUTATION_ROOM ?? ''];

export default defineConfig({
  test: {
    include: [...(room?.tests ?? [])],
    provide: { lakehouse: { kind: 'absent', reason: 'mutation tests' }, setupProblems: [] },
    setupFiles: ['tests/mutation/same-values.ts'],
    sequence: { sequencer: QuickestFirst },
    // a worker for each file would take longer than its tests
    isolate: false,
    testTimeout: 10_000,
    hookTimeout: 10_000,
  },
});
