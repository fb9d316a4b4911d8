// A JSON value that its column does not accept → the error that says what was found and what the schema says.
import { TargetError } from '../errors/target-error.ts';
import { type Column, jsonKind } from '../schema/model.ts';

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
export function unexpectedKind(column: Column, kind: number): TargetError {
  const expected = Object.entries(jsonKind)
    .filter(([, bit]) => column.accepts & bit)
    .map(([name]) => kindName(name, column));
  return new TargetError(
    'INPUT_VALUE_INVALID',
    `found ${kindNames[kind]} where the schema says ${expected.join(' or ')}`,
  );
}

function kindName(name: string, column: Column): string {
  if (name === 'structure') return 'object or array';
  return name === 'number' && column.type.kind === 'bigint' ? 'integer' : name;
}
