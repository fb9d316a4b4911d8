// `validate_records`: one compiled JSON Schema per stream version, applied to a record's bytes.
import { createRequire } from 'node:module';
import { TargetError } from '../errors/target-error.ts';
import type { StreamVersion } from '../schema/model.ts';

/** Throws TargetError INPUT_VALUE_INVALID that names the property and the broken rule, never the value. */
export type RecordCheck = (bytes: Buffer, start: number, end: number) => void;

const require = createRequire(import.meta.url);

/** @returns undefined when the version's records are not to be validated. Loads ajv only then. */
export function recordCheck(version: StreamVersion): RecordCheck | undefined {
  if (!version.validate) return undefined;
  const validate = compile(version.validate, version.stream);
  return (bytes, start, end) => {
    if (validate(JSON.parse(bytes.toString('utf8', start, end)))) return;
    const problem = validate.errors?.[0];
    const column = problem?.instancePath.split('/').slice(1).join('.') || undefined;
    throw new TargetError(
      'INPUT_VALUE_INVALID',
      `the record breaks its schema: it ${problem?.message ?? 'is invalid'}`,
      { column },
    );
  };
}

function compile(schema: object, stream: string): import('ajv').ValidateFunction {
  const { Ajv } = require('ajv') as typeof import('ajv');
  const formats = require('ajv-formats') as typeof import('ajv-formats');
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: true, logger: false });
  (formats.default as unknown as (ajv: unknown) => void)(ajv);
  try {
    // taps name drafts that ajv has no meta-schema for; what they use of JSON Schema means the same in all of them
    const { $schema: _, ...rest } = schema as Record<string, unknown>;
    return ajv.compile({ ...rest, type: 'object' });
  } catch (error) {
    throw new TargetError(
      'INPUT_SCHEMA_INVALID',
      "the JSON Schema can't be compiled for validation",
      { stream },
      error,
    );
  }
}
