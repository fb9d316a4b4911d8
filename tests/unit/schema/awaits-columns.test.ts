import { expect, it } from 'vitest';
import { awaitsColumns } from '../../../src/schema/awaits-columns.ts';
import { type StreamVersionOptions, streamVersion } from '../../../src/schema/stream-version.ts';

const options: StreamVersionOptions = {
  defaultTargetSchema: 's',
  addMetadataColumns: false,
  hardDelete: false,
  flattenMaxLevel: 0,
  primaryKeyRequired: false,
  validateRecords: false,
};
const id = { type: 'integer' };
const awaits = (properties: object, keys: readonly string[], more: Partial<StreamVersionOptions>) =>
  awaitsColumns(
    streamVersion({ stream: 'a', schema: { properties }, key_properties: keys }, { ...options, ...more }, 0),
  );

it('a table waits for the first record when its SCHEMA declares no columns, or none for a key', () => {
  const add = { undeclaredFields: 'add' } as const;
  expect(awaits({}, [], add)).toBe(true);
  expect(awaits({ other: id }, ['id'], add)).toBe(true);
  expect(awaits({ id }, ['id'], add)).toBe(false);
  expect(awaits({ id }, [], add)).toBe(false);
  expect(awaits({ id }, ['id'], {})).toBe(false);
});

it('a version without columns waits for none where fields get no columns', () => {
  const version = streamVersion({ stream: 'a', schema: { properties: { id } }, key_properties: [] }, options, 0);
  expect(awaitsColumns({ ...version, columns: [] })).toBe(false);
});
