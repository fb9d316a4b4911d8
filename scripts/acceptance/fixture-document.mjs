// tests/fixtures/real-taps.json → docs/fixtures.md.

/** @param {readonly import('./fixture-runs.mjs').FixtureRun[]} runs */
export function fixtureDocument(runs) {
  const lines = [
    ['file', 'options', 'rows in each table, or what ends the run'],
    ['---', '---', '---'],
    ...runs.map(cells),
  ];
  return `${INTRODUCTION}\n${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`;
}

const INTRODUCTION = `# Recorded output of real taps, and what becomes of it

The files are those that [pipelinewise-target-snowflake](https://github.com/transferwise/pipelinewise-target-snowflake) keeps in \`tests/integration/resources\`; they are not part of this repository. With a copy of them in a folder,

\`\`\`
npm run build && node scripts/fixtures.mjs FOLDER
\`\`\`

loads each into DuckDB and into the stand-in lakehouse, twice, and compares with the table below: exit code, error, last state, tables, rows. The second run of the same file has to change no row of a keyed table, \`_sdc_\` columns aside. In every run the last line on stdout is the last STATE of the file, or the last one before the line that ends the run.

The table is written by \`node scripts/fixtures.mjs --write\` from [tests/fixtures/real-taps.json](../tests/fixtures/real-taps.json). The tests have [files of their own](../tests/fixtures) of the same kinds, with all rows that each should leave: [tests/fixtures/expected.json](../tests/fixtures/expected.json).

- With neither \`hard_delete\` nor \`add_metadata_columns\`, a record with \`_sdc_deleted_at\` is a row like any other, and one warning for its stream says so.
- Without metadata columns rows carry no version, so ACTIVATE_VERSION changes nothing, with a warning; before its stream's SCHEMA it never does.
- A root type other than \`object\` (\`"type": "date-time"\`) is taken.
`;

function cells(run) {
  const { file, after, config = {}, error, tables, tablesAgain } = run;
  const options = Object.entries(config).map(([name, value]) => `\`${name}\` ${value}`);
  if (after) options.unshift(`after \`${after}\``);
  const rows = [
    error && errorText(error),
    rowsText(tables),
    tablesAgain && `after the second run ${rowsText(tablesAgain)}`,
  ];
  return [`\`${file}\``, options.join(', '), rows.filter(Boolean).join('; ')];
}

function errorText({ exit, code, line, stream, column }) {
  const place = [`line ${line}`, stream && `stream \`${stream}\``, column && `column \`${column}\``];
  return `**${code}**, exit code ${exit}: ${place.filter(Boolean).join(', ')}`;
}

function rowsText(tables) {
  return Object.entries(tables)
    .map(([name, table]) => `\`${name}\` ${typeof table === 'number' ? table : table.rows.length}`)
    .join(', ');
}
