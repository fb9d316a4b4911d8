// An overwrite by the command in the lakehouse, killed in the middle, and the run after it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { lakehouseOptions } from '../support/lakehouse-options.ts';
import { records, schema, state } from '../support/scripted-run.ts';
import { type Lake, openLake } from '../unit/destinations/iomete/lake.ts';

const TARGET = resolve(import.meta.dirname, '../../bin/target-iomete.js');

// Each test is dozens of statements, and tests of other files may be at Spark, too.
vi.setConfig({ testTimeout: 300_000 });

describeLakehouse('an overwrite by the command', (details) => {
  let lake: Lake;
  let folder: string;
  beforeAll(async () => {
    lake = await openLake(details, 'killed');
    folder = await mkdtemp(join(tmpdir(), 'target-overwrite-'));
  });
  afterAll(async () => {
    await lake.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function command(messages: readonly object[]): Promise<{ child: ChildProcess; out: string; log: string }> {
    const config = {
      ...lakehouseOptions(details, lake.schema, `${lake.schema}/`),
      ...{ load_method: 'overwrite', batch_size_rows: 100, workers: 0 },
    };
    const file = join(folder, 'config.json');
    await writeFile(file, JSON.stringify(config), { mode: 0o600 });
    const child = spawn(process.execPath, [TARGET, '--config', file]);
    const result = { child, out: '', log: '' };
    child.stdout.on('data', (text) => {
      result.out += text;
    });
    child.stderr.on('data', (text) => {
      result.log += text;
    });
    child.stdin.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
    return result;
  }
  async function toEnd(messages: readonly object[]): Promise<void> {
    const run = await command(messages);
    run.child.stdin!.end();
    const [code] = await once(run.child, 'close');
    expect(run.log).not.toContain('ERROR');
    expect({ code, out: run.out }).toEqual({ code: 0, out: `${JSON.stringify(messages.length)}\n` });
  }
  const load = (from: number, count: number) => [schema('a'), ...records('a', from, count), state(count + 2)];
  const content = () => lake.sql(`SELECT count(*) AS n, min(id) AS low FROM ${lake.schema}.a`);
  const tables = async () => (await lake.sql(`SHOW TABLES IN ${lake.schema}`)).map(({ tableName }) => tableName);

  test('killed in the middle leaves the old rows, and the next run none of its own', async () => {
    await toEnd(load(0, 150));
    const killed = await command(load(1000, 250));
    await vi.waitFor(() => expect(killed.log).toMatch(/loaded \d+ rows of a/), { timeout: 90_000 });
    const closed = once(killed.child, 'close');
    killed.child.kill('SIGKILL');
    await closed;
    expect(killed.out).toBe('');
    expect(await content()).toEqual([{ n: '150', low: '0' }]);
    expect(await tables()).toEqual(['a', expect.stringMatching(/^a__overwrite_[0-9a-f]{12}$/)]);

    await toEnd(load(2000, 50));
    expect(await content()).toEqual([{ n: '50', low: '2000' }]);
    expect(await tables()).toEqual(['a']);
    expect(await lake.sql(`SELECT name FROM ${lake.schema}.a.refs`)).toEqual([{ name: 'main' }]);
  });
});
