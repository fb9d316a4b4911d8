// A type that a table has, and one that is wanted → whether the first takes all values of the second, or what does for both.
import { isMemberName } from './column-names.ts';
import { type ColumnType, isNested, type NestedType, type PlainType, type StructField } from './model.ts';
import { foldCase } from './name-case.ts';
import { type DecimalType, int64Digits, maxPrecision } from './number-type.ts';

/** A type as it is found in a table. `other`: none of ours; `sql` is its name there, such as `int` or `array<string>`. */
export type TableColumnType =
  | PlainType
  | { readonly kind: 'struct'; readonly fields: readonly TableMember[] }
  | { readonly kind: 'array'; readonly element: { readonly type: TableColumnType } }
  | { readonly kind: 'other'; readonly sql: string };

export interface TableMember {
  readonly name: string;
  readonly type: TableColumnType;
  /** The name of the JSON property that it is for, where that is known. */
  readonly property?: string | undefined;
}

/**
 * Whether a column of the first type holds the values of the second as they are: all of them, or of numbers all but a few
 * large ones, for which each load is checked (`unfitCount`, `inexactCount`).
 */
export function accepts(existing: TableColumnType, wanted: ColumnType): boolean {
  switch (existing.kind) {
    case 'string':
    case 'json':
      return true;
    case 'timestamp':
      return wanted.kind === 'timestamp' || wanted.kind === 'date';
    // A decimal in a DOUBLE may lose digits: design 12.11 counts and reports that instead of making another column.
    case 'double':
      return wanted.kind === 'double' || wanted.kind === 'bigint' || wanted.kind === 'decimal';
    case 'decimal':
      return sameDecimal(decimalForBoth(existing, wanted), existing);
    case 'other':
      // Its 127 bits hold every integer of 38 digits.
      return isHugeint(existing.sql) && digitsOf(wanted)?.scale === 0;
    case 'struct':
    case 'array':
      return isNested(wanted) && grown(existing, wanted) === existing;
    default:
      return existing.kind === wanted.kind;
  }
}

/**
 * What Iceberg can promote in place: int → bigint, float → double, a decimal to more digits at the same scale; and a
 * struct, by members that it lacks.
 */
export function widened(existing: TableColumnType, wanted: ColumnType): TableColumnType | undefined {
  if (existing.kind === 'struct' || existing.kind === 'array')
    return isNested(wanted) ? grown(existing, wanted) : undefined;
  if (existing.kind === 'decimal') {
    const both = decimalForBoth(existing, wanted);
    return both?.scale === existing.scale ? both : undefined;
  }
  if (existing.kind !== 'other') return undefined;
  const wider = promotions.get(existing.sql.trim().toLowerCase());
  return wider !== undefined && accepts(wider, wanted) ? wider : undefined;
}

/** Whether a key column of a table that was widened so has other keys than before: the 0.1 of a FLOAT is another number as a DOUBLE. */
export const changesKeys = (wider: TableColumnType, wanted: ColumnType): boolean =>
  wider.kind === 'double' && wanted.kind !== 'bigint';

/** Names of types that only one of the warehouses has are here, too: no name means two things. */
const promotions: ReadonlyMap<string, TableColumnType> = new Map<string, TableColumnType>([
  ...['tinyint', 'smallint', 'int', 'integer', 'utinyint', 'usmallint', 'uinteger'].map(
    (name) => [name, { kind: 'bigint' }] as const,
  ),
  ['ubigint', { kind: 'other', sql: 'HUGEINT' }],
  ['real', { kind: 'double' }],
  ['float', { kind: 'double' }],
]);

const isHugeint = (sql: string): boolean => sql.trim().toLowerCase() === 'hugeint';

/**
 * The decimal for the values of both at the larger of their scales. Where 38 digits are too few for what the types
 * promise, it keeps that scale and has at least the digits of an int64 before the point. The digits before the point are seldom the
 * tap's own promise (`multipleOf` says nothing of them), so loads check the values instead.
 */
export function decimalForBoth(existing: DecimalType, wanted: ColumnType): DecimalType | undefined {
  const need = digitsOf(wanted);
  if (need === undefined) return undefined;
  const scale = Math.max(existing.scale, need.scale);
  const precision = Math.max(existing.precision - existing.scale, need.integral) + scale;
  if (precision <= maxPrecision) return { kind: 'decimal', precision, scale };
  return maxPrecision - scale >= int64Digits ? { kind: 'decimal', precision: maxPrecision, scale } : undefined;
}

const sameDecimal = (a: DecimalType | undefined, b: DecimalType): boolean =>
  a?.precision === b.precision && a.scale === b.scale;

function digitsOf(type: ColumnType): { readonly integral: number; readonly scale: number } | undefined {
  if (type.kind === 'bigint') return { integral: int64Digits, scale: 0 };
  return type.kind === 'decimal' ? { integral: type.precision - type.scale, scale: type.scale } : undefined;
}

/**
 * Members are matched by name as columns are; those that the table lacks come behind its own, and its own stay.
 * @returns `existing` itself when it takes all that is wanted already; undefined when it can't be made to.
 */
export function grown(existing: TableColumnType, wanted: NestedType): TableColumnType | undefined {
  if (existing.kind === 'struct' && wanted.kind === 'struct') return grownStruct(existing, wanted.fields);
  if (existing.kind !== 'array' || wanted.kind !== 'array') return undefined;
  const element = grownMember(existing.element.type, wanted.element.type);
  if (element === undefined || element === existing.element.type) return element && existing;
  return { kind: 'array', element: { type: element } };
}

/** A way in which a type differs from a wider one: a member that it lacks, or one (or itself, without a path) of another type. */
export interface Widening {
  readonly of: 'columns' | 'types';
  /** Names of members from the column on; empty for the column itself. Elements of arrays are not named. */
  readonly path: readonly string[];
}

/** @param to made of `from` by `widened` */
export function wideningsOf(
  from: TableColumnType,
  to: TableColumnType,
  path: readonly string[] = [],
): readonly Widening[] {
  if (from === to) return [];
  if (from.kind === 'array' && to.kind === 'array') return wideningsOf(from.element.type, to.element.type, path);
  if (from.kind !== 'struct' || to.kind !== 'struct') return [{ of: 'types', path }];
  return to.fields.flatMap(({ name, type }, index): readonly Widening[] => {
    const found = from.fields[index];
    const member = [...path, name];
    return found === undefined ? [{ of: 'columns', path: member }] : wideningsOf(found.type, type, member);
  });
}

type TableStruct = Extract<TableColumnType, { kind: 'struct' }>;

function grownStruct(existing: TableStruct, wanted: readonly StructField[]): TableColumnType | undefined {
  const fields = [...existing.fields];
  let isSame = true;
  for (const field of wanted) {
    const index = memberIndex(existing, field);
    const found = existing.fields[index];
    const type = found === undefined ? field.type : grownMember(found.type, field.type);
    if (type === undefined) return undefined;
    if (found === undefined) fields.push({ name: field.name, type });
    else fields[index] = { name: found.name, type };
    isSame &&= type === found?.type;
  }
  return isSame ? existing : { kind: 'struct', fields };
}

/**
 * By its name; and where somebody else has made it under its property's, which is more than we would call a member, by that.
 * -1 when there is none.
 */
export function memberIndex({ fields }: TableStruct, { name, property }: Omit<TableMember, 'type'>): number {
  const exact = fields.findIndex((field) => field.name === name);
  const fold = foldCase(name);
  const found = exact >= 0 ? exact : fields.findIndex((field) => foldCase(field.name) === fold);
  if (found >= 0 || property === undefined || isMemberName(property)) return found;
  return fields.findIndex((field) => field.name === property);
}

function grownMember(existing: TableColumnType, wanted: ColumnType): TableColumnType | undefined {
  // Only a column as a whole has its own JSON text at hand, which text columns hold.
  const isText = existing.kind === 'string' || existing.kind === 'json';
  if (isText && isNested(wanted)) return undefined;
  return accepts(existing, wanted) ? existing : widened(existing, wanted);
}
