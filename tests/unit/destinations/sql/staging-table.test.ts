import { describe, expect, test } from 'vitest';
import { leftoverStagingTables, stagingTable } from '../../../../src/destinations/sql/staging-table.ts';

const [first, second] = ['0123456789ab', 'ba9876543210'];
const nameOf = (table: string, runId: string) => stagingTable({ schema: 's', table }, runId).table;

describe('the name of a staging table', () => {
  test('tells the table and the run', () => {
    expect(nameOf('orders', first)).toBe('orders__overwrite_0123456789ab');
  });

  test('stays within what a metastore takes, and differs for long names that begin alike', () => {
    const tables = ['x'.repeat(128), `${'x'.repeat(127)}y`, 'x'.repeat(101), 'x'.repeat(100)];
    const names = tables.map((table) => nameOf(table, first));
    expect(new Set(names).size).toBe(tables.length);
    expect(names.every((name) => name.length <= 128)).toBe(true);
    for (const table of tables) expect(leftoverStagingTables(table, second, names)).toEqual([nameOf(table, first)]);
  });

  test('is known again by the next run, which does not take its own for a orphan', () => {
    const names = [nameOf('orders', first), nameOf('orders', second), 'orders', nameOf('orders_2', first)];
    expect(leftoverStagingTables('orders', second, names)).toEqual([nameOf('orders', first)]);
  });
});
