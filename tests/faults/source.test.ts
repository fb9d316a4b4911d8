// The checker itself: a table that breaks a promise must not pass for one that keeps it.
import { describe, expect, test } from 'vitest';
import { scenarios } from './scenarios.mjs';
import { coveredBy, type FoundRow, OLD, type Promised, problemsOf, RECORDS } from './source.ts';

const rowOf = (seq: number): FoundRow => ({ id: ((seq - 1) % 30) + 1, text: `v${seq}` });
const rowsOf = (...seqs: readonly number[]): FoundRow[] => seqs.map(rowOf);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
/** What an upsert makes of all records. */
const merged = rowsOf(...upTo(RECORDS).slice(10));

const upsert: Promised = { loadMethod: 'upsert', covered: RECORDS, complete: true, sent: RECORDS };
const append: Promised = { ...upsert, loadMethod: 'append-only' };
const overwrite: Promised = { ...upsert, loadMethod: 'overwrite' };
const failed = { complete: false, covered: 20 };

describe('the checker of fault scenarios', () => {
  test.each<[string, readonly FoundRow[], Promised]>([
    ['an upsert', merged, upsert],
    ['an upsert that loaded more than its state covers', rowsOf(...upTo(25)), { ...upsert, ...failed }],
    ['an append', rowsOf(...upTo(RECORDS)), append],
    ['an append that loaded more than its state covers', rowsOf(...upTo(30)), { ...append, ...failed }],
    ['an append resumed', rowsOf(...upTo(RECORDS), 21, 22), { ...append, resumedFrom: 20 }],
    ['an overwrite', merged, overwrite],
    ['an overwrite that failed', OLD, { ...overwrite, complete: false, covered: 0 }],
    ['an overwrite that happened and was not told', merged, { ...overwrite, complete: false, covered: 0 }],
  ])('takes %s', (_, rows, promised) => {
    expect(problemsOf(rows, promised)).toEqual([]);
  });

  test.each<[string, readonly FoundRow[], Promised]>([
    ['a row that the state covers and the table lacks', rowsOf(...upTo(19)), { ...upsert, ...failed }],
    ['an update that the state covers and the table lacks', rowsOf(...upTo(30)), upsert],
    ['a key that is there twice', [...merged, rowOf(40)], upsert],
    ['a row that nobody sent', [...merged, { id: 31, text: 'v31' }], upsert],
    ['an appended row that is lost', rowsOf(...upTo(19)), { ...append, ...failed }],
    ['an appended row that is doubled within a run', rowsOf(...upTo(30), 30), { ...append, ...failed }],
    ['an appended row that is covered and doubled', rowsOf(...upTo(RECORDS), 20), { ...append, resumedFrom: 20 }],
    ['an appended row that is there three times', rowsOf(...upTo(RECORDS), 30, 30), { ...append, resumedFrom: 20 }],
    ['an overwrite that is half done', rowsOf(...upTo(20)), { ...overwrite, complete: false, covered: 0 }],
    ['an overwrite that emptied the table', [], { ...overwrite, complete: false, covered: 0 }],
    ['old rows under a state that covers the new', OLD, { ...overwrite, complete: false }],
    ['old rows beside the new', [...merged, ...OLD], overwrite],
  ])('finds %s', (_, rows, promised) => {
    expect(problemsOf(rows, promised)).not.toEqual([]);
  });

  test('finds states that go back', () => {
    expect(coveredBy(['{"seq":10}', '{"seq":20}'])).toBe(20);
    expect(() => coveredBy(['{"seq":20}', '{"seq":10}'])).toThrow('go back');
  });

  test('has scenarios enough, each with a name of its own', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
    expect(scenarios.length).toBeGreaterThanOrEqual(150);
  });
});
