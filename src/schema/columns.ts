// JSON Schema of a stream → the columns of its table: a name, a type and the kinds of JSON value that each takes.
import { TargetError } from '../errors/target-error.ts';
import { columnNamesBeside } from './column-names.ts';
import { flattenProperties, type Leaf } from './flatten.ts';
import { isJsonObject } from './json-schema.ts';
import { asText, type Column, type ColumnType, jsonKind, metadataColumns, type ValueType } from './model.ts';
import { nestedType } from './nested-types.ts';
import { chosenType, type NumberChoice, widerNumber } from './number-type.ts';
import { type ValueSet, valueSetOf } from './value-set.ts';

export interface ColumnOptions {
  /** True when `_sdc_` metadata columns are written: then these names are not the tap's to use. */
  readonly metadata: boolean;
  /** How many levels of nested objects become columns of their own; 0 for none. */
  readonly flattenMaxLevel: number;
  /** `double` when not set. */
  readonly numberType?: NumberChoice | undefined;
  /** `json` when not set. */
  readonly nestedColumns?: NestedChoice | undefined;
  /** True where a schema that declares no columns is right, too. */
  readonly mayBeEmpty?: boolean | undefined;
}

/** What becomes of objects and arrays: JSON text, or STRUCT and ARRAY where their schema declares one shape. */
export type NestedChoice = 'json' | 'struct';

/**
 * Columns in the order of declaration. `_sdc_deleted_at`, and with metadata on the other metadata names, are not data columns.
 * @throws TargetError INPUT_SCHEMA_INVALID when no column can be made of the schema.
 */
export function columnsOf(schema: unknown, options: ColumnOptions): readonly Column[] {
  if (!isJsonObject(schema)) throw invalid('"schema" is not a JSON object');
  const reserved = reservedNames(options.metadata);
  const declared = flattenProperties(schema, options.flattenMaxLevel);
  const leaves = declared?.filter(({ path }) => !reserved.has(path[0]?.toLowerCase() ?? '')) ?? [];
  if (leaves.length === 0 && options.mayBeEmpty !== true)
    throw invalid(
      `the schema declares no properties${declared ? ' but metadata columns' : ''}: with "undeclared_fields" set to "add" columns are made by what records hold`,
    );
  const types = leaves.map((leaf) => chosenTypeOf(checked(leaf), schema, options));
  const names = columnNamesBeside(
    leaves.map((leaf) => leaf.path),
    types.map(({ type }) => type),
    reserved,
  );
  return leaves.map(({ path }, index) => ({ path, name: names[index] as string, ...(types[index] as ValueType) }));
}

/** The type of one property's column as the options choose it. @param root where `$ref` is looked up. */
export function chosenTypeOf(
  property: unknown,
  root: unknown,
  options: Pick<ColumnOptions, 'numberType' | 'nestedColumns'>,
): ValueType {
  const plain = (schema: unknown): ValueType => {
    const { type, accepts } = typeOfProperty(schema, root);
    return { type: chosenType(type, options.numberType ?? 'double'), accepts };
  };
  const nested = options.nestedColumns === 'struct' ? nestedType(property, root, plain) : undefined;
  return nested === undefined ? plain(property) : { type: nested, accepts: jsonKind.structure };
}

/** The metadata names that data columns must not take. */
export function reservedNames(metadata: boolean): ReadonlySet<string> {
  return new Set(metadata ? metadataColumns.map((column) => column.name) : ['_sdc_deleted_at']);
}

/** The type of one property's column, and the JSON kinds that it takes. @param root where `$ref` is looked up. */
export function typeOfProperty(schema: unknown, root: unknown): ValueType {
  const set = valueSetOf(schema, root);
  const accepts = kindsOf(set);
  // Taps put JSON text into object columns and arrays into object columns: a JSON column takes whatever comes.
  if (set.object || set.array || accepts === 0) return { type: { kind: 'json' }, accepts: allKinds };
  const type = scalarType(set);
  const isPlainText = type.kind === 'string' && accepts === jsonKind.string && set.anyText;
  return { type, accepts: isPlainText ? accepts | asText : accepts };
}

const allKinds = jsonKind.number | jsonKind.boolean | jsonKind.string | jsonKind.structure;

function kindsOf(set: ValueSet): number {
  return (
    (set.number ? jsonKind.number : 0) |
    (set.boolean ? jsonKind.boolean : 0) |
    (set.string ? jsonKind.string : 0) |
    (set.object || set.array ? jsonKind.structure : 0)
  );
}

function scalarType({ boolean, number, string }: ValueSet): ColumnType {
  const text = { kind: 'string' } as const;
  if (boolean) return number || string ? text : { kind: 'boolean' };
  if (!number) return string ?? text;
  if (!string) return number;
  return string.kind === 'decimal' && number.kind !== 'double' ? widerNumber(number, string) : text;
}

function checked({ path, schema }: Leaf): unknown {
  if (isJsonObject(schema) || typeof schema === 'boolean') return schema;
  throw invalid('the schema of this property is neither an object nor a boolean', path.join('.'));
}

function invalid(detail: string, column?: string): TargetError {
  return new TargetError('INPUT_SCHEMA_INVALID', detail, { column });
}
