// `validate_records`: the rules of a stream version's JSON Schema, applied to a record's bytes.
import type { ErrorObject } from 'ajv';
import { TargetError } from '../errors/target-error.ts';
import type { JsonObject } from '../schema/json-schema.ts';
import type { StreamVersion } from '../schema/model.ts';
import { columnOf, declaredProperties } from './invalid-place.ts';
import { assertCompiles, type RecordRules, recordRules } from './record-rules.ts';

/** @throws TargetError INPUT_SCHEMA_INVALID when the schema makes no sense */
export interface RecordCheck {
  /** @throws TargetError INPUT_VALUE_INVALID that names the property and the broken rule, never the value */
  assert(bytes: Buffer, start: number, end: number): void;
  /** Of a whole line. Never throws: false for whatever `assert`, or whoever reads the line, has to say more about. */
  passes(bytes: Buffer, start: number, end: number): boolean;
}

/** @returns undefined when the version's records are not to be validated. Compiles the schema, and loads ajv, at the first record. */
export function recordCheck({ validate: schema, stream }: StreamVersion): RecordCheck | undefined {
  if (!schema) return undefined;
  let rules: RecordRules | undefined;
  let names: ReadonlySet<string> | undefined;
  const declared = () => {
    names ??= declaredProperties(schema as JsonObject);
    return names;
  };
  const problemOf: RecordRules = (record) => {
    rules ??= ofStream(stream, () => recordRules(schema as JsonObject));
    return rules(record);
  };
  return {
    assert: (bytes, start, end) => {
      const record = parse(bytes.toString('utf8', start, end));
      const problem = withinStack(() => problemOf(record));
      if (problem) throw invalidRecord(problem, columnOf(problem.instancePath, record, declared()));
    },
    passes: (bytes, start, end) => {
      try {
        return problemOf(JSON.parse(bytes.toString('utf8', start, end)).record) === undefined;
      } catch {
        return false;
      }
    },
  };
}

/**
 * Compiles the schema, so that its own message is named when that fails, instead of its stream's first record.
 * @throws TargetError INPUT_SCHEMA_INVALID
 */
export function assertValidates({ validate: schema, stream }: StreamVersion): void {
  if (schema) ofStream(stream, () => assertCompiles(schema as JsonObject));
}

function ofStream<T>(stream: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const known =
      error instanceof RangeError
        ? new TargetError('INPUT_SCHEMA_INVALID', 'the JSON Schema is nested too deeply for "validate_records"')
        : error;
    throw known instanceof TargetError ? known.at({ stream }) : known;
  }
}

function withinStack<T>(validate: () => T): T {
  try {
    return validate();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TargetError('INPUT_VALUE_INVALID', 'the record is nested too deeply for "validate_records"');
  }
}

function invalidRecord({ message }: ErrorObject, column: string | undefined): TargetError {
  const detail = `the record breaks its schema: it ${message ?? 'is invalid'}`;
  return new TargetError('INPUT_VALUE_INVALID', detail, { column });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TargetError('INPUT_VALUE_INVALID', 'the record holds NaN or Infinity, which no JSON Schema describes');
  }
}
