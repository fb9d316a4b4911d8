// Signals, and readers that go away, as a scheduler and a shell pipe meet them, with DuckDB behind the command.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli, startCli } from '../support/cli.mjs';
import { readDuckdb } from '../support/duckdb-file.ts';
import { expectExample } from '../support/error-examples.ts';
import { recordLine, recordLines, schemaLine, stateLine } from '../support/singer-lines.ts';

const TARGET = resolve(import.meta.dirname, '../../bin/target-iomete.js');
const folder = mkdtempSync(join(tmpdir(), 'target-iomete-signals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

test.for([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('a second %s ends the run at once with %i, and clean finds all that it leaves', async ([signal, code]) => {
  const staged = { stage_format: 'csv', batch_size_rows: 10_000_000, workers: 0 };
  const { config, own } = database({ shutdown_seconds: 600, ...staged });
  const run = startCli({ config, keepInputOpen: true });
  run.stdin.write(schemaLine('boats'));
  for (let from = 1; from <= 1_200_000; from += 20_000) run.stdin.write(recordLines('boats', from, from + 19_999));
  await until(() => stagedIn(own).some((name) => name.endsWith('.csv')));
  await sleep(300);
  run.child.kill(signal);
  await until(() => run.said.stderr.includes('reading stops'));
  run.child.kill(signal);
  const asked = performance.now();
  const outcome = await run.ended;
  expect(outcome).toMatchObject({ code, states: [] });
  expect(performance.now() - asked).toBeLessThan(3_000);
  expect(stagedIn(own).filter((name) => name.endsWith('.csv'))).toHaveLength(1);
  expect(await runCli({ config, args: ['clean', '--remove'] })).toMatchObject({ code: 0, stderr: '' });
  expect(stagedIn(own)).toEqual([]);
});

describe('a reader of the states that goes away', () => {
  test('ends the run with a coded error, though the tap goes on, and what was loading is loaded', async () => {
    const { config, ids, own } = database({ batch_size_rows: 3 });
    const run = startCli({ config, keepInputOpen: true });
    run.stdin.write(schemaLine('boats') + recordLines('boats', 1, 3) + stateLine({ boats: 3 }));
    await until(() => run.states().length === 1);
    run.child.stdout?.destroy();
    run.stdin.write(recordLines('boats', 4, 6) + stateLine({ boats: 6 }));
    const outcome = await run.ended;
    expect(outcome.code).toBe(1);
    expect(outcome.errors).toHaveLength(1);
    expectExample(outcome.errors[0], 'STATE_NOT_WRITTEN');
    expect(await ids()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(stagedIn(own)).toEqual([]);
  });

  test('after its first line, as head -1 does, leaves a true state', async () => {
    const { config, ids } = database({ batch_size_rows: 2 });
    const path = join(folder, 'head.json');
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
    const target = `'${process.execPath}' '${TARGET}' --config '${path}'`;
    const shell = spawn('bash', ['-c', `{ ${target}; echo "code $?" >&2; } | head -1`], { stdio: 'pipe' });
    const [seen, said] = [text(shell.stdout), text(shell.stderr)];
    shell.stdin.on('error', () => {});
    shell.stdin.write(schemaLine('boats'));
    let sent = 0;
    const feeding = setInterval(() => {
      shell.stdin.write(recordLine('boats', ++sent) + (sent % 2 === 0 ? stateLine({ boats: sent }) : ''));
    }, 20);
    await once(shell, 'close');
    clearInterval(feeding);
    expect(await said).toMatch(/ERROR STATE_NOT_WRITTEN: [^\n]*\n(.*\n)*code 1\n/);
    const { boats } = JSON.parse(await seen);
    const there = await ids();
    for (let id = 1; id <= boats; id++) expect(there).toContain(id);
  });
});

describe('a log that nobody reads', () => {
  test.each([
    ['closed before the start', '2>&-'],
    ['a pipe whose reader is gone', '2> >(true)'],
    ['a full disk', '2>/dev/full'],
  ])('changes nothing: %s', async (_, redirection) => {
    const { config, ids } = database({ batch_size_rows: 2 });
    const path = join(folder, 'quiet.json');
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
    const shell = spawn('bash', ['-c', `'${process.execPath}' '${TARGET}' --config '${path}' ${redirection}`]);
    const states = text(shell.stdout);
    shell.stdin.write(schemaLine('boats') + recordLines('boats', 1, 4));
    await sleep(500);
    // an unknown delete mark makes a warning
    shell.stdin.end(
      `{"type":"RECORD","stream":"boats","record":{"id":5,"text":"x","_sdc_deleted_at":"2024-01-01T00:00:00Z"}}\n${stateLine({ boats: 5 })}`,
    );
    const [code] = await once(shell, 'close');
    expect(code).toBe(0);
    expect(await states).toMatch(/\{"boats":5\}\n$/);
    expect(await ids()).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('a tap that dies', () => {
  test.each([
    ['{"type":"RECORD","stream":"boats","record":{"id":4,"te', 'INPUT_TRUNCATED'],
    ['{"type":"STATE","value":{"boa', 'INPUT_TRUNCATED'],
    ['{', 'INPUT_TRUNCATED'],
    // no message begins so
    ['"', 'INPUT_NOT_JSON'],
  ])('in the middle of %s leaves what it wrote before', async (half, code) => {
    const { config, ids, own } = database();
    const input = schemaLine('boats') + recordLines('boats', 1, 2) + stateLine({ boats: 2 });
    const outcome = await runCli({ config, input: `${input}${recordLine('boats', 3)}${half}` });
    expect(outcome).toMatchObject({ code: 3, stdout: '{"boats":2}\n' });
    expect(outcome.errors).toEqual([expect.stringContaining(`${code}: line 6`)]);
    expect(await ids()).toEqual([1, 2, 3]);
    expect(stagedIn(own)).toEqual([]);
  });
});

/** A DuckDB file and a stage of its own. */
function database(more: object = {}) {
  const own = join(folder, String(files++));
  mkdirSync(join(own, 'stage'), { recursive: true });
  const path = join(own, 'file.duckdb');
  return {
    own,
    config: { destination: 'duckdb', duckdb_path: path, temp_dir: join(own, 'stage'), ...more },
    ids: async () => {
      const rows = await readDuckdb(path, 'SELECT id FROM boats ORDER BY id');
      return rows.getRows().map(([id]) => Number(id));
    },
  };
}

const stagedIn = (own: string) => readdirSync(join(own, 'stage'), { recursive: true }).map(String);

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; !condition(); await sleep(20))
    if (Date.now() > deadline) throw new Error(`waited in vain for ${condition}`);
}
