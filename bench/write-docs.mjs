// Results → docs/performance.md, between its marks, with the chart and the figures beside it.
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { markdown, svg } from './report.mjs';

const DOCS = resolve(import.meta.dirname, '../docs');
const [START, END] = ['<!-- bench:start -->', '<!-- bench:end -->'];
export const KEPT_RESULTS = resolve(DOCS, 'performance.json');

/** @param {import('./report.mjs').Results} results */
export async function writeDocs(results) {
  const page = resolve(DOCS, 'performance.md');
  await writeFile(page, between(await readFile(page, 'utf8'), markdown(results)));
  await writeFile(resolve(DOCS, 'performance.svg'), svg(results));
  await writeFile(KEPT_RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
}

function between(text, content) {
  const [from, to] = [text.indexOf(START), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md needs ${START} and, after it, ${END}`);
  return `${text.slice(0, from + START.length)}\n\n${content}\n\n${text.slice(to)}`;
}
