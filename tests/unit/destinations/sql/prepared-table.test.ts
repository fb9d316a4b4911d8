import { describe, expect, test } from 'vitest';
import {
  absentTable,
  evolvedTable,
  newColumns,
  newTable,
  planFor,
} from '../../../../src/destinations/sql/prepared-table.ts';
import { type ContractOption, contractOf } from '../../../../src/schema/contract.ts';
import { versionOf } from './staged-records.ts';

const shape = { columns: { id: 'bigint', n: 'bigint', more: 'string' }, keys: ['id'], schema: 'crm' } as const;
const under = (option: ContractOption, more: Partial<Parameters<typeof versionOf>[0]> = {}) => ({
  ...versionOf({ ...shape, ...more }),
  contract: contractOf(option),
});
const bigint = { kind: 'bigint' } as const;

describe('a table that is not there', () => {
  test('is made, unless the contract says otherwise', () => {
    expect(absentTable(versionOf(shape))).toBeUndefined();
    expect(absentTable(under({ columns: 'freeze', types: 'discard' }))).toBeUndefined();
  });

  test('ends the run where tables are frozen', () => {
    expect(() => absentTable(under({ tables: 'freeze' }))).toThrow(
      expect.objectContaining({
        code: 'SCHEMA_CONTRACT',
        message: 'there is no table crm.orders, and "schema_contract" freezes tables',
        context: { stream: 'orders' },
      }),
    );
  });

  test('has all of its stream left out where tables are discarded', () => {
    expect(absentTable(under({ tables: 'discard' }))).toEqual({
      columns: [],
      others: [],
      discards: { stream: true, columns: new Map() },
      isNew: false,
      steps: [],
    });
  });
});

describe('a table just made', () => {
  test('has the columns of its version, and is under no contract', () => {
    const made = newTable(under('freeze'));
    expect(made).toMatchObject({ others: [], discards: undefined, isNew: true });
    expect(made.columns.map((column) => column?.name)).toEqual(['id', 'n', 'more']);
  });

  test('has no column under a reserved name', () => {
    const names = newColumns(versionOf(shape), new Set(['n'])).map(({ name }) => name);
    expect(names).toEqual(['id', expect.stringMatching(/^n_[0-9a-f]{4}$/), 'more']);
    expect(newTable(versionOf(shape), new Set(['n'])).columns.map((column) => column?.name)).toEqual(names);
  });
});

describe('a table that was there', () => {
  const existing = [
    { name: 'id', type: bigint },
    { name: 'n', type: { kind: 'other', sql: 'int' } },
    { name: 'own', type: { kind: 'string' } },
  ] as const;
  const prepare = (version: ReturnType<typeof under>) => evolvedTable(version, planFor(version, existing));

  test('gets what it lacks', () => {
    expect(prepare(under('evolve'))).toMatchObject({
      columns: [{ name: 'id' }, { name: 'n', type: bigint }, { name: 'more' }],
      others: [{ name: 'own' }],
      discards: undefined,
      isNew: false,
      steps: [
        { kind: 'widen', name: 'n' },
        { kind: 'add', name: 'more' },
      ],
    });
  });

  test('of a version without a contract does, too', () => {
    const version = versionOf(shape);
    expect(planFor(version, existing).steps.map(({ kind }) => kind)).toEqual(['widen', 'add']);
  });

  test('has no column for what is discarded, and says why', () => {
    const table = prepare(under('discard'));
    expect(table.columns).toEqual([{ name: 'id', type: bigint }, undefined, undefined]);
    expect(table.discards).toEqual({
      stream: false,
      columns: new Map([
        [1, 'types'],
        [2, 'columns'],
      ]),
    });
  });

  test('that would have to be changed ends the run, with all that would', () => {
    expect(() => prepare(under('freeze'))).toThrow(
      expect.objectContaining({
        code: 'SCHEMA_CONTRACT',
        message:
          'the table crm.orders may not be changed by "schema_contract", and column "n": it is int, and would have to hold bigint; column "more": it is not there, to hold string',
        context: { stream: 'orders', column: 'n' },
      }),
    );
  });

  test('ends the run for what is frozen, and not for what is discarded', () => {
    expect(() => prepare(under({ columns: 'freeze', types: 'discard' }))).toThrow(/and column "more": it is not there/);
  });

  test('gets its metadata columns whatever the contract, or the run ends', () => {
    expect(() => prepare(under({ columns: 'discard' }, { metadata: true }))).toThrow(/column "_sdc_extracted_at"/);
  });

  test('is given no column under a reserved name', () => {
    const version = under('evolve');
    const { steps } = planFor(version, existing, { reserved: new Set(['more']) });
    expect(steps.at(-1)).toMatchObject({ kind: 'add', name: expect.stringMatching(/^more_[0-9a-f]{4}$/) });
  });
});
