// A type that a table has, and one that is wanted → whether the first takes all values of the second, or what does for both.
import { type ColumnType, isNested, type NestedType, type PlainType, type StructField } from './model.ts';
import { foldCase } from './name-case.ts';
import { int64Digits, maxPrecision } from './number-type.ts';

/** A type as it is found in a table. `other`: none of ours; `sql` is its name there, such as `int` or `array<string>`. */
export type TableColumnType =
  | PlainType
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly type: TableColumnType }[] }
  | { readonly kind: 'array'; readonly element: { readonly type: TableColumnType } }
  | { readonly kind: 'other'; readonly sql: string };

/** Whether a column of the first type holds every value of the second as it is. */
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
    case 'decimal': {
      const need = digitsOf(wanted);
      return need !== undefined && need.scale <= existing.scale && need.integral <= existing.precision - existing.scale;
    }
    case 'other':
      return false;
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
    const need = digitsOf(wanted);
    const precision = Math.max(need?.integral ?? 0, existing.precision - existing.scale) + existing.scale;
    const fits = need !== undefined && need.scale <= existing.scale && precision <= maxPrecision;
    return fits ? { kind: 'decimal', precision, scale: existing.scale } : undefined;
  }
  if (existing.kind !== 'other') return undefined;
  const wider = promotions.get(existing.sql.trim().toLowerCase());
  return wider !== undefined && accepts(wider, wanted) ? wider : undefined;
}

/** The same for a key, which must stay the key that it is: the 0.1 of a FLOAT is another number as a DOUBLE. */
export function widenedKey(existing: TableColumnType, wanted: ColumnType): TableColumnType | undefined {
  const wider = widened(existing, wanted);
  return wider?.kind === 'double' && wanted.kind !== 'bigint' ? undefined : wider;
}

const promotions: ReadonlyMap<string, ColumnType> = new Map<string, ColumnType>([
  ['tinyint', { kind: 'bigint' }],
  ['smallint', { kind: 'bigint' }],
  ['int', { kind: 'bigint' }],
  ['integer', { kind: 'bigint' }],
  ['real', { kind: 'double' }],
  ['float', { kind: 'double' }],
]);

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
    const index = memberIndex(existing, field.name);
    const found = existing.fields[index];
    const type = found === undefined ? field.type : grownMember(found.type, field.type);
    if (type === undefined) return undefined;
    if (found === undefined) fields.push({ name: field.name, type });
    else fields[index] = { name: found.name, type };
    isSame &&= type === found?.type;
  }
  return isSame ? existing : { kind: 'struct', fields };
}

/** -1 when there is none. */
export function memberIndex({ fields }: TableStruct, name: string): number {
  const exact = fields.findIndex((field) => field.name === name);
  const fold = foldCase(name);
  return exact >= 0 ? exact : fields.findIndex((field) => foldCase(field.name) === fold);
}

function grownMember(existing: TableColumnType, wanted: ColumnType): TableColumnType | undefined {
  // Only a column as a whole has its own JSON text at hand, which text columns hold.
  const isText = existing.kind === 'string' || existing.kind === 'json';
  if (isText && isNested(wanted)) return undefined;
  return accepts(existing, wanted) ? existing : widened(existing, wanted);
}
