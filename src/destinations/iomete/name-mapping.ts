// A table's `schema.name-mapping.default`: which column is meant by which name in files that know no field ids, as
// migrated and added files don't. Iceberg gives each new column's name to it, and takes the name from whichever had it.
import { TargetError } from '../../errors/target-error.ts';

export const nameMappingProperty = 'schema.name-mapping.default';

interface MappedField {
  readonly 'field-id'?: number;
  readonly names: readonly string[];
  readonly fields?: readonly MappedField[];
}

export type NameMapping = readonly MappedField[];

/** @throws TargetError TABLE_NAME_MAPPING */
export function readNameMapping(text: string): NameMapping {
  try {
    const mapping: unknown = JSON.parse(text);
    if (Array.isArray(mapping) && mapping.every(isField)) return mapping;
  } catch {
    // told below
  }
  throw new TargetError('TABLE_NAME_MAPPING', `the table's property "${nameMappingProperty}" can't be read`);
}

function isField(value: unknown): value is MappedField {
  const { names, fields = [] } = (value ?? {}) as Partial<Record<keyof MappedField, unknown>>;
  return Array.isArray(names) && Array.isArray(fields) && fields.every(isField);
}

/** Undefined where no file without field ids can hold the column. @param path of names, from the column on */
export function mappedField(mapping: NameMapping, path: readonly string[]): MappedField | undefined {
  const [name, ...rest] = path;
  const found = mapping.find(({ names }) => names.includes(name!));
  return rest.length === 0 || found === undefined ? found : mappedField(found.fields ?? [], rest);
}

/** Whether the name is one of those of a field that another column may be. @param names of all columns of the table */
export function sharesField(mapping: NameMapping, name: string, names: readonly string[]): boolean {
  const known = mappedField(mapping, [name])?.names ?? [];
  return names.some((other) => other !== name && known.includes(other));
}

/** The mapping in which no file holds the column. */
export function withoutField(mapping: NameMapping, path: readonly string[]): NameMapping {
  const [name, ...rest] = path;
  return mapping.flatMap((field) => {
    if (!field.names.includes(name!)) return [field];
    return rest.length === 0 ? [] : [{ ...field, fields: withoutField(field.fields ?? [], rest) }];
  });
}
