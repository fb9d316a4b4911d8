// An error of the JSON Schema compiler → where in the schema the cause stands, and what it is, in words for a person.
import type { ErrorObject } from 'ajv';
import { isJsonObject, type JsonObject } from '../schema/json-schema.ts';
import { patternProblem } from './schema-pattern.ts';
import { type Place, placeOf, subschemas } from './schema-places.ts';

/** Why a schema can't be compiled. */
export interface SchemaFault {
  /** The property, as errors name columns; undefined for the schema as a whole. */
  readonly column: string | undefined;
  readonly keyword: string | undefined;
  readonly reason: string;
}

const maxReasonLength = 200;

/** @param errors what the draft's own schema says of this one; only then is it what the compiler ended with */
export function schemaFault(
  schema: JsonObject,
  error: unknown,
  errors: readonly Partial<ErrorObject>[] | undefined,
): SchemaFault {
  const [first] = errors ?? [];
  if (first?.instancePath !== undefined) return brokenRule(placeOf(schema, first.instancePath), first.message);
  const { missingRef, message = '' } = error as { readonly missingRef?: string; readonly message?: string };
  return (
    (missingRef === undefined ? badPattern(schema) : badReference(schema, missingRef)) ?? {
      column: undefined,
      keyword: undefined,
      reason: message.slice(0, maxReasonLength),
    }
  );
}

/** Of a keyword that another draft has in another form: that draft's own fault says more. */
export const isOfOtherDraft = ({ keyword }: SchemaFault): boolean =>
  keyword === 'exclusiveMinimum' || keyword === 'exclusiveMaximum';

function brokenRule({ column, keyword, value }: Place, message = 'is invalid'): SchemaFault {
  const reason = knownReason(keyword, value) ?? `${keyword === undefined ? 'it' : quoted(keyword)} ${message}`;
  return { column, keyword, reason };
}

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

function knownReason(keyword: string | undefined, value: unknown): string | undefined {
  if (keyword === 'required' && typeof value === 'boolean')
    return `"required" is ${value}, as draft-03 has it: list the property in "required" of the object around it`;
  if (keyword === 'pattern' && typeof value === 'string') return patternProblem(value);
  if (keyword === 'patternProperties' && isJsonObject(value)) return firstProblem(Object.keys(value));
  if (keyword !== 'type') return undefined;
  const unknown = [value].flat().find((name) => typeof name === 'string' && !types.includes(name));
  return unknown === undefined ? undefined : `"type" is ${quoted(unknown)}, which is none of ${types.join(', ')}`;
}

function badPattern(schema: JsonObject): SchemaFault | undefined {
  for (const { column, schema: part } of subschemas(schema)) {
    const { pattern, patternProperties } = part;
    const own = typeof pattern === 'string' ? patternProblem(pattern) : undefined;
    if (own !== undefined) return { column, keyword: 'pattern', reason: own };
    const reason = isJsonObject(patternProperties) ? firstProblem(Object.keys(patternProperties)) : undefined;
    if (reason !== undefined) return { column, keyword: 'patternProperties', reason };
  }
  return undefined;
}

function firstProblem(patterns: readonly string[]): string | undefined {
  for (const pattern of patterns) {
    const problem = patternProblem(pattern);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** @param missing the reference as the compiler resolved it, perhaps against an `$id` */
function badReference(schema: JsonObject, missing: string): SchemaFault | undefined {
  const named = [...subschemas(schema)].filter(({ schema: { $ref } }) => typeof $ref === 'string');
  const found =
    named.find(({ schema: { $ref } }) => $ref === missing) ??
    named.find(({ schema: { $ref } }) => missing.endsWith($ref as string));
  return {
    column: found?.column,
    keyword: '$ref',
    reason: `"$ref" leads to ${quoted(found?.schema.$ref ?? missing)}, which is not in the schema of this message`,
  };
}

const quoted = (value: unknown): string => JSON.stringify(String(value).slice(0, maxReasonLength));
