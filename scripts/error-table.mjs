#!/usr/bin/env node
// The built package's error codes → docs/errors.md. With --check it only says whether the page is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorCodes } from '../dist/errors/codes.js';
import { explanations } from './error-explanations.mjs';

const PAGE = resolve(import.meta.dirname, '../docs/errors.md');

const examples = JSON.parse(readFileSync(resolve(import.meta.dirname, '../docs/error-examples.json'), 'utf8'));

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

/** What tests have in the place of names that they make up, for readers. */
const shown = { FOLDER: '/srv/shop', LAKE: '443', STORE: '9000' };

function example(code) {
  const line = examples[code].replaceAll(/\b(FOLDER|LAKE|STORE)\b/g, (name) => shown[name]);
  return `ERROR ${line} More: target-iomete --help ${code}`;
}

function section([code, { exitCode, retry, fault, fix }]) {
  const { what, why } = explanations[code];
  return `## ${code}

${what}

\`\`\`
${example(code)}
\`\`\`

**Why:** ${why}

**Fix:** ${fix}.

Exit code ${exitCode}. Running again: ${again[retry]}. Fault: ${fault}.
`;
}

/** The whole page: nothing in it is written by hand. */
function page() {
  const entries = Object.entries(errorCodes);
  const rows = entries.map(
    ([code, { exitCode, retry, fault }]) =>
      `| [\`${code}\`](#${code.toLowerCase()}) | ${exitCode} | ${again[retry]} | ${fault} |`,
  );
  return `# Errors

A run that fails writes an error to stderr: a code, the stream and the column where there is one, what happened, and the fix. The exit code tells the kind of error. No state is written for what is not in the tables. \`target-iomete --help CODE\` prints what stands here of a code.

*Fault* says who mends the cause: ${Object.entries(mends)
    .map(([fault, who]) => `\`${fault}\`, ${who}`)
    .join('; ')}.

| code | exit code | running again | fault |
|---|---|---|---|
${rows.join('\n')}

Each line below was printed by a test, but for names and places.

${entries.map(section).join('\n')}`;
}

const due = page();
if (!process.argv.includes('--check')) writeFileSync(PAGE, due);
else if (readFileSync(PAGE, 'utf8') !== due) {
  console.error('docs/errors.md is not up to date: npm run docs');
  process.exitCode = 1;
}
