// End to end into the stand-in lakehouse of the tests (Spark, Iceberg, S3): a first load and one that updates every row,
// each against the first load of the Python reference.
import { openDestination } from '../../scripts/acceptance/destination.mjs';
import { useLakehouse } from '../../scripts/acceptance/lakehouse.mjs';
import { ratioOf, sideOf } from '../compare.mjs';
import { inputFile } from '../generate.mjs';
import { measure } from '../measure.mjs';
import { intoLakehouse } from '../peers/ours.mjs';
import { referenceLive } from '../peers/reference.mjs';

/** The first statements of a Spark that has just been started are slow, whoever sends them. */
const WARM_UP_ROWS = 1000;

/** @param {import('../plans.mjs').Plan} plan @yields {import('../compare.mjs').Row} */
export async function* lakehouse({ lakehouse: sizes }) {
  const undos = [];
  const defer = (undo) => undos.push(undo);
  try {
    const open = await opener(defer);
    await measure(intoLakehouse(inputFile('plain-orders', WARM_UP_ROWS), (await open()).config));
    const ours = inputFile('plain-orders', sizes.ours);
    const theirs = inputFile('plain-orders', sizes.theirs);
    const [first, update, reference] = [[], [], []];
    let tasks;
    for (let round = 0; round < sizes.rounds; round++) {
      const [{ config }, other] = [await open(), await open()];
      tasks = { ours: intoLakehouse(ours, config), theirs: await referenceLive(theirs, other.config) };
      first.push(await told(tasks.ours));
      update.push(await told(tasks.ours));
      reference.push(await told(tasks.theirs));
    }
    const other = { task: tasks.theirs, usages: reference };
    const line = (id, what, usages, least) => ({
      id,
      what: `orders into the stand-in lakehouse, ${what}, against the first load of the Python reference: times as fast`,
      value: ratioOf({ task: tasks.ours, usages }, other, 'wall'),
      unit: 'x',
      goal: { least },
      ours: sideOf(tasks.ours, usages),
      theirs: sideOf(tasks.theirs, reference),
    });
    yield line('lakehouse-first', 'first load', first, 30);
    yield line('lakehouse-update', 'load that updates every row', update, 18);
  } finally {
    for (const undo of undos.reverse()) await undo();
  }
}

/** @returns {Promise<() => Promise<{ config: object }>>} makes a schema of its own with each call */
async function opener(defer) {
  const details = await useLakehouse(undefined, defer);
  return () => openDestination({ kind: 'iomete', folder: '', lakehouse: details }, defer);
}

async function told(task) {
  const usage = await measure(task);
  console.error(`  ${task.name}: ${usage.wall.toFixed(2)} s, CPU ${usage.cpu.toFixed(2)} s`);
  return usage;
}
