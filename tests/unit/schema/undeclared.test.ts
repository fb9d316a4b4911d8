import { describe, expect, it } from 'vitest';
import { type ColumnType, jsonKind } from '../../../src/schema/model.ts';
import { type FieldValue, keyShapeFor, type Shape, shapeFor } from '../../../src/schema/undeclared.ts';

const { number, boolean, string, structure } = jsonKind;
const any = number | boolean | string | structure;
const decimal = (precision: number, scale: number): ColumnType => ({ kind: 'decimal', precision, scale });
const of = (kind: 'boolean' | 'bigint' | 'double' | 'string' | 'timestamp' | 'json'): ColumnType => ({ kind });
const column = (type: ColumnType, accepts: number): Shape => ({ type, accepts });

/** A value as a record holds it: its JSON text. */
function value(json: string): FieldValue {
  const parsed: unknown = JSON.parse(json);
  const kinds = { number, boolean, string, object: structure };
  const kind = kinds[typeof parsed as keyof typeof kinds];
  return {
    kind,
    isInteger: kind === number && /^-?\d+$/.test(json),
    fits: (type) => (kind === number ? holdsNumber(type, json) : type.kind !== 'timestamp'),
  };
}

function holdsNumber(type: ColumnType, json: string): boolean {
  const isInteger = /^-?\d+$/.test(json);
  const [integral = '', fraction = ''] = json.replace('-', '').split('.');
  if (type.kind === 'bigint') return isInteger && BigInt.asIntN(64, BigInt(json)) === BigInt(json);
  if (type.kind === 'decimal') return integral.length <= type.precision - type.scale && fraction.length <= type.scale;
  if (type.kind !== 'double') return true;
  return isInteger ? BigInt(Number(json)) === BigInt(json) : String(Number(json)) === json;
}

describe('the first value of a field', () => {
  it.each([
    ['true', of('boolean'), boolean],
    ['1', of('bigint'), number],
    ['99999999999999999999', decimal(38, 0), number],
    [String(2n ** 130n), of('double'), number],
    [`${2n ** 130n + 1n}`, of('string'), any],
    ['0.5', of('double'), number],
    ['0.1234567890123456789', of('string'), any],
    ['"text"', of('string'), any],
    ['[1]', of('json'), any],
    ['{"a":1}', of('json'), any],
  ])('%s makes a column of the narrowest type that holds it', (json, type, accepts) => {
    expect(shapeFor(value(json), undefined, 'double')).toEqual({ type, accepts });
  });

  it('that is no integer is what "number_type" says', () => {
    expect(shapeFor(value('0.5'), undefined, 'decimal')).toEqual({ type: decimal(38, 9), accepts: number });
    expect(shapeFor(value('0.5'), undefined, 'string')).toEqual({ type: of('string'), accepts: any });
    expect(shapeFor(value('0.0000000001'), undefined, 'decimal')).toEqual({ type: of('string'), accepts: any });
    expect(shapeFor(value('5'), undefined, 'string')).toEqual({ type: of('bigint'), accepts: number });
  });
});

describe('a further value', () => {
  it.each([
    ['5', of('bigint'), number],
    ['1.5', of('double'), number],
    ['true', of('boolean'), boolean],
    ['1', of('string'), any],
    ['{}', of('string'), any],
    ['1', of('json'), any],
  ])('%s that the column holds leaves the column as it is', (json, type, accepts) => {
    const current = column(type, accepts);
    expect(shapeFor(value(json), current, 'double')).toBe(current);
  });

  it.each([
    ['1.5', of('bigint'), number, of('double'), number],
    ['99999999999999999999', of('bigint'), number, decimal(38, 0), number],
    ['1.5', decimal(38, 0), number, of('double'), number],
    ['99999999999999999999', of('double'), number, of('string'), any],
    ['0.1234567890123456789', of('bigint'), number, of('string'), any],
    ['1', of('boolean'), boolean, of('string'), any],
    ['true', of('bigint'), number, of('string'), any],
    ['[1]', of('bigint'), number, of('string'), any],
    ['[1]', of('boolean'), boolean, of('string'), any],
    ['"text"', of('bigint'), number, of('string'), any],
    ['"text"', of('timestamp'), string, of('string'), any],
  ])('%s in a column of %j makes one that holds both', (json, type, accepts, wider, takes) => {
    expect(shapeFor(value(json), column(type, accepts), 'double')).toEqual({ type: wider, accepts: takes });
  });
});

describe('a key that no SCHEMA declares', () => {
  it.each([
    ['1', of('bigint'), number],
    ['"a"', of('string'), string],
    ['true', of('boolean'), boolean],
    ['0.5', of('double'), number],
  ])('with the first value %s takes values of that kind only', (json, type, accepts) => {
    expect(keyShapeFor(value(json), 'double')).toEqual({ type, accepts });
  });

  it('is text where "number_type" makes text of numbers, and still takes numbers only', () => {
    expect(keyShapeFor(value('0.5'), 'string')).toEqual({ type: of('string'), accepts: number });
  });
});
