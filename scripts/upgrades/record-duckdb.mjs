// A command → a DuckDB file and a stage as its runs, and its killed runs, leave them.
import { cp, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { duckdbReader } from '../acceptance/duckdb-reader.mjs';
import { contentsOf } from './contents.mjs';
import { linesOf, nullable, records, schema } from './messages.mjs';
import { digitsIn, found, killWhen, neutralHeartbeat, replacing, runToEnd, writeJson } from './recording.mjs';
import { otherSchema, overwritten, runs, state } from './streams.mjs';

const LONGEST_FILE = 4096;
const SCHEMAS = { main: 'main', other: 'other' };

export async function recordDuckdb({ command, folder, into }) {
  const path = join(folder, 'tables.duckdb');
  const stage = join(folder, 'stage');
  await mkdir(stage);
  const config = {
    destination: 'duckdb',
    duckdb_path: path,
    temp_dir: stage,
    schema_mapping: { [otherSchema]: { target_schema: SCHEMAS.other } },
  };
  for (const { options, streams } of runs) {
    const input = linesOf([...streams.flatMap(({ messages }) => messages), state]);
    await runToEnd({ command, config: { ...config, ...options }, input });
  }
  await runToEnd({ command, config: { ...config, ...overwritten.options }, input: linesOf(overwritten.messages) });
  // into a file of their own: the file's log is to be that of the last killed run
  await killStagedRuns(command, { ...config, duckdb_path: join(folder, 'other.duckdb') }, stage);
  await killOverwrite(command, { ...config, ...overwritten.options }, path);

  await keepFile(path, into);
  await keepFile(`${path}.wal`, into);
  const contents = await readContents(path);
  await writeJson(join(into, 'contents.json'), contents);
  await addSpillFolder(stage, Object.keys(contents));
  await keepStage(stage, join(into, 'stage'));
  const neutral = replacing([
    [stage, '<stage>'],
    [path, '<file>'],
  ]);
  await writeJson(join(into, 'clean.json'), await found({ command, config }, neutral), 1);
}

/** One with a file of CSV, one with a file of Parquet, and one whose files are kept: none is finished. */
async function killStagedRuns(command, config, stage) {
  const text = { id: { type: 'integer' }, text: nullable('string') };
  const rows = linesOf([
    schema({ stream: 'ships', properties: text, keys: ['id'] }),
    ...records('ships', [{ id: 1, text: 'staged' }]),
  ]);
  const isStaged = (part) => async () => {
    const files = await readdir(stage, { recursive: true, withFileTypes: true });
    const open = files.filter((file) => file.isFile() && part.test(join(file.parentPath ?? file.path, file.name)));
    return (await Promise.all(open.map(async (file) => stat(join(file.parentPath ?? file.path, file.name))))).some(
      ({ size }) => size > 0,
    );
  };
  const csv = { ...config, stage_format: 'csv', workers: 0 };
  await killWhen({ command, config: csv, input: rows }, isStaged(/\/2[^/]*\/ships-.*\.csv$/));
  const kept = { ...csv, keep_staged_files: true };
  await killWhen({ command, config: kept, input: rows }, isStaged(/\/kept-[^/]*\/ships-.*\.csv$/));
  // a row group is written when it is full, and takes next to nothing without values
  const many = linesOf([
    schema({ stream: 'nulls', properties: { n: nullable('integer') } }),
    ...records('nulls', Array(140_000).fill({ n: null })),
  ]);
  const parquet = { ...config, primary_key_required: false, batch_size_rows: 1_000_000, workers: 0 };
  await killWhen({ command, config: parquet, input: many }, isStaged(/\/2[^/]*\/nulls-.*\.parquet$/));
}

/** The staging table has its rows, and the table still those that it had. */
async function killOverwrite(command, config, path) {
  const input = linesOf(overwritten.later.messages.slice(0, -1));
  let before = -1;
  const isLoaded = async () => {
    const size = await stat(`${path}.wal`).then(
      (file) => file.size,
      () => 0,
    );
    const rests = size > 0 && size === before;
    before = size;
    if (!rests) await sleep(1_000);
    return rests;
  };
  await killWhen({ command, config: { ...config, batch_size_rows: 1, stage_format: 'csv' }, input }, isLoaded);
}

async function readContents(path) {
  const reader = await duckdbReader(path, SCHEMAS.main);
  try {
    return await contentsOf('duckdb', reader.query, SCHEMAS);
  } finally {
    await reader.close();
  }
}

/** DuckDB makes it when memory is short, which a small recording can't bring about: the name is the killed run's. */
async function addSpillFolder(stage, tables) {
  const digits = tables.map(digitsIn).find((found) => found !== undefined);
  const spill = join(stage, `duckdb-spill-${digits}`);
  await mkdir(spill);
  await writeFile(join(spill, 'duckdb_temp_storage_DEFAULT-0.tmp'), 'spilled');
}

async function keepStage(stage, into) {
  await cp(stage, into, { recursive: true });
  for (const file of await readdir(into, { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath ?? file.path, file.name);
    if (file.name === 'heartbeat') await writeFile(path, neutralHeartbeat(await readFile(path, 'utf8')));
    // nobody reads it any more
    else if (file.isFile()) await truncate(path, Math.min(LONGEST_FILE, (await stat(path)).size));
  }
}

async function keepFile(path, into) {
  const bytes = await promisify(gzip)(await readFile(path), { level: 9 });
  await writeFile(join(into, `${basename(path)}.gz`), bytes);
}
