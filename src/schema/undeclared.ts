// A field that no SCHEMA declares → the narrowest column that holds its values so far without changing one of them.
import { accepts } from './evolve.ts';
import { type Column, type ColumnType, jsonKind, type UndeclaredRule } from './model.ts';
import { chosenType } from './number-type.ts';

export type Shape = Pick<Column, 'type' | 'accepts'>;

/** A field that gets a column, or another type for the column that it has. */
export interface FoundField extends Shape {
  readonly path: readonly string[];
}

/** A value of the field: its kind, and which columns hold it exactly. */
export interface FieldValue {
  /** A bit of {@link jsonKind}. */
  readonly kind: number;
  /** True for a number without fraction and exponent. */
  readonly isInteger: boolean;
  fits(type: ColumnType): boolean;
}

const allKinds = jsonKind.number | jsonKind.boolean | jsonKind.string | jsonKind.structure;
const text: Shape = { type: { kind: 'string' }, accepts: allKinds };

/**
 * @param current the column that the field has; undefined for none.
 * @returns `current` itself where it holds the value; else one that holds all that `current` does, and the value.
 */
export function shapeFor(value: FieldValue, current: Shape | undefined, numbers: UndeclaredRule['numbers']): Shape {
  if (current !== undefined && (current.accepts & value.kind) !== 0 && value.fits(current.type)) return current;
  if (current === undefined && value.kind === jsonKind.boolean)
    return { type: { kind: 'boolean' }, accepts: value.kind };
  if (current === undefined && value.kind === jsonKind.structure) return { type: { kind: 'json' }, accepts: allKinds };
  if (value.kind !== jsonKind.number) return text;
  const undeclared = chosenType({ kind: 'double' }, numbers);
  const whole: ColumnType[] = [{ kind: 'bigint' }, { kind: 'decimal', precision: 38, scale: 0 }];
  const types = value.isInteger ? [...whole, undeclared] : [undeclared];
  const type = types.find((wider) => value.fits(wider) && (current === undefined || accepts(wider, current.type)));
  return type === undefined || type.kind === 'string' ? text : { type, accepts: value.kind };
}

/** A key is identity: the type of its first value is the type of all, and other kinds of value are refused. */
export function keyShapeFor(value: FieldValue, numbers: UndeclaredRule['numbers']): Shape {
  return { type: shapeFor(value, undefined, numbers).type, accepts: value.kind };
}
