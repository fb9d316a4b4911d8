// Root JSON Schema → the properties that become columns: nested objects are taken apart down to a level, as
// `data_flattening_max_level` asks; what lies deeper stays one JSON column.
import { TargetError } from '../errors/target-error.ts';
import { isJsonObject, type JsonObject, listOf, maxSchemaDepth, resolveRef } from './json-schema.ts';
import { type ValueSet, valueSetOf } from './value-set.ts';

/** References that meet again and again make millions of columns of a small schema. */
const maxParts = 20_000;

export interface Leaf {
  /** Property names from the record's root. */
  readonly path: readonly string[];
  readonly schema: unknown;
}

/** An object that is taken apart. */
export type FlattenedObject = Leaf;

/**
 * An object is taken apart only when nothing but an object (or null) is declared for it, and its properties are: an array
 * or a string in the same place would have no column to go to.
 * @param maxLevel 0: nothing is taken apart.
 * @returns leaves in the order of declaration; undefined when the root declares no properties.
 * @throws TargetError INPUT_SCHEMA_INVALID for a schema of which more would come than any table has
 */
export function flattenProperties(root: unknown, maxLevel: number): readonly Leaf[] | undefined {
  return partsOf(root, maxLevel)?.filter(({ isTakenApart }) => !isTakenApart);
}

/** The objects that {@link flattenProperties} takes apart: outer ones first, the root not among them. */
export function flattenedObjects(root: unknown, maxLevel: number): readonly FlattenedObject[] {
  return partsOf(root, maxLevel)?.filter(({ isTakenApart }) => isTakenApart) ?? [];
}

interface Part extends Leaf {
  readonly isTakenApart?: true;
}

function partsOf(root: unknown, maxLevel: number): readonly Part[] | undefined {
  const followed = new Set<unknown>([root]);
  const properties = propertiesOf(root, { root, followed }, 0);
  return properties && partsOfObject(properties, [], { root, followed, count: { parts: 0 } }, maxLevel);
}

interface Place {
  readonly root: unknown;
  /** Schemas already entered on the way here: a recursive schema is not taken apart a second time. */
  readonly followed: Set<unknown>;
}

interface Counted extends Place {
  /** Of the whole schema, so far. */
  readonly count: { parts: number };
}

type Properties = ReadonlyMap<string, unknown>;

function partsOfObject(properties: Properties, path: readonly string[], place: Counted, levels: number): Part[] {
  place.count.parts += properties.size;
  if (path.length > 0 && place.count.parts > maxParts)
    throw new TargetError(
      'INPUT_SCHEMA_INVALID',
      `flattening makes more than ${maxParts} columns of the schema: set "data_flattening_max_level" lower`,
    );
  return [...properties].flatMap(([name, schema]) => {
    const here = [...path, name];
    const inner = { ...place, followed: new Set(place.followed) };
    const nested =
      levels > 0 && path.length < maxSchemaDepth && isObjectOnly(valueSetOf(schema, place.root))
        ? propertiesOf(schema, inner, 0)
        : undefined;
    if (nested === undefined) return [{ path: here, schema }];
    return [{ path: here, schema, isTakenApart: true }, ...partsOfObject(nested, here, inner, levels - 1)];
  });
}

function isObjectOnly(set: ValueSet): boolean {
  return set.object && !set.array && !set.boolean && !set.number && !set.string;
}

/** The properties that a schema declares, its references and combinators included; undefined when there are none. */
function propertiesOf(schema: unknown, place: Place, depth: number): Properties | undefined {
  if (!isJsonObject(schema) || depth > maxSchemaDepth) return undefined;
  const parts = [
    ownProperties(schema),
    referencedProperties(schema, place, depth),
    ...listOf(schema.allOf).map((part) => propertiesOf(part, place, depth + 1)),
    alternativeProperties(listOf(schema.anyOf), place, depth),
    alternativeProperties(listOf(schema.oneOf), place, depth),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : mergeBy('allOf', parts);
}

function ownProperties(schema: JsonObject): Properties | undefined {
  const entries = isJsonObject(schema.properties) ? Object.entries(schema.properties) : [];
  return entries.length === 0 ? undefined : new Map(entries);
}

function referencedProperties(schema: JsonObject, place: Place, depth: number): Properties | undefined {
  const target = resolveRef(schema.$ref, place.root);
  if (target === undefined || place.followed.has(target)) return undefined;
  place.followed.add(target);
  return propertiesOf(target, place, depth + 1);
}

/** Undefined as soon as one alternative is an object without declared properties: its values would have no column. */
function alternativeProperties(branches: readonly unknown[], place: Place, depth: number): Properties | undefined {
  const objects = branches.filter((branch) => valueSetOf(branch, place.root).object);
  const parts = objects.map((branch) => propertiesOf(branch, place, depth + 1)).filter((part) => part !== undefined);
  return parts.length === 0 || parts.length < objects.length ? undefined : mergeBy('anyOf', parts);
}

function mergeBy(combinator: 'allOf' | 'anyOf', parts: readonly Properties[]): Properties {
  const merged = new Map<string, unknown[]>();
  for (const part of parts) {
    for (const [name, schema] of part) {
      const schemas = merged.get(name);
      if (schemas) schemas.push(schema);
      else merged.set(name, [schema]);
    }
  }
  return new Map([...merged].map(([name, all]) => [name, all.length === 1 ? all[0] : { [combinator]: all }]));
}
