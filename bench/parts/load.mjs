// End to end into a DuckDB file, with keys.
import { compare } from '../compare.mjs';
import { inputFile } from '../generate.mjs';
import { targetDuckdb } from '../peers/loaders.mjs';
import { intoDuckdb } from '../peers/ours.mjs';

/** @param {import('../plans.mjs').Plan} plan @yields {import('../compare.mjs').Row} */
export async function* load({ load: sizes, rounds }) {
  const peer = await targetDuckdb(inputFile('orders', sizes.theirs));
  const { sides, faster } = await compare(intoDuckdb(inputFile('orders', sizes.ours)), peer, rounds);
  const what = 'orders into DuckDB by their keys, against target-duckdb: times as fast';
  yield { id: 'load-duckdb', what, value: faster, unit: 'x', goal: { least: 15 }, ...sides };
}
