// Other shapes of input, and `validate_records`, against the Python reference.
import { compare } from '../compare.mjs';
import { inputFile, KINDS } from '../generate.mjs';
import { front } from '../peers/ours.mjs';
import { reference } from '../peers/reference.mjs';

const GOALS = { wide: 50, multi: 25, big: 12 };

/** @param {import('../plans.mjs').Plan} plan @yields {import('../compare.mjs').Row} */
export async function* shapes({ shapes: sizes, rounds }) {
  for (const [kind, { ours, theirs }] of Object.entries(sizes)) {
    const peer = await reference(inputFile(kind, theirs));
    const { sides, faster } = await compare(front(inputFile(kind, ours)), peer, rounds);
    yield {
      id: kind,
      what: `${KINDS[kind].text}, against the Python reference: times as fast`,
      value: faster,
      unit: 'x',
      goal: { least: GOALS[kind] },
      ...sides,
    };
  }
}

/** @param {import('../plans.mjs').Plan} plan @yields {import('../compare.mjs').Row} */
export async function* validation({ validate, rounds }) {
  const peer = await reference(inputFile('orders', validate.theirs), { validate: true });
  const { sides, faster } = await compare(front(inputFile('orders', validate.ours), ['--validate']), peer, rounds);
  const what = '`validate_records`, against the Python reference with it: times as fast';
  yield { id: 'validate', what, value: faster, unit: 'x', goal: { least: 25 }, ...sides };
}
