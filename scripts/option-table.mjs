// The built package's options → the tables between the option marks in README.md.
// Usage: node scripts/option-table.mjs [--check | --print]
import { readFile, writeFile } from 'node:fs/promises';
import { optionTable } from '../dist/config/index.js';

const readme = new URL('../README.md', import.meta.url);
const [start, end] = ['<!-- options:start -->', '<!-- options:end -->'];
const mode = process.argv[2] ?? '--write';

if (mode === '--print') console.log(optionTable());
else if (mode === '--check' || mode === '--write') await update(mode);
else fail(`unknown argument ${mode}: use --check, --print or none`);

async function update(how) {
  const before = await readFile(readme, 'utf8');
  const after = withTable(before);
  if (after === undefined) fail(`README.md needs ${start} and, after it, ${end}`);
  else if (how === '--write') await writeFile(readme, after);
  else if (after !== before) fail('the option table in README.md is out of date: run node scripts/option-table.mjs');
}

function withTable(text) {
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) return undefined;
  return `${text.slice(0, from + start.length)}\n\n${optionTable()}\n\n${text.slice(to)}`;
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
