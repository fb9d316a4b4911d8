// Where other users of the machine can enter the folder for temporary files: what they see of a run.
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { formerSpillPrefix } from '../../src/destinations/duckdb/database.ts';
import { shortRunId } from '../../src/stage/run-id.ts';
import { startCli } from '../support/cli.mjs';
import { recordLine, schemaLine } from '../support/singer-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'target-iomete-private-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROWS = 150_000;
const GROUP_AND_OTHERS = 0o077;

/** Nothing when it has gone meanwhile. */
function modeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mode;
}

test('rows that DuckDB’s memory can’t hold go to a folder that only this user can enter, like staged rows', async () => {
  const stage = join(folder, 'shared');
  mkdirSync(stage);
  chmodSync(stage, 0o1777);
  const config = {
    destination: 'duckdb',
    duckdb_path: join(folder, 'file.duckdb'),
    duckdb_memory_limit: '60MB',
    temp_dir: stage,
  };
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'mine');
  const planted = new Set<string>();
  /** What another user may do who sees the run's folder: links where version 0.1.0 put what its memory can't hold. */
  const plant = (runFolder: string) => {
    const place = join(stage, `${formerSpillPrefix}${shortRunId(runFolder.slice(0, -'-XXXXXX'.length))}`);
    if (planted.has(place)) return;
    planted.add(place);
    mkdirSync(place);
    for (const size of ['DEFAULT', 'S32K', 'S64K', 'S96K', 'S128K', 'S160K', 'S192K', 'S224K'])
      symlinkSync(victim, join(place, `duckdb_temp_storage_${size}-0.tmp`));
  };
  const open: string[] = [];
  const spills = new Set<string>();
  const look = () => {
    for (const name of readdirSync(stage)) {
      if (planted.has(join(stage, name))) continue;
      plant(name);
      const mode = modeOf(join(stage, name));
      if (mode !== undefined && (mode & GROUP_AND_OTHERS) !== 0) open.push(`${name} ${(mode & 0o777).toString(8)}`);
    }
    for (const path of readdirSync(stage, { recursive: true }).map(String))
      if (path.includes('duckdb_temp') && !path.startsWith(formerSpillPrefix)) spills.add(path);
  };
  const run = startCli({ config, keepInputOpen: true });
  const looking = setInterval(() => {
    try {
      look();
    } catch {
      // a folder went while it was read
    }
  }, 5);
  try {
    run.stdin.write(schemaLine('notes'));
    for (let id = 1; id <= ROWS; id++) {
      const text = `${id} ${'x'.repeat(20)} ${(id * 2654435761) % 4294967296} `.repeat(20);
      if (!run.stdin.write(recordLine('notes', id, text)))
        await new Promise<void>((resolve) => run.stdin.once('drain', () => resolve()));
    }
    run.stdin.end();
    const { code, stderr } = await run.ended;
    expect({ code, stderr }).toMatchObject({ code: 0 });
  } finally {
    clearInterval(looking);
  }
  expect(open).toEqual([]);
  expect(planted.size).toBe(1);
  expect(readFileSync(victim, 'utf8')).toBe('mine');
  for (const place of planted) {
    expect(readdirSync(place)).toHaveLength(8);
    rmSync(place, { recursive: true });
  }
  const placed = [...spills].map((path) => path.replace(/^[^/]+/, '<run>').replace(/[^/]+$/, '<file>'));
  expect(new Set(placed)).toEqual(new Set(['<run>/spill/<file>']));
  expect(readdirSync(stage)).toEqual([]);
}, 120_000);
