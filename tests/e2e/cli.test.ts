// The command line as a tap, a scheduler and a person at a terminal meet it, with DuckDB behind it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import { about } from '../../src/commands/about.ts';
import { type CliOptions, runCli, startCli } from '../support/cli.mjs';
import { readDuckdb } from '../support/duckdb-file.ts';
import { recordLine, recordLines, schemaLine, stateLine } from '../support/singer-lines.ts';

const ROOT = resolve(import.meta.dirname, '../..');
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPE_CODES = /[\u0000-\u0009\u000b-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const RENEWED_LINE = /\r\u001b\[2K[^\r\n]*\b\d+ rows read/;
const LOG_LINE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARNING|ERROR) \S/;

const folder = mkdtempSync(join(tmpdir(), 'target-iomete-cli-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

describe('asked about itself it answers, and says nothing else:', () => {
  const answer = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCli({ args });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  test('--version', async () => {
    const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(await answer('--version')).toBe(`${name} ${version}\n`);
  });

  test('--help, with every option', async () => {
    const text = await answer('--help', 'all');
    for (const option of Object.keys(about().settings.properties as object))
      expect(text).toContain(`--${option.replaceAll('_', '-')} `);
  });

  test('completion, with a script that bash reads', async () => {
    const script = await answer('completion', 'bash');
    const shell = spawn('bash', ['-n'], { stdio: ['pipe', 'inherit', 'inherit'] });
    shell.stdin.end(script);
    expect((await once(shell, 'close'))[0]).toBe(0);
    expect(script).toContain('complete -o default -F _target_iomete target-iomete');
  });

  test('--about, with a JSON Schema that the example’s configuration fits', async () => {
    const { name, capabilities, settings } = JSON.parse(await answer('--about', '--format=json'));
    expect({ name, capabilities }).toMatchObject({ name: 'target-iomete', capabilities: expect.any(Array) });
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(settings);
    expect(validate(JSON.parse(readFileSync(join(ROOT, 'examples/duckdb.json'), 'utf8')))).toBe(true);
    expect(validate({ destination: 'duckdb', batch_size_rows: 'many' })).toBe(false);
  });
});

describe('a configuration with mistakes', () => {
  test('is answered with all of them at once, before anything is read', async () => {
    const config = { destination: 'iomete', batch_size_row: 5, port: 'https', password: 'geheim', s3_bucket: 7 };
    const outcome = await runCli({ config, args: ['--no-such-flag'], keepInputOpen: true });
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.errors).toHaveLength(1);
    for (const named of ['batch_size_rows', '"port"', '"s3_bucket"', '"host"', '"user"', '--no-such-flag'])
      expect(outcome.stderr).toContain(named);
    expect(outcome.stderr).not.toContain('geheim');
  });

  test('that can’t be read is named', async () => {
    const outcome = await runCli({ args: ['--config', join(folder, 'nowhere.json')], keepInputOpen: true });
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('nowhere.json');
  });
});

describe('the input', () => {
  test('may be a file', async () => {
    const input = join(folder, 'tap.singer');
    writeFileSync(input, schemaLine('boats') + recordLines('boats', 1, 2) + stateLine({ boats: 2 }));
    const { config, ids } = database();
    expect(await runCli({ config, args: ['--input', input] })).toMatchObject({ code: 0, stdout: '{"boats":2}\n' });
    expect(await ids()).toEqual([1, 2]);
  });

  test('may lack the last line feed', async () => {
    const lines = schemaLine('boats') + recordLine('boats', 1) + stateLine({ boats: 1 });
    await loads(lines.slice(0, -1), [1], ['{"boats":1}']);
  });

  test('may end with a record that lacks its line feed', async () => {
    await loads((schemaLine('boats') + recordLines('boats', 1, 2)).slice(0, -1), [1, 2], []);
  });

  test('may have CRLF and blank lines', async () => {
    const lines = `\n${schemaLine('boats')}\n \t\n${recordLine('boats', 1)}${stateLine({ boats: 1 })}\n`;
    await loads(lines.replaceAll('\n', '\r\n'), [1], ['{"boats":1}']);
  });

  test('may be empty', async () => {
    const { config } = database();
    expect(await runCli({ config, input: '' })).toMatchObject({ code: 0, stdout: '', errors: [] });
  });

  test('may be cut off in the middle of a line, which ends the run there', async () => {
    const { config, ids } = database();
    const lines = schemaLine('boats') + recordLine('boats', 1) + stateLine({ boats: 1 }) + recordLine('boats', 2);
    const outcome = await runCli({ config, input: lines.slice(0, -12) });
    expect(outcome).toMatchObject({ code: 3, stdout: '{"boats":1}\n' });
    expect(outcome.errors).toEqual([expect.stringContaining('INPUT_TRUNCATED: line 4')]);
    expect(await ids()).toEqual([1]);
  });

  test('may not have a line without an end: what stands before it is loaded, and it is never held as a whole', async () => {
    const { config, ids } = database({ max_line_bytes: 2 << 20 });
    const lines = schemaLine('boats') + recordLine('boats', 1) + stateLine({ boats: 1 });
    const run = startCli({ config, keepInputOpen: true });
    run.stdin.on('error', () => {});
    run.stdin.write(lines);
    run.stdin.write(recordLine('boats', 2).trimEnd() + ' '.repeat(3 << 20));
    const outcome = await run.ended;
    expect(outcome).toMatchObject({ code: 3, stdout: '{"boats":1}\n' });
    expect(outcome.errors).toEqual([
      expect.stringContaining('INPUT_LINE_TOO_LONG: line 4: a line is longer than 2097152 bytes'),
    ]);
    expect(outcome.stderr).toContain('"max_line_bytes"');
    expect(await ids()).toEqual([1]);
  });

  test('that is bad ends the run there, though the tap goes on', async () => {
    const { config, ids } = database();
    const run = startCli({ config, keepInputOpen: true });
    run.stdin.write(`${schemaLine('boats')}${recordLine('boats', 1)}${stateLine({ boats: 1 })}oops\n`);
    expect(await run.ended).toMatchObject({ code: 3, stdout: '{"boats":1}\n' });
    expect(await ids()).toEqual([1]);
  });

  async function loads(input: string, expected: readonly number[], states: readonly string[]): Promise<void> {
    const { config, ids } = database();
    expect(await runCli({ config, input })).toMatchObject({ code: 0, states, errors: [] });
    expect(await ids()).toEqual(expected);
  }
});

describe('states', () => {
  test('come out once everything before them is loaded, while the tap goes on', async () => {
    const { config } = database({ batch_size_rows: 3 });
    const run = startCli({ config, keepInputOpen: true });
    run.stdin.write(schemaLine('boats') + recordLines('boats', 1, 2) + stateLine({ boats: 2 }));
    await sleep(1_500);
    expect(run.states()).toEqual([]);
    run.stdin.write(recordLine('boats', 3));
    await until(() => run.states().length === 1);
    run.stdin.end(stateLine({ boats: 3 }));
    expect(await run.ended).toMatchObject({ code: 0, stdout: '{"boats":2}\n{"boats":3}\n' });
  });

  test('come out of a silent tap when the batch has waited long enough', async () => {
    const { config, ids } = database({ batch_wait_limit_seconds: 1 });
    const run = startCli({ config, keepInputOpen: true });
    run.stdin.write(schemaLine('boats') + recordLines('boats', 1, 2) + stateLine({ boats: 2 }));
    await until(() => run.states().length === 1);
    run.stdin.end();
    expect(await run.ended).toMatchObject({ code: 0, stdout: '{"boats":2}\n' });
    expect(await ids()).toEqual([1, 2]);
  });

  test('keep their own digits', async () => {
    const { config } = database();
    const input = '{"value": {"lsn": 12345678901234567890, "at": 1.10}, "type": "STATE"}\n';
    expect((await runCli({ config, input })).stdout.replaceAll(' ', '')).toBe(
      '{"lsn":12345678901234567890,"at":1.10}\n',
    );
  });

  test('alone stand on stdout, and only plain log lines on a stderr that is no terminal', async () => {
    const { config } = database({ add_metadata_columns: false });
    const input = `${schemaLine('boats')}{"type":"ACTIVATE_VERSION","stream":"boats","version":1}\n${recordLine('boats', 1)}`;
    const { stdout, stderr } = await runCli({ config, input: input + stateLine({ boats: 1 }) });
    expect(stdout).toBe('{"boats":1}\n');
    expect(stderr).not.toMatch(ESCAPE_CODES);
    expect(stderr.split('\n').slice(0, -1)).not.toEqual([]);
    for (const line of stderr.split('\n').slice(0, -1)) expect(line).toMatch(LOG_LINE);
  });
});

describe('a signal', () => {
  test.for([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('%s ends the run with %i, once what was read is loaded', async ([signal, code]) => {
    const { outcome, ids } = await interrupted(signal, {});
    expect(outcome).toMatchObject({ code, signal: null, states: ['{"boats":3}', '{"boats":5}'] });
    expect(outcome.stderr).toContain(`${signal}: reading stops`);
    expect(ids).toEqual([1, 2, 3, 4, 5]);
  });

  test('leaves no time for what was not being loaded, when it may have none', async () => {
    const { outcome, ids } = await interrupted('SIGTERM', { shutdown_seconds: 0 });
    expect(outcome).toMatchObject({ code: 143, states: ['{"boats":3}'] });
    expect(ids).toEqual([1, 2, 3]);
  });

  async function interrupted(signal: 'SIGTERM' | 'SIGINT', more: object) {
    const { config, ids } = database({ batch_size_rows: 3, ...more });
    const run = startCli({ config, keepInputOpen: true });
    run.stdin.write(schemaLine('boats') + recordLines('boats', 1, 3) + stateLine({ boats: 3 }));
    await until(() => run.states().length === 1);
    run.stdin.write(recordLines('boats', 4, 5) + stateLine({ boats: 5 }));
    await sleep(500);
    run.child.kill(signal);
    return { outcome: await run.ended, ids: await ids() };
  }
});

describe('a person at a terminal', () => {
  test('sees a line that renews itself, and a summary without dates', async () => {
    const { config, ids } = database();
    const configFile = join(folder, 'terminal.json');
    const input = join(folder, 'terminal.singer');
    const states = join(folder, 'terminal.states');
    writeFileSync(configFile, JSON.stringify(config));
    writeFileSync(input, schemaLine('boats') + recordLines('boats', 1, 5) + stateLine({ boats: 5 }));
    const target = `'${process.execPath}' '${ROOT}/bin/target-iomete.js' --config '${configFile}'`;
    const command = `(cat '${input}'; sleep 2) | ${target} > '${states}'`;
    const terminal = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let seen = '';
    terminal.stdout.on('data', (text) => {
      seen += text;
    });
    const [code] = await once(terminal, 'close');
    expect(code, seen).toBe(0);
    expect(seen).toMatch(RENEWED_LINE);
    expect(seen).toMatch(/\n?[^\n]*5 rows of 1 stream .*the last state was emitted\r?\n$/);
    expect(seen).not.toMatch(/\d{4}-\d\d-\d\dT/);
    expect(readFileSync(states, 'utf8')).toBe('{"boats":5}\n');
    expect(await ids()).toEqual([1, 2, 3, 4, 5]);
  });

  test.each([
    [64, 'stty cols 64; TARGET --help all'],
    [64, 'stty cols 64; TARGET --help all | cat'],
    [80, 'TARGET --help all < /dev/null 2> /dev/null | cat'],
  ])('reads help in lines of at most %i characters: %s', async (width, command) => {
    const target = `'${process.execPath}' '${ROOT}/bin/target-iomete.js'`;
    const shell = command.replace('TARGET', target);
    const terminal = spawn('script', ['-qec', shell, '/dev/null'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = (await text(terminal.stdout)).split(/\r?\n/);
    const longest = Math.max(...lines.map((line) => line.length));
    expect(longest).toBeLessThanOrEqual(width);
    expect(longest).toBeGreaterThan(width - 5);
  });

  test('who closes the log does not end the run', async () => {
    const { config, ids } = database();
    const run = startCli({ config, keepInputOpen: true });
    run.child.stderr?.destroy();
    run.stdin.end(schemaLine('boats') + recordLine('boats', 1) + stateLine({ boats: 1 }));
    expect(await run.ended).toMatchObject({ code: 0, stdout: '{"boats":1}\n' });
    expect(await ids()).toEqual([1]);
  });
});

test('an input that is a pipe does not keep packages from being found where they are linked from', async () => {
  const own = join(folder, 'linked');
  mkdirSync(own);
  symlinkSync(join(ROOT, 'node_modules'), join(own, 'node_modules'));
  const program = join(own, 'program.mjs');
  const input = JSON.stringify(pathToFileURL(join(ROOT, 'dist/input/input.js')).href);
  writeFileSync(
    program,
    `import { openInput } from ${input}; openInput(); process.stdout.write(import.meta.resolve('p-limit')); process.exit(0);`,
  );
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const found = await text(child.stdout);
  expect(found).toContain(pathToFileURL(realpathSync(join(ROOT, 'node_modules'))).href);
});

/** A DuckDB file of its own. */
function database(more: object = {}): { config: NonNullable<CliOptions['config']>; ids(): Promise<readonly number[]> } {
  const own = join(folder, String(files++));
  mkdirSync(own);
  const path = join(own, 'file.duckdb');
  return {
    config: { destination: 'duckdb', duckdb_path: path, temp_dir: own, ...more },
    ids: async () => {
      const rows = await readDuckdb(path, 'SELECT id FROM boats ORDER BY id');
      return rows.getRows().map(([id]) => Number(id));
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; !condition(); await sleep(20))
    if (Date.now() > deadline) throw new Error(`waited in vain for ${condition}`);
}
