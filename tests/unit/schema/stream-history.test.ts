import { describe, expect, it } from 'vitest';
import { jsonKind } from '../../../src/schema/model.ts';
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

describe('fields that no SCHEMA declares', () => {
  const { number: numeric, string: textual } = jsonKind;
  const open = { ...options, undeclaredFields: 'add' } as const;
  const declare = (stream: StreamHistory, properties: object, more: object = {}, keys: readonly string[] = ['id']) =>
    stream.take(
      streamVersion({ stream: 's', schema: { properties, ...more }, key_properties: keys }, open, 0, [
        ...(stream.current?.columns ?? []),
      ]),
    );
  const found = (type: 'bigint' | 'double' | 'string', ...path: string[]) => ({
    path,
    type: { kind: type },
    accepts: type === 'string' ? textual : numeric,
  });
  const shown = (stream: StreamHistory) =>
    stream.current!.columns.map(({ path, name, type }) => `${path.join('.')} ${name} ${type.kind}`);

  it('get columns behind those that are there, in a version of their own', () => {
    const stream = new StreamHistory();
    declare(stream, { id: integer });
    const version = stream.addFields([found('string', 'x'), found('bigint', 'y')], 7);
    expect(version).toBe(stream.current);
    expect(version).toMatchObject({ id: 7, keys: [0], awaitedKeys: undefined });
    expect(shown(stream)).toEqual(['id id bigint', 'x x string', 'y y bigint']);
  });

  it('get another type for the column that they have, and what it takes', () => {
    const stream = new StreamHistory();
    declare(stream, { id: integer });
    stream.addFields([found('bigint', 'x')], 1);
    const { columns } = stream.addFields([found('string', 'x'), found('bigint', 'y')], 2);
    expect(columns[1]).toEqual({ path: ['x'], name: 'x', type: { kind: 'string' }, accepts: textual });
    expect(shown(stream)).toEqual(['id id bigint', 'x x string', 'y y bigint']);
  });

  it('leave columns that are there their names, and metadata columns theirs', () => {
    const stream = new StreamHistory();
    declare(stream, { id: integer, name: string });
    stream.addFields([found('string', 'Name'), found('string', '_SDC_deleted_at')], 1);
    expect(stream.current!.columns.map(({ name }) => name)).toEqual([
      'id',
      'name',
      expect.stringMatching(/^name_[0-9a-f]{4}$/),
      expect.stringMatching(/^_sdc_deleted_at_[0-9a-f]{4}$/),
    ]);
  });

  it('give awaited keys their columns, one after the other', () => {
    const stream = new StreamHistory();
    declare(stream, { a: integer }, {}, ['x', 'a', 'y']);
    expect(stream.current).toMatchObject({ keys: [0], awaitedKeys: ['x', 'y'] });
    expect(stream.addFields([found('bigint', 'y')], 1)).toMatchObject({ keys: [0, 1], awaitedKeys: ['x'] });
    const last = stream.addFields([found('bigint', 'x')], 2);
    expect(last.keys).toEqual([0, 1, 2]);
    expect(last.awaitedKeys).toBeUndefined();
  });

  it('follow their values as long as no SCHEMA says what they are', () => {
    const stream = new StreamHistory();
    expect(stream.loose).toEqual([]);
    declare(stream, { id: integer, a: string }, { patternProperties: { '^p_': integer } });
    expect(stream.loose).toEqual([]);
    stream.addFields([found('bigint', 'x'), found('bigint', 'p_1')], 1);
    expect(stream.loose).toEqual([2]);
    declare(stream, { id: integer, x: number });
    expect(stream.loose).toEqual([1, 3]);
  });

  it('that are keys never get another type', () => {
    const stream = new StreamHistory();
    declare(stream, { a: integer }, {}, ['id']);
    stream.addFields([found('bigint', 'id'), found('bigint', 'x')], 1);
    expect(stream.loose).toEqual([2]);
  });

  it('are not followed where a stream is not open', () => {
    const stream = new StreamHistory();
    stream.take(streamVersion({ stream: 's', schema: { properties: { id: integer } } }, options, 0));
    stream.take(streamVersion({ stream: 's', schema: { properties: { x: integer } } }, options, 1));
    expect(stream.loose).toEqual([]);
  });

  it('that a later SCHEMA declares with another type become text only when a type comes back', () => {
    const stream = new StreamHistory();
    declare(stream, { id: integer });
    stream.addFields([found('bigint', 'x')], 1);
    declare(stream, { id: integer, x: boolean });
    expect(shown(stream)).toEqual(['id id bigint', 'x x boolean']);
    declare(stream, { id: integer, x: integer });
    expect(shown(stream)).toEqual(['id id bigint', 'x x string']);
  });
});

describe('numbers that are declared by turns', () => {
  const scaled = (multipleOf: number) => ({ type: 'number', multipleOf });

  const typeOfX = (...schemas: object[]) => {
    const stream = new StreamHistory();
    for (const [id, x] of schemas.entries())
      stream.take(streamVersion({ stream: 's', schema: { properties: { id: integer, x } } }, options, id));
    return stream.current?.columns[1]?.type;
  };
  const exact = (precision: number, scale: number) => ({ type: 'number', precision, scale });
  const decimal = (precision: number, scale: number) => ({ kind: 'decimal', precision, scale });

  it('have a decimal with the digits of both', () => {
    expect(typeOfX(exact(12, 2), exact(8, 4))).toEqual(decimal(14, 4));
    expect(typeOfX(exact(8, 4), exact(12, 2))).toEqual(decimal(14, 4));
    expect(typeOfX(integer, exact(5, 2))).toEqual(decimal(21, 2));
    expect(typeOfX(exact(5, 2), integer)).toEqual(decimal(21, 2));
    expect(typeOfX(exact(5, 2), number)).toEqual({ kind: 'double' });
  });

  it('have one decimal that holds both', () => {
    const schemas = [
      { id: integer, x: { type: 'number', precision: 10, scale: 2 } },
      { id: integer, x: { type: 'number', precision: 12, scale: 4 } },
    ];
    expect(last(schemas)).toEqual(['id bigint 1', 'x decimal 1']);
    expect(changes([...schemas, ...schemas])).toEqual(['version', 'version', undefined, undefined]);
  });

  it('and integers, too', () => {
    const [whole, fraction] = [
      { id: integer, x: integer },
      { id: integer, x: scaled(0.01) },
    ];
    expect(changes([whole, fraction, whole, fraction])).toEqual(['version', 'version', undefined, undefined]);
    expect(last([whole, fraction, whole])).toEqual(['id bigint 1', 'x decimal 1']);
  });
});

it('a key takes the type that its last SCHEMA declares', () => {
  const columns = history([{ id: number }, { id: integer }, { id: string }]).map(({ columns }) => columns);
  expect(columns).toEqual([['id double 1'], ['id bigint 1'], ['id string 20']]);
});

describe('what a column takes', () => {
  const struct = (properties: object) => ({ type: 'object', properties });
  const structs = { ...options, flattenMaxLevel: 0, nestedColumns: 'struct' } as const;
  const columnsOf = (...schemas: object[]) => {
    const stream = new StreamHistory();
    for (const [id, x] of schemas.entries())
      stream.take(streamVersion({ stream: 's', schema: { properties: { id: integer, x } } }, structs, id));
    return stream.current?.columns.map(({ name, type, accepts }) => `${name} ${type.kind} ${accepts}`)[1];
  };

  it('is what either SCHEMA declares, where one type holds both', () => {
    expect(columnsOf(string, integer)).toBe('x string 21');
    expect(columnsOf(integer, string)).toBe('x string 20');
  });

  it('is what the last SCHEMA declares, where another type takes the place', () => {
    expect(columnsOf(boolean, string)).toBe('x string 20');
    expect(columnsOf(struct({ a: integer }), string)).toBe('x string 20');
    expect(columnsOf(struct({ a: boolean }), struct({ a: { type: 'string', format: 'date' } }))).toBe('x struct 8');
  });

  it('is text where structs that have no union come by turns', () => {
    const [truth, day] = [struct({ a: boolean }), struct({ a: { type: 'string', format: 'date' } })];
    expect(columnsOf(truth, day, truth)).toBe('x string 8');
  });
});

it('the first columns of a stream have the names that their SCHEMA gives them', () => {
  const stream = new StreamHistory();
  const open = { ...options, undeclaredFields: 'add', flattenMaxLevel: 0, nestedColumns: 'struct' } as const;
  const properties = { v: { type: 'object', properties: { b: integer } }, 'v.b': integer };
  for (const [id, declared] of [{}, properties].entries())
    stream.take(streamVersion({ stream: 's', schema: { properties: declared } }, open, id));
  expect(stream.current?.columns.map(({ name }) => name)).toEqual(['v', expect.stringMatching(/^v\.b_[0-9a-f]{4}$/)]);
});
