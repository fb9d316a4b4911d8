#!/usr/bin/env node
// The built package's options → docs/options.md. With --check it only says whether the page is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { optionTable } from '../dist/config/index.js';

const PAGE = resolve(import.meta.dirname, '../docs/options.md');

/** The whole page: nothing in it is written by hand. */
const due = `# Options

Each option can stand in a file (\`"batch_size_rows": 50000\`), in the environment (\`TARGET_IOMETE_BATCH_SIZE_ROWS=50000\`) or on the command line (\`--batch-size-rows 50000\`): [running.md](running.md) says which wins.

${optionTable()}
`;

if (!process.argv.includes('--check')) writeFileSync(PAGE, due);
else if (readFileSync(PAGE, 'utf8') !== due) {
  console.error('docs/options.md is not up to date: npm run docs');
  process.exitCode = 1;
}
