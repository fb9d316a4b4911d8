import { expect, it } from 'vitest';
import { endsWithin } from '../../../src/schema/time-limit.ts';

const patient = 10_000;

it('work that ends in time has been done', () => {
  let done = 0;
  expect(endsWithin(patient, () => (done += 1))).toBe(true);
  expect(endsWithin(patient, () => (done += 1))).toBe(true);
  expect(done).toBe(2);
});

it('work that does not end is stopped, within one regular expression as well', () => {
  for (const work of [
    () => {
      for (;;);
    },
    () => void /^(a+)+$/.test(`${'a'.repeat(60)}!`),
  ])
    expect(endsWithin(20, work)).toBe(false);
});

it.each([new TypeError('no function'), Object.assign(new Error('gone'), { code: 'ENOENT' }), undefined])(
  'what the work throws is thrown: %s',
  (thrown) => {
    let caught: unknown = 'nothing';
    try {
      endsWithin(patient, () => {
        throw thrown;
      });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(thrown);
  },
);
