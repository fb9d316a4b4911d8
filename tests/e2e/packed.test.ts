// What `npm pack` makes, installed into an empty folder → the command and the library that a user gets.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCli } from '../support/cli.mjs';
import { readDuckdb } from '../support/duckdb-file.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const INSTALL_PATIENCE_MS = 300_000;
const exec = promisify(execFile);
const tsc = join(ROOT, 'node_modules/.bin/tsc');
const nodeTypes = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];

const folder = mkdtempSync(join(tmpdir(), 'target-iomete-packed-'));
const installed = join(folder, 'node_modules/target-iomete');
const command = join(folder, 'node_modules/.bin/target-iomete');
let packedFiles: readonly string[];
let announced: string;

beforeAll(async () => {
  // dist/ was built for this test run, and other tests are using it
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [packed] = JSON.parse((await exec('npm', pack, { cwd: ROOT })).stdout);
  packedFiles = packed.files.map(({ path }: { path: string }) => path);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const install = [
    'install',
    '--prefix',
    folder,
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    join(folder, packed.filename),
  ];
  announced = (await exec('npm', install, { cwd: folder })).stderr;
}, INSTALL_PATIENCE_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  test('holds the command, the library, the examples and what a reader needs, and nothing else', () => {
    for (const file of ['package.json', 'README.md', 'LICENSE', 'bin/target-iomete.js', 'dist/command/index.d.ts'])
      expect(packedFiles).toContain(file);
    const folders = new Set(packedFiles.filter((file) => file.includes('/')).map((file) => file.split('/')[0]));
    expect([...folders].sort()).toEqual(['bin', 'dist', 'docs', 'examples']);
    const code = packedFiles.filter((file) => !file.startsWith('docs/'));
    expect(code.filter((file) => /test|fixture|\.ts$(?<!\.d\.ts)/.test(file))).toEqual([]);
    expect(packedFiles.filter((file) => file.endsWith('.d.ts'))).toEqual(['dist/command/index.d.ts']);
  });

  test('runs nothing of its own when it is installed', () => {
    const { scripts } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    const run = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'];
    expect(Object.keys(scripts).filter((name) => run.includes(name))).toEqual([]);
    expect(announced).not.toContain('script');
  });

  test('runs as a command', () => {
    const milliseconds = Array.from({ length: 3 }, () => {
      const startedAt = performance.now();
      expect(execFileSync(command, ['--version'], { encoding: 'utf8' })).toMatch(/^target-iomete \d+\.\d+\.\d+/);
      return Math.round(performance.now() - startedAt);
    });
    console.log(`target-iomete --version: ${milliseconds.join(', ')} ms`);
  });

  test('loads the example that it brings', async () => {
    const path = join(folder, 'loaded.duckdb');
    const args = ['--config', `${installed}/examples/duckdb.json`, '--input', `${installed}/examples/shop.singer`];
    const outcome = await runCli({ command, args: [...args, '--duckdb-path', path] });
    expect(outcome).toMatchObject({ code: 0, errors: [] });
    expect(await rowsOf(path, 'SELECT count(*)::INT, count(DISTINCT id)::INT FROM shop.customers')).toEqual([
      [500, 500],
    ]);
    expect(await rowsOf(path, 'SELECT count(*)::INT, count(DISTINCT id)::INT FROM shop.orders')).toEqual([
      [2450, 2450],
    ]);
  });

  test.each(['draft-04', 'draft-07', '2019-09', '2020-12'])(
    'validates records by %s, as the build does it',
    async (draft) => {
      const path = join(folder, `validated-${draft}.duckdb`);
      const schema = {
        $schema: `https://json-schema.org/${draft}/schema`,
        properties: { id: { type: 'integer', maximum: 2 } },
      };
      const lines = [
        { type: 'SCHEMA', stream: 'a', schema, key_properties: ['id'] },
        ...[1, 2, 3].map((id) => ({ type: 'RECORD', stream: 'a', record: { id } })),
      ];
      const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      const config = {
        destination: 'duckdb',
        duckdb_path: path,
        default_target_schema: 'main',
        validate_records: true,
      };
      const outcome = await runCli({ command, config, input });
      expect(outcome).toMatchObject({ code: 3, errors: [expect.stringContaining('INPUT_VALUE_INVALID: line 4')] });
      expect(await rowsOf(path, 'SELECT id::INT FROM a')).toEqual([[1], [2]]);
    },
  );

  test('gives a program what is documented', async () => {
    const names = await inProgram(`console.log(JSON.stringify(Object.keys(await import('target-iomete')).sort()))`);
    expect(JSON.parse(names)).toEqual([
      'TargetError',
      'about',
      'check',
      'clean',
      'defineDestination',
      'describeError',
      'errorCodes',
      'exitCodeOf',
      'plan',
      'rowsFile',
      'run',
    ]);
  });

  test('lets a program run a sync', async () => {
    const path = join(folder, 'program.duckdb');
    mkdirSync(join(folder, 'program'));
    const stdout = await inProgram(`
      import { createReadStream } from 'node:fs';
      import { run } from 'target-iomete';
      const { state } = await run({
        config: { destination: 'duckdb', duckdb_path: ${JSON.stringify(path)} },
        input: createReadStream(${JSON.stringify(`${installed}/examples/shop.singer`)}),
      });
      console.log(state);`);
    expect(JSON.parse(stdout)).toMatchObject({ bookmarks: expect.any(Object) });
    expect(await rowsOf(path, 'SELECT count(*)::INT FROM customers')).toEqual([[500]]);
  });
});

test('gives a program in strict TypeScript the types of all that it is given, and no others', async () => {
  const compile = async (text: string): Promise<string> => {
    writeFileSync(join(folder, 'strict.ts'), text);
    const settings = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext'];
    const { stdout } = await exec(tsc, [...settings, ...nodeTypes, 'strict.ts'], { cwd: folder }).catch(
      (error) => error,
    );
    return stdout;
  };
  const program = `
    import { createReadStream } from 'node:fs';
    import { type CheckedStep, type Config, clean, check, run, type StreamSummary, TargetError } from 'target-iomete';
    const config: Config = { destination: 'duckdb', duckdb_path: 'a.duckdb', workers: 2 };
    try {
      const summary = await run({ config, input: createReadStream('a.singer'), onState: async (state) => state.length });
      const one: StreamSummary | undefined = summary.streams.get('a');
      const rows: number = one?.loaded ?? 0;
      const steps: readonly CheckedStep[] = await check({ config });
      const lines: readonly string[] = await clean({ config, remove: true });
      console.log(rows, steps, lines, summary.state?.length);
    } catch (error) {
      if (error instanceof TargetError) console.error(error.code, error.context.stream);
    }
    export {};`;
  expect(await compile(program)).toBe('');
  const wrong = [program.replace('workers: 2', "workers: '2'"), program.replace('duckdb_path', 'duckdb_pat')];
  for (const text of wrong) expect(await compile(text)).toMatch(/strict\.ts\(\d+,\d+\): error TS/);
});

test('does what the page for programs says', async () => {
  const page = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
  const program = join(folder, 'page');
  mkdirSync(program);
  writeFileSync(join(program, 'page.mts'), /```ts\n(.*?)```/s.exec(page)![1]!);
  copyFileSync(join(installed, 'examples/shop.singer'), join(program, 'shop.singer'));
  const strict = ['--strict', '--module', 'nodenext', '--target', 'es2022'];
  await exec(tsc, [...strict, ...nodeTypes, 'page.mts'], { cwd: program });
  const { stdout } = await exec(process.execPath, ['page.mjs'], { cwd: program });
  expect(stdout).toContain('durable up to {"bookmarks":');
  expect(stdout.trimEnd().split('\n').slice(-2)).toEqual([
    expect.stringMatching(/^customers: \d+ records, \d+ rows loaded$/),
    expect.stringMatching(/^orders: \d+ records, \d+ rows loaded$/),
  ]);
});

describe('a destination of somebody else', () => {
  const messages = (from: number, count: number) => {
    const schema = { properties: { id: { type: 'integer' }, name: { type: 'string' } } };
    const lines = [
      { type: 'SCHEMA', stream: 'a/b', schema, key_properties: ['id'] },
      ...Array.from({ length: count }, (_, n) => ({
        type: 'RECORD',
        stream: 'a/b',
        record: { id: from + n, name: 'x' },
      })),
    ];
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  };
  const state = (upTo: number) => `${JSON.stringify({ type: 'STATE', value: { upTo } })}\n`;
  let target: string;
  const start = () => {
    const example = join(installed, 'examples/jsonl-folder.mjs');
    const child = spawn(process.execPath, [example, target], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
    let states = '';
    child.stdout.on('data', (chunk) => {
      states += chunk;
    });
    const ended = new Promise<{ code: number | null; states: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, states })),
    );
    return { child, ended };
  };
  const files = (ending: string) => readdirSync(target).filter((name) => name.endsWith(ending));
  const ids = () =>
    files('.jsonl').flatMap((name) => {
      const lines = readFileSync(join(target, name), 'utf8').trimEnd().split('\n');
      return lines.map((line) => (JSON.parse(line) as { id: number }).id);
    });

  test('has all rows when the state is out, run after run', async () => {
    target = join(folder, 'rows');
    for (const from of [0, 1000]) {
      const { child, ended } = start();
      child.stdin.end(messages(from, 1000) + state(from + 1000));
      expect(await ended).toEqual({ code: 0, states: `{"upTo":${from + 1000}}\n` });
    }
    expect(ids().sort((a, b) => a - b)).toEqual(Array.from({ length: 2000 }, (_, id) => id));
    expect(files('.part')).toEqual([]);
    expect(readFileSync(join(target, files('.jsonl')[0]!), 'utf8')).toMatch(/^\{"id":\d+,"name":"x"\}\n/);
  });

  test('that is killed leaves no file that could be taken for a whole one, and no state', async () => {
    target = join(folder, 'killed');
    const { child, ended } = start();
    child.stdin.on('error', () => {});
    child.stdin.write(messages(0, 1000) + state(1000));
    await vi.waitFor(() => expect(files('.part')).toHaveLength(1), { timeout: 20_000 });
    child.kill('SIGKILL');
    expect(await ended).toEqual({ code: null, states: '' });
    expect(files('.jsonl')).toEqual([]);
  });

  test('ends the run with its code when the input is wrong, after what was right', async () => {
    target = join(folder, 'wrong');
    const { child, ended } = start();
    child.stdin.end(`${messages(0, 10)}${state(10)}{"type":"RECORD","stream":"a/b","record":{"id":"x"}}\n`);
    expect(await ended).toEqual({ code: 3, states: '{"upTo":10}\n' });
    expect(ids()).toHaveLength(10);
  });
});

async function inProgram(source: string): Promise<string> {
  const program = join(folder, 'program.mjs');
  writeFileSync(program, source);
  return (await exec(process.execPath, [program], { cwd: folder })).stdout;
}

async function rowsOf(path: string, sql: string): Promise<readonly unknown[][]> {
  return (await readDuckdb(path, sql)).getRows();
}
