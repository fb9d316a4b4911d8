#!/usr/bin/env node
// The recorded output of real taps in FOLDER, twice each into DuckDB and into the lakehouse, against tests/fixtures/real-taps.json.
//
//   npm run build && node scripts/fixtures.mjs FOLDER [--only duckdb|iomete] [--lakehouse FILE]
//   node scripts/fixtures.mjs --write     renews docs/fixtures.md
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { fixtureDocument } from './acceptance/fixture-document.mjs';
import { checkFixture, fixtureRuns } from './acceptance/fixture-runs.mjs';
import { temporaryFolder, withCleanup } from './acceptance/with-cleanup.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const AT_ONCE = 4;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, lakehouse: { type: 'string' }, write: { type: 'boolean' } },
});
const runs = fixtureRuns(JSON.parse(await readFile(join(ROOT, 'tests/fixtures/real-taps.json'), 'utf8')));

if (values.write) {
  await writeFile(join(ROOT, 'docs/fixtures.md'), fixtureDocument(runs));
} else if (positionals.length !== 1 || !existsSync(positionals[0])) {
  console.error('usage: node scripts/fixtures.mjs FOLDER [--only duckdb|iomete] [--lakehouse FILE] | --write');
  process.exit(2);
} else {
  await withCleanup((defer) => checkAll(positionals[0], defer));
}

async function checkAll(files, defer) {
  const folder = await temporaryFolder('fixtures', defer);
  const unknown = await unknownFiles(files);
  for (const file of unknown) console.log(`FAILED  ${file}: real-taps.json does not say what becomes of it`);
  const failed = [];
  for (const kind of values.only ? [values.only] : ['duckdb', 'iomete']) {
    const limit = pLimit(AT_ONCE);
    const check = async (run) => {
      const startedAt = performance.now();
      const settings = { run, files, folder, kind, lakehouse: values.lakehouse };
      const problems = await checkFixture(settings, defer).catch((error) => [error.stack]);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      if (problems.length > 0) failed.push(run);
      const verdict = problems.length === 0 ? 'passed' : 'FAILED';
      console.log([`${verdict}  ${kind}  ${run.name} (${seconds} s)`, ...problems].join('\n  '));
    };
    await Promise.all(runs.map((run) => limit(check, run)));
  }
  const passed = failed.length + unknown.length === 0;
  console.log(passed ? 'PASSED' : `FAILED: ${failed.length + unknown.length}`);
  return passed;
}

async function unknownFiles(files) {
  const known = new Set(runs.map(({ file }) => file));
  return (await readdir(files)).filter((file) => !known.has(file));
}
