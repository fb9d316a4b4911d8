import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stagedFolder } from './staged-folder.ts';

let folder: Awaited<ReturnType<typeof stagedFolder>>;
beforeEach(async () => {
  folder = await stagedFolder();
});
afterEach(() => folder.remove());

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
