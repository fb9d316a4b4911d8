import { describe, expect, it } from 'vitest';
import { type ColumnType, jsonKind, type StructField } from '../../../src/schema/model.ts';
import { unitedType } from '../../../src/schema/nested-union.ts';

const { number, string } = jsonKind;
const bigint = { kind: 'bigint' } as const;
const double = { kind: 'double' } as const;
const date = { kind: 'date' } as const;
const boolean = { kind: 'boolean' } as const;

const member = (name: string, type: ColumnType, accepts: number = jsonKind.number, property = name): StructField => ({
  name,
  property,
  type,
  accepts,
});
const struct = (...fields: StructField[]): ColumnType => ({ kind: 'struct', fields });
const array = (type: ColumnType, accepts: number = jsonKind.number): ColumnType => ({
  kind: 'array',
  element: { type, accepts },
});

describe('a type for both', () => {
  it('is the wider of two plain ones, whichever comes first', () => {
    expect(unitedType(double, bigint)).toEqual(double);
    expect(unitedType(bigint, double)).toEqual(double);
    expect(unitedType(boolean, date)).toBeUndefined();
  });

  it('has the members of both structs, those of the first before the others', () => {
    const united = unitedType(
      struct(member('a', bigint, number), member('b', date, string)),
      struct(member('c', date, string), member('a', double, number)),
    );
    expect(united).toEqual(struct(member('a', double, number), member('b', date, string), member('c', date, string)));
  });

  it('takes what either takes', () => {
    expect(unitedType(array(bigint, number), array(bigint, string))).toEqual(array(bigint, number | string));
    expect(unitedType(struct(member('a', bigint, number)), struct(member('a', bigint, string)))).toEqual(
      struct(member('a', bigint, number | string)),
    );
  });

  it('matches members by their properties, and keeps the names of the first', () => {
    const first = struct(member('a_1234', bigint, number, 'A'));
    expect(unitedType(first, struct(member('a', double, number, 'A')))).toEqual(
      struct(member('a_1234', double, number, 'A')),
    );
  });

  it('goes down to any depth', () => {
    expect(unitedType(array(struct(member('a', bigint))), array(struct(member('b', date))))).toEqual(
      array(struct(member('a', bigint), member('b', date))),
    );
  });
});

describe('there is no type for both', () => {
  it.each<[string, ColumnType, ColumnType]>([
    ['a struct and an array', struct(member('a', bigint)), array(bigint)],
    ['an array and a struct', array(bigint), struct(member('a', bigint))],
    ['members of types that do not meet', struct(member('a', date)), struct(member('a', boolean))],
    [
      'members of which some do not meet',
      struct(member('b', bigint), member('a', date)),
      struct(member('b', bigint), member('a', boolean)),
    ],
    ['elements of types that do not meet', array(date), array(boolean)],
    [
      'members of two properties with one name',
      struct(member('a', bigint, number, 'a')),
      struct(member('A', bigint, number, 'A')),
    ],
  ])('of %s', (_, a, b) => {
    expect(unitedType(a, b)).toBeUndefined();
  });
});
