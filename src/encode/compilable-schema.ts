// A JSON Schema as taps write it → the same rules in a form that ajv applies to every record, at once.
import { isJsonObject, type JsonObject } from '../schema/json-schema.ts';

/** Keywords that hold subschemas by name: their members are names, not keywords. */
const byName = new Set(['properties', 'patternProperties', 'definitions', '$defs', 'dependencies', 'dependentSchemas']);
/** Keywords that hold values. */
const ofValues = new Set(['const', 'enum', 'default', 'examples']);

/** A property like any other in a record; ajv applies no rule to it. */
const proto = '__proto__';

/**
 * - Without `$async`, by which ajv would answer with a promise.
 * - Rules for a property `__proto__` as those of a pattern: ajv leaves out the property.
 *
 * @throws RangeError for a schema that is nested too deeply
 */
export function compilableSchema(schema: JsonObject): JsonObject {
  return withProtoRules(
    Object.fromEntries(
      Object.entries(schema)
        .filter(([keyword]) => keyword !== '$async')
        .map(([keyword, value]) => [keyword, ofKeyword(keyword, value)]),
    ),
  );
}

function ofKeyword(keyword: string, value: unknown): unknown {
  if (ofValues.has(keyword)) return value;
  if (!byName.has(keyword) || !isJsonObject(value)) return part(value);
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, part(schema)]));
}

function part(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(part);
  return isJsonObject(value) ? compilableSchema(value) : value;
}

function withProtoRules(schema: JsonObject): JsonObject {
  const { properties, patternProperties } = schema;
  if (!isJsonObject(properties) || !Object.hasOwn(properties, proto)) return schema;
  const others = isJsonObject(patternProperties) ? patternProperties : {};
  return { ...schema, patternProperties: { ...others, [`^${proto}$`]: properties[proto] } };
}
