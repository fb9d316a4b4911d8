// A JSON Schema → its subschemas, each with the property that it is of: how errors name a place in a schema.
import { isJsonObject, type JsonObject } from '../schema/json-schema.ts';

export interface Subschema {
  readonly schema: JsonObject;
  /** As errors name columns; undefined for the schema as a whole. */
  readonly column: string | undefined;
}

/** A place in a subschema: one of its keywords. */
export interface Place {
  readonly column: string | undefined;
  readonly keyword: string | undefined;
  readonly value: unknown;
}

/** Keywords that hold subschemas by name, and how a name leads on from the property around it. */
const byName: Readonly<Record<string, (column: string, name: string) => string>> = {
  properties: (column, name) => (column === '' ? name : `${column}.${name}`),
  patternProperties: (column, name) => (column === '' ? name : `${column}.${name}`),
  definitions: (_, name) => `#/definitions/${name}`,
  $defs: (_, name) => `#/$defs/${name}`,
  dependencies: (column) => column,
  dependentSchemas: (column) => column,
};
/** Keywords that hold a subschema or a list of them, of the elements of an array. */
const ofElements = new Set(['items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'contains']);
/** And of the same value or of its properties. */
const others = new Set([
  ...['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'],
  ...['additionalProperties', 'unevaluatedProperties', 'propertyNames'],
]);

/** The schema itself first, and each before what is in it. */
export function* subschemas(root: JsonObject): Generator<Subschema> {
  const open: { schema: unknown; column: string }[] = [{ schema: root, column: '' }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { schema, column } = next;
    if (!isJsonObject(schema)) continue;
    yield { schema, column: column || undefined };
    const inner = Object.entries(schema).flatMap(([keyword, value]) => innerSchemas(keyword, value, column));
    open.push(...inner.reverse());
  }
}

function innerSchemas(keyword: string, value: unknown, column: string): { schema: unknown; column: string }[] {
  const step = ownEntry(byName, keyword);
  if (step && isJsonObject(value))
    return Object.entries(value).map(([name, schema]) => ({ schema, column: step(column, name) }));
  if (!ofElements.has(keyword) && !others.has(keyword)) return [];
  return [value].flat().map((schema) => ({ schema, column: columnWithin(keyword, column) }));
}

const columnWithin = (keyword: string, column: string): string => (ofElements.has(keyword) ? `${column}[]` : column);

/** @param pointer a JSON pointer into the schema, as the compiler's errors have it */
export function placeOf(root: JsonObject, pointer: string): Place {
  const tokens = pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  let schema: unknown = root;
  let column = '';
  for (let at = 0; at < tokens.length; ) {
    const keyword = tokens[at++]!;
    const value = memberOf(schema, keyword);
    const step = ownEntry(byName, keyword);
    const isList = Array.isArray(value);
    const isInner = step || isList ? at < tokens.length : true;
    if (!isInner || !(step || ofElements.has(keyword) || others.has(keyword)))
      return { column: column || undefined, keyword, value };
    if (step) column = step(column, tokens[at]!);
    else column = columnWithin(keyword, column);
    schema = step || isList ? memberOf(value, tokens[at++]!) : value;
  }
  return { column: column || undefined, keyword: undefined, value: schema };
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as JsonObject)[key]
    : undefined;
}

function ownEntry<T>(entries: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}
