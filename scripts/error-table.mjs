#!/usr/bin/env node
// The built package's error codes → docs/errors.md. With --check it only says whether the page is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorCodes } from '../dist/errors/codes.js';

const PAGE = resolve(import.meta.dirname, '../docs/errors.md');

const again = {
  auto: 'the run tries again by itself',
  manual: 'may help',
  never: 'not before something is changed',
};

const mends = {
  config: 'whoever has set up the run or the table',
  transient: 'time, or a new run',
  system: 'whoever keeps the tap, the warehouse or this program',
};

/** The whole page: nothing in it is written by hand. */
function page() {
  const rows = Object.entries(errorCodes).map(
    ([code, { exitCode, retry, fault, fix }]) => `| \`${code}\` | ${exitCode} | ${again[retry]} | ${fault} | ${fix}. |`,
  );
  return `# Errors

A run that fails writes an error to stderr: a code, the stream and the column where there is one, what happened, and the fix. The exit code tells the kind of error. No state is written for what is not in the tables.

*Fault* says who mends it: ${Object.entries(mends)
    .map(([fault, who]) => `\`${fault}\`, ${who}`)
    .join('; ')}.

| code | exit code | running again | fault | fix |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

const due = page();
if (!process.argv.includes('--check')) writeFileSync(PAGE, due);
else if (readFileSync(PAGE, 'utf8') !== due) {
  console.error('docs/errors.md is not up to date: npm run docs');
  process.exitCode = 1;
}
