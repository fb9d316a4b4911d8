import { expect, it } from 'vitest';
import { contractOf } from '../../../src/schema/contract.ts';

it('a contract is one word for all, or a word each; what is not said evolves', () => {
  expect(contractOf()).toEqual({ tables: 'evolve', columns: 'evolve', types: 'evolve' });
  expect(contractOf('freeze')).toEqual({ tables: 'freeze', columns: 'freeze', types: 'freeze' });
  expect(contractOf({ columns: 'discard' })).toEqual({ tables: 'evolve', columns: 'discard', types: 'evolve' });
  expect(contractOf({})).toEqual(contractOf());
});
