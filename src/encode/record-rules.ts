// A stream's JSON Schema → the rules for its records, compiled once: for whole records, and for those that mark a delete.
import { createHash } from 'node:crypto';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { TargetError } from '../errors/target-error.ts';
import type { JsonObject } from '../schema/json-schema.ts';
import { compilableSchema } from './compilable-schema.ts';
import { type CompiledSchema, compileSchema, wholeSchema } from './json-schema-compiler.ts';
import { declaredNames, markerSchema } from './marker-schema.ts';

type JsonRecord = Record<string, unknown>;

/** What is wrong with a record; undefined when nothing is. */
export type RecordRules = (record: unknown) => ErrorObject | undefined;

/** By the schema's text: a tap that sends schemas by turns would have each compiled over and over. */
const compiled = new Map<string, RecordRules>();
const maxCompiled = 64;
/** Digests of schemas that have been compiled, be it long ago. */
const sound = new Set<string>();

/**
 * Of a schema that was compiled before nothing is done.
 * @throws TargetError INPUT_SCHEMA_INVALID that names the property and the cause
 * @throws RangeError for a schema that is nested too deeply
 */
export function assertCompiles(schema: JsonObject): void {
  const digest = createHash('sha256').update(JSON.stringify(schema)).digest('base64');
  if (sound.has(digest)) return;
  recordRules(schema);
  sound.add(digest);
}

/**
 * @throws TargetError INPUT_SCHEMA_INVALID that names the property and the cause
 * @throws RangeError for a schema that is nested too deeply
 */
export function recordRules(schema: JsonObject): RecordRules {
  const text = JSON.stringify(schema);
  const known = compiled.get(text);
  if (known) return known;
  const compilable = compilableSchema(schema);
  const made = compileSchema(compilable);
  if ('reason' in made) {
    const detail = `the JSON Schema can't be compiled for validation: ${made.reason}`;
    throw new TargetError('INPUT_SCHEMA_INVALID', detail, { column: made.column });
  }
  const rules = rulesOf(compilable, made);
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(text, rules);
  return rules;
}

/** Most records keep to the schema as it stands: what it says of fields of the protocol is only looked at for the others. */
function rulesOf(schema: JsonObject, { validate, compileBeside }: CompiledSchema): RecordRules {
  const declared = declaredNames(schema);
  let validateMarker: ValidateFunction | undefined;
  const markerRules = () => {
    // whatever type the schema gives the record, as for whole records
    validateMarker ??= compileBeside({ ...markerSchema(schema, wholeSchema), type: 'object' });
    return validateMarker;
  };
  return (record) => {
    if (validate(record)) return undefined;
    const problem = validate.errors?.[0];
    const own = ownRecord(record, declared);
    if (!own) return problem;
    const isValid = own.isMarker ? markerRules() : validate;
    return isValid(own.record) ? undefined : isValid.errors?.[0];
  };
}

/**
 * A record without the protocol's own fields, where the schema says nothing of them.
 * @returns undefined when it has none
 */
function ownRecord(
  record: unknown,
  declared: ReadonlySet<string>,
): { readonly record: JsonRecord; readonly isMarker: boolean } | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const names = Object.keys(record).filter((name) => /^_sdc_/i.test(name));
  if (names.length === 0) return undefined;
  const own: JsonRecord = { ...record };
  let isMarker = false;
  for (const name of names) {
    const value = own[name];
    const isDeletedAt = name.toLowerCase() === '_sdc_deleted_at';
    if (isDeletedAt && value !== null) isMarker = true;
    if (!declared.has(name)) delete own[name];
    // as the column takes it, see `endOfDeletedAt`
    else if (isDeletedAt && typeof value === 'string') own[name] = value.replace(/([+-]\d\d:\d\d)\1$/, '$1');
  }
  return { record: own, isMarker };
}
