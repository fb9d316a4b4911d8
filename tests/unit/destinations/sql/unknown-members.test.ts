import { describe, expect, test } from 'vitest';
import { duckdbDialect } from '../../../../src/destinations/sql/duckdb-dialect.ts';
import type { LoadTarget } from '../../../../src/destinations/sql/source.ts';
import { wantedColumns } from '../../../../src/destinations/sql/table-columns.ts';
import { objectGiven } from '../../../../src/destinations/sql/unknown-members.ts';
import { loadOf, versionOf } from './staged-records.ts';

const plain = versionOf({ columns: { id: 'bigint', o__a: 'bigint', o__b: 'bigint', p: 'string' }, keys: ['id'] });
const version = {
  ...plain,
  columns: plain.columns.map((column) => ({ ...column, path: column.name.split('__') })),
};
const target = (columns: LoadTarget['columns'] = wantedColumns(version)): LoadTarget => ({
  load: loadOf(version, []),
  table: 't',
  columns,
  others: [],
  relation: 'r',
  syncStartedAtMs: 0,
});
const written = (given: string | undefined, name = 'o__a') => [
  { target: `"${name}"`, key: false, value: 'v', inserted: 'v', given },
];
const given = (name: string, path: readonly string[] | undefined, of = target(), columns = written('has_a')) =>
  objectGiven(duckdbDialect, { name, source: path }, of, columns);

describe('a column for a member that the version does not know', () => {
  test('is emptied where a record has the object', () => {
    expect(given('o__c', ['o', 'c'])).toBe('has_a');
    expect(given('o__c', ['o', 'c'], target(), written(undefined))).toBe('true');
    expect(given('o__c', ['o', 'c'], target(), [])).toBe('true');
  });

  test('goes by the first column of the object that the table has', () => {
    const [id, , b, p] = wantedColumns(version);
    const columns = [id, undefined, b, p];
    expect(given('o__c', ['o', 'c'], target(columns), [...written('has_a'), ...written('has_b', 'o__b')])).toBe(
      'has_b',
    );
    expect(given('o__c', ['o', 'c'], target([id, undefined, undefined, p]))).toBeUndefined();
  });

  test('keeps its value where it is for no member of an object of the version', () => {
    expect(given('o__c', undefined)).toBeUndefined();
    expect(given('c', ['c'])).toBeUndefined();
    expect(given('o', ['o'])).toBeUndefined();
    expect(given('q__c', ['q', 'c'])).toBeUndefined();
    expect(given('p__c', ['p', 'c'])).toBeUndefined();
  });

  test('keeps its value under a dated name', () => {
    expect(given('o__c_20240101_0000', ['o', 'c'])).toBeUndefined();
  });
});

test('columns of the target itself are no members', () => {
  const metadata = { ...version, metadata: true, deletes: 'soft' as const, columns: version.columns.slice(0, 1) };
  const of = { ...target(wantedColumns(metadata)), load: loadOf(metadata, []) };
  expect(given('o__c', ['o', 'c'], of)).toBeUndefined();
});

test('an object of which only the key is left says nothing of its members', () => {
  const keyed = { ...version, keys: [1], columns: version.columns.slice(0, 2) };
  const of = { ...target(wantedColumns(keyed)), load: loadOf(keyed, []) };
  expect(given('o__c', ['o', 'c'], of)).toBeUndefined();
});
