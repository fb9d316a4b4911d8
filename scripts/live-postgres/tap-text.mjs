// The lines that a tap wrote → a destination → the same values again, by the tap's own text: numbers digit by digit.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { runCli } from '../../tests/support/cli.mjs';
import { readTables } from '../acceptance/loaded-tables.mjs';
import { withCommas } from '../acceptance/table-text.mjs';

const TAP_BYTES = 256 * 1024 * 1024;
const SHOWN = 20;
/** Of tables whose numbers all fit DECIMAL(38,9). */
const DECIMAL_STREAMS = ['kinds-long_numbers'];

/** @returns {Promise<string[]>} what the tap writes */
export async function recordTap([command, ...args]) {
  const { stdout } = await promisify(execFile)(command, args, { maxBuffer: TAP_BYTES });
  return stdout.split('\n').filter((line) => line !== '');
}

/** Loads the lines, prints one line that begins with PASSED, or FAILED and what differs. @returns {Promise<boolean>} */
export async function compareTapText(destination, numberType, lines) {
  const sent = lines.filter((line) => numberType !== 'decimal' || isOf(JSON.parse(line), DECIMAL_STREAMS));
  const config = { ...destination.config, number_type: numberType };
  const { code, errors, warnings } = await runCli({ config, input: `${sent.join('\n')}\n` });
  const title = `${destination.kind}, number_type ${numberType}`;
  if (code !== 0) return failed(title, [`it ended with ${code}: ${errors.join(' ')}`]);
  const { values, inexact, notStrings, problems } = compare(sent.map(parseExact), await readTables(destination));
  problems.push(...countProblems(inexact, countsIn(warnings, 'are held only approximately')));
  problems.push(...countProblems(notStrings, countsIn(warnings, 'were no strings')));
  if (problems.length > 0) return failed(title, problems);
  const told = `${sum(inexact)} inexact doubles and ${sum(notStrings)} values other than the declared strings counted`;
  console.log(`PASSED: ${title}: ${withCommas(values)} values as the tap wrote them, ${told}`);
  return true;
}

const sum = (counts) => [...counts.values()].reduce((total, count) => total + count, 0);

const isOf = ({ stream }, streams) => stream === undefined || streams.includes(stream);

function failed(title, problems) {
  console.log(`FAILED: ${title}`);
  for (const problem of problems.slice(0, SHOWN)) console.log(`  ${problem}`);
  return false;
}

/** A number as it was written. */
class ExactNumber {
  constructor(source) {
    this.source = source;
  }
}

const NUMBER = '\u0000number';
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[-+.\deE]*/g;

function parseExact(json) {
  const marked = json.replace(TOKENS, (token) => (token[0] === '"' ? token : JSON.stringify({ [NUMBER]: token })));
  return JSON.parse(marked, (_, value) =>
    typeof value?.[NUMBER] === 'string' ? new ExactNumber(value[NUMBER]) : value,
  );
}

/** @returns how many values were compared, how many of each column are inexact doubles or no strings, and what differs */
function compare(messages, tables) {
  const inexact = new Map();
  const notStrings = new Map();
  const count = (counts, stream, name) => counts.set(`${stream} ${name}`, (counts.get(`${stream} ${name}`) ?? 0) + 1);
  const declared = new Map();
  const problems = [];
  let values = 0;
  const rowsSent = new Map();
  for (const { type, stream, record, schema } of messages) {
    if (type === 'SCHEMA') declared.set(stream, schema.properties);
    if (type !== 'RECORD') continue;
    const table = tables[stream.split('-')[1]];
    rowsSent.set(table, (rowsSent.get(table) ?? 0) + 1);
    const row = table?.rows.find(({ id }) => Number(id) === Number(record.id.source));
    if (!row) problems.push(`${stream}: no row ${record.id.source}`);
    for (const [name, value] of Object.entries(row ? record : {})) {
      values++;
      const column = table.columns[name];
      if (!isEqual(value, column, row[name]))
        problems.push(`${stream} ${record.id.source}, ${name} ${column}: ${JSON.stringify(value)} became ${row[name]}`);
      if (column === 'DOUBLE' && value && decimalOf(value.source) !== decimalOf(String(Number(value.source))))
        count(inexact, stream, name);
      if (value !== null && typeof value !== 'string' && isPlainString(declared.get(stream)[name]))
        count(notStrings, stream, name);
    }
  }
  for (const [table, rows] of rowsSent)
    if (table?.rows.length !== rows) problems.push(`a table has ${table?.rows.length} rows, not ${rows}`);
  return { values, inexact, notStrings, problems };
}

function isPlainString({ type, format }) {
  const types = [type].flat().filter((name) => name !== 'null');
  return types.length === 1 && types[0] === 'string' && !['date-time', 'date', 'time'].includes(format);
}

function isEqual(value, column, held) {
  if (value === null || held === null) return value === held;
  const text = value instanceof ExactNumber ? value.source : value;
  if (column === 'DOUBLE') return Number(held) === Number(text);
  if (column === 'BIGINT' || column.startsWith('DECIMAL')) return decimalOf(held) === decimalOf(text);
  if (column === 'TIMESTAMP') return microsecondsOf(`${held.replace(' ', 'T')}Z`) === microsecondsOf(text);
  if (typeof text === 'object') return JSON.stringify(parseExact(held)) === JSON.stringify(value);
  return held === String(text);
}

/** One text for each number, however it is written. */
function decimalOf(text) {
  const [, sign, whole, fraction = '', power = '0'] = /^(-?)(\d*)(?:\.(\d+))?(?:e([-+]?\d+))?$/i.exec(text);
  const digits = (whole + fraction).replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  return short === '' ? '0' : `${sign}${short}e${Number(power) - fraction.length + digits.length - short.length}`;
}

function microsecondsOf(text) {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  return BigInt(Date.parse(text.replace(/\.\d+/, ''))) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

/** By stream and column, what the run said of so many values. */
function countsIn(warnings, what) {
  const said = new Map();
  for (const line of warnings) {
    const [, stream, count, column, rest] = /(\S+): ([\d,]+) values of (\S+) (.*)/.exec(line) ?? [];
    if (rest?.startsWith(what)) said.set(`${stream} ${column}`, Number(count.replaceAll(',', '')));
  }
  return said;
}

/** The run must say of each such column how many of its values are so, and of no other. */
function countProblems(due, said) {
  return [...new Set([...said.keys(), ...due.keys()])]
    .filter((place) => said.get(place) !== due.get(place))
    .map((place) => `${place}: ${said.get(place)} values were counted, not ${due.get(place)}`);
}
