// Where a record breaks its schema → a column as errors name it. Names that the schema does not declare are data: a map may
// have addresses or numbers of persons as its keys. They are shown as `*`.
import { isJsonObject, type JsonObject } from '../schema/json-schema.ts';

const ofMap = '*';

/** All names that stand in a `properties` of the schema, also in parts that only a reference leads to. */
export function declaredProperties(schema: JsonObject): ReadonlySet<string> {
  const names = new Set<string>();
  const open: unknown[] = [schema];
  while (open.length > 0) {
    const part = open.pop();
    if (typeof part !== 'object' || part === null) continue;
    if (isJsonObject(part) && isJsonObject(part.properties))
      for (const name of Object.keys(part.properties)) names.add(name);
    for (const inner of Object.values(part)) open.push(inner);
  }
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
