// A JSON value that its column does not accept → the error that says what was found and what the schema says.
import { TargetError } from '../errors/target-error.ts';
import { jsonKind, type ValueType } from '../schema/model.ts';

const kindNames: Record<number, string> = {
  1: 'an integer',
  2: 'a number',
  3: 'a boolean',
  4: 'a string',
  5: 'a string',
  6: 'an object or array',
  8: 'NaN or Infinity',
};

/** @param kind a slot kind of the record scanner */
export function unexpectedKind(expected: ValueType, kind: number): TargetError {
  const names = Object.entries(jsonKind)
    .filter(([, bit]) => expected.accepts & bit)
    .map(([name]) => kindName(name, expected));
  return new TargetError('INPUT_VALUE_INVALID', `found ${kindNames[kind]} where the schema says ${names.join(' or ')}`);
}

function kindName(name: string, { type }: ValueType): string {
  if (name === 'structure')
    return type.kind === 'struct' ? 'object' : type.kind === 'array' ? 'array' : 'object or array';
  return name === 'number' && type.kind === 'bigint' ? 'integer' : name;
}
