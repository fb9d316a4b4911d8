// A folder for one test: its DuckDB file, its staged files, and a destination over both.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Load } from '../../../../src/destinations/destination.ts';
import { type DuckdbWarehouseSettings, duckdbWarehouse } from '../../../../src/destinations/duckdb/warehouse.ts';
import type { Log } from '../../../../src/errors/log.ts';
import type { StagedFile } from '../../../../src/formats/staged-file.ts';
import type { StreamVersion } from '../../../../src/schema/model.ts';
import { inDuckdb } from '../../../support/duckdb-file.ts';
import { loadOf, type StagedRecord, stagedCsv } from '../sql/staged-records.ts';

export async function stagedFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'target-duckdb-'));
  const path = join(folder, 'out.duckdb');
  const said: string[] = [];
  const log: Log = { info: (message) => said.push(message), warn: (message) => said.push(message) };
  let files = 0;
  let order = 0;
  let spills = 0;

  const stage = async (csv: string | Uint8Array, ending: '.csv' | '.csv.gz' = '.csv'): Promise<StagedFile> => {
    const location = join(folder, `staged ${++files}${ending}`);
    const bytes = ending === '.csv' ? Buffer.from(csv) : gzipSync(csv, { level: 1 });
    await writeFile(location, bytes);
    return { location, key: location, bytes: bytes.length };
  };

  return {
    folder,
    path,
    /** What the destination told. */
    said,
    destination: (settings: Partial<DuckdbWarehouseSettings> = {}) =>
      duckdbWarehouse(
        {
          path,
          memoryLimit: '512MB',
          // another one each time, as each run has its own folder
          spillPath: async () => join(folder, `spill-${++spills}`),
          syncStartedAtMs: 1_700_000_000_000,
          ...settings,
        },
        log,
      ),
    stage,
    /** Records → staged files, one for each list, and the load of them all. */
    load: async (version: StreamVersion, ...lists: (readonly StagedRecord[])[]): Promise<Load> => {
      const staged: StagedFile[] = [];
      for (const records of lists) {
        staged.push(await stage(stagedCsv(version, records, order + 1), staged.length % 2 === 0 ? '.csv.gz' : '.csv'));
        order += records.length;
      }
      return loadOf(version, lists.flat(), staged);
    },
    /** To be called when no destination has the file open. */
    query: async (sql: string, path_ = path) => (await inDuckdb(path_, sql)).getRowsJson(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
