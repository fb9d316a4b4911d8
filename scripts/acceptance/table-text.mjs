// Rows of cells → lines of text with aligned columns; numbers to the right.

/** @param {readonly (readonly string[])[]} rows the first one is the head */
export function tableText(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const cell = (text, column) => (/^[\d,.]+$/.test(text) ? text.padStart(widths[column]) : text.padEnd(widths[column]));
  const line = (row) => row.map(cell).join('  ').trimEnd();
  return [line(rows[0]), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.slice(1).map(line)].join('\n');
}

export const withCommas = (value) => value.toLocaleString('en-US');
