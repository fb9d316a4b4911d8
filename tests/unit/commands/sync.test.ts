// A run into a destination that the caller brings, at its edges.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/commands/sync.ts';
import { loadConfig, parseArguments } from '../../../src/config/index.ts';
import { defineDestination, type StreamSink } from '../../../src/destinations/destination.ts';
import { plainRowsFile } from '../../../src/formats/plain-rows-file.ts';
import { activate, record, schema, state } from '../../support/scripted-run.ts';
import { unreadStates } from '../../support/unread-states.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-destination-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A sink that keeps nothing, and can neither overwrite nor remove rows. */
const sink = (): StreamSink => ({
  prepare: async () => undefined,
  create: () =>
    plainRowsFile({
      write: async () => {},
      close: async () => ({ location: '', key: '', bytes: 0 }),
      abort: async () => {},
      bufferedBytes: 0,
    }),
  commit: async () => ({ inexact: new Map(), deduplicated: 0, deleted: 0 }),
  drop: () => {},
  close: async () => {},
});

const destination = (connect: () => Promise<void>) =>
  defineDestination({
    name: 'own',
    open: () => ({
      format: { format: 'jsonl', compression: 'none' },
      pace: { maxLoadRows: 1000 },
      connect,
      openStream: sink,
      close: async () => {},
    }),
  });

async function load(
  flags: readonly string[],
  messages: readonly object[],
  signal?: AbortSignal,
  connect = async () => {},
) {
  const input = join(folder, 'input.singer');
  await writeFile(input, messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  const own = [destination(connect)];
  const { options } = await loadConfig(await parseArguments(['--destination=own', ...flags]), {}, own);
  const warnings: string[] = [];
  const log = { info: () => {}, warn: (message: string) => warnings.push(message) };
  await run(options, { destinations: own, input, stateFd: unreadStates, log, interruption: signal });
  return warnings;
}

describe('a run into a destination of the caller', () => {
  it('ends at a signal that came before the destination was asked to connect', async () => {
    const never = () => new Promise<void>(() => {});
    expect(await load([], [], AbortSignal.abort(), never)).toEqual([]);
  });

  it('refuses to overwrite where the destination can not', async () => {
    const messages = [schema('a'), record('a', 1), state(1)];
    await expect(load(['--load_method=overwrite'], messages)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      context: { stream: 'a' },
    });
  });

  it('says that ACTIVATE_VERSION has no effect where the destination removes no rows', async () => {
    const messages = [schema('a'), record('a', 1), activate('a', 2), activate('a', 3), state(1)];
    expect(await load(['--add_metadata_columns'], messages)).toEqual([
      'stream a: ACTIVATE_VERSION is ignored, because the destination removes no rows',
    ]);
  });
});
