// The command over a DuckDB file in a folder of its own, and the files of BATCH messages.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inDuckdb } from './duckdb-file.ts';

const TARGET = resolve(import.meta.dirname, '../../bin/target-iomete.js');

export interface CommandRun {
  readonly child: ChildProcess;
  out: string;
  log: string;
}

export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly log: string;
}

export const toLines = (messages: readonly object[]): string =>
  messages.map((message) => `${JSON.stringify(message)}\n`).join('');

/** @param fixed part of every run's configuration; by default a DuckDB file in the folder */
export async function commandFolder(fixed?: object) {
  const folder = await mkdtemp(join(tmpdir(), 'target-command-'));
  const path = join(folder, 'out.duckdb');
  const base = { destination: 'duckdb', duckdb_path: path, temp_dir: folder, workers: 0, ...fixed };

  async function begin(config: object, messages?: readonly object[]): Promise<CommandRun> {
    const file = join(folder, 'config.json');
    await writeFile(file, JSON.stringify({ ...base, ...config }), { mode: 0o600 });
    const child = spawn(process.execPath, [TARGET, '--config', file], { cwd: folder });
    const run: CommandRun = { child, out: '', log: '' };
    child.stdout.on('data', (text) => {
      run.out += text;
    });
    child.stderr.on('data', (text) => {
      run.log += text;
    });
    if (messages !== undefined) child.stdin.end(toLines(messages));
    return run;
  }

  return {
    folder,
    begin,
    run: async (config: object, messages: readonly object[]): Promise<CommandResult> => {
      const run = await begin(config, messages);
      const [code] = await once(run.child, 'close');
      return { code, out: run.out, log: run.log };
    },
    /** A file of records, one a line. @returns its path */
    jsonl: async (name: string, records: readonly (object | string)[]): Promise<string> => {
      const text = records.map((each) => `${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join('');
      const file = join(folder, name);
      await writeFile(file, name.endsWith('.gz') ? gzipSync(text) : text);
      return file;
    },
    /** A Parquet file of a query's rows. @returns its path */
    parquet: async (name: string, query: string): Promise<string> => {
      const file = join(folder, name);
      await inDuckdb(':memory:', `COPY (${query}) TO '${file}' (FORMAT parquet)`);
      return file;
    },
    /** To be called when no run has the file open. */
    query: async (sql: string) => (await inDuckdb(path, sql)).getRowsJson(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export type CommandFolder = Awaited<ReturnType<typeof commandFolder>>;

/** A BATCH message as Meltano's SDK writes it; bare paths become `file://` addresses. */
export const batch = (stream: string, files: readonly string[], more: object = {}) => {
  const format = files[0]?.includes('.parquet') ? 'parquet' : 'jsonl';
  const compression = files[0]?.endsWith('.gz') ? 'gzip' : 'none';
  const manifest = files.map((file) => (file.startsWith('/') ? `file://${file}` : file));
  return { type: 'BATCH', stream, encoding: { format, compression }, manifest, ...more };
};
