// The key properties of a SCHEMA → columns: among those that it declares, those known from earlier SCHEMAs, and those to come.
import { cutName } from '../errors/cut-name.ts';
import { TargetError } from '../errors/target-error.ts';
import { verdictOf } from './member-rules.ts';
import { type Column, type ColumnType, isNested, type StreamVersion, type UndeclaredRule } from './model.ts';

export interface KeyPlaces {
  /** Those that the SCHEMA declares. */
  readonly declared: readonly Column[];
  /** Those of the stream so far. */
  readonly known: readonly Column[];
  /** Lower-case names that no data column may take. */
  readonly reserved: ReadonlySet<string>;
  /** How fields get columns that no SCHEMA declares; undefined: they don't. */
  readonly undeclared: UndeclaredRule | undefined;
  /** Where a property's type is none that JSON Schema knows: the type. */
  unknownType(property: string): string | undefined;
}

/**
 * @returns the declared columns, and behind them key columns that are known from earlier SCHEMAs.
 * @throws TargetError INPUT_SCHEMA_INVALID for a key property that can have no column
 */
export function keyColumns(
  names: readonly string[],
  places: KeyPlaces,
): Pick<StreamVersion, 'columns' | 'keys' | 'awaitedKeys'> {
  const columns = [...places.declared];
  const keys: number[] = [];
  const awaited: string[] = [];
  for (const name of names) {
    const column = columnOf(name, places.declared) ?? columnOf(name, stillKnown(places));
    if (column === undefined) awaited.push(awaitedKey(name, places));
    else keys.push(indexIn(columns, comparable(name, column, places)));
  }
  return { columns, keys, awaitedKeys: awaited.length > 0 ? awaited : undefined };
}

/** A key may be the name of a property, or the joined name of a flattened one as pipelinewise writes it. */
function columnOf(name: string, columns: readonly Column[]): Column | undefined {
  const direct = columns.find(({ path }) => path.length === 1 && path[0] === name);
  return direct ?? columns.find(({ path }) => path.length > 1 && path.join('__') === name);
}

/** An object that was flattened, and is one column now, has no members any more. */
function stillKnown({ declared, known }: KeyPlaces): readonly Column[] {
  return known.filter(({ path }) => !declared.some((column) => isWithin(path, column.path)));
}

/** Whether one path leads into the other: an object that is flattened here and one column there can't be both. */
export function isWithin(a: readonly string[], b: readonly string[]): boolean {
  const depth = Math.min(a.length, b.length);
  return a.length !== b.length && a.slice(0, depth).every((name, index) => name === b[index]);
}

function indexIn(columns: Column[], column: Column): number {
  const index = columns.indexOf(column);
  return index >= 0 ? index : columns.push(column) - 1;
}

function comparable(name: string, column: Column, { unknownType }: KeyPlaces): Column {
  if (isComparable(column.type)) return column;
  const type = unknownType(column.path.join('.'));
  if (type !== undefined)
    throw invalidKey(
      name,
      `has the type ${JSON.stringify(cutName(type))}, which JSON Schema does not know: correct the type`,
    );
  throw invalidKey(name, 'may hold objects or arrays: declare a type that can be compared');
}

const isComparable = (type: ColumnType): boolean => type.kind !== 'json' && !isNested(type);

function awaitedKey(name: string, { declared, reserved, undeclared }: KeyPlaces): string {
  if (reserved.has(name.toLowerCase())) throw invalidKey(name, 'is a metadata column: choose another property');
  if (declared.some((column) => column.path.length > 1 && column.path[0] === name))
    throw invalidKey(name, 'is an object that is flattened: choose one of its properties');
  const verdict = undeclared === undefined ? 'none' : verdictOf(undeclared, [name]);
  if (verdict === 'none')
    throw invalidKey(
      name,
      'is not among the properties of the schema: select it in the catalog, or choose another key',
    );
  if (verdict !== undefined && !isComparable(verdict.type))
    throw invalidKey(name, 'may hold objects or arrays: declare a type that can be compared');
  return name;
}

function invalidKey(column: string, detail: string): TargetError {
  return new TargetError('INPUT_SCHEMA_INVALID', `the key property "${column}" ${detail}`, { column });
}
