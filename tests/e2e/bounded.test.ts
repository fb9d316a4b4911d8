// What a run may hold and say at most, whatever the tap sends: open files, log lines.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';
import { type CliOptions, runCli } from '../support/cli.mjs';
import { readDuckdb } from '../support/duckdb-file.ts';
import { recordLine, schemaLine, stateLine } from '../support/singer-lines.ts';

const TARGET = resolve(import.meta.dirname, '../../bin/target-iomete.js');
const folder = mkdtempSync(join(tmpdir(), 'target-iomete-bounded-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function database(more: object = {}) {
  const own = join(folder, String(files++));
  mkdirSync(join(own, 'stage'), { recursive: true });
  const path = join(own, 'file.duckdb');
  const config = { destination: 'duckdb', duckdb_path: path, temp_dir: join(own, 'stage'), ...more };
  return { own, path, config };
}

test.each(['csv', 'parquet'])(
  '500 streams that are open at once fit into 256 open files, staged as %s',
  async (format) => {
    const { own, path, config } = database({ stage_format: format });
    const streams = Array.from({ length: 500 }, (_, index) => `s${index}`);
    // three turns: what was put away is opened again
    const rows = [1, 2, 3].flatMap((id) => streams.map((stream) => recordLine(stream, id, 'x'.repeat(3000))));
    const file = join(own, 'config.json');
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    const command = `ulimit -n 256; exec '${process.execPath}' '${TARGET}' --config '${file}'`;
    const shell = spawn('bash', ['-c', command], { stdio: 'pipe' });
    const [states, said] = [text(shell.stdout), text(shell.stderr)];
    shell.stdin.end(streams.map((stream) => schemaLine(stream)).join('') + rows.join('') + stateLine({ all: 3 }));
    const [code] = await once(shell, 'close');
    expect(code, await said).toBe(0);
    expect(await states).toBe('{"all":3}\n');
    const all = streams.map((stream) => `SELECT id, text FROM ${stream}`).join(' UNION ALL ');
    const sums = await readDuckdb(path, `SELECT count(*)::INT, sum(id)::INT, sum(length(text))::INT FROM (${all})`);
    expect(sums.getRows()).toEqual([[1500, 3000, 1500 * 3000]]);
    expect(readdirSync(join(own, 'stage'))).toEqual([]);
  },
);

describe('the log stays short, whatever comes', () => {
  const lines = (count: number, line: (index: number) => object) =>
    Array.from({ length: count }, (_, index) => `${JSON.stringify(line(index))}\n`).join('');
  const schema = (properties: object) => ({
    type: 'SCHEMA',
    stream: 's',
    schema: { properties },
    key_properties: ['id'],
  });
  const record = (values: object) => ({ type: 'RECORD', stream: 's', record: values });
  const id = { type: 'integer' };
  const inputs: Record<string, string> = {
    'a type that goes back and forth in 2,000 SCHEMA messages': lines(4000, (at) =>
      at % 2 ? record({ id: at, a: null }) : schema({ id, a: { type: ['null', at % 4 ? 'integer' : 'string'] } }),
    ),
    '10,000 SCHEMA messages of which each says another thing that does not matter': lines(20_000, (at) =>
      at % 2
        ? record({ id: at, a: 'x' })
        : schema({ id: { ...id, maximum: 1e6 + at }, a: { type: 'string', title: `${at}` } }),
    ),
    '100,000 values that a DOUBLE holds only approximately':
      lines(1, () => schema({ id, a: { type: 'number' } })) +
      Array.from(
        { length: 100_000 },
        (_, at) => `{"type":"RECORD","stream":"s","record":{"id":${at},"a":0.12345678901234567890${at}}}\n`,
      ).join(''),
    '20,000 fields that no schema declares': lines(20_000, (at) =>
      at ? record({ id: at, [`f${at}`]: 1 }) : schema({ id }),
    ),
    '20,000 values that do not fit': lines(20_000, (at) => (at ? record({ id: at, a: 'no' }) : schema({ id, a: id }))),
    '2,000 messages ACTIVATE_VERSION that are ignored': lines(4000, (at) =>
      at === 0 ? schema({ id }) : at % 2 ? { type: 'ACTIVATE_VERSION', stream: 's', version: at } : record({ id: at }),
    ),
  };
  test.each(Object.keys(inputs))('%s', async (what) => {
    const { config } = database({ invalid_values: 'dead_letter' });
    const options: CliOptions = { config, input: inputs[what]! };
    const { code, stderr } = await runCli(options);
    expect(code, stderr.slice(0, 2000)).toBe(0);
    expect(stderr.split('\n').length, stderr.slice(0, 2000)).toBeLessThan(20);
    expect(stderr.length).toBeLessThan(3000);
  });
});

/** Undeclared keys of 4 MB in 30 records: version 0.1.0 kept each of them, and printed ten. */
test('names of any length cost no more memory than values', async () => {
  const peakOf = async (record: (text: string) => object) => {
    const { own, config } = database({ max_line_bytes: 16 << 20 });
    const file = join(own, 'config.json');
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    const child = spawn(process.execPath, [TARGET, '--config', file], { stdio: 'pipe' });
    const said = text(child.stderr);
    child.stdout.resume();
    child.stdin.write(schemaLine('s'));
    let peak = 0;
    for (let id = 0; id < 30; id++) {
      const letters = `${id}${String.fromCharCode(97 + (id % 26)).repeat(4 << 20)}`;
      const line = `${JSON.stringify({ type: 'RECORD', stream: 's', record: { id, ...record(letters) } })}\n`;
      if (!child.stdin.write(line)) await once(child.stdin, 'drain');
      peak = Math.max(peak, peakMegabytes(child.pid!) ?? 0);
    }
    child.stdin.end();
    const [code] = await once(child, 'close');
    expect({ code, log: (await said).length < 5000 }).toEqual({ code: 0, log: true });
    return peak;
  };
  const [ofNames, ofValues] = [await peakOf((key) => ({ [key]: 1 })), await peakOf((value) => ({ other: value }))];
  expect(ofNames).toBeLessThan(1.5 * ofValues + 50);
});

/** The most that the process has held; undefined where it has ended. */
function peakMegabytes(pid: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  } catch {
    return undefined;
  }
}
