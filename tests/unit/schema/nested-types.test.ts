import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renamedColumns } from '../../../src/schema/column-names.ts';
import { columnsOf } from '../../../src/schema/columns.ts';
import { type ColumnType, isNested, jsonKind } from '../../../src/schema/model.ts';
import { streamVersion } from '../../../src/schema/stream-version.ts';
import { jsonSchemas } from './json-schemas.ts';

const options = { metadata: false, flattenMaxLevel: 0, nestedColumns: 'struct' } as const;

/** The types of all columns, in short: `{a: bigint, b: [string]}`. */
function shapes(properties: object, more: object = {}, given: object = {}): Record<string, string> {
  const columns = columnsOf({ properties, ...more }, { ...options, ...given });
  return Object.fromEntries(columns.map(({ name, type }) => [name, short(type)]));
}
const shapeOf = (schema: unknown, more: object = {}, given: object = {}) => shapes({ v: schema }, more, given).v;

function short(type: ColumnType): string {
  if (type.kind === 'array') return `[${short(type.element.type)}]`;
  if (type.kind !== 'struct') return type.kind;
  return `{${type.fields.map((field) => `${field.name}: ${short(field.type)}`).join(', ')}}`;
}

const integer = { type: ['null', 'integer'] };
const object = (properties: object) => ({ type: 'object', properties });
const point = { type: ['null', 'object'], properties: { lat: { type: 'number' }, lon: { type: 'number' } } };

describe('with "nested_columns": "struct"', () => {
  it('an object with declared properties is a struct, to any depth, and an array with declared items an array', () => {
    expect(shapeOf(point)).toBe('{lat: double, lon: double}');
    expect(shapeOf({ type: 'array', items: integer })).toBe('[bigint]');
    const address = { type: 'object', properties: { geo: point, tags: { type: 'array', items: { type: 'string' } } } };
    expect(shapeOf({ type: 'array', items: address })).toBe('[{geo: {lat: double, lon: double}, tags: [string]}]');
    expect(shapeOf({ type: 'array', items: { type: 'array', items: { format: 'date', type: 'string' } } })).toBe(
      '[[date]]',
    );
  });

  it('the shape is known by its members, its items, or its values, where no type is declared', () => {
    expect(shapeOf({ properties: { a: integer } })).toBe('{a: bigint}');
    expect(shapeOf({ items: integer })).toBe('[bigint]');
    expect(shapeOf({ enum: [{ a: 1 }], properties: { a: integer } })).toBe('{a: bigint}');
  });

  it('an object that may have further members of any kind is a struct of those that are declared', () => {
    expect(shapeOf({ ...point, additionalProperties: {} })).toBe('{lat: double, lon: double}');
    expect(shapeOf({ ...point, additionalProperties: true, patternProperties: {} })).toBe('{lat: double, lon: double}');
  });

  it('all that is said of a member or an element counts', () => {
    const day = [{ type: 'string' }, { format: 'date' }];
    expect(shapeOf({ allOf: day.map((a) => object({ a })) })).toBe('{a: date}');
    expect(shapeOf({ allOf: day.map((items) => ({ type: 'array', items })) })).toBe('[date]');
  });

  it('takes only objects for a struct, only arrays for an array', () => {
    const [struct] = columnsOf({ properties: { v: point } }, options);
    expect(struct?.accepts).toBe(jsonKind.structure);
  });

  it.each([
    ['no properties', { type: 'object' }],
    ['empty properties', { type: 'object', properties: {} }],
    ['no items', { type: 'array' }],
    ['items that say nothing', { type: 'array', items: {} }],
    ['a tuple', { type: 'array', items: [integer, integer] }],
    ['a tuple of 2020-12', { type: 'array', prefixItems: [integer], items: integer }],
    ['a map', { type: 'object', additionalProperties: { type: 'string' } }],
    ['a map beside properties', { ...point, additionalProperties: { type: 'string' } }],
    ['properties by pattern', { ...point, patternProperties: { '^x': integer } }],
    ['several shapes', { anyOf: [point, { type: 'object', properties: { x: integer } }] }],
    ['a shape or any object', { oneOf: [point, { type: 'object' }] }],
    ['an object or a string', { type: ['object', 'string'], properties: { a: integer } }],
    ['an object or an array', { type: ['object', 'array'], properties: { a: integer }, items: integer }],
    ['a map in one of several parts', { allOf: [point, { additionalProperties: { type: 'string' } }] }],
    ['further properties in some alternatives', { ...point, anyOf: [{ required: [] }, object({ x: integer })] }],
    [
      'further properties in a part of an alternative',
      { ...point, anyOf: [{ required: [] }, { required: [], allOf: [object({ x: integer })] }] },
    ],
    ['a map in some alternatives', { ...point, anyOf: [{}, { additionalProperties: { type: 'string' } }] }],
    ['patterns in some alternatives', { ...point, anyOf: [{}, { patternProperties: { x: integer } }] }],
    ['items in some alternatives', { type: 'array', items: integer, anyOf: [{ minItems: 1 }, { items: integer }] }],
    ['a tuple in some alternatives', { type: 'array', items: integer, anyOf: [{}, { prefixItems: [integer] }] }],
    ['no type', {}],
    ['anything', true],
  ])('%s is JSON text, in a struct and in an array, too', (_, schema) => {
    expect(shapeOf(schema)).toBe('json');
    expect(shapeOf({ type: 'object', properties: { a: schema, b: integer } })).toBe('{a: json, b: bigint}');
    if (schema !== true && Object.keys(schema as object).length > 0)
      expect(shapeOf({ type: 'array', items: schema })).toBe('[json]');
  });

  it('follows $ref, allOf, and the one alternative that is an object', () => {
    const more = { definitions: { point } };
    const reference = { $ref: '#/definitions/point' };
    expect(shapeOf(reference, more)).toBe('{lat: double, lon: double}');
    expect(shapeOf({ anyOf: [reference, { type: 'null' }] }, more)).toBe('{lat: double, lon: double}');
    expect(shapeOf({ allOf: [reference, { properties: { alt: { type: 'number' } } }] }, more)).toBe(
      '{lat: double, lon: double, alt: double}',
    );
    expect(shapeOf({ ...point, anyOf: [{ required: ['lat'] }, { required: ['lon'] }] })).toBe(
      '{lat: double, lon: double}',
    );
    const pair = { type: 'object', properties: { from: reference, to: reference } };
    expect(shapeOf(pair, more)).toBe('{from: {lat: double, lon: double}, to: {lat: double, lon: double}}');
    expect(shapeOf({ type: 'array', allOf: [{ items: integer }] })).toBe('[bigint]');
    expect(shapeOf({ anyOf: [{ type: 'array', items: integer }, { type: 'null' }] })).toBe('[bigint]');
  });

  it('a schema that refers to itself is JSON text where it meets itself', () => {
    const node = {
      type: 'object',
      properties: { id: integer, children: { type: 'array', items: { $ref: '#/definitions/node' } } },
    };
    expect(shapeOf({ $ref: '#/definitions/node' }, { definitions: { node } })).toBe('{id: bigint, children: [json]}');
    expect(shapes({ self: { $ref: '#' }, id: integer })).toEqual({ self: 'json', id: 'bigint' });
  });

  it('flattening comes first', () => {
    const nested = { type: 'object', properties: { b: { type: 'object', properties: { c: point } } } };
    expect(shapes({ a: nested }, {}, { flattenMaxLevel: 1 })).toEqual({ a__b: '{c: {lat: double, lon: double}}' });
  });

  it('"number_type" holds for members', () => {
    const list = { type: 'array', items: { type: 'number' } };
    expect(shapeOf(list, {}, { numberType: 'string' })).toBe('[string]');
    expect(shapeOf(list, {}, { numberType: 'decimal' })).toBe('[decimal]');
  });

  it('a key is never nested', () => {
    const message = { stream: 's', schema: { properties: { k: point } }, key_properties: ['k'] };
    const given = {
      ...{ defaultTargetSchema: 'd', addMetadataColumns: false, hardDelete: false, flattenMaxLevel: 0 },
      ...{ primaryKeyRequired: true, validateRecords: false, nestedColumns: 'struct' as const },
    };
    expect(() => streamVersion(message, given, 0)).toThrow(/may hold objects or arrays/);
  });

  it('goes as deep as Spark reads types in good time, and no further', () => {
    let deep: object = integer;
    for (let level = 0; level < 20; level++) deep = { type: 'array', items: deep };
    expect(shapeOf(deep)).toBe(`${'['.repeat(16)}json${']'.repeat(16)}`);
  });

  it('goes 64 references and combinators deep, and no further', () => {
    const around = (depth: number, wrap: (inner: object) => object) => {
      let schema: object = object({ a: integer });
      for (let level = 0; level < depth; level++) schema = { type: 'object', ...wrap(schema) };
      return schema;
    };
    for (const combinator of ['allOf', 'anyOf', 'oneOf']) {
      const wrap = (inner: object) => ({ [combinator]: [inner] });
      expect(shapeOf(around(64, wrap))).toBe('{a: bigint}');
      expect(shapeOf(around(65, wrap))).toBe('json');
    }
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, level) => {
          const next =
            level + 1 < length ? { type: 'object', $ref: `#/definitions/d${level + 1}` } : object({ a: integer });
          return [`d${level}`, next];
        }),
      );
    expect(shapeOf({ $ref: '#/definitions/d0' }, { definitions: chain(64) })).toBe('{a: bigint}');
    expect(shapeOf({ type: 'object', $ref: '#/definitions/d0' }, { definitions: chain(65) })).toBe('json');
  });

  it('has 5,000 members at most, elements of arrays among them', () => {
    const members = (count: number, more: object = {}) =>
      object({ ...Object.fromEntries(Array.from({ length: count }, (_, n) => [`m${n}`, integer])), ...more });
    const isJson = (schema: object) => shapeOf(schema) === 'json';
    expect(isJson(members(5000))).toBe(false);
    expect(isJson(members(5001))).toBe(true);
    expect(isJson(members(4999, { list: { type: 'array', items: integer } }))).toBe(true);
    expect(isJson({ type: 'array', items: members(4999) })).toBe(false);
    expect(isJson({ type: 'array', items: members(5000) })).toBe(true);
  });

  it('a small schema that stands for too many members is JSON text', () => {
    const definitions = Object.fromEntries(
      Array.from({ length: 15 }, (_, level) => {
        const next = level < 14 ? { $ref: `#/definitions/d${level + 1}` } : integer;
        return [`d${level}`, { type: 'object', properties: { a: next, b: next, c: next } }];
      }),
    );
    expect(shapeOf({ $ref: '#/definitions/d0' }, { definitions })).toBe('json');
  });
});

describe('the names of members', () => {
  it('are lower case, and unique without regard to case', () => {
    const [column] = columnsOf(
      { properties: { v: { type: 'object', properties: { id: integer, ID: integer, 'a`b': integer } } } },
      options,
    );
    const names = column?.type.kind === 'struct' ? column.type.fields.map(({ name }) => name) : [];
    expect(names).toEqual(['id', expect.stringMatching(/^id_[0-9a-f]{4}$/), 'a_b']);
    expect(renamedColumns([column!]).map(({ path }) => path.join('.'))).toEqual(['v.ID', 'v.a`b']);
    expect(renamedColumns([column!]).map(({ name }) => name)).toEqual([`v.${names[1]}`, 'v.a_b']);
    const list = columnsOf(
      { properties: { l: { type: 'array', items: object({ o: object({ 'a`b': integer }) }) } } },
      options,
    );
    expect(renamedColumns(list)).toEqual([{ path: ['l', 'o', 'a`b'], name: 'l.o.a_b' }]);
  });

  it('hold only what the metastore of Hive reads in a type', () => {
    const hostile = [
      "it's",
      'x<y>',
      'par(en)',
      'a-b',
      '🙂',
      'e\u0301',
      'col:on',
      'q"uote',
      'a b',
      'a.b',
      '$x',
      '1',
      'é',
      '日本',
    ];
    const [column] = columnsOf(
      { properties: { v: object(Object.fromEntries(hostile.map((name) => [name, integer]))) } },
      options,
    );
    const names = column?.type.kind === 'struct' ? column.type.fields : [];
    expect(Object.fromEntries(names.map(({ name, property }) => [property, name]))).toEqual({
      ...{ "it's": 'it_s', 'x<y>': 'x_y_', 'par(en)': 'par_en_', 'a-b': 'a_b', '🙂': '_', 'e\u0301': 'e_' },
      ...{ 'col:on': 'col_on', 'q"uote': 'q_uote', 'a b': 'a b', 'a.b': 'a.b', $x: '$x', 1: '1', é: 'é', 日本: '日本' },
    });
  });

  it('with a dot give way to the path of another member, and so do columns', () => {
    const nested = {
      type: 'object',
      properties: { b: { type: 'object', properties: { c: integer } }, 'b.c': integer },
    };
    const types = shapes({
      v: nested,
      'v.b': integer,
      'x.y': integer,
      'l.element': integer,
      l: { type: 'array', items: integer },
    });
    expect(Object.keys(types)).toEqual([
      'v',
      expect.stringMatching(/^v\.b_[0-9a-f]{4}$/),
      'x.y',
      expect.stringMatching(/^l\.element_[0-9a-f]{4}$/),
      'l',
    ]);
    expect(types.v).toMatch(/^\{b: \{c: bigint\}, b\.c_[0-9a-f]{4}: bigint\}$/);
  });
});

it('any schema makes nested types whose members have names of their own, and only leaves that columns may have', () => {
  const check = (type: ColumnType): void => {
    if (type.kind === 'array') return check(type.element.type);
    if (type.kind !== 'struct') return;
    expect(type.fields.length).toBeGreaterThan(0);
    expect(new Set(type.fields.map(({ name }) => name.toLowerCase())).size).toBe(type.fields.length);
    for (const field of type.fields) {
      expect(field.accepts === jsonKind.structure).toBe(isNested(field.type));
      check(field.type);
    }
  };
  fc.assert(
    fc.property(jsonSchemas, (schema) => {
      try {
        for (const { type } of columnsOf(schema, options)) check(type);
      } catch (error) {
        expect(error).toMatchObject({ code: 'INPUT_SCHEMA_INVALID' });
      }
    }),
    { numRuns: 1000 },
  );
});
