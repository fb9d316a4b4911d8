import { describe, expect, it } from 'vitest';
import { isWithin, keyColumns } from '../../../src/schema/key-columns.ts';
import { undeclaredRule } from '../../../src/schema/member-rules.ts';
import { type Column, type ColumnType, jsonKind } from '../../../src/schema/model.ts';

const bigint = { kind: 'bigint' } as const;
const column = (path: readonly string[], type: ColumnType = bigint): Column => ({
  path,
  name: path.join('__'),
  type,
  accepts: jsonKind.number,
});
const rule = (schema: object) => undeclaredRule(schema, { flattenMaxLevel: 0 });

interface Places {
  readonly declared?: readonly Column[];
  readonly known?: readonly Column[];
  /** Of the fields that get columns by their values; not set: none do. */
  readonly schema?: object;
}
const keysOf = (names: readonly string[], { declared = [], known = [], schema }: Places) =>
  keyColumns(names, {
    declared,
    known,
    reserved: new Set(['_sdc_sequence']),
    undeclared: schema && rule(schema),
    unknownType: (property) => (property === 'misspelt' ? 'integr' : undefined),
  });
const refusal = (message: RegExp | string, name: string) =>
  expect.objectContaining({
    code: 'INPUT_SCHEMA_INVALID',
    message: typeof message === 'string' ? `the key property "${name}" ${message}` : expect.stringMatching(message),
    context: { column: name },
  });

describe('a key property', () => {
  it('is found among the declared columns, in the order of the keys', () => {
    const declared = [column(['a']), column(['b'])];
    expect(keysOf(['b', 'a'], { declared })).toEqual({ columns: declared, keys: [1, 0], awaitedKeys: undefined });
  });

  it('of an earlier SCHEMA is put behind the declared columns, once', () => {
    const [declared, known] = [[column(['a'])], [column(['x']), column(['id'])]];
    expect(keysOf(['id', 'a', 'id'], { declared, known })).toEqual({
      columns: [declared[0], known[1]],
      keys: [1, 0, 1],
      awaitedKeys: undefined,
    });
  });

  it('is a property of that name before it is a flattened one', () => {
    const declared = [column(['a', 'b']), column(['a__b'])];
    expect(keysOf(['a__b'], { declared }).keys).toEqual([1]);
    expect(keysOf(['a__b'], { declared: declared.slice(0, 1) }).keys).toEqual([0]);
  });

  it('of an object that was flattened is gone when the object is one column', () => {
    const declared = [column(['a']), column(['o'], { kind: 'json' })];
    const places = { declared, known: [column(['o', 'id'])] };
    expect(() => keysOf(['o__id'], places)).toThrow(refusal(/is not among the properties/, 'o__id'));
  });
});

describe('a key property that can not be compared is refused:', () => {
  const comparable = 'may hold objects or arrays: declare a type that can be compared';

  it.each<[string, ColumnType]>([
    ['JSON', { kind: 'json' }],
    ['an array', { kind: 'array', element: { type: bigint, accepts: jsonKind.number } }],
    ['a struct', { kind: 'struct', fields: [{ name: 'a', property: 'a', type: bigint, accepts: jsonKind.number }] }],
  ])('%s', (_, type) => {
    expect(() => keysOf(['id'], { declared: [column(['id'], type)] })).toThrow(refusal(comparable, 'id'));
  });

  it('one that is to come, by what the schema says of it', () => {
    const object = { type: 'object' };
    for (const schema of [{ additionalProperties: object }, { patternProperties: { '^id$': object } }])
      expect(() => keysOf(['id'], { schema })).toThrow(refusal(comparable, 'id'));
  });
});

describe('a key property without a column', () => {
  it('waits for the first record where fields get columns', () => {
    const declared = [column(['a'])];
    expect(keysOf(['id', 'a'], { declared, schema: {} })).toEqual({
      columns: declared,
      keys: [0],
      awaitedKeys: ['id'],
    });
    expect(keysOf(['id'], { schema: { additionalProperties: { type: 'integer' } } }).awaitedKeys).toEqual(['id']);
    expect(keysOf(['id'], { declared: [column(['o', 'id'])], schema: {} }).awaitedKeys).toEqual(['id']);
  });

  it('is refused where fields get none', () => {
    const missing = 'is not among the properties of the schema: select it in the catalog, or choose another key';
    expect(() => keysOf(['id'], { declared: [column(['a'])] })).toThrow(refusal(missing, 'id'));
    expect(() => keysOf(['id'], { schema: { additionalProperties: false } })).toThrow(refusal(missing, 'id'));
  });

  it('is refused when it is a metadata column, in any case', () => {
    const metadata = 'is a metadata column: choose another property';
    expect(() => keysOf(['_SDC_Sequence'], { schema: {} })).toThrow(refusal(metadata, '_SDC_Sequence'));
  });

  it('is refused when it is an object that is flattened', () => {
    const flattened = 'is an object that is flattened: choose one of its properties';
    const declared = [column(['o', 'id']), column(['p'])];
    expect(() => keysOf(['o'], { declared, schema: {} })).toThrow(refusal(flattened, 'o'));
  });
});

it.each<[string[], string[], boolean]>([
  [['a'], ['a', 'b'], true],
  [['a', 'b'], ['a'], true],
  [['a', 'b', 'c'], ['a', 'b'], true],
  [['a'], ['a'], false],
  [['a', 'b'], ['a', 'c'], false],
  [['a'], ['b', 'a'], false],
  [['a', 'b', 'c'], ['a', 'c'], false],
])('%j and %j: one leads into the other, %s', (a, b, expected) => {
  expect(isWithin(a, b)).toBe(expected);
});
