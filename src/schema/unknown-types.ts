// A stream's JSON Schema → types in it that no JSON Schema has, such as `integr`: their values become text, which may be a surprise.
import { cutName } from '../errors/cut-name.ts';
import { isJsonObject, listOf } from './json-schema.ts';

const knownTypes = new Set(['null', 'boolean', 'integer', 'number', 'string', 'object', 'array']);
/** Deeper schemas are not looked into. */
const maxDepth = 20;

export interface UnknownType {
  /** Names of properties, joined with dots. */
  readonly property: string;
  readonly type: string;
}

/** In the order of the schema. */
export function unknownTypes(schema: unknown): readonly UnknownType[] {
  const found: UnknownType[] = [];
  visit(schema, [], found);
  return found;
}

function visit(node: unknown, path: readonly string[], found: UnknownType[]): void {
  if (!isJsonObject(node) || path.length > maxDepth) return;
  const types = Array.isArray(node.type) ? node.type : [node.type];
  for (const type of types)
    if (typeof type === 'string' && !knownTypes.has(type)) found.push({ property: path.join('.'), type });
  for (const [name, property] of Object.entries(isJsonObject(node.properties) ? node.properties : {}))
    visit(property, [...path, name], found);
  for (const part of [node.items, ...listOf(node.anyOf), ...listOf(node.oneOf), ...listOf(node.allOf)])
    if (!Array.isArray(part)) visit(part, path, found);
}

/** For people. */
export const unknownTypeText = ({ property, type }: UnknownType): string =>
  `the schema of ${property === '' ? 'records' : `the property ${JSON.stringify(cutName(property))}`} has the type ${JSON.stringify(cutName(type))}, which JSON Schema does not know (it knows ${[...knownTypes].join(', ')}): values are kept as text`;
