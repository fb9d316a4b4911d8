import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { stagedFolder } from './staged-folder.ts';

let folder: Awaited<ReturnType<typeof stagedFolder>>;
beforeEach(async () => {
  folder = await stagedFolder();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await folder.remove();
});

describe('connecting', () => {
  test('makes the file', async () => {
    const destination = folder.destination();
    expect(destination.name).toBe('duckdb');
    await destination.connect();
    await destination.close();
    expect(await folder.query('SELECT 1')).toEqual([[1]]);
  });

  test('to a file that another process has open names file and process', async () => {
    const holder = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { DuckDBInstance } from '@duckdb/node-api';
       await DuckDBInstance.create(${JSON.stringify(folder.path)});
       console.log('open');
       setInterval(() => {}, 1000);`,
    ]);
    try {
      await once(holder.stdout, 'data');
      await expect(folder.destination().connect()).rejects.toMatchObject({
        code: 'DESTINATION_BUSY',
        message: expect.stringMatching(new RegExp(`^the DuckDB file ${folder.path} is open in .*PID ${holder.pid}`)),
      });
    } finally {
      holder.kill();
      await once(holder, 'exit');
    }
  });

  test('twice from one process is refused too', async () => {
    const first = folder.destination();
    await first.connect();
    await expect(folder.destination().connect()).rejects.toMatchObject({ code: 'DESTINATION_BUSY' });
    await first.close();
    const again = folder.destination();
    await again.connect();
    await again.close();
  });

  test('to a folder that is not there, a folder, or a file of something else is an error that names it', async () => {
    await mkdir(`${folder.folder}/dir`);
    await writeFile(`${folder.folder}/text`, 'hello '.repeat(1000));
    await writeFile(`${folder.folder}/data.csv`, 'a,b\n1,2\n');
    for (const name of ['missing/out.duckdb', 'dir', 'text', 'data.csv']) {
      const path = `${folder.folder}/${name}`;
      await expect(folder.destination({ path }).connect(), name).rejects.toMatchObject({
        code: 'DESTINATION_FILE',
        message: expect.stringContaining(path),
      });
    }
  });

  test('where no file may be made is an error', async () => {
    // not even root may make a file here
    const path = '/proc/self/orders.duckdb';
    await expect(folder.destination({ path }).connect()).rejects.toMatchObject({ code: 'DESTINATION_FILE' });
  });
});

describe('closing', () => {
  test('a file whose log does not fit into memory as a whole says so, and its rows are all there next time', async () => {
    const tables = Array.from({ length: 40 }, (_, i) => `t${i}`);
    const columns = Array.from({ length: 100 }, (_, i) => `i + ${i} AS c${i}`).join(', ');
    await folder.query(
      tables.map((table) => `CREATE TABLE ${table} AS SELECT ${columns} FROM range(3) r(i)`).join('; '),
    );
    const opened = vi.spyOn(DuckDBInstance, 'fromCache');
    const destination = folder.destination({ memoryLimit: '100MB' });
    await destination.connect();
    const instance: DuckDBInstance = await opened.mock.results[0]!.value;
    const writer = await instance.connect();
    for (const table of tables) await writer.run(`INSERT INTO ${table} SELECT ${columns} FROM range(2) r(i)`);
    writer.closeSync();
    await destination.close();
    expect(folder.said).toEqual([
      expect.stringMatching(
        `^${folder.path}.wal could not be written into ${folder.path}: .*; "duckdb_memory_limit" may be too low. Nothing is lost`,
      ),
    ]);
    const counts = tables.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ');
    expect(await folder.query(`SELECT ${counts}`)).toEqual([[String(40 * 5)]]);
    // and this time the limit has room for the log
    const roomier = folder.destination({ memoryLimit: '2GB' });
    await roomier.connect();
    await roomier.close();
    expect(folder.said).toHaveLength(1);
  });
});
