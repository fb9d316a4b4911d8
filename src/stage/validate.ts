// `validate_records`: one compiled JSON Schema per stream version, applied to a record's bytes.
import { createRequire } from 'node:module';
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import { TargetError } from '../errors/target-error.ts';
import type { StreamVersion } from '../schema/model.ts';

/** @throws TargetError INPUT_SCHEMA_INVALID when the schema makes no sense */
export interface RecordCheck {
  /** @throws TargetError INPUT_VALUE_INVALID that names the property and the broken rule, never the value */
  assert(bytes: Buffer, start: number, end: number): void;
  /** Of a whole line. Never throws: false for whatever `assert`, or whoever reads the line, has to say more about. */
  passes(bytes: Buffer, start: number, end: number): boolean;
}

const require = createRequire(import.meta.url);

/** @returns undefined when the version's records are not to be validated. Compiles the schema, and loads ajv, at the first record. */
export function recordCheck(version: StreamVersion): RecordCheck | undefined {
  const { validate: schema, stream } = version;
  if (!schema) return undefined;
  let validate: ValidateFunction | undefined;
  const compiled = () => {
    validate ??= compiledOnce(schema as Record<string, unknown>, stream);
    return validate;
  };
  return {
    assert: (bytes, start, end) => {
      const isValid = compiled();
      if (!isValid(parse(bytes.toString('utf8', start, end)))) throw invalidRecord(isValid.errors?.[0]);
    },
    passes: (bytes, start, end) => {
      try {
        return compiled()(JSON.parse(bytes.toString('utf8', start, end)).record);
      } catch {
        return false;
      }
    },
  };
}

function invalidRecord(problem: ErrorObject | undefined): TargetError {
  const column = problem?.instancePath.split('/').slice(1).join('.') || undefined;
  const detail = `the record breaks its schema: it ${problem?.message ?? 'is invalid'}`;
  return new TargetError('INPUT_VALUE_INVALID', detail, { column });
}

/** By the schema's text: a tap that sends schemas by turns would have each compiled over and over. */
const compiled = new Map<string, ValidateFunction>();
const maxCompiled = 64;

function compiledOnce(schema: Record<string, unknown>, stream: string): ValidateFunction {
  const text = JSON.stringify(schema);
  const known = compiled.get(text);
  if (known) return known;
  const validate = compile(schema, stream);
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(text, validate);
  return validate;
}

/** Taps name a draft that they don't follow, or none: `exclusiveMinimum: true` of draft-04 comes with any `$schema`. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TargetError('INPUT_VALUE_INVALID', 'the record holds NaN or Infinity, which no JSON Schema describes');
  }
}

function compile({ $schema, ...schema }: Record<string, unknown>, stream: string): ValidateFunction {
  const named = drafts.find(([name]) => typeof $schema === 'string' && $schema.includes(name));
  let problem: unknown;
  for (const load of [named?.[1] ?? draft07, draft04]) {
    try {
      const Validator = load();
      return prepared(new Validator(options)).compile({ ...schema, type: 'object' });
    } catch (error) {
      problem ??= error;
    }
  }
  const detail = "the JSON Schema can't be compiled for validation";
  throw new TargetError('INPUT_SCHEMA_INVALID', detail, { stream }, problem);
}

const options = { strict: false, allErrors: false, validateFormats: true, logger: false } as const;
type AjvClass = new (settings: typeof options) => Ajv;
// classes, for `new` to stand before a name: TypeScript 7.0.2 writes `new (require(…)).Ajv()` without its parentheses
const draft04 = () => (require('ajv-draft-04') as typeof import('ajv-draft-04')).default as unknown as AjvClass;
const draft07 = (): AjvClass => (require('ajv') as typeof import('ajv')).Ajv;
const drafts: readonly (readonly [string, () => AjvClass])[] = [
  ['draft-04', draft04],
  ['2019-09', () => (require('ajv/dist/2019') as typeof import('ajv/dist/2019.js')).Ajv2019],
  ['2020-12', () => (require('ajv/dist/2020') as typeof import('ajv/dist/2020.js')).Ajv2020],
];

function prepared(ajv: Ajv): Ajv {
  const formats = require('ajv-formats') as typeof import('ajv-formats');
  (formats.default as unknown as (ajv: Ajv) => void)(ajv);
  // ajv's own divides doubles, so that 4.35 is no multiple of 0.01
  ajv.removeKeyword('multipleOf');
  ajv.addKeyword({ keyword: 'multipleOf', type: 'number', schemaType: 'number', validate: isMultiple });
  return ajv;
}

/** Up to the precision of a double: digits beyond a decimal's scale are refused where it is encoded, exactly. */
function isMultiple(factor: number, value: number): boolean {
  const quotient = value / factor;
  if (!Number.isFinite(quotient)) return true;
  return Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * 2 * Number.EPSILON;
}
