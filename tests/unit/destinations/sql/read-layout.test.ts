import { expect, test } from 'vitest';
import type { PreparedTable } from '../../../../src/destinations/sql/prepared-table.ts';
import { readLayout } from '../../../../src/destinations/sql/read-layout.ts';
import { stagedLayout } from '../../../../src/formats/layout.ts';
import { versionOf } from './staged-records.ts';

const version = versionOf({
  columns: { id: 'double', x: 'double', y: 'double', n: 'bigint', t: 'string' },
  keys: ['id'],
  metadata: true,
});
const csv = [{ location: '/a.csv', key: 'a.csv', bytes: 1 }];
const held = (...kinds: ('double' | 'string' | 'json' | 'bigint')[]): PreparedTable['columns'] =>
  kinds.map((kind, index) => ({ name: version.columns[index]!.name, type: { kind } }));
const kinds = (columns: PreparedTable['columns'], files = csv) =>
  readLayout({ version, files }, columns)
    .slice(0, version.columns.length)
    .map(({ type }) => type.kind);

test('a number on its way into a column of text is read as the text that was sent, but in a key', () => {
  const texts = held('string', 'string', 'json', 'string', 'string');
  expect(kinds(texts)).toEqual(['double', 'string', 'string', 'bigint', 'string']);
  const layout = readLayout({ version, files: csv }, texts);
  expect(layout.slice(version.columns.length)).toEqual(stagedLayout(version).slice(version.columns.length));
});

test('a number on its way into a number is read as one, and so is one that is discarded', () => {
  const own = ['double', 'double', 'double', 'bigint', 'string'];
  expect(kinds(held('double', 'double', 'double', 'bigint', 'string'))).toEqual(own);
  expect(kinds([undefined, undefined, undefined, undefined, undefined])).toEqual(own);
});

test('Parquet files hold numbers, not texts', () => {
  const files = [{ location: '/a.parquet', key: 'a.parquet', bytes: 1 }];
  expect(readLayout({ version, files }, held('string', 'string', 'json', 'string', 'string'))).toEqual(
    stagedLayout(version),
  );
});
