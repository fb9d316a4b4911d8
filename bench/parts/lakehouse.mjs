// End to end into the stand-in lakehouse of the tests (Spark, Iceberg, S3): against the first load of the Python reference,
// and against what the machine can do.
import { openDestination } from '../../scripts/acceptance/destination.mjs';
import { useLakehouse } from '../../scripts/acceptance/lakehouse.mjs';
import { ratioOf, sideOf } from '../compare.mjs';
import { inputFile } from '../generate.mjs';
import { measure, median } from '../measure.mjs';
import { bareLoad, sparkClock } from '../peers/bare-load.mjs';
import { front, intoLakehouse } from '../peers/ours.mjs';
import { referenceLive } from '../peers/reference.mjs';

/** The first statements of a Spark that has just been started are slow, whoever sends them. */
const WARM_UP_ROWS = 100_000;
/** What starting, sessions and tables may take. */
const SET_UP_SECONDS = 1.5;
const CORES = 2;

/** @param {import('../plans.mjs').Plan} plan @yields {import('../compare.mjs').Row} */
export async function* lakehouse({ lakehouse: sizes }) {
  const undos = [];
  const defer = (undo) => undos.push(undo);
  try {
    const details = await useLakehouse(undefined, defer);
    const open = () => openDestination({ kind: 'iomete', folder: '', lakehouse: details }, defer);
    const warmUp = inputFile('plain-orders', WARM_UP_ROWS);
    for (let round = 0; round < 3; round++) await told(intoLakehouse(warmUp, (await open()).config));
    yield* againstReference(sizes, open);
    yield* againstLimit('one', 'orders', inputFile('plain-orders', sizes.ours), { sizes, details, open });
    yield* againstLimit('ten', '10 streams of orders at once', inputFile('ten-orders', sizes.ours), {
      sizes,
      details,
      open,
    });
  } finally {
    for (const undo of undos.reverse()) await undo();
  }
}

async function* againstReference(sizes, open) {
  const ours = inputFile('plain-orders', sizes.ours);
  const theirs = inputFile('plain-orders', sizes.theirs);
  const [first, update, reference] = [[], [], []];
  let tasks;
  // theirs takes minutes, so that it has fewer rounds
  for (let round = 0; round < sizes.ourRounds; round++) {
    const [{ config }, other] = [await open(), await open()];
    tasks = { ours: intoLakehouse(ours, config), theirs: await referenceLive(theirs, other.config) };
    first.push(await told(tasks.ours));
    update.push(await told(tasks.ours));
    if (round < sizes.theirRounds) reference.push(await told(tasks.theirs));
  }
  const pairedWith = (usages) => usages.map((_, round) => reference[round % reference.length]);
  const line = (id, what, usages, least) => ({
    id,
    what: `orders into the stand-in lakehouse, ${what}, against the first load of the Python reference: times as fast`,
    value: ratioOf({ task: tasks.ours, usages }, { task: tasks.theirs, usages: pairedWith(usages) }, 'wall'),
    unit: 'x',
    goal: { least },
    ours: sideOf(tasks.ours, usages),
    theirs: sideOf(tasks.theirs, reference),
  });
  yield line('lakehouse-first', 'first load', first, 30);
  yield line('lakehouse-update', 'load that updates every row', update, 18);
}

/** The limit: the CPU that the front end takes, and Spark for nothing but the rows that are staged already, on all cores. */
async function* againstLimit(id, what, input, { sizes, details, open }) {
  const [whole, limits] = [[], []];
  let task;
  for (let round = 0; round < sizes.limitRounds; round++) {
    const { config, schema } = await open();
    const spark = sparkClock(details);
    task = intoLakehouse(input, config);
    whole.push(await told(task));
    const busy = spark();
    const staged = await open();
    await measure(intoLakehouse(input, { ...staged.config, keep_staged_files: true }));
    const bare = await bareLoad(details, staged, sparkClock(details));
    const { cpu } = await told(front(input, ['--format', 'parquet']));
    limits.push({ wall: (bare + cpu) / CORES + SET_UP_SECONDS, cpu: bare + cpu });
    console.error(
      `  ${schema}: Spark's CPU ${busy.toFixed(2)} s, for the bare statements ${bare.toFixed(2)} s, front end ${cpu.toFixed(2)} s`,
    );
  }
  yield {
    id: `lakehouse-limit-${id}`,
    what: `${what} into the stand-in lakehouse, against the machine's limit: (CPU of the front end + of Spark for bare INSERTs of the staged rows) / ${CORES} + ${SET_UP_SECONDS} s`,
    value: median(whole.map(({ wall }, round) => wall / limits[round].wall)),
    unit: 'x',
    goal: { most: 1.25 },
    ours: sideOf(task, whole),
    theirs: {
      name: 'the limit',
      rows: input.rows,
      wall: median(limits.map(({ wall }) => wall)),
      cpu: median(limits.map(({ cpu }) => cpu)),
    },
  };
}

async function told(task) {
  const usage = await measure(task);
  console.error(`  ${task.name}: ${usage.wall.toFixed(2)} s, CPU ${usage.cpu.toFixed(2)} s`);
  return usage;
}
