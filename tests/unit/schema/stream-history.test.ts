import { describe, expect, it } from 'vitest';
import { StreamHistory } from '../../../src/schema/stream-history.ts';
import { type StreamVersionOptions, streamVersion } from '../../../src/schema/stream-version.ts';

const options: StreamVersionOptions = {
  defaultTargetSchema: 's',
  addMetadataColumns: false,
  hardDelete: false,
  flattenMaxLevel: 1,
  primaryKeyRequired: false,
  validateRecords: false,
};
const integer = { type: 'integer' };
const string = { type: 'string' };
const boolean = { type: 'boolean' };
const number = { type: 'number' };

/** Takes schemas one after the other: of each what changed, and the columns in force then. */
function history(schemas: readonly object[], { keys = ['id'], validateRecords = false } = {}) {
  const stream = new StreamHistory();
  return schemas.map((properties, index) => {
    const message = { stream: 's', schema: { properties }, key_properties: keys };
    const taken = stream.take(streamVersion(message, { ...options, validateRecords }, index));
    const columns = stream.current!.columns.map(({ name, type, accepts }) => `${name} ${type.kind} ${accepts}`);
    return { change: taken?.change, id: stream.current!.id, columns };
  });
}

const changes = (schemas: readonly object[]) => history(schemas).map(({ change }) => change);
const last = (schemas: readonly object[]) => history(schemas).at(-1)?.columns;

const backwards = (value: object): object =>
  Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, part]) => [name, typeof part === 'object' ? backwards(part) : part]),
  );

describe('schemas that come by turns', () => {
  const a = { id: integer, a: string };
  const b = { id: integer, b: string };

  it('change nothing once each was there', () => {
    expect(changes([a, b, a, b, b, a])).toEqual(['version', 'version', undefined, undefined, undefined, undefined]);
    expect(last([a, b])).toEqual(['id bigint 1', 'a string 20', 'b string 20']);
  });

  it('that only lack columns change nothing', () => {
    expect(changes([{ ...a, ...b }, a, b])).toEqual(['version', undefined, undefined]);
  });

  it('keep the wider of two types', () => {
    const [wide, narrow] = [
      { id: integer, x: number },
      { id: integer, x: integer },
    ];
    expect(changes([wide, narrow, wide])).toEqual(['version', undefined, undefined]);
    expect(changes([narrow, wide, narrow, wide])).toEqual(['version', 'version', undefined, undefined]);
    expect(last([narrow, wide, narrow])).toEqual(['id bigint 1', 'x double 1']);
  });

  it('give a struct the members of all, and what each takes', () => {
    const struct = (properties: object) => ({ id: integer, x: { type: 'object', properties } });
    const [a, b] = [struct({ a: integer, c: string }), struct({ b: string, c: { type: ['string', 'integer'] } })];
    const stream = new StreamHistory();
    const changes = [a, b, a, b].map((properties, index) => {
      const message = { stream: 's', schema: { properties }, key_properties: ['id'] };
      return stream.take(streamVersion(message, { ...options, flattenMaxLevel: 0, nestedColumns: 'struct' }, index))
        ?.change;
    });
    expect(changes).toEqual(['version', 'version', undefined, undefined]);
    expect(stream.current?.columns[1]?.type).toMatchObject({
      kind: 'struct',
      fields: [
        { name: 'a', type: { kind: 'bigint' } },
        { name: 'c', type: { kind: 'string' }, accepts: 21 },
        { name: 'b', type: { kind: 'string' } },
      ],
    });
  });

  it.each([
    ['a property', (object: object) => ({ properties: { id: integer, x: object } })],
    [
      'the items of an array',
      (object: object) => ({ properties: { id: integer, x: { type: 'array', items: object } } }),
    ],
    [
      'fields that it does not declare',
      (object: object) => ({ properties: { id: integer }, additionalProperties: object }),
    ],
  ])('change nothing when they only have the members of %s in another order', (_, schemaOf) => {
    const object = (properties: object) => ({ type: 'object', properties });
    // `a` and `A` share a name, and the first has it
    const members = {
      a: integer,
      A: string,
      b: object({ c: number, d: { type: 'array', items: object({ e: integer, f: string }) } }),
    };
    const stream = new StreamHistory();
    const changes = [members, backwards(members), members].map((properties, index) => {
      const message = { stream: 's', schema: schemaOf(object(properties)), key_properties: ['id'] };
      const structs = { nestedColumns: 'struct', undeclaredFields: 'add', flattenMaxLevel: 0 } as const;
      return stream.take(streamVersion(message, { ...options, ...structs }, index))?.change;
    });
    expect(changes).toEqual(['version', undefined, undefined]);
  });

  it('end as text where neither type holds the other, as tables do', () => {
    const [truth, count] = [
      { id: integer, x: boolean },
      { id: integer, x: integer },
    ];
    expect(last([truth, count])).toEqual(['id bigint 1', 'x bigint 1']);
    expect(last([truth, count, truth])).toEqual(['id bigint 1', 'x string 3']);
    expect(changes([truth, count, truth, count, truth])).toEqual([
      'version',
      'version',
      'version',
      undefined,
      undefined,
    ]);
  });

  it('may flatten an object in one and have a column in the other', () => {
    const [flat, whole] = [
      { id: integer, o: { type: 'object', properties: { p: string } } },
      { id: integer, o: string },
    ];
    expect(last([flat, whole])).toEqual(['id bigint 1', 'o string 20']);
    expect(last([flat, whole, flat])).toEqual(['id bigint 1', 'o__p string 20']);
  });

  it('keep the names of columns that are there', () => {
    const columns = last([
      { id: integer, Name: string },
      { id: integer, name: string },
    ]);
    expect(columns).toEqual(['id bigint 1', 'name string 20', expect.stringMatching(/^name_[0-9a-f]{4} string 20$/)]);
  });

  it('change only the rules for records when they are validated', () => {
    const taken = history([a, b, a, b], { validateRecords: true });
    expect(taken.map(({ change, id }) => [change, id])).toEqual([
      ['version', 0],
      ['version', 1],
      ['rules', 1],
      ['rules', 1],
    ]);
  });
});

describe('key properties', () => {
  it('that change are a barrier each time, over the same columns', () => {
    const stream = new StreamHistory();
    const take = (keys: readonly string[], id: number) =>
      stream.take(
        streamVersion(
          { stream: 's', schema: { properties: { a: integer, b: integer } }, key_properties: keys },
          options,
          id,
        ),
      );
    expect(take(['a'], 0)?.version.keys).toEqual([0]);
    expect(take(['a', 'b'], 1)?.version.keys).toEqual([0, 1]);
    expect(take(['a'], 2)).toMatchObject({ change: 'version', version: { id: 2, keys: [0] } });
  });

  it('are found among the columns of all schemas', () => {
    const stream = new StreamHistory();
    const take = (properties: object, key: string, id: number) =>
      stream.take(streamVersion({ stream: 's', schema: { properties }, key_properties: [key] }, options, id));
    take({ x: string, a: integer }, 'a', 0);
    expect(take({ b: integer }, 'b', 1)?.version).toMatchObject({ keys: [2], columns: [{}, {}, { name: 'b' }] });
  });
});
