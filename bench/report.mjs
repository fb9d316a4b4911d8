// Results → a table in Markdown and a chart in SVG.

/**
 * @typedef {object} Results
 * @property {'whole' | 'quick'} plan
 * @property {string} measuredOn a date
 * @property {{ cores: number, node: string, platform: string, load: { least: number, most: number } }} machine load: processes that run or wait for a core, averaged over a minute
 * @property {number} rounds
 * @property {import('./compare.mjs').Row[]} rows
 * @property {{ kind: string, rows: number, share: number }[]} slowLines
 * @property {{ part: string, share: number }[]} profile
 */

/** @param {Results} results */
export function markdown({ plan, measuredOn, machine, rounds, rows, slowLines, profile }) {
  const { cores, node, platform, load } = machine;
  const busy = `with ${load.least.toFixed(1)} to ${load.most.toFixed(1)} processes that ran or waited for a core`;
  const parts = [
    `Measured on ${measuredOn} by \`npm run bench${plan === 'quick' ? ' -- --quick' : ''}\`: ${cores} cores, ${platform}, Node.js ${node}, ${busy}. Medians of ${rounds} runs of each side or more, which took turns.`,
    table(['', 'measured', 'goal', 'met', 'CPU', 'target-iomete', 'the other'], rows.map(cellsOf)),
  ];
  if (slowLines.length > 0)
    parts.push(
      'Lines that the WebAssembly row loop leaves to the TypeScript encoder:',
      table(
        ['input', 'rows', 'share'],
        slowLines.map((line) => [line.kind, count(line.rows), percent(line.share)]),
      ),
    );
  if (profile.length > 0)
    parts.push(
      'Where the CPU time of the front end goes (orders to gzip CSV, all threads, as V8 samples it):',
      table(
        ['part', 'share'],
        profile.map(({ part, share }) => [part, percent(share)]),
      ),
    );
  return parts.join('\n\n');
}

/** @param {import('./compare.mjs').Row} row @returns {boolean | undefined} undefined when there is nothing to judge by */
export function isMet({ value, goal: { least, most } }) {
  if (value === undefined || (least === undefined && most === undefined)) return undefined;
  return least === undefined ? value <= most : value >= least;
}

/** A bar for each line that says how many times as fast, its goal a stroke, on a logarithmic scale. @param {Results} results */
export function svg({ rows }) {
  const bars = rows.filter(({ value, goal }) => value !== undefined && goal.least !== undefined);
  const [left, width, step] = [430, 400, 24];
  const largest = Math.max(10, ...bars.map(({ value, goal }) => Math.max(value, goal.least)));
  const x = (ratio) => left + (Math.log10(Math.max(1, ratio)) / Math.log10(largest)) * width;
  const lines = bars.map((row, index) => {
    const y = 30 + index * step;
    const goal = x(row.goal.least).toFixed(1);
    return [
      `<text x="${left - 8}" y="${y + 12}" text-anchor="end">${escaped(row.what.replaceAll('`', ''))}</text>`,
      `<rect x="${left}" y="${y}" width="${(x(row.value) - left).toFixed(1)}" height="16" fill="${isMet(row) ? '#2a7f62' : '#b8860b'}"/>`,
      `<text x="${(x(row.value) + 6).toFixed(1)}" y="${y + 12}">${amount(row.value)}</text>`,
      `<line x1="${goal}" x2="${goal}" y1="${y - 2}" y2="${y + 18}" stroke="#222" stroke-width="2"/>`,
    ].join('\n');
  });
  const height = 40 + bars.length * step;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="${height}" font-family="sans-serif" font-size="11">
<title>How many times as fast target-iomete is as other loaders</title>
<rect width="900" height="${height}" fill="#fff"/>
<text x="8" y="16">Times as fast as the other (logarithmic); the stroke is the goal</text>
${lines.join('\n')}
</svg>
`;
}

function cellsOf(row) {
  const met = isMet(row);
  return [
    row.what,
    row.value === undefined ? `not measured: ${row.note}` : `${amount(row.value)} ${row.unit}`,
    goalText(row),
    met === undefined ? '' : met ? 'yes' : 'no',
    cpuText(row),
    sideText(row.ours, row.unit),
    sideText(row.theirs, row.unit),
  ];
}

function goalText({ goal: { least, most }, unit }) {
  if (least !== undefined) return `≥ ${least} ${unit}`;
  return most === undefined ? '' : `≤ ${most} ${unit}`;
}

/** How many times as much CPU the other takes for a row. */
function cpuText({ ours, theirs, unit }) {
  if (!ours || !theirs || unit !== 'x') return '';
  return `1 : ${amount(theirs.cpu / theirs.rows / (ours.cpu / ours.rows))}`;
}

function sideText(side, unit) {
  if (!side) return '';
  if (unit === 'ms') return `${(side.wall * 1000).toFixed(0)} ms (${side.name})`;
  const memory = side.peak === undefined ? '' : `, ${Math.round(side.peak)} MB`;
  return `${count(side.rows)} rows: ${side.wall.toFixed(2)} s, CPU ${side.cpu.toFixed(2)} s${memory}`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const amount = (value) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
const count = (value) => value.toLocaleString('en-US');
const percent = (share) => `${(share * 100).toFixed(share < 0.01 ? 3 : 1)} %`;
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
