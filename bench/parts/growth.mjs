// Whether later rows cost more than earlier ones. Only where the plan has millions of them.
import { sideOf } from '../compare.mjs';
import { inputFile } from '../generate.mjs';
import { median, takeTurns } from '../measure.mjs';
import { front, said } from '../peers/ours.mjs';

const inMillions = (rows) => `${rows / 1_000_000}M`;

/** @param {import('../plans.mjs').Plan} plan @yields {import('../compare.mjs').Row} */
export async function* growth({ growth: marks, rounds }) {
  if (!marks) return;
  const task = front(inputFile('orders', marks.at(-1)), ['--cpu-at', marks.join(',')]);
  const [usages] = await takeTurns([task], rounds);
  const [from, to, lateFrom, lateTo] = marks.map(inMillions);
  const ratios = usages.map((usage) => {
    const [first, second, third, fourth] = said(usage).cpu_at_s;
    return (fourth - third) / (second - first);
  });
  yield {
    id: 'growth',
    what: `CPU of rows ${lateFrom}–${lateTo}, as a share of that of rows ${from}–${to}`,
    value: median(ratios),
    unit: 'x',
    goal: { most: 1.05 },
    ours: sideOf(task, usages),
  };
}
