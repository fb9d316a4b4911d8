// `schema_contract` → what may be done to tables, and what becomes of that which may not.

/**
 * `evolve`: the table is changed. `freeze`: the run ends before anything of that schema is loaded. `discard`: the table
 * stays as it is, what it has no place for is not loaded, and is counted.
 */
export type ContractMode = 'evolve' | 'freeze' | 'discard';

export interface SchemaContract {
  /** Making tables. */
  readonly tables: ContractMode;
  /** Adding columns to tables that were there before the run, and members to their structs. */
  readonly columns: ContractMode;
  /** Changing types of columns of such tables, be it in place or under a dated name. */
  readonly types: ContractMode;
}

/** What is not said evolves. */
export type ContractOption = ContractMode | Partial<SchemaContract>;

export const evolveAll: SchemaContract = { tables: 'evolve', columns: 'evolve', types: 'evolve' };

export function contractOf(option: ContractOption = 'evolve'): SchemaContract {
  return typeof option === 'string' ? { tables: option, columns: option, types: option } : { ...evolveAll, ...option };
}
