// An overwrite that brings too few rows, to the row.
import { expect, it } from 'vitest';
import { duckdbDialect } from '../../../../src/destinations/sql/duckdb-dialect.ts';
import { leastRows } from '../../../../src/destinations/sql/least-rows.ts';

const [table, side] = ['orders', 'orders_new'].map((name) => ({ schema: 's', table: name }));
const least = (percent: number, from: typeof side = side) =>
  leastRows(duckdbDialect, { table: table!, side: from, percent });

it('counts the rows of both tables; none where the run has brought none', () => {
  expect(least(50)!.statement).toBe(
    'SELECT (SELECT count(*) FROM "s"."orders_new") AS brought, (SELECT count(*) FROM "s"."orders") AS had',
  );
  expect(leastRows(duckdbDialect, { table: table!, side: undefined, percent: 50 })!.statement).toBe(
    'SELECT 0 AS brought, (SELECT count(*) FROM "s"."orders") AS had',
  );
});

it('asks nothing where any number is enough', () => {
  expect(least(0)).toBeUndefined();
});

it.each([
  [50, 0, 0],
  [50, 5, 10],
  [50, 6, 11],
  [100, 9, 9],
  [1, 1, 100],
  [50, '4611686018427387904', 9223372036854775807n],
])('takes, of %i percent, %s rows for %s', (percent, brought, had) => {
  expect(() => least(percent)!.check({ brought, had })).not.toThrow();
});

it.each([
  [50, 4, 10],
  [50, 5, 11],
  [100, 8, 9],
  [1, 0, 1],
  [50, '4611686018427387903', 9223372036854775807n],
])('refuses, of %i percent, %s rows for %s', (percent, brought, had) => {
  expect(() => least(percent)!.check({ brought, had })).toThrow(expect.objectContaining({ code: 'OVERWRITE_TOO_FEW' }));
});

it('says what stays, and what there was', () => {
  expect(() => least(50)!.check({ brought: 2n, had: 1234n })).toThrow(
    's.orders keeps its 1,234 rows, as the run has only 2 to replace them: fewer than the 50 percent of "overwrite_min_rows_percent"',
  );
});
