import { expect, it } from 'vitest';
import { forExistingTable } from '../../../src/pipeline/existing-table.ts';
import { evolveAll } from '../../../src/schema/contract.ts';
import { versionOf } from './parts.ts';

it('rows of a table that is there are reached without keys, and a table that is not there is not made', () => {
  const version = versionOf('a', { awaitedKeys: ['id'] });
  expect(forExistingTable(version)).toEqual({ ...version, keys: [], contract: { ...evolveAll, tables: 'discard' } });
});

it('what else the contract says stays', () => {
  const contract = { tables: 'freeze', columns: 'freeze', types: 'discard' } as const;
  expect(forExistingTable(versionOf('a', { contract })).contract).toEqual({ ...contract, tables: 'discard' });
});
