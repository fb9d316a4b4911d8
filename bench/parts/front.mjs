// The front end against others that turn a Singer stream into files, and against what checks nothing.
import { compare, ratioOf, sideOf } from '../compare.mjs';
import { inputFile } from '../generate.mjs';
import { takeTurns } from '../measure.mjs';
import { duckdbCsv, duckdbParquet, gzip } from '../peers/limits.mjs';
import { targetCsv, targetDuckdb, targetJsonl } from '../peers/loaders.mjs';
import { front } from '../peers/ours.mjs';
import { reference } from '../peers/reference.mjs';

/** @param {import('../plans.mjs').Plan} plan @yields {import('../compare.mjs').Row} */
export async function* againstReference({ orders, rounds }) {
  const theirs = await reference(inputFile('orders', orders.reference));
  const { sides, faster, cheaper } = await compare(front(inputFile('orders', orders.ours)), theirs, rounds);
  const what = 'orders to gzip CSV, against the Python reference';
  yield {
    id: 'reference-wall',
    what: `${what}: times as fast`,
    value: faster,
    unit: 'x',
    goal: { least: 100 },
    ...sides,
  };
  yield { id: 'reference-cpu', what: `${what}: CPU`, value: cheaper, unit: 'x', goal: { least: 75 }, ...sides };
}

/** @param {import('../plans.mjs').Plan} plan @yields {import('../compare.mjs').Row} */
export async function* againstLoaders({ loaders, rounds }) {
  const input = inputFile('orders', loaders.theirs);
  const peers = [
    { task: await targetDuckdb(input), least: 15 },
    { task: await targetJsonl(input), least: 25 },
    { task: await targetCsv(input), least: 35 },
  ];
  const task = front(inputFile('orders', loaders.ours));
  const [usages, ...theirs] = await takeTurns([task, ...peers.map((peer) => peer.task)], rounds);
  for (const [index, peer] of peers.entries()) {
    yield {
      id: `${peer.task.name.replaceAll(' ', '-')}-wall`,
      what: `orders, against ${peer.task.name}: times as fast`,
      value: ratioOf({ task, usages }, { task: peer.task, usages: theirs[index] }, 'wall'),
      unit: 'x',
      goal: { least: peer.least },
      ours: sideOf(task, usages),
      theirs: sideOf(peer.task, theirs[index]),
    };
  }
}

/** @param {import('../plans.mjs').Plan} plan @yields {import('../compare.mjs').Row} */
export async function* againstLimits({ limits, rounds }) {
  const input = inputFile('orders', limits);
  const csv = { task: front(input) };
  const parquet = { task: front(input, ['--format', 'parquet']) };
  const limit = {
    csv: { task: await duckdbCsv(input) },
    parquet: { task: duckdbParquet(input) },
    gzip: { task: gzip(input) },
  };
  const all = [csv, limit.csv, limit.gzip, parquet, limit.parquet];
  const usages = await takeTurns(
    all.map(({ task }) => task),
    rounds,
  );
  const measured = new Map(all.map((side, index) => [side, { task: side.task, usages: usages[index] }]));
  const line = (ours, theirs) => {
    const [one, other] = [measured.get(ours), measured.get(theirs)];
    return {
      used: (of) => ratioOf(other, one, of),
      faster: ratioOf(one, other, 'wall'),
      sides: { ours: sideOf(one.task, one.usages), theirs: sideOf(other.task, other.usages) },
    };
  };
  const csvLine = line(csv, limit.csv);
  yield {
    id: 'anchor-csv',
    what: 'CPU, as a share of "DuckDB reads the JSON, writes CSV, igzip", which checks nothing',
    value: csvLine.used('cpu'),
    unit: 'x',
    goal: { most: 0.8 },
    ...csvLine.sides,
  };
  const gzipLine = line(csv, limit.gzip);
  yield {
    id: 'gzip',
    what: 'against `gzip -1` of the raw input: times as fast',
    value: gzipLine.faster,
    unit: 'x',
    goal: { least: 2 },
    ...gzipLine.sides,
  };
  const parquetLine = line(parquet, limit.parquet);
  yield {
    id: 'anchor-parquet',
    what: 'as Parquet: CPU, as a share of DuckDB writing Parquet',
    value: parquetLine.used('cpu'),
    unit: 'x',
    goal: { most: 1 },
    ...parquetLine.sides,
  };
}
