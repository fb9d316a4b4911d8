// The recipes of README.md and docs/running.md, as they stand there, in an empty folder: first run, second run, a tap that dies, a load that fails.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDestination } from '../../scripts/acceptance/destination.mjs';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { readDuckdb } from '../support/duckdb-file.ts';

const root = resolve(import.meta.dirname, '../..');
const blocks = await recipes('README.md');
const running = await recipes('docs/running.md');

interface Recipe {
  readonly script: string;
  readonly taps: readonly string[];
}

/** The shell blocks that keep a state, and the crontab. */
async function recipes(file: string) {
  const markdown = await readFile(join(root, file), 'utf8');
  const found = [...markdown.matchAll(/^```(sh|crontab)\n(.*?)^```$/gms)];
  const of = (language: string) => found.filter(([, name]) => name === language).map(([, , script]) => script!);
  const scripts = of('sh').filter((script) => script.includes('--state-file'));
  return { scripts: scripts.map((script) => ({ script, taps: tapsOf(script) })), crontabs: of('crontab') };
}

function tapsOf(script: string): readonly string[] {
  return [...new Set(script.match(/\btap-[a-z]+/g))];
}

/** A folder with nothing but the programs that the recipe names, and its configuration. */
async function emptyFolder(recipe: Recipe, config: object) {
  const folder = await mkdtemp(join(tmpdir(), 'recipe-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const bin = join(folder, 'bin');
  const work = join(folder, 'shop');
  await mkdir(bin);
  await mkdir(work);
  await symlink(join(root, 'bin/target-iomete.js'), join(bin, 'target-iomete'));
  for (const tap of recipe.taps) await symlink(join(root, 'tests/support/tap/resuming-tap.mjs'), join(bin, tap));
  await writeFile(join(work, 'config.json'), JSON.stringify(config));
  await chmod(join(work, 'config.json'), 0o600);
  return { bin, work };
}

async function shell(script: string, { bin, work }: { bin: string; work: string }, env: Record<string, string> = {}) {
  const path = `${bin}:${process.env.PATH}`;
  const child = spawn('sh', ['-c', script], { cwd: work, env: { HOME: work, PATH: path, ...env } });
  child.stdin.end();
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr, state: JSON.parse(await readFile(join(work, 'state.json'), 'utf8')) };
}

const state = (id: number) => ({ bookmarks: { items: { id } } });

/** The load fails where the table would have to be made, or changed. */
const frozen = { TARGET_IOMETE_SCHEMA_CONTRACT: 'freeze' };

/** All that may happen to a recipe, in one order. @param rows what stands in the table, as `count, distinct ids` */
async function survives(recipe: Recipe, config: object, rows: (work: string) => Promise<string>) {
  const folder = await emptyFolder(recipe, config);
  const run = (env?: Record<string, string>) => shell(recipe.script, folder, env);

  const deadAtFirst = await run({ RESUMING_TAP: 'dead' });
  expect(deadAtFirst).toMatchObject({ code: 0, stdout: '', state: {} });

  const failedAtFirst = await run(frozen);
  expect(failedAtFirst, failedAtFirst.stderr).toMatchObject({ code: 5, stdout: '', state: {} });

  const first = await run();
  expect(first, first.stderr).toMatchObject({ code: 0, stdout: '', state: state(10) });

  const second = await run();
  expect(second, second.stderr).toMatchObject({ code: 0, state: state(20) });
  expect(await rows(folder.work)).toBe('20, 20');

  const dead = await run({ RESUMING_TAP: 'dead' });
  expect(dead).toMatchObject({ code: 0, state: state(20) });

  const halfWay = await run({ RESUMING_TAP: 'half-way' });
  expect(halfWay, halfWay.stderr).toMatchObject({ code: 3, state: state(25) });

  const failed = await run({ ...frozen, RESUMING_TAP: 'changed' });
  expect(failed, failed.stderr).toMatchObject({ code: 5, state: state(25) });

  const last = await run();
  expect(last, last.stderr).toMatchObject({ code: 0, state: state(35) });
  expect(await rows(folder.work)).toBe('35, 35');
  return folder;
}

const counted = 'SELECT count(*), count(DISTINCT id) FROM';

const inFile = (file: string, table: string) => async (work: string) => {
  const found = await readDuckdb(join(work, file), `${counted} ${table}`);
  return found.getRows()[0]!.join(', ');
};

describe('README.md', () => {
  test('has a recipe for DuckDB and one for a lakehouse; docs/running.md repeats the first and has one for cron', () => {
    expect(blocks.scripts.map(({ taps }) => taps)).toEqual([['tap-github'], ['tap-postgres']]);
    expect(running.scripts).toEqual([blocks.scripts[0]]);
    expect(running.crontabs).toHaveLength(1);
  });

  test('its recipe for DuckDB goes on from where it was, whatever happens', async () => {
    await survives(blocks.scripts[0]!, {}, inFile('github.duckdb', 'items'));
  });

  test('its recipe with a configuration file does, too', async () => {
    const config = { destination: 'duckdb', duckdb_path: 'shop.duckdb' };
    await survives(blocks.scripts[1]!, config, inFile('shop.duckdb', 'items'));
  });

  test('the crontab of docs/running.md runs the recipe', async () => {
    const [recipe, crontab] = [blocks.scripts[1]!, running.crontabs[0]!];
    const folder = await emptyFolder(recipe, { destination: 'duckdb', duckdb_path: 'shop.duckdb' });
    await writeFile(join(folder.work, 'load.sh'), recipe.script);
    const command = /^15 \* \* \* \* (.*)$/m.exec(crontab)?.[1]?.replace('/srv/shop', folder.work);
    expect(command).toContain(folder.work);
    for (const id of [10, 20])
      expect(await shell(command!, folder)).toMatchObject({ code: 0, stdout: '', state: state(id) });
    expect(await readFile(join(folder.work, 'load.log'), 'utf8')).toContain('the last state was emitted');
  });
});

describeLakehouse('README.md', (lakehouse) => {
  test('its recipe for a lakehouse goes on from where it was, whatever happens', async () => {
    const defer = (undo: () => unknown) => onTestFinished(async () => void (await undo()));
    const { config, schema, reader } = await openDestination({ kind: 'iomete', folder: '', lakehouse }, defer);
    await survives(blocks.scripts[1]!, config, async () => {
      const open = await reader();
      defer(() => open.close());
      return (await open.query(`${counted} ${schema}.items`))[0]!.join(', ');
    });
  });
});
