// Kinds of input → the share of their lines that the WebAssembly row loop leaves to the TypeScript encoder.
import { inputFile, KINDS } from '../generate.mjs';
import { measure } from '../measure.mjs';
import { front, said } from '../peers/ours.mjs';

/** Rows of one kind beside `slow`: big ones are fewer. */
const SHARES = { orders: 1, wide: 0.1, multi: 1, big: 0.02 };

/** @param {import('../plans.mjs').Plan} plan @returns {Promise<{ kind: string, rows: number, share: number }[]>} */
export async function slowLines({ slow }) {
  const shares = [];
  for (const [kind, of] of Object.entries(SHARES)) {
    const rows = Math.round(slow * of);
    const { slow_share: share } = said(await measure(front(inputFile(kind, rows))));
    shares.push({ kind: KINDS[kind].text, rows, share });
  }
  return shares;
}
