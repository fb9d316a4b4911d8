// Peaks of resident memory of the front end, which must not grow with the input.
import { sideOf } from '../compare.mjs';
import { inputFile, KINDS } from '../generate.mjs';
import { takeTurns } from '../measure.mjs';
import { front } from '../peers/ours.mjs';

/** @param {import('../plans.mjs').Plan} plan @yields {import('../compare.mjs').Row} */
export async function* memory({ memory: sizes, rounds }) {
  const inputs = [
    ...sizes.orders.map((rows) => ({ kind: 'orders', rows, most: 220 })),
    { kind: 'columns', rows: sizes.columns, most: 350 },
    { kind: 'fields', rows: sizes.fields, most: 350 },
  ];
  for (const { kind, rows, most } of inputs) {
    const task = front(inputFile(kind, rows));
    const [usages] = await takeTurns([task], rounds);
    const ours = sideOf(task, usages);
    const what = `memory at its peak: ${rows.toLocaleString('en-US')} rows of ${KINDS[kind].text}`;
    yield { id: `memory-${kind}-${rows}`, what, value: ours.peak, unit: 'MB', goal: { most }, ours };
  }
}
