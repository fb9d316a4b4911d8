// Which files a BATCH may name: pipes never, and with "batch_sources" only those in the places that the option names.
import { execFileSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCli } from '../support/cli.mjs';
import { batch, type CommandFolder, commandFolder, toLines } from '../support/command.ts';
import { schema as schemaOf, state } from '../support/scripted-run.ts';

vi.setConfig({ testTimeout: 60_000 });

let cli: CommandFolder;
beforeEach(async () => {
  cli = await commandFolder();
  await mkdir(join(cli.folder, 'exports'));
});
afterEach(() => cli.remove());

const schema = schemaOf('a', { id: { type: 'integer' } });
const load = (file: string, config: object = {}, env: Record<string, string> = {}) =>
  runCli({
    config: { destination: 'duckdb', duckdb_path: join(cli.folder, 'out.duckdb'), temp_dir: cli.folder, ...config },
    input: toLines([schema, batch('a', [file]), state('end')]),
    env,
    patienceMs: 30_000,
  });

test.each(['a pipe.json', 'a pipe.parquet'])('%s ends the run instead of holding it up for ever', async (name) => {
  const pipe = join(cli.folder, name);
  execFileSync('mkfifo', [pipe]);
  const { code, stderr } = await load(pipe);
  expect(code).toBe(3);
  expect(stderr).toContain(`file "file://${pipe}", stream "a": the file is a pipe or a device, not a plain file`);
  expect(stderr).toContain('INPUT_BATCH_FILE');
});

test('a file in a folder that is named is loaded; outside of it, by a link too, the run ends and names the fix', async () => {
  const inside = await cli.jsonl('exports/in.json', [{ id: 1 }]);
  const outside = await cli.jsonl('out.json', [{ id: 2 }]);
  const link = join(cli.folder, 'exports/link.json');
  await symlink(outside, link);
  const config = { batch_sources: [join(cli.folder, 'exports')] };
  expect(await load(inside, config)).toMatchObject({ code: 0, states: ['"end"'] });
  for (const file of [outside, link]) {
    const { code, stderr, states } = await load(file, config);
    expect({ code, states }).toEqual({ code: 3, states: [] });
    expect(stderr).toContain(`INPUT_BATCH_SOURCE: line 2, file "file://${file}", stream "a"`);
    expect(stderr).toContain('add their folder or s3://bucket/prefix to "batch_sources"');
  }
  expect(await cli.query('SELECT id FROM a')).toEqual([['1']]);
});

test('an empty list, given by the environment, turns BATCH off', async () => {
  const file = await cli.jsonl('exports/in.json', [{ id: 1 }]);
  const { code, stderr } = await load(file, {}, { TARGET_IOMETE_BATCH_SOURCES: '[]' });
  expect(code).toBe(3);
  expect(stderr).toContain('"batch_sources" is empty, so no file is read');
});

test('S3 is not asked for a file where nobody has said how it is called', async () => {
  const { code, stderr, seconds } = await load('s3://somebodys-bucket/x.json', {}, { AWS_CONFIG_FILE: '' });
  expect(code).toBe(3);
  expect(stderr).toMatch(/INPUT_BATCH_SOURCE: line 2, .*no option of S3 is set/);
  expect(seconds).toBeLessThan(20);
});
