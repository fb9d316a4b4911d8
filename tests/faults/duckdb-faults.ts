// A scenario → a DuckDB file for it, and the fault made.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunningCli } from '../support/cli.mjs';
import { inDuckdb } from '../support/duckdb-file.ts';
import { brokenInput, type FaultyRun, type Place } from './run-scenario.ts';
import type { Scenario } from './scenarios.mjs';
import { BATCH, type FoundRow, linesFrom, OLD } from './source.ts';

const SHIM = pathToFileURL(join(import.meta.dirname, 'fault-shim.mjs')).href;
const SMALL_DISK = '4m';
const MEGABYTE = 2 ** 20;

/** Calls back with the place and the fault; removes all of it in the end. */
export async function withDuckdb<T>(
  scenario: Scenario,
  work: (place: Place, fault: FaultyRun) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'target-iomete-fault-'));
  const small = join(folder, 'small');
  const isSmall = scenario.action.endsWith('-full');
  try {
    mkdirSync(small);
    if (isSmall) mountSmall(small);
    const path = join(scenario.action === 'database-full' ? small : folder, 'file.duckdb');
    if (scenario.loadMethod === 'overwrite') await makeOld(path);
    const place: Place = {
      config: { destination: 'duckdb', duckdb_path: path, temp_dir: folder },
      rows: () => rowsOf(path),
    };
    return await work(place, faultOf(scenario, path, small));
  } finally {
    if (isSmall) execFileSync('umount', ['-l', small], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  }
}

function faultOf(scenario: Scenario, path: string, small: string): FaultyRun {
  const { action, loadMethod, instant } = scenario;
  switch (action) {
    case 'half':
    case 'garbage':
    case 'dies':
      return brokenInput(scenario);
    case 'stage-full':
    case 'database-full':
      return { ...(action === 'stage-full' && { config: { temp_dir: small } }), input: largeInput(instant) };
    case 'locked':
      return lockedFile(path);
    default:
      return shimmed(action, instant, loadMethod);
  }
}

/** At the second load, or at the commit that swaps. */
function shimmed(action: string, instant: string, loadMethod: string): FaultyRun {
  const commit = { pattern: '^COMMIT', nth: 1, after: '^DELETE FROM' };
  const load = { pattern: '^(MERGE|INSERT) INTO', nth: 2 };
  const fault = { action, instant, ...(loadMethod === 'overwrite' ? commit : load) };
  const happened = (run: RunningCli) => run.said.stderr.includes('FAULT\n');
  return {
    env: { NODE_OPTIONS: `--import ${SHIM}`, FAULT: JSON.stringify(fault) },
    happened,
    begun: (run) => {
      if (action !== 'stdout') return;
      run.child.stderr?.on('data', () => {
        if (happened(run)) run.child.stdout?.destroy();
      });
    },
  };
}

const largeInput = (instant: string): readonly [string, string] => {
  const padding = 'x'.repeat(MEGABYTE);
  if (instant === 'before') return ['', linesFrom(0, BATCH, padding)];
  return [linesFrom(0, BATCH), linesFrom(BATCH, 2 * BATCH, padding)];
};

/** By another process, until the run is over. */
function lockedFile(path: string): FaultyRun {
  const script = `const { DuckDBInstance } = await import('@duckdb/node-api');
    await DuckDBInstance.create(${JSON.stringify(path)}); console.log('open'); setInterval(() => {}, 1000)`;
  const other = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: import.meta.dirname });
  return {
    ready: () => once(other.stdout, 'data'),
    over: async () => {
      other.kill('SIGKILL');
      await once(other, 'exit');
    },
  };
}

async function makeOld(path: string): Promise<void> {
  (await inDuckdb(path, 'CREATE TABLE boats (id BIGINT, text VARCHAR)')).getRows();
  for (const { id, text } of OLD) (await inDuckdb(path, `INSERT INTO boats VALUES (${id}, '${text}')`)).getRows();
}

async function rowsOf(path: string): Promise<FoundRow[]> {
  if (!existsSync(path)) return [];
  const there = (await inDuckdb(path, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'boats'")).getRows();
  if (there.length === 0) return [];
  const rows = (await inDuckdb(path, 'SELECT id::INTEGER, text FROM boats')).getRows();
  return rows.map(([id, text]) => ({ id: Number(id), text: String(text) }));
}

function mountSmall(path: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK}`, 'tmpfs', path], { stdio: 'pipe' });
}

/** Why scenarios of a full disk can't run here; undefined when they can. */
export function noSmallDisk(): string | undefined {
  const path = mkdtempSync(join(tmpdir(), 'target-iomete-small-'));
  try {
    mountSmall(path);
    execFileSync('umount', [path]);
    return undefined;
  } catch {
    return 'mounting a tmpfs needs root';
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}
