// `check` and `reset` as a person and a program call them.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.mjs';
import { inDuckdb, readDuckdb } from '../support/duckdb-file.ts';

let folder: string;
let config: Readonly<Record<string, unknown>>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-command-'));
  config = { destination: 'duckdb', duckdb_path: join(folder, 'shop.duckdb'), temp_dir: folder };
});
afterEach(() => rm(folder, { recursive: true }));

describe('check', () => {
  test('prints a tick for each step, and leaves nothing', async () => {
    const { code, stdout, stderr } = await runCli({ config, args: ['check'] });
    expect(stdout.replaceAll(/\(\d+\.\d s\)/g, '(… s)')).toBe(
      `✓ connect to the destination (… s)
✓ make a table in main (… s)
✓ load a row into the table (… s)
✓ add a column to the table (… s)
✓ update the row by its key (… s)
✓ remove what the check has made (… s)
all is well: a run can load
`,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('names the step that failed with its fix, and ends with the exit code that a run would have', async () => {
    const broken = { ...config, duckdb_path: join(folder, 'missing', 'shop.duckdb') };
    const { code, stdout } = await runCli({ config: broken, args: ['check'] });
    expect(stdout).toMatch(
      /^✗ connect to the destination \(\d+\.\d s\)\n {2}DESTINATION_FILE: the folder of the DuckDB file .* does not exist\. .*\na run would fail\n$/,
    );
    expect(code).toBe(4);
  });

  test('answers programs with one JSON object', async () => {
    const well = await runCli({ config, args: ['check', '--format=json'] });
    const steps = JSON.parse(well.stdout);
    expect(steps).toMatchObject({ ok: true });
    expect(steps.steps[0]).toEqual({ name: 'connect to the destination', seconds: expect.any(Number), ok: true });

    const broken = { ...config, duckdb_path: folder };
    const { code, stdout } = await runCli({ config: broken, args: ['check', '--format=json'] });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      steps: [
        { ok: false, code: 'DESTINATION_FILE', fault: 'config', message: expect.any(String), fix: expect.any(String) },
      ],
    });
    expect(code).toBe(4);
  });
});

describe('reset', () => {
  test('shows names with control characters as text, so that they can not play with a terminal', async () => {
    const file = join(folder, 'shop.duckdb');
    await inDuckdb(file, 'CREATE TABLE orders AS FROM range(3)');
    const { stdout, stderr } = await runCli({ config, args: ['reset', 'orders', 'a\u001b[2Jb\nforged line'] });
    expect(stdout).toContain('\\u001b[2Jb');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(stdout.split('\n')).not.toContain('forged line');
  });

  test('lists first, and drops when told so', async () => {
    const file = join(folder, 'shop.duckdb');
    await inDuckdb(file, 'CREATE TABLE orders AS FROM range(3); CREATE TABLE other AS FROM range(1)');
    const listed = await runCli({ config, args: ['reset', 'orders'] });
    expect(listed.stdout).toBe(
      `found: table main.orders in ${file} (3 rows) of the stream orders
nothing is changed: --remove drops what is listed, with all of its rows
`,
    );
    const dropped = await runCli({ config, args: ['reset', 'orders', '--remove'] });
    expect({ code: dropped.code, stderr: dropped.stderr }).toEqual({ code: 0, stderr: '' });
    const tables = await readDuckdb(file, 'SELECT table_name FROM duckdb_tables()');
    expect(tables.getRows()).toEqual([['other']]);
  });
});
