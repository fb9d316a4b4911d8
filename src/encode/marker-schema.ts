// A stream's JSON Schema → what is left of it for a record that only marks a delete: rules about the values that it carries.
import { isJsonObject, type JsonObject, listOf, resolveRef } from '../schema/json-schema.ts';

/** Rules that ask for more than a marker carries, and what speaks about the schema instead of the record. */
const dropped = new Set([
  ...['required', 'minProperties', 'dependentRequired', 'not'],
  ...['$schema', '$id', 'id', '$anchor', '$dynamicAnchor', '$recursiveAnchor', 'definitions', '$defs'],
]);
/** Rules about values below the record. */
const below = new Set(['additionalProperties', 'unevaluatedProperties', 'propertyNames', 'if']);

/**
 * The schema's own rules are referred to where they are about values, so that their references lead where they did.
 * Of `oneOf` more than one may apply: often only what is required tells the alternatives apart.
 * @param whole what the schema is called
 */
export function markerSchema(schema: JsonObject, whole: string): JsonObject {
  const definitions: unknown[] = [];
  const root = relaxed(schema, `${whole}#`, { schema, whole, definitions, places: new Map() }) as JsonObject;
  return { ...root, definitions: { ...definitions } };
}

interface Walk {
  readonly schema: JsonObject;
  readonly whole: string;
  /** What references of the record itself lead to, relaxed like the schema. */
  readonly definitions: unknown[];
  /** By reference: an index into `definitions`. */
  readonly places: Map<unknown, number>;
}

function relaxed(node: unknown, place: string, walk: Walk): unknown {
  if (!isJsonObject(node)) return node;
  const rules: Record<string, unknown> = {};
  const all: unknown[] = [];
  for (const [keyword, value] of Object.entries(node)) {
    const at = `${place}/${pointerToken(keyword)}`;
    const inner = (part: unknown, token: string | number) => relaxed(part, `${at}/${pointerToken(token)}`, walk);
    if (dropped.has(keyword)) continue;
    if (keyword === '$ref') all.push(referred(value, walk));
    else if (keyword === 'allOf') all.push(...listOf(value).map(inner));
    else if (keyword === 'anyOf' || keyword === 'oneOf') all.push({ anyOf: listOf(value).map(inner) });
    else if (keyword === 'then' || keyword === 'else') rules[keyword] = relaxed(value, at, walk);
    else if (keyword === 'properties' || keyword === 'patternProperties') rules[keyword] = mapped(value, at, reference);
    else if (keyword === 'dependentSchemas') rules[keyword] = mapped(value, at, (part, to) => relaxed(part, to, walk));
    // lists of names are what draft 2019-09 calls `dependentRequired`
    else if (keyword === 'dependencies')
      rules[keyword] = mapped(value, at, (part, to) => (Array.isArray(part) ? true : relaxed(part, to, walk)));
    else rules[keyword] = below.has(keyword) ? reference(value, at) : value;
  }
  return all.length > 0 ? { ...rules, allOf: all } : rules;
}

function referred(ref: unknown, walk: Walk): unknown {
  const { definitions, places, schema, whole } = walk;
  const target = resolveRef(ref, schema);
  if (target === undefined) return {};
  if (!places.has(ref)) {
    // before the target is looked at, which may refer to itself
    const place = definitions.push({}) - 1;
    places.set(ref, place);
    definitions[place] = relaxed(target, `${whole}${ref}`, walk);
  }
  return { $ref: `#/definitions/${places.get(ref)}` };
}

const reference = (value: unknown, place: string): unknown => (isJsonObject(value) ? { $ref: place } : value);

function mapped(value: unknown, place: string, part: (value: unknown, place: string) => unknown): unknown {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, part(inner, `${place}/${pointerToken(name)}`)]),
  );
}

const pointerToken = (name: string | number): string =>
  encodeURIComponent(String(name).replaceAll('~', '~0').replaceAll('/', '~1'));

/** Names that the schema says something of, at the record's root. */
export function declaredNames(schema: JsonObject): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<unknown>();
  const open: unknown[] = [schema];
  while (open.length > 0) {
    const node = open.pop();
    if (!isJsonObject(node) || seen.has(node)) continue;
    seen.add(node);
    const { properties, required, $ref, dependentSchemas } = node;
    for (const name of [...Object.keys(isJsonObject(properties) ? properties : {}), ...listOf(required)])
      if (typeof name === 'string') names.add(name);
    open.push(...[node.allOf, node.anyOf, node.oneOf].flatMap(listOf), node.if, node.then, node.else);
    open.push(resolveRef($ref, schema), ...Object.values(isJsonObject(dependentSchemas) ? dependentSchemas : {}));
  }
  return names;
}
