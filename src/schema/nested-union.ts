// Two structs, or arrays, that schemas of one stream ask for by turns → one that holds the values of both.
import { accepts } from './evolve.ts';
import type { ArrayType, ColumnType, StructField, StructType, ValueType } from './model.ts';
import { foldCase } from './name-case.ts';

/** Members of `a` come first, under their names. @returns undefined where no one type holds the values of both. */
export function unitedType(a: ColumnType, b: ColumnType): ColumnType | undefined {
  if (a.kind === 'struct' && b.kind === 'struct') return unitedStruct(a, b);
  if (a.kind === 'array' && b.kind === 'array') return unitedArray(a, b);
  if (accepts(a, b)) return a;
  return accepts(b, a) ? b : undefined;
}

function unitedArray(a: ArrayType, b: ArrayType): ArrayType | undefined {
  const element = unitedValue(a.element, b.element);
  return element && { kind: 'array', element };
}

function unitedStruct(a: StructType, b: StructType): StructType | undefined {
  const fields = a.fields.map((field): StructField | undefined => {
    const other = b.fields.find(({ property }) => property === field.property);
    const value = other === undefined ? field : unitedValue(field, other);
    return value && { ...field, ...value };
  });
  const properties = new Set(a.fields.map(({ property }) => property));
  fields.push(...b.fields.filter(({ property }) => !properties.has(property)));
  if (!fields.every((field) => field !== undefined)) return undefined;
  const names = new Set(fields.map(({ name }) => foldCase(name)));
  return names.size === fields.length ? { kind: 'struct', fields } : undefined;
}

function unitedValue(a: ValueType, b: ValueType): ValueType | undefined {
  const type = unitedType(a.type, b.type);
  return type && { type, accepts: a.accepts | b.accepts };
}
