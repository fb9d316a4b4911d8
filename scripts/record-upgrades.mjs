// A checkout → what its command leaves behind, kept in tests/e2e/upgrades/recorded/<label> for the tests of every later change.
//
//   npm run build && node scripts/record-upgrades.mjs
//   node scripts/record-upgrades.mjs --checkout DIR     the built command of another checkout
//
//   --label NAME            the recording's folder; the version and the commit when it is not set
//   --destination NAME      duckdb or iomete alone; both when it is not set
//   --lakehouse FILE        what `node tests/stand-in/main.mjs info` prints; without one, a stand-in is used or started
//
// A recording holds, for DuckDB, the database file, its log of a killed run, and the folder of staged files. For the
// lakehouse it holds the statements that changed anything, as the gateway heard them, and the objects below the prefix.
// Both hold what stood in the tables, and what the checkout's own `clean` found. Hosts, paths, process ids and names of
// schemas are left out or replaced. Look at `git status` afterwards, and commit the folder.
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { useLakehouse } from './acceptance/lakehouse.mjs';
import { temporaryFolder, withCleanup } from './acceptance/with-cleanup.mjs';
import { linesOf } from './upgrades/messages.mjs';
import { recordDuckdb } from './upgrades/record-duckdb.mjs';
import { recordLakehouse } from './upgrades/record-lakehouse.mjs';
import { refuseTraces, writeJson } from './upgrades/recording.mjs';
import { overwritten, runs } from './upgrades/streams.mjs';

const { values } = parseArgs({
  options: {
    checkout: { type: 'string', default: resolve(import.meta.dirname, '..') },
    label: { type: 'string' },
    destination: { type: 'string' },
    lakehouse: { type: 'string' },
  },
});

await withCleanup(async (defer) => {
  const checkout = resolve(values.checkout);
  const { version } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8'));
  const { stdout } = await promisify(execFile)('git', ['-C', checkout, 'rev-parse', '--short=7', 'HEAD']);
  const commit = stdout.trim();
  const label = values.label ?? `${version}-${commit}`;
  const into = resolve(import.meta.dirname, '../tests/e2e/upgrades/recorded', label);
  const command = join(checkout, 'bin/target-iomete.js');
  const folder = await temporaryFolder('upgrades', defer);

  await mkdir(into, { recursive: true });
  const later = { version, commit, runs: runs.map(laterRun), overwrite: laterOverwrite() };
  await writeJson(join(into, 'recording.json'), later, 6);
  const parts = { duckdb: recordDuckdb, iomete: recordLakehouse };
  for (const [name, record] of Object.entries(parts)) {
    if (values.destination !== undefined && values.destination !== name) continue;
    const lakehouse = name === 'iomete' ? await useLakehouse(values.lakehouse, defer) : undefined;
    await rm(join(into, name), { recursive: true, force: true });
    await mkdir(join(into, name));
    await record({ command, folder, into: join(into, name), lakehouse }, defer);
    console.log(`${name}: recorded in ${join(into, name)}`);
  }
  await refuseTraces(into, [hostname(), homedir(), folder, checkout]);
  return true;
});

/** What later versions run again: the streams' definitions may change after the recording. */
function laterRun({ name, options, streams }) {
  const later = ({ messages, again, onward, ...expected }) => ({
    ...expected,
    again: toLines(again),
    ...(onward && { onward: { ...onward, messages: toLines(onward.messages) } }),
  });
  return { name, options, streams: streams.map(later) };
}

function laterOverwrite() {
  const { name, options, later } = overwritten;
  return { name, options, messages: toLines(later.messages), rows: later.rows };
}

function toLines(messages) {
  return linesOf(messages).trimEnd().split('\n');
}
