import { expect, test } from 'vitest';
import { type Column, ColumnSums } from '../../scripts/acceptance/column-sums.mjs';

const columns: readonly Column[] = [
  { name: 'id', kind: 'integer' },
  { name: 'label', kind: 'text' },
  { name: 'amount', kind: 'number' },
];
const rows = [
  ['1', 'a', 1.5],
  ['2', 'b', null],
  ['3', null, -0.25],
];
const sumsOf = (of: readonly (readonly unknown[])[], keys = ['id']) => {
  const sums = new ColumnSums(columns, keys);
  for (const row of of) sums.add(row);
  const { id, label, amount } = sums.checksums();
  return { rows: sums.rows, id, label, amount };
};
const original = sumsOf(rows);

test('the order of rows does not matter', () => {
  expect(sumsOf([...rows].reverse())).toEqual(original);
});

test('one value in the forms of different drivers is one value', () => {
  expect(
    sumsOf([
      [1n, 'a', '1.50'],
      [2, 'b', null],
      ['3', null, '-2.5e-1'],
    ]),
  ).toEqual(original);
});

test.each([
  ['a changed value', [['1', 'A', 1.5], rows[1]!, rows[2]!]],
  ['an empty text instead of a null', [rows[0]!, rows[1]!, ['3', '', -0.25]]],
  ['the text null instead of a null', [rows[0]!, rows[1]!, ['3', 'null', -0.25]]],
  ['a blank more at the end', [['1', 'a ', 1.5], rows[1]!, rows[2]!]],
  ['values that swapped rows', [['1', 'b', 1.5], ['2', 'a', null], rows[2]!]],
])('%s in a column changes that checksum and no other', (_, changed) => {
  const { label, ...others } = sumsOf(changed);
  const { label: originalLabel, ...originalOthers } = original;
  expect(label).not.toBe(originalLabel);
  expect(others).toEqual(originalOthers);
});

test('a row that is there twice while another is lost changes every checksum', () => {
  const doubled = sumsOf([rows[0]!, rows[0]!, rows[2]!]);
  expect(doubled.rows).toBe(original.rows);
  for (const name of ['id', 'label', 'amount'] as const) expect(doubled[name]).not.toBe(original[name]);
});
