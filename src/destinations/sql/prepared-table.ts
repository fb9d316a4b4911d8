// An evolution of a table → what its loads must know of it, or the refusal that the schema contract demands.
import { TargetError } from '../../errors/target-error.ts';
import { placesOf } from '../../schema/column-places.ts';
import { type Breach, type Evolution, type EvolutionLimits, planEvolution, type Step } from '../../schema/evolve.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import type { Discards } from '../destination.ts';
import { type OtherColumn, type TableColumn, type WantedColumn, wantedColumns } from './table-columns.ts';

/** A table that fits a version. */
export interface PreparedTable {
  /** For each of `wantedColumns(version)`, the table's column that holds it; undefined for one that is discarded. */
  readonly columns: readonly (TableColumn | undefined)[];
  /** The table's columns that the version doesn't fill. */
  readonly others: readonly OtherColumn[];
  readonly discards: Discards | undefined;
  /** True when this made the table: what is new is under no contract. */
  readonly isNew: boolean;
  /** What had to be done to a table that was there. */
  readonly steps: readonly Step[];
}

/** What `prepareTable` has to say of a table that is not there. @throws TargetError SCHEMA_CONTRACT */
export function absentTable(version: StreamVersion): PreparedTable | undefined {
  const { contract, stream, table } = version;
  if (contract === undefined || contract.tables === 'evolve') return undefined;
  if (contract.tables === 'freeze')
    throw new TargetError(
      'SCHEMA_CONTRACT',
      `there is no table ${nameOf(table)}, and "schema_contract" freezes tables`,
      { stream },
    );
  return { columns: [], others: [], discards: { stream: true, columns: new Map() }, isNew: false, steps: [] };
}

/** The columns of a table to be made. @param reserved lower-case names that none of them may have */
export function newColumns(version: StreamVersion, reserved?: ReadonlySet<string>): readonly WantedColumn[] {
  const wanted = wantedColumns(version);
  const places = placesOf([], wanted, reserved);
  return wanted.map((column, index) => ({ ...column, name: places[index]!.name }));
}

/** A table just made. */
export const newTable = (version: StreamVersion, reserved?: ReadonlySet<string>): PreparedTable => ({
  columns: newColumns(version, reserved),
  others: [],
  discards: undefined,
  isNew: true,
  steps: [],
});

/** @returns the table once the evolution's steps are done. @throws TargetError SCHEMA_CONTRACT, of all that is frozen at once */
export function evolvedTable(version: StreamVersion, { columns, others, breaches, steps }: Evolution): PreparedTable {
  const frozen = breaches.filter(({ mode }) => mode === 'freeze');
  if (frozen.length > 0) throw frozenError(version, frozen);
  const wanted = wantedColumns(version);
  const discarded = breaches.map(({ index, of }) => [dataIndex(wanted[index]!), of] as const);
  const discards = discarded.length === 0 ? undefined : { stream: false, columns: new Map(discarded) };
  return { columns, others, discards, isNew: false, steps };
}

/** Steps and breaches for a table that is there. */
export function planFor(
  version: StreamVersion,
  existing: Parameters<typeof planEvolution>[0],
  limits?: EvolutionLimits,
): Evolution {
  return planEvolution(existing, wantedColumns(version), new Date(), version.contract, limits);
}

/** Metadata columns are never discarded. */
const dataIndex = ({ from }: WantedColumn): number => ('data' in from ? from.data : -1);

function frozenError({ stream, table }: StreamVersion, frozen: readonly Breach[]): TargetError {
  const whats = frozen.map(({ name, what }) => `column ${JSON.stringify(name)}: ${what}`).join('; ');
  return new TargetError(
    'SCHEMA_CONTRACT',
    `the table ${nameOf(table)} may not be changed by "schema_contract", and ${whats}`,
    {
      stream,
      column: frozen[0]!.name,
    },
  );
}

const nameOf = ({ schema, table }: TableName): string => `${schema}.${table}`;
