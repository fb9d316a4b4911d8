// Overwrites into a DuckDB file: what others see while one runs, and what is left of one that dies.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { folderStage } from '../../src/stage/folder-stage.ts';
import { records, schema, start, state } from '../support/scripted-run.ts';
import { stagedFolder } from '../unit/destinations/duckdb/staged-folder.ts';

const TARGET = resolve(import.meta.dirname, '../../bin/target-iomete.js');

let folder: Awaited<ReturnType<typeof stagedFolder>>;
beforeEach(async () => {
  folder = await stagedFolder();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await folder.remove();
});

const name = { id: { type: 'integer' }, name: { type: 'string' } };
const rows = (from: number, count: number, text: string) =>
  Array.from({ length: count }, (_, i) => ({
    type: 'RECORD',
    stream: 'a',
    record: { id: from + i, name: `${text} ${from + i}` },
  }));
const tables = () => folder.query('SELECT table_name FROM duckdb_tables() ORDER BY 1').then((found) => found.flat());

test('readers that poll while it runs see all of the old rows or all of the new, and the new ones before the state', async () => {
  await folder.query("CREATE SCHEMA s; CREATE TABLE s.a AS SELECT i AS id, 'old ' || i AS name FROM range(5000) r(i)");
  const opened = vi.spyOn(DuckDBInstance, 'fromCache');
  const destination = folder.destination();
  await destination.connect();
  const reader = await (await opened.mock.results[0]!.value).connect();
  const seen: string[] = [];
  let polls = 0;
  let polling = true;
  const poll = (async () => {
    const kinds =
      "count(*), count(*) FILTER (name LIKE 'old %'), count(*) FILTER (name LIKE 'new %'), count(DISTINCT id)";
    for (let last = ''; polling; await sleep(0)) {
      const now = String((await reader.runAndReadAll(`SELECT ${kinds} FROM s.a`)).getRowsJson()[0]);
      if (now !== last) seen.push(now);
      last = now;
      polls++;
    }
  })();
  const log = { info: () => {}, warn: () => {} };
  const stage = folderStage({ folder: folder.folder, keepFiles: false, runFolder: 'r', compression: 'none' }, log);
  const limits = { maxRows: 1000, maxBytes: 1e9, maxAgeMs: undefined };
  const run = start({ loadMethod: 'overwrite', limits, parts: { warehouse: destination, stage } });
  await vi.waitFor(() => expect(polls).toBeGreaterThan(0), { timeout: 20_000 });
  run.feed(schema('a', name));
  for (let from = 0; from < 20_000; from += 1000) run.feed(...rows(from, 1000, 'new'));
  run.feed(...rows(0, 1000, 'new again'), state('end'));
  const polled = polls;
  await vi.waitFor(() => expect(polls).toBeGreaterThan(polled + 5), { timeout: 20_000 });
  expect(seen).toEqual(['5000,5000,0,5000']);
  run.end();
  await run.done;
  expect(run.states).toEqual(['end']);
  expect(String((await reader.runAndReadAll('SELECT count(*) FROM s.a')).getRowsJson()[0])).toBe('20000');
  await vi.waitFor(() => expect(seen).toHaveLength(2), { timeout: 20_000 });
  polling = false;
  await poll;
  reader.closeSync();
  await destination.close();
  expect(seen).toEqual(['5000,5000,0,5000', '20000,0,20000,20000']);
  expect(await tables()).toEqual(['a']);
});

describe('the command', () => {
  const old = [schema('a', name), ...rows(0, 300, 'old'), state('old')];

  async function command(
    config: object,
    messages: readonly object[] | undefined,
  ): Promise<Result & { child: ChildProcess }> {
    const file = join(folder.folder, 'config.json');
    const fixed = { destination: 'duckdb', duckdb_path: folder.path, temp_dir: folder.folder, workers: 0 };
    await writeFile(file, JSON.stringify({ ...fixed, load_method: 'overwrite', ...config }));
    const child = spawn(process.execPath, [TARGET, '--config', file]);
    const result = { child, out: '', log: '' };
    child.stdout.on('data', (text) => {
      result.out += text;
    });
    child.stderr.on('data', (text) => {
      result.log += text;
    });
    if (messages !== undefined) child.stdin.end(lines(messages));
    return result;
  }
  const lines = (messages: readonly object[]) => messages.map((message) => `${JSON.stringify(message)}\n`).join('');
  interface Result {
    out: string;
    log: string;
  }
  async function toEnd(config: object, messages: readonly object[]): Promise<Result & { code: number | null }> {
    const result = await command(config, messages);
    const [code] = await once(result.child, 'close');
    return { ...result, code, out: result.out, log: result.log };
  }
  const content = () =>
    folder.query("SELECT count(*), min(split_part(name, ' ', 1)), max(split_part(name, ' ', 1)) FROM a");

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'ended by %s in the middle leaves the old rows, and the next run none of its own',
    async (signal) => {
      expect(await toEnd({}, old)).toMatchObject({ code: 0, out: '"old"\n' });
      const half = await command({ batch_size_rows: 100 }, undefined);
      half.child.stdin!.write(lines([schema('a', name), ...rows(0, 250, 'half'), state('half')]));
      await vi.waitFor(() => expect(half.log).toMatch(/loaded \d+ rows of a/), { timeout: 20_000 });
      const closed = once(half.child, 'close');
      half.child.kill(signal);
      if (signal === 'SIGTERM') {
        await vi.waitFor(() => expect(half.log).toContain('it was not overwritten'), { timeout: 20_000 });
        // a read of standard input that waits ends with it
        half.child.stdin!.end();
      }
      const [code] = await closed;
      expect(code).toBe(signal === 'SIGKILL' ? null : 143);
      expect(half.out).toBe('');
      expect(await content()).toEqual([['300', 'old', 'old']]);
      expect(await tables()).toHaveLength(signal === 'SIGKILL' ? 2 : 1);

      const whole = await toEnd({}, [schema('a', name), ...rows(0, 200, 'new'), state('new')]);
      expect(whole).toMatchObject({ code: 0, out: '"new"\n' });
      expect(await content()).toEqual([['200', 'new', 'new']]);
      expect(await tables()).toEqual(['a']);
    },
  );

  test('without a STATE at the end says so, with the exit code of a load', async () => {
    await toEnd({}, old);
    const result = await toEnd({}, [schema('a', name), state('early'), ...rows(0, 10, 'new')]);
    expect(result).toMatchObject({ code: 5, out: '' });
    expect(result.log).toContain(
      'OVERWRITE_INCOMPLETE: stream "a": the input ended without a STATE after the last record',
    );
    expect(await content()).toEqual([['300', 'old', 'old']]);
    expect(await tables()).toEqual(['a']);
  });

  test('loads each stream by its own method', async () => {
    const config = { load_method: 'upsert', stream_load_methods: { 'log-*': 'append-only', 'o*': 'overwrite' } };
    const input = (from: number) => [
      ...['log-x', 'o', 'u'].flatMap((stream) => [
        schema(stream),
        ...records(stream, from, 2),
        ...records(stream, from, 1),
      ]),
      state(from),
    ];
    expect(await toEnd(config, input(1))).toMatchObject({ code: 0, out: '1\n' });
    expect(await toEnd(config, input(2))).toMatchObject({ code: 0, out: '2\n' });
    const ids = async (table: string) => (await folder.query(`SELECT id FROM ${table} ORDER BY id`)).flat().join(' ');
    expect(await ids('x')).toBe('1 1 2 2 2 3');
    expect(await ids('o')).toBe('2 3');
    expect(await ids('u')).toBe('1 2 3');
  });
});
