// The same orders loaded by two processes, one after the other → does the table hold each id once, with its last values?
import { resolve } from 'node:path';
import { orderColumns, orderRecords, orderValues } from '../../tests/support/tap/orders.mjs';
import { ColumnSums } from './column-sums.mjs';
import { runPipe } from './pipe.mjs';

const TAP = resolve(import.meta.dirname, '../../tests/support/tap/orders-tap.mjs');

/** See load-twice.d.mts. */
export async function loadTwice({ destination, folder, rows, report }, defer) {
  const tap = [process.execPath, TAP, '--rows', String(rows)];
  const expected = expectedSums(rows);
  const outcomes = [];
  for (const run of [1, 2]) {
    const startedAt = performance.now();
    await runPipe({ tap, config: destination.config, folder }, defer);
    const seconds = (performance.now() - startedAt) / 1000;
    const outcome = await compare(destination, expected);
    report(
      `run ${run}: ${rows} orders in ${seconds.toFixed(1)} s; ${outcome.rows} rows, ${describe(outcome, expected)}`,
    );
    outcomes.push(outcome);
  }
  return { expectedRows: expected.rows, outcomes };
}

/** The last record of each id wins. */
function expectedSums(rows) {
  const last = new Map();
  for (const { id, json } of orderRecords(rows)) last.set(id, json);
  const sums = new ColumnSums(orderColumns, ['id']);
  for (const json of last.values()) sums.add(orderValues(json));
  return sums;
}

async function compare(destination, expected) {
  const found = new ColumnSums(orderColumns, ['id']);
  const ids = new Set();
  const reader = await destination.reader();
  try {
    for await (const values of reader.rows('orders', orderColumns, 'id')) {
      found.add(values);
      ids.add(String(values[0]));
    }
  } finally {
    await reader.close();
  }
  const checksums = found.checksums();
  const wrong = Object.entries(expected.checksums()).filter(([column, checksum]) => checksums[column] !== checksum);
  return { rows: found.rows, distinctIds: ids.size, wrongColumns: wrong.map(([column]) => column) };
}

function describe({ distinctIds, wrongColumns }, expected) {
  const values = wrongColumns.length === 0 ? 'each with the last values sent' : `WRONG: ${wrongColumns.join(', ')}`;
  return `${distinctIds} distinct ids of ${expected.rows}, ${values}`;
}
