// The columns that a table has and those that are wanted → the steps that make it fit. No SQL: destinations write that.
import { TargetError } from '../errors/target-error.ts';
import { type NamedColumn, placesOf } from './column-places.ts';
import { type ContractMode, evolveAll, type SchemaContract } from './contract.ts';
import type { ColumnType } from './model.ts';
import { foldCase } from './name-case.ts';
import { accepts, changesKeys, type TableColumnType, type Widening, widened, wideningsOf } from './table-types.ts';

export { accepts, type TableColumnType };

export interface ExistingColumn extends NamedColumn {
  readonly type: TableColumnType;
  /** True when the column is NOT NULL. */
  readonly required?: boolean | undefined;
  /** In the warehouse's own words, what a row gets that says nothing of the column; undefined for NULL. */
  readonly default?: string | undefined;
}

export interface WantedColumn extends NamedColumn {
  readonly type: ColumnType;
  /** True for a column of the merge key. */
  readonly key: boolean;
  /** True for a column that the target itself fills and relies on. */
  readonly metadata?: boolean | undefined;
}

export type Step =
  /** `source`: the path of the property that the column is for; undefined for the target's own columns. */
  | { readonly kind: 'add'; readonly name: string; readonly type: ColumnType; readonly source?: NamedColumn['source'] }
  /** Of a struct or array also: members are added, or widened, in it. */
  | { readonly kind: 'widen'; readonly name: string; readonly from: TableColumnType; readonly to: TableColumnType }
  /** `dropNotNull`: the renamed column gets no more values, so a NOT NULL on it has to go. */
  | { readonly kind: 'rename'; readonly from: string; readonly to: string; readonly dropNotNull: boolean };

export interface Evolution {
  /** To be done in this order. Empty when the table already fits. */
  readonly steps: readonly Step[];
  /** For each wanted column, in the same order, the table's own column after the steps; undefined: it is discarded. */
  readonly columns: readonly ({ readonly name: string; readonly type: TableColumnType } | undefined)[];
  /** The table's other columns, under their names after the steps. */
  readonly others: readonly ExistingColumn[];
  /** What the contract has no room for, in the order of the wanted columns. */
  readonly breaches: readonly Breach[];
}

/** A step that the contract does not allow. */
export interface Breach {
  /** Index of the wanted column. */
  readonly index: number;
  readonly name: string;
  readonly of: 'columns' | 'types';
  /** `freeze` as well for a column that can't be left out, whatever is to be discarded. */
  readonly mode: Exclude<ContractMode, 'evolve'>;
  /** A clause: what the table has, and what it would need. */
  readonly what: string;
}

/** What a column can be made in place to hold the wanted type too; undefined where that can't be. */
export type Widen = (found: ExistingColumn, wanted: ColumnType) => TableColumnType | undefined;

/** What a warehouse, or one of its tables, can do more than Iceberg, or less. */
export interface EvolutionLimits {
  readonly widen?: Widen | undefined;
  /** Lower-case names that no column may be added under. */
  readonly reserved?: ReadonlySet<string> | undefined;
}

const widenAnywhere: Widen = (found, wanted) => widened(found.type, wanted);

/**
 * Types only climb: a column that can hold what is wanted stays as it is, one that can be widened in place is, and any
 * other is kept under a dated name while a new one takes its place. Doing the steps and planning again gives no steps.
 * A column that was made for a property goes on being that property's, whatever others come.
 * @param existing empty for a table to be made.
 * @param contract which steps may be planned: the others are breaches, for the caller to refuse or to tell.
 * @param now for the dated names, in UTC.
 * @param limits what the warehouse can do, and what its tables refuse.
 * @throws TargetError TABLE_KEY_TYPE when the table's key column can't hold the wanted type.
 */
export function planEvolution(
  existing: readonly ExistingColumn[],
  wanted: readonly WantedColumn[],
  now: Date,
  contract: SchemaContract = evolveAll,
  { widen = widenAnywhere, reserved = new Set() }: EvolutionLimits = {},
): Evolution {
  const places = placesOf(existing, wanted, reserved);
  const names = [...existing, ...wanted, ...places].map((column) => foldCase(column.name));
  const taken = new Set([...reserved, ...names]);
  const steps: Step[] = [];
  const breaches: Breach[] = [];
  const renamed = new Map<string, string>();
  const breach = (index: number, column: WantedColumn, of: Breach['of'], what: string): undefined => {
    const isNeeded = column.key || column.metadata === true;
    breaches.push({
      index,
      name: column.name,
      of,
      mode: isNeeded || contract[of] !== 'discard' ? 'freeze' : 'discard',
      what,
    });
  };
  const columns = wanted.map((column, index) => {
    const { found, name } = places[index]!;
    const { source } = column;
    if (found === undefined) {
      if (contract.columns !== 'evolve')
        return breach(index, column, 'columns', `it is not there, to hold ${described(column.type)}`);
      steps.push({ kind: 'add', name, type: column.type, source });
      return { name, type: column.type };
    }
    if (accepts(found.type, column.type)) return { name: found.name, type: found.type };
    const wide = widen(found, column.type);
    const wider = column.key && wide !== undefined && changesKeys(wide, column.type) ? undefined : wide;
    if (wider === undefined && column.key) throw keyChanged(found, column);
    const changes = wider === undefined ? [anotherType] : wideningsOf(found.type, wider);
    const forbidden = forbiddenOf(changes, contract);
    if (forbidden !== undefined)
      return breach(index, column, forbidden.of, forbiddenText(forbidden, found.type, column.type));
    if (wider !== undefined) {
      steps.push({ kind: 'widen', name: found.name, from: found.type, to: wider });
      return { name: found.name, type: wider };
    }
    const type = successorType(existing, found.name, column.type);
    const to = datedName(found.name, now, taken);
    steps.push({ kind: 'rename', from: found.name, to, dropNotNull: found.required === true });
    renamed.set(found.name, to);
    steps.push({ kind: 'add', name, type, source });
    return { name, type };
  });
  const filled = new Set(columns.map((column) => column?.name));
  const others = existing
    .map((column) => ({ ...column, ...afterRename(column, renamed) }))
    .filter(({ name }) => !filled.has(name));
  return { steps, columns, others, breaches };
}

const anotherType: Widening = { of: 'types', path: [] };

/** A member that a struct lacks is under the contract of columns. Of several changes that which ends the run comes first. */
function forbiddenOf(changes: readonly Widening[], contract: SchemaContract): Widening | undefined {
  return changes.find(({ of }) => contract[of] === 'freeze') ?? changes.find(({ of }) => contract[of] === 'discard');
}

function forbiddenText({ of, path }: Widening, found: TableColumnType, wanted: ColumnType): string {
  if (path.length === 0) return `it is ${described(found)}, and would have to hold ${described(wanted)}`;
  const member = JSON.stringify(path.join('.'));
  return of === 'columns' ? `it lacks the member ${member}` : `its member ${member} would need a wider type`;
}

function afterRename({ name, required }: ExistingColumn, renamed: ReadonlyMap<string, string>) {
  const to = renamed.get(name);
  return to === undefined ? { name, required } : { name: to, required: false };
}

/**
 * A tap that changes a type to and fro would make a dated column at each turn. When the table already keeps a dated column
 * that held the type now wanted, the successor is text, which holds both from then on.
 */
function successorType(existing: readonly ExistingColumn[], name: string, wanted: ColumnType): ColumnType {
  const prefix = foldCase(`${name}_`);
  const returns = existing.some(
    (column) =>
      foldCase(column.name).startsWith(prefix) &&
      /^\d{8}_\d{4}(_\d+)?$/.test(column.name.slice(prefix.length)) &&
      accepts(column.type, wanted),
  );
  return returns ? { kind: 'string' } : wanted;
}

/** `name_yyyymmdd_hhmm`, with a number behind it when that is taken; takes the name. */
function datedName(name: string, now: Date, taken: Set<string>): string {
  const dated = `${name}_${now.toISOString().slice(0, 16).replaceAll('-', '').replace('T', '_').replace(':', '')}`;
  let unique = dated;
  for (let count = 2; taken.has(foldCase(unique)); count++) unique = `${dated}_${count}`;
  taken.add(foldCase(unique));
  return unique;
}

function keyChanged(found: ExistingColumn, wanted: WantedColumn): TargetError {
  return new TargetError(
    'TABLE_KEY_TYPE',
    `the key column is ${described(found.type)} in the table and cannot hold ${described(wanted.type)}`,
    { column: found.name },
  );
}

function described(type: TableColumnType): string {
  if (type.kind === 'other') return type.sql;
  return type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind;
}
