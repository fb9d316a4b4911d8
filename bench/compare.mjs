// Two sides of a comparison, measured in turns → medians of each and of the ratios between them.
import { median, takeTurns } from './measure.mjs';

/**
 * @typedef {object} Side
 * @property {string} name
 * @property {number} rows
 * @property {number} wall median, seconds
 * @property {number} cpu median, seconds
 * @property {number} [peak] median, MB
 *
 * @typedef {object} Row a line of the report
 * @property {string} [part] of the bench
 * @property {string} id
 * @property {string} what
 * @property {number | undefined} value undefined when it could not be measured
 * @property {string} unit `x`, `MB` or `ms`
 * @property {{ least?: number, most?: number }} goal
 * @property {Side} [ours]
 * @property {Side} [theirs]
 * @property {string} [note]
 */

/** @param {import('./measure.mjs').Task} task @param {readonly import('./measure.mjs').Usage[]} usages @returns {Side} */
export const sideOf = ({ name, rows }, usages) => ({
  name,
  rows,
  wall: median(usages.map(({ wall }) => wall)),
  cpu: median(usages.map(({ cpu }) => cpu)),
  peak: median(usages.map(({ peak }) => peak)),
});

/**
 * How many times as much the second takes for a row as the first: the median over rounds, each of which ran both.
 * @param {{ task: import('./measure.mjs').Task, usages: readonly import('./measure.mjs').Usage[] }} one
 * @param {{ task: import('./measure.mjs').Task, usages: readonly import('./measure.mjs').Usage[] }} other
 * @param {'wall' | 'cpu'} of
 */
export function ratioOf(one, other, of) {
  const perRow = ({ task, usages }, round) => usages[round][of] / task.rows;
  return median(one.usages.map((_, round) => perRow(other, round) / perRow(one, round)));
}

/**
 * @param {import('./measure.mjs').Task} ours
 * @param {import('./measure.mjs').Task} theirs
 * @param {number} rounds
 */
export async function compare(ours, theirs, rounds) {
  const [ourUsages, theirUsages] = await takeTurns([ours, theirs], rounds);
  const one = { task: ours, usages: ourUsages };
  const other = { task: theirs, usages: theirUsages };
  return {
    sides: { ours: sideOf(ours, ourUsages), theirs: sideOf(theirs, theirUsages) },
    usages: ourUsages,
    /** How many times as fast, and as frugal, we are. */
    faster: ratioOf(one, other, 'wall'),
    cheaper: ratioOf(one, other, 'cpu'),
  };
}
