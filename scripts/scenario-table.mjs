#!/usr/bin/env node
// The scenarios of tests/faults → the table in docs/reliability.md. With --check it only says whether that is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { scenarios } from '../tests/faults/scenarios.mjs';

const PAGE = resolve(import.meta.dirname, '../docs/reliability.md');
const [START, END] = ['<!-- scenarios: npm run docs -->', '<!-- /scenarios -->'];

/** The page with the table as it should be. */
export function withTable(page) {
  const [before, rest = ''] = page.split(START);
  return `${before}${START}\n${table()}\n${END}${rest.split(END)[1]}`;
}

function table() {
  const groups = new Map();
  for (const scenario of scenarios) {
    const key = `${scenario.destination} ${scenario.seam} ${scenario.fault}`;
    groups.set(key, [...(groups.get(key) ?? []), scenario]);
  }
  const lines = [...groups.values()].map((group) => {
    const { destination, seam, says, ends } = group[0];
    const instants = [...new Set(group.map(({ instant }) => instant))].join(', ');
    const into = destination === 'duckdb' ? 'DuckDB' : 'lakehouse';
    return `| ${into} | ${seam} | ${says} | ${instants} | ${ends.map(endText).join('; ')} | ${group.length} |`;
  });
  return [
    `${scenarios.length} scenarios: each line below with each of its instants, and with each of the three load methods.`,
    '',
    '| into | seam | what happens | when | how the run may end | scenarios |',
    '|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

function endText(end) {
  if (end === 0) return 'as if nothing had been';
  if (end === -9) return 'killed';
  return typeof end === 'number' ? `exit code ${end}` : `\`${end}\``;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const page = readFileSync(PAGE, 'utf8');
  const due = withTable(page);
  if (!process.argv.includes('--check')) writeFileSync(PAGE, due);
  else if (due !== page) {
    console.error('docs/reliability.md is not up to date: npm run docs');
    process.exitCode = 1;
  }
}
