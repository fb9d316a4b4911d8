import { describe, expect, it } from 'vitest';
import { type ColumnType, jsonKind, type NestedType } from '../../../src/schema/model.ts';
import {
  accepts,
  changesKeys,
  decimalForBoth,
  grown,
  memberIndex,
  type TableColumnType,
  widened,
  wideningsOf,
} from '../../../src/schema/table-types.ts';

type Plain = 'boolean' | 'bigint' | 'double' | 'string' | 'timestamp' | 'date' | 'json';
const of = (kind: Plain) => ({ kind }) as const;
const decimal = (precision: number, scale: number) => ({ kind: 'decimal', precision, scale }) as const;
const other = (sql: string): TableColumnType => ({ kind: 'other', sql });

/** A type that a schema asks for. */
const struct = (members: Readonly<Record<string, ColumnType>>): NestedType => ({
  kind: 'struct',
  fields: Object.entries(members).map(([name, type]) => ({ name, property: name, type, accepts: jsonKind.number })),
});
const array = (type: ColumnType): NestedType => ({
  kind: 'array',
  element: { type, accepts: jsonKind.number },
});
/** A type as it is found in a table. */
const held = (members: Readonly<Record<string, TableColumnType>>) =>
  ({ kind: 'struct', fields: Object.entries(members).map(([name, type]) => ({ name, type })) }) as const;
const list = (type: TableColumnType): TableColumnType => ({ kind: 'array', element: { type } });

describe('a column of the warehouse alone', () => {
  it('of 128 bits holds integers, and no fractions', () => {
    for (const sql of ['HUGEINT', ' hugeint ']) {
      expect(accepts(other(sql), of('bigint'))).toBe(true);
      expect(accepts(other(sql), decimal(38, 0))).toBe(true);
      expect(accepts(other(sql), decimal(38, 1))).toBe(false);
      expect(accepts(other(sql), of('double'))).toBe(false);
      expect(accepts(other(sql), of('string'))).toBe(false);
    }
    expect(accepts(other('int'), of('bigint'))).toBe(false);
  });

  it.each([
    ['tinyint', of('bigint'), of('bigint')],
    ['smallint', of('bigint'), of('bigint')],
    ['int', of('bigint'), of('bigint')],
    [' INTEGER ', of('bigint'), of('bigint')],
    ['utinyint', of('bigint'), of('bigint')],
    ['usmallint', of('bigint'), of('bigint')],
    ['uinteger', of('bigint'), of('bigint')],
    ['ubigint', of('bigint'), other('HUGEINT')],
    ['ubigint', decimal(20, 0), other('HUGEINT')],
    ['real', of('double'), of('double')],
    ['float', of('double'), of('double')],
    ['int', of('double'), undefined],
    ['ubigint', of('double'), undefined],
    ['float', of('string'), undefined],
    ['binary', of('bigint'), undefined],
  ])('%s is widened for %j to %j', (sql, wanted, to) => {
    expect(widened(other(sql), wanted)).toEqual(to);
  });
});

it('nothing widens a column whose type is wide already', () => {
  for (const kind of ['boolean', 'bigint', 'double', 'string', 'timestamp', 'date', 'json'] as const)
    expect(widened(of(kind), of('bigint'))).toBeUndefined();
});

it('a widened key means another key only where a FLOAT becomes a DOUBLE for what is no integer', () => {
  expect(changesKeys(of('double'), of('double'))).toBe(true);
  expect(changesKeys(of('double'), decimal(10, 2))).toBe(true);
  expect(changesKeys(of('double'), of('bigint'))).toBe(false);
  expect(changesKeys(of('bigint'), of('bigint'))).toBe(false);
  expect(changesKeys(decimal(38, 2), decimal(38, 2))).toBe(false);
});

it('a decimal with fewer digits behind the point does not hold one with more', () => {
  expect(accepts(decimal(38, 2), decimal(10, 4))).toBe(false);
  expect(accepts(decimal(38, 4), decimal(10, 2))).toBe(true);
});

describe('a decimal for both', () => {
  it.each([
    [decimal(10, 2), decimal(12, 4), decimal(12, 4)],
    [decimal(12, 4), decimal(10, 2), decimal(12, 4)],
    [decimal(10, 2), of('bigint'), decimal(21, 2)],
    [decimal(38, 0), decimal(38, 0), decimal(38, 0)],
    [decimal(38, 0), decimal(10, 9), decimal(38, 9)],
    [decimal(38, 19), decimal(38, 0), decimal(38, 19)],
    [decimal(38, 20), decimal(38, 0), undefined],
    [decimal(20, 7), decimal(25, 25), decimal(38, 25)],
    [decimal(20, 6), decimal(25, 25), undefined],
    [decimal(10, 2), of('double'), undefined],
    [decimal(10, 2), of('string'), undefined],
  ])('%j and %j is %j', (existing, wanted, both) => {
    expect(decimalForBoth(existing, wanted)).toEqual(both);
  });
});

describe('a struct', () => {
  const table = held({ a: of('bigint'), b: of('string') });

  it('that has all members takes the values as they are', () => {
    expect(grown(table, struct({ a: of('bigint') }))).toBe(table);
    expect(grown(table, struct({ b: of('bigint'), A: of('bigint') }))).toBe(table);
    expect(accepts(table, struct({ a: of('bigint') }))).toBe(true);
    expect(accepts(table, struct({ c: of('bigint') }))).toBe(false);
    expect(accepts(table, of('string'))).toBe(false);
    expect(accepts(table, array(of('bigint')))).toBe(false);
    expect(accepts(of('bigint'), struct({ a: of('bigint') }))).toBe(false);
  });

  it('gets members that it lacks behind its own, which stay', () => {
    const to = held({ a: of('bigint'), b: of('string'), c: of('date') });
    expect(grown(table, struct({ c: of('date'), a: of('bigint') }))).toEqual(to);
    expect(widened(table, struct({ c: of('date') }))).toEqual(to);
    expect(widened(table, of('string'))).toBeUndefined();
  });

  it('keeps the name of a member whose type becomes wider', () => {
    const narrow = held({ A: other('int'), b: of('string') });
    expect(grown(narrow, struct({ a: of('bigint') }))).toEqual(held({ A: of('bigint'), b: of('string') }));
  });

  it('that holds another type under a name can not be made to', () => {
    expect(grown(table, struct({ a: of('date') }))).toBeUndefined();
    expect(grown(table, struct({ c: of('date'), a: of('date') }))).toBeUndefined();
    expect(grown(table, array(of('bigint')))).toBeUndefined();
    expect(grown(list(of('bigint')), struct({ a: of('bigint') }))).toBeUndefined();
    expect(grown(of('string'), array(of('bigint')))).toBeUndefined();
  });

  it('with text for a member takes values, but no objects or arrays', () => {
    const texts = held({ a: of('string'), b: of('json') });
    expect(grown(texts, struct({ a: of('bigint'), b: of('date') }))).toBe(texts);
    expect(grown(texts, struct({ a: struct({ x: of('bigint') }) }))).toBeUndefined();
    expect(grown(texts, struct({ b: array(of('bigint')) }))).toBeUndefined();
  });

  it('grows at any depth', () => {
    const deep = held({ l: list(held({ x: other('int') })) });
    const wanted = struct({ l: array(struct({ x: of('bigint'), y: of('date') })) });
    const to = held({ l: list(held({ x: of('bigint'), y: of('date') })) });
    expect(grown(deep, wanted)).toEqual(to);
    expect(grown(to, wanted)).toBe(to);
  });
});

describe('an array', () => {
  it('goes by its elements', () => {
    const numbers = list(other('int'));
    expect(grown(numbers, array(of('bigint')))).toEqual(list(of('bigint')));
    expect(grown(numbers, array(of('date')))).toBeUndefined();
    const texts = list(of('string'));
    expect(grown(texts, array(of('bigint')))).toBe(texts);
    expect(grown(texts, array(array(of('bigint'))))).toBeUndefined();
  });
});

describe('a member is found', () => {
  const table = held({ Id: of('bigint'), id: of('bigint'), 'a-b': of('bigint'), NAME: of('bigint') });
  const find = (name: string, property?: string) => memberIndex(table, { name, property });

  it('by its name, exactly or in another case', () => {
    expect(find('id')).toBe(1);
    expect(find('Id')).toBe(0);
    expect(find('ID')).toBe(0);
    expect(find('name')).toBe(3);
    expect(find('other')).toBe(-1);
  });

  it('by its property, where no member of ours could be called so', () => {
    expect(find('a_b', 'a-b')).toBe(2);
    expect(find('a_b')).toBe(-1);
    expect(find('other', 'id')).toBe(-1);
    expect(find('name', 'a-b')).toBe(3);
    expect(memberIndex(held({ a_b: of('bigint'), 'a-b': of('bigint') }), { name: 'a_b', property: 'a-b' })).toBe(0);
  });
});

describe('what a wider type brings', () => {
  it('is nothing where the type is the same', () => {
    const type = held({ a: of('bigint') });
    expect(wideningsOf(type, type)).toEqual([]);
  });

  it('is another type of the column itself', () => {
    expect(wideningsOf(other('int'), of('bigint'))).toEqual([{ of: 'types', path: [] }]);
    expect(wideningsOf(list(other('int')), list(of('bigint')))).toEqual([{ of: 'types', path: [] }]);
    const [struct, array] = [held({ a: of('bigint') }), list(of('bigint'))];
    for (const [from, to] of [[struct, array] as const, [array, struct] as const, [other('int'), struct] as const])
      expect(wideningsOf(from, to)).toEqual([{ of: 'types', path: [] }]);
  });

  it('is members, named from the column on, and their types', () => {
    const from = held({ a: other('int'), same: of('date'), l: list(held({ x: other('int') })) });
    const to = {
      kind: 'struct',
      fields: [
        { name: 'a', type: of('bigint') },
        from.fields[1]!,
        { name: 'l', type: list(held({ x: of('bigint'), y: of('date') })) },
        { name: 'n', type: of('date') },
      ],
    } as const;
    expect(wideningsOf(from, to)).toEqual([
      { of: 'types', path: ['a'] },
      { of: 'types', path: ['l', 'x'] },
      { of: 'columns', path: ['l', 'y'] },
      { of: 'columns', path: ['n'] },
    ]);
  });
});
