// JSON Schema of one property → the set of values that it declares, coarse enough to choose a column for.
import { isJsonObject, type JsonObject, listOf, maxSchemaDepth, resolveRef } from './json-schema.ts';
import type { ColumnType } from './model.ts';
import {
  type DecimalType,
  decimalHint,
  fitsInt64,
  integerType,
  type NumberType,
  narrowerNumber,
  numberType,
  widerNumber,
} from './number-type.ts';

/** What a declared string holds. */
type StringType = DecimalType | { readonly kind: 'string' | 'timestamp' | 'date' };

/** Null is in every set, so it is not said. */
export interface ValueSet {
  readonly boolean: boolean;
  readonly object: boolean;
  readonly array: boolean;
  readonly number: NumberType | undefined;
  readonly string: StringType | undefined;
  /** True when a string may be any text: no format makes it a time. */
  readonly anyText: boolean;
}

const nothing: ValueSet = {
  boolean: false,
  object: false,
  array: false,
  number: undefined,
  string: undefined,
  anyText: false,
};
const anything: ValueSet = {
  boolean: true,
  object: true,
  array: true,
  number: { kind: 'double' },
  string: { kind: 'string' },
  anyText: true,
};

/**
 * Draft-04 to 2020-12 alike. What says nothing about its type, and what is not understood, is read as "anything".
 * @param root where `$ref` is looked up.
 */
export function valueSetOf(schema: unknown, root: unknown): ValueSet {
  return read(schema, { root, known: new Map() }, 0);
}

interface Reading {
  readonly root: unknown;
  readonly known: Map<JsonObject, ValueSet>;
}

function read(schema: unknown, reading: Reading, depth: number): ValueSet {
  if (!isJsonObject(schema) || depth > maxSchemaDepth) return anything;
  const known = reading.known.get(schema);
  if (known) return known;
  // Met again while it is still being read, a recursive schema adds nothing.
  reading.known.set(schema, nothing);
  const set = readCombined(schema, (part) => read(part, reading, depth + 1), reading.root);
  reading.known.set(schema, set);
  return set;
}

function readCombined(schema: JsonObject, readPart: (part: unknown) => ValueSet, root: unknown): ValueSet {
  let set = declaredSet(schema);
  if (schema.$ref !== undefined) set = intersect(set, readPart(resolveRef(schema.$ref, root)));
  for (const part of listOf(schema.allOf)) set = intersect(set, readPart(part));
  for (const branches of [listOf(schema.anyOf), listOf(schema.oneOf)]) {
    if (branches.length > 0) set = intersect(set, branches.map(readPart).reduce(unite));
  }
  return set;
}

function declaredSet(schema: JsonObject): ValueSet {
  if (schema.type !== undefined) {
    const names = Array.isArray(schema.type) ? schema.type : [schema.type];
    return names.length === 0 ? anything : names.map((name) => namedSet(name, schema)).reduce(unite);
  }
  if (schema.const !== undefined) return setOfValue(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map(setOfValue).reduce(unite, nothing);
  if (schema.properties !== undefined) return { ...nothing, object: true };
  if (schema.items !== undefined) return { ...nothing, array: true };
  return { ...anything, number: numberType(schema), string: stringType(schema), anyText: saysAnyText(schema) };
}

function namedSet(name: unknown, schema: JsonObject): ValueSet {
  switch (name) {
    case 'null':
      return nothing;
    case 'boolean':
      return { ...nothing, boolean: true };
    case 'integer':
      return { ...nothing, number: integerType(schema) };
    case 'number':
      return { ...nothing, number: numberType(schema) };
    case 'string':
      return { ...nothing, string: stringType(schema), anyText: saysAnyText(schema) };
    case 'object':
      return { ...nothing, object: true };
    case 'array':
      return { ...nothing, array: true };
    default:
      return anything;
  }
}

function stringType(schema: JsonObject): StringType {
  if (schema.contentEncoding !== undefined) return { kind: 'string' };
  switch (schema.format) {
    case 'date-time':
      return { kind: 'timestamp' };
    case 'date':
      return { kind: 'date' };
    case 'singer.decimal':
    case 'x-singer.decimal':
      return decimalHint(schema) ?? { kind: 'string' };
    default:
      return { kind: 'string' };
  }
}

const timeFormats: ReadonlySet<unknown> = new Set(['date-time', 'date', 'time']);
const saysAnyText = ({ format }: JsonObject): boolean => !timeFormats.has(format);

function setOfValue(value: unknown): ValueSet {
  switch (typeof value) {
    case 'boolean':
      return { ...nothing, boolean: true };
    case 'string':
      return { ...nothing, string: { kind: 'string' }, anyText: true };
    case 'number':
      return { ...nothing, number: typeOfNumber(value) };
    case 'object':
      return value === null ? nothing : { ...nothing, array: Array.isArray(value), object: !Array.isArray(value) };
    default:
      return anything;
  }
}

function typeOfNumber(value: number): NumberType {
  if (!Number.isInteger(value)) return { kind: 'double' };
  return fitsInt64(value) ? { kind: 'bigint' } : { kind: 'decimal', precision: 38, scale: 0 };
}

function unite(a: ValueSet, b: ValueSet): ValueSet {
  return {
    boolean: a.boolean || b.boolean,
    object: a.object || b.object,
    array: a.array || b.array,
    number: a.number && b.number ? widerNumber(a.number, b.number) : (a.number ?? b.number),
    string: a.string && b.string ? widerString(a.string, b.string) : (a.string ?? b.string),
    anyText: a.anyText || b.anyText,
  };
}

function intersect(a: ValueSet, b: ValueSet): ValueSet {
  return {
    boolean: a.boolean && b.boolean,
    object: a.object && b.object,
    array: a.array && b.array,
    number: a.number && b.number && narrowerNumber(a.number, b.number),
    string: a.string && b.string && (a.string.kind === 'string' ? b.string : a.string),
    anyText: a.anyText && b.anyText,
  };
}

function widerString(a: StringType, b: StringType): StringType {
  if (a.kind === 'decimal' && b.kind === 'decimal') return decimalOrString(widerNumber(a, b));
  if (a.kind === b.kind) return a;
  const kinds: ReadonlySet<ColumnType['kind']> = new Set([a.kind, b.kind]);
  return kinds.has('timestamp') && kinds.has('date') ? { kind: 'timestamp' } : { kind: 'string' };
}

function decimalOrString(type: NumberType): StringType {
  return type.kind === 'decimal' ? type : { kind: 'string' };
}
