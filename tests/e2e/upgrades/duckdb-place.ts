// A recording → its DuckDB file and its stage, in a folder of their own.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { duckdbReader } from '../../../scripts/acceptance/duckdb-reader.mjs';
import { contentsOf } from '../../../scripts/upgrades/contents.mjs';
import { ofDeadProcess } from './heartbeats.ts';
import type { Place } from './place.ts';
import type { Recording } from './recordings.ts';

/** What the heartbeats tell: of a process that has ended here, or of another machine, long ago or just now. */
export type Signs = 'ended here' | 'fell silent elsewhere' | 'go on elsewhere';

const minutes = 60;

export function duckdbPlace({ folder: recorded }: Recording, signs: Signs = 'ended here'): Place {
  const folder = mkdtempSync(join(tmpdir(), 'upgrades-'));
  const path = join(folder, 'tables.duckdb');
  const stage = join(folder, 'stage');
  for (const name of ['tables.duckdb', 'tables.duckdb.wal'])
    writeFileSync(join(folder, name), gunzipSync(readFileSync(join(recorded, 'duckdb', `${name}.gz`))));
  cpSync(join(recorded, 'duckdb', 'stage'), stage, { recursive: true });
  const files = () =>
    readdirSync(stage, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath ?? file.path, file.name));
  for (const file of files().filter((name) => name.endsWith('/heartbeat'))) {
    if (signs === 'ended here') writeFileSync(file, ofDeadProcess(readFileSync(file, 'utf8')));
    const at = Date.now() / 1000 - (signs === 'fell silent elsewhere' ? 11 * minutes : 0);
    utimesSync(file, at, at);
  }
  return {
    kind: 'duckdb',
    config: {
      destination: 'duckdb',
      duckdb_path: path,
      temp_dir: stage,
      workers: 0,
      schema_mapping: { shop: { target_schema: 'other' } },
    },
    fill: (text) => text.replaceAll('<stage>', stage).replaceAll('<file>', path),
    contents: async () => {
      const reader = await duckdbReader(path, 'main');
      try {
        return await contentsOf('duckdb', reader.query, { main: 'main', other: 'other' });
      } finally {
        await reader.close();
      }
    },
    branches: async () => [],
    staged: async () =>
      files()
        .map((file) => relative(stage, file))
        .sort(),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
