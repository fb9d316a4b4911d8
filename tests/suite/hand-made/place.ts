// Where hand-made tables are made, loaded and looked at: the same for a DuckDB file and the lakehouse.
import type { Warehouse } from '../../support/warehouse.ts';
import type { Cell } from './hand-made-table.ts';
import type { TableState } from './table-state.ts';

export interface Place extends Pick<Warehouse, 'flags'> {
  /** Makes each cell's table. @throws when a statement is refused: then the list is wrong */
  make(cells: readonly Cell[]): Promise<void>;
  /** As somebody sees the tables who has just come. */
  states(cells: readonly Cell[]): Promise<ReadonlyMap<string, TableState>>;
  /** How many runs go on at once. */
  readonly runsAtOnce: number;
  close(): Promise<void>;
}

/** Cells of one table, by the table. */
export function byTable(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const groups = new Map<Cell['table'], Cell[]>();
  for (const cell of cells) groups.set(cell.table, [...(groups.get(cell.table) ?? []), cell]);
  return [...groups.values()];
}
