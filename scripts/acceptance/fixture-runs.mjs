// A file of recorded tap output and what should become of it → what did not, after two runs of the command line each.
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { runCli } from '../../tests/support/cli.mjs';
import { openDestination } from './destination.mjs';
import { readTables } from './loaded-tables.mjs';

/** Several runs at once share one Spark. */
const PATIENCE_MS = 300_000;

/** See fixture-runs.d.mts. */
export function fixtureRuns(expectations) {
  return Object.entries(expectations).flatMap(([file, runs]) =>
    runs.map((run) => ({ ...run, file, name: nameOf(file, run) })),
  );
}

function nameOf(file, { after, config = {} }) {
  const options = Object.entries(config).map(([name, value]) => `${name} ${value}`);
  return [
    file,
    ...(after ? [`after ${after}`] : []),
    ...(options.length > 0 ? [`with ${options.join(', ')}`] : []),
  ].join(' ');
}

/** See fixture-runs.d.mts. */
export async function checkFixture({ run, files, folder, kind, lakehouse }, defer) {
  const own = await mkdtemp(join(folder, 'fixture-'));
  const destination = await openDestination({ kind, folder: own, lakehouse }, defer);
  const config = { ...destination.config, ...run.config };
  const problems = [];
  if (run.after) {
    const before = await runCli({ config, input: await readFile(join(files, run.after)), patienceMs: PATIENCE_MS });
    if (before.code !== 0) problems.push(`${run.after} ended with ${before.code}: ${before.errors.join(' ')}`);
  }
  const input = await readFile(join(files, run.file));
  const tablesAfter = [];
  for (const [index, expected] of [run.tables, run.tablesAgain ?? run.tables].entries()) {
    const outcome = await runCli({ config, input, patienceMs: PATIENCE_MS });
    const tables = await readTables(destination);
    const found = [...outcomeProblems(outcome, run, input), ...tableProblems(tables, expected)];
    problems.push(...found.map((problem) => `run ${index + 1}: ${problem}`));
    tablesAfter.push(tables);
  }
  if (!run.tablesAgain) problems.push(...changes(...tablesAfter));
  return problems;
}

function outcomeProblems({ code, states, errors, warnings, stderr, stdout }, { error, warns }, input) {
  const problems = [];
  if (code !== (error?.exit ?? 0)) problems.push(`exit code ${code}, not ${error?.exit ?? 0}:\n${stderr}`);
  if (!stdout.endsWith('\n') && stdout !== '') problems.push('the last state has no line feed');
  const last = states.at(-1);
  const due = lastState(input, error?.line);
  if (!isDeepStrictEqual(last === undefined ? undefined : JSON.parse(last), due))
    problems.push(`the last state is ${last}, not ${JSON.stringify(due)}`);
  if (errors.length !== (error ? 1 : 0)) problems.push(`${errors.length} error lines: ${errors.join('\n')}`);
  if (error && !errors[0]?.includes(` ERROR ${placeOf(error)}`))
    problems.push(`the error should begin with ${placeOf(error)}: ${errors[0]}`);
  if (
    warns &&
    !(warns.length === warnings.length && warns.every((text) => warnings.some((line) => line.includes(text))))
  )
    problems.push(`warnings should be ${JSON.stringify(warns)}: ${JSON.stringify(warnings)}`);
  return problems;
}

function placeOf({ code, line, stream, column, record }) {
  const parts = [`line ${line}`];
  if (stream !== undefined) parts.push(`stream "${stream}"`);
  if (column !== undefined) parts.push(`column "${column}"`);
  if (record !== undefined) parts.push(`record ${record}`);
  return `${code}: ${parts.join(', ')}: `;
}

/** Of the whole input, or of what stands before its bad line. */
function lastState(input, badLine) {
  const lines = input.toString().split('\n');
  const messages = lines.slice(0, badLine === undefined ? lines.length : badLine - 1).filter((line) => line.trim());
  return messages
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'STATE')
    .at(-1)?.value;
}

function tableProblems(tables, expected) {
  const names = (of) => JSON.stringify(Object.keys(of).sort());
  if (names(tables) !== names(expected)) return [`tables are ${names(tables)}, not ${names(expected)}`];
  return Object.entries(expected).flatMap(([name, table]) => {
    const found = tables[name];
    if (typeof table === 'number')
      return found.rows.length === table ? [] : [`${name} has ${found.rows.length} rows, not ${table}`];
    return contentProblems(name, found, table);
  });
}

function contentProblems(name, found, expected) {
  const columns = Object.keys(expected.columns);
  const types = Object.fromEntries(
    Object.entries(found.columns).filter(([column]) => !column.startsWith('_sdc_') || columns.includes(column)),
  );
  if (!isDeepStrictEqual(types, expected.columns))
    return [`${name} has columns ${JSON.stringify(types)}, not ${JSON.stringify(expected.columns)}`];
  const text = (row) => JSON.stringify(row.map((value) => (value === null ? null : String(value))));
  const rows = found.rows.map((row) => text(columns.map((column) => row[column]))).sort();
  const due = expected.rows.map(text).sort();
  const extra = rows.filter((row) => !due.includes(row)).map((row) => `${name} has a row ${row}`);
  const lost = due.filter((row) => !rows.includes(row)).map((row) => `${name} lacks the row ${row}`);
  if (extra.length + lost.length === 0 && rows.length !== due.length)
    return [`${name} has ${rows.length} rows, not ${due.length}`];
  return [...extra, ...lost];
}

/** What a second run of the same input changed, `_sdc_` columns aside. */
function changes(first, second) {
  return Object.keys(first).flatMap((name) => {
    const [before, after] = [first, second].map((tables) => plainRows(tables[name]));
    return isDeepStrictEqual(before, after) ? [] : [`the second run changed ${name}: ${before} became ${after}`];
  });
}

function plainRows(table) {
  return table?.rows
    .map((row) => JSON.stringify(Object.entries(row).filter(([column]) => !column.startsWith('_sdc_'))))
    .sort()
    .join('\n');
}
