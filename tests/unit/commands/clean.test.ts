import { expect, test } from 'vitest';
import { clean, removeAll } from '../../../src/commands/clean.ts';
import { loadConfig, parseArguments } from '../../../src/config/index.ts';
import { defineDestination } from '../../../src/destinations/destination.ts';
import { Secrets } from '../../../src/errors/secrets.ts';
import type { Orphan } from '../../../src/stage/orphan.ts';
import { expectExample } from '../../support/error-examples.ts';

test('what tells that a run is dead stays while anything else of the run does', async () => {
  const done: string[] = [];
  const thing = (what: string, runId: string, fails = false): Orphan => ({
    what,
    place: `of ${runId}`,
    runId,
    remove: async () => {
      if (fails) throw new Error('denied: top-secret');
      done.push(`${what} ${runId}`);
    },
  });
  const lines: string[] = [];
  const steps = [
    { things: [thing('staging table', 'a'), thing('staging table', 'b', true)], atOnce: 1 },
    { things: [thing('staged file', 'a'), thing('staged file', 'b'), thing('staged file', 'c', true)], atOnce: 2 },
    { things: ['a', 'b', 'c'].map((run) => thing('heartbeat', run)), atOnce: 2 },
  ];
  expect(await removeAll(steps, new Secrets(['top-secret']), (line) => lines.push(line))).toBe(4);
  expect(done).toEqual(['staging table a', 'staged file a', 'staged file b', 'heartbeat a']);
  expect(lines.filter((line) => line.startsWith('NOT removed: '))).toEqual([
    'NOT removed: staging table of b (run b): denied: ***',
    'NOT removed: staged file of c (run c): denied: ***',
    'NOT removed: heartbeat of b (run b): it stays until the rest of its run is removed',
    'NOT removed: heartbeat of c (run c): it stays until the rest of its run is removed',
  ]);
});

test('what could not be removed ends the command with an error', async () => {
  const things: Orphan[] = [0, 1, 2].map((number) => ({
    what: 'staged file',
    place: `${number}.csv`,
    runId: 'a',
    remove: async () => {
      if (number === 1) throw new Error('denied');
    },
  }));
  const mine = defineDestination({
    name: 'mine',
    open: () => expect.unreachable(),
    orphans: async () => ({ steps: [{ things, atOnce: 1 }], skipped: [], close: async () => {} }),
  });
  const { options } = await loadConfig(await parseArguments(['--destination=duckdb']), {});
  const log = { info: () => {}, warn: () => {} };
  const context = { destinations: [mine], remove: true, print: () => {}, log };
  const error = await clean({ ...options, destination: 'mine' as never }, context).catch((failure) => failure);
  expectExample(error, 'CLEAN_INCOMPLETE');
});
