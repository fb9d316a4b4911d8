// Where a record breaks its schema → a column as errors name it. Names that the schema does not declare are data: a map may
// have addresses or numbers of persons as its keys. They are shown as `*`.
import { isJsonObject, type JsonObject } from '../schema/json-schema.ts';
import { subschemas } from './schema-places.ts';

const ofMap = '*';

/** All names that stand in a `properties` of the schema. */
export function declaredProperties(schema: JsonObject): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { schema: part } of subschemas(schema))
    for (const name of Object.keys(isJsonObject(part.properties) ? part.properties : {})) names.add(name);
  return names;
}

/**
 * @param pointer a JSON pointer into the record
 * @returns undefined for the record as a whole
 */
export function columnOf(pointer: string, record: unknown, declared: ReadonlySet<string>): string | undefined {
  const shown: string[] = [];
  let value = record;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    shown.push(Array.isArray(value) || declared.has(name) ? name : ofMap);
    value = isJsonObject(value) || Array.isArray(value) ? (value as JsonObject)[name] : undefined;
  }
  return shown.join('.') || undefined;
}
