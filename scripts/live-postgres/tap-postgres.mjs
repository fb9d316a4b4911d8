// A connection → the command of meltanolabs-tap-postgres with a catalog that selects everything. Installed once, in a cache.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PACKAGE = 'meltanolabs-tap-postgres';
const CATALOG_BYTES = 64 * 1024 * 1024;

/** @param {readonly string[]} schemas whose tables are selected @returns {Promise<string[]>} command and arguments */
export async function tapPostgres(connection, folder, schemas) {
  const executable = await installed();
  const config = join(folder, 'tap-config.json');
  const catalog = join(folder, 'tap-catalog.json');
  await writeFile(config, JSON.stringify({ ...connection, filter_schemas: schemas }), { mode: 0o600 });
  const { stdout } = await run(executable, ['--config', config, '--discover'], { maxBuffer: CATALOG_BYTES });
  await writeFile(catalog, JSON.stringify(selectAll(JSON.parse(stdout))));
  return [executable, '--config', config, '--catalog', catalog];
}

/** A virtual environment cannot be moved, so a mark says that it is complete. */
async function installed() {
  const home = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'target-iomete', 'tap-postgres');
  const executable = join(home, 'bin', 'tap-postgres');
  const mark = join(home, 'complete');
  if (existsSync(mark)) return executable;
  console.error(`installing ${PACKAGE} into ${home} (once)`);
  await rm(home, { recursive: true, force: true });
  await mkdir(dirname(home), { recursive: true });
  await run('python3', ['-m', 'venv', home]);
  await run(join(home, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', PACKAGE]);
  await writeFile(mark, '');
  return executable;
}

function selectAll(catalog) {
  for (const stream of catalog.streams) for (const { metadata } of stream.metadata) metadata.selected = true;
  return catalog;
}
