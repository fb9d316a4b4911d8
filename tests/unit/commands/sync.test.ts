// A run into a destination that the caller brings, at its edges.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
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
      placeOf: ({ table }) => `${table.schema}.${table.table} of the test`,
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
  const lines: string[] = [];
  const log = { info: (message: string) => lines.push(message), warn: (message: string) => warnings.push(message) };
  await run(options, { destinations: own, input, stateFd: unreadStates, log, interruption: signal });
  return { warnings, lines };
}

describe('a run into a destination of the caller', () => {
  it('ends at a signal that came before the destination was asked to connect', async () => {
    const never = () => new Promise<void>(() => {});
    expect((await load([], [], AbortSignal.abort(), never)).warnings).toEqual([]);
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
    expect((await load(['--add_metadata_columns'], messages)).warnings).toEqual([
      'stream a: ACTIVATE_VERSION is ignored, because the destination removes no rows',
    ]);
  });

  it('says once where the rows of each stream go', async () => {
    const wider = schema('a', { id: { type: 'integer' }, more: { type: 'string' } });
    const messages = [schema('a'), record('a', 1), schema('b'), record('b', 2), wider, record('a', 3), state(1)];
    const { lines } = await load(['--default_target_schema=shop'], messages);
    expect(lines).toEqual(['a goes into shop.a of the test', 'b goes into shop.b of the test']);
  });

  it('warns once of types that JSON Schema does not know', async () => {
    const properties = {
      id: { type: 'integer' },
      qty: { type: ['null', 'integr'] },
      inner: { type: 'object', properties: { price: { type: 'nubmer' } } },
      list: { type: 'array', items: { anyOf: [{ type: 'String' }, { type: 'null' }] } },
      enumerated: { enum: ['a'] },
    };
    const { warnings } = await load([], [schema('a', properties), record('a', 1), schema('a', properties), state(1)]);
    const known = 'which JSON Schema does not know (it knows null, boolean, integer, number, string, object, array)';
    expect(warnings).toEqual([
      `stream a: the schema of the property "qty" has the type "integr", ${known}: values are kept as text`,
      `stream a: the schema of the property "inner.price" has the type "nubmer", ${known}: values are kept as text`,
      `stream a: the schema of the property "list" has the type "String", ${known}: values are kept as text`,
    ]);
  });

  it('says that the destination is still waited for', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    try {
      let connect = () => {};
      const connected = new Promise<void>((resolve) => {
        connect = resolve;
      });
      const loading = load([], [schema('a'), record('a', 1), state(1)], undefined, () => connected);
      await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
      vi.advanceTimersByTime(61_000);
      connect();
      expect((await loading).lines.slice(0, 2)).toEqual([
        'still waiting for the destination, 30 s',
        'still waiting for the destination, 60 s',
      ]);
    } finally {
      vi.useRealTimers();
    }
  });
});
