import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TargetError } from '../../../src/errors/target-error.ts';
import { columnsOf, typeOfProperty } from '../../../src/schema/columns.ts';
import { asText, type ColumnType, jsonKind } from '../../../src/schema/model.ts';
import { jsonSchemas } from './json-schemas.ts';

const { number, boolean, string, structure } = jsonKind;
const any = number | boolean | string | structure;
const anyText = string | asText;

const typeOf = (schema: unknown, root: object = {}) => typeOfProperty(schema, root);
const decimal = (precision: number, scale: number): ColumnType => ({ kind: 'decimal', precision, scale });

describe('plain types', () => {
  it.each([
    [{ type: 'boolean' }, 'boolean', boolean],
    [{ type: ['null', 'boolean'] }, 'boolean', boolean],
    [{ type: ['integer'] }, 'bigint', number],
    [{ type: 'number' }, 'double', number],
    [{ type: ['integer', 'number'] }, 'double', number],
    [{ type: 'string' }, 'string', anyText],
    [{ type: ['null', 'string'], format: 'date-time' }, 'timestamp', string],
    [{ type: 'string', format: 'date' }, 'date', string],
    [{ type: 'string', format: 'time' }, 'string', string],
    [{ type: 'string', format: 'binary' }, 'string', anyText],
    [{ type: 'string', format: 'uuid' }, 'string', anyText],
    [{ type: 'string', contentEncoding: 'base64' }, 'string', anyText],
    [{ type: 'string', contentEncoding: 'base64', format: 'date' }, 'string', string],
    [{ allOf: [{ type: 'string' }, { maxLength: 5 }] }, 'string', anyText],
    [{ allOf: [{ type: 'string' }, { format: 'time' }] }, 'string', string],
    [{ anyOf: [{ type: 'string', format: 'time' }, { type: 'null' }] }, 'string', string],
    [{ anyOf: [{ type: 'string', format: 'date-time' }, { type: 'string' }] }, 'string', anyText],
    [
      {
        anyOf: [
          { type: 'string', format: 'date-time' },
          { type: 'string', format: 'time' },
        ],
      },
      'string',
      string,
    ],
    [{ type: 'object' }, 'json', any],
    [{ type: 'array', items: { type: 'integer' } }, 'json', any],
    [{ type: ['null', 'array', 'object'] }, 'json', any],
    [{ type: ['null', 'integer', 'array'] }, 'json', any],
    [{ type: ['object', 'string'] }, 'json', any],
  ])('%j becomes %s', (schema, kind, accepts) => {
    expect(typeOf(schema)).toEqual({ type: { kind }, accepts });
  });

  it.each([true, false, {}, { type: 'null' }, { type: [] }, { type: 'any' }, { format: 'date-time' }, { type: 7 }])(
    'a schema that says nothing about its type holds any JSON: %j',
    (schema) => {
      expect(typeOf(schema)).toEqual({ type: { kind: 'json' }, accepts: any });
    },
  );

  it('takes the type from const and enum when none is declared', () => {
    expect(typeOf({ enum: ['a', 'b', null] })).toEqual({ type: { kind: 'string' }, accepts: anyText });
    expect(typeOf({ const: 3 })).toEqual({ type: { kind: 'bigint' }, accepts: number });
    expect(typeOf({ const: 2 ** 64 })).toEqual({ type: decimal(38, 0), accepts: number });
    expect(typeOf({ enum: [1, 2.5] })).toEqual({ type: { kind: 'double' }, accepts: number });
    expect(typeOf({ enum: [1, 'x', false] })).toEqual({
      type: { kind: 'string' },
      accepts: number | string | boolean,
    });
    expect(typeOf({ enum: [[1], 'x'] }).type).toEqual({ kind: 'json' });
  });
});

describe('numbers', () => {
  it.each([
    ['9223372036854775807', '-9223372036854775808', 'bigint'],
    ['2147483647', '-2147483648', 'bigint'],
    ['18446744073709551615', '0', 'decimal'],
    ['9223372036854775807', '-99999999999999999999', 'decimal'],
  ])('an integer up to %s and down to %s becomes %s', (maximum, minimum, kind) => {
    const schema: unknown = JSON.parse(`{"type":"integer","maximum":${maximum},"minimum":${minimum}}`);
    expect(typeOf(schema).type).toEqual(kind === 'decimal' ? decimal(38, 0) : { kind });
  });

  it('reads the boolean exclusive bounds of draft-04 and the numeric ones of later drafts', () => {
    expect(typeOf({ type: 'integer', maximum: 1e20, exclusiveMaximum: true }).type).toEqual(decimal(38, 0));
    expect(typeOf({ type: 'integer', exclusiveMaximum: 1e20 }).type).toEqual(decimal(38, 0));
  });

  it.each([
    [0.01, decimal(38, 2)],
    [1e-7, decimal(38, 7)],
    [2.5e-8, decimal(38, 9)],
    [1, decimal(38, 0)],
    [100, decimal(38, 0)],
    [1e21, decimal(38, 0)],
    [0, { kind: 'double' }],
    [-0.1, { kind: 'double' }],
    ['0.01', { kind: 'double' }],
  ])('a number that is a multiple of %s becomes %j', (multipleOf, type) => {
    expect(typeOf({ type: ['null', 'number'], multipleOf }).type).toEqual(type);
  });

  it('does not take a scale that leaves too few digits before the point, unless the bounds allow it', () => {
    expect(typeOf({ type: 'number', multipleOf: 1e-38 }).type).toEqual({ kind: 'double' });
    expect(typeOf({ type: 'number', multipleOf: 1e-38, minimum: -1e62, maximum: 1e62 }).type).toEqual({
      kind: 'double',
    });
    expect(typeOf({ type: 'number', multipleOf: 1e-30, minimum: -1e8, maximum: 1e8 }).type).toEqual(decimal(38, 30));
    expect(typeOf({ type: 'number', multipleOf: 1e-30, maximum: 1e8 }).type).toEqual({ kind: 'double' });
  });

  it('takes the precision and scale that taps declare', () => {
    expect(typeOf({ type: 'number', precision: 12, scale: 3 })).toEqual({ type: decimal(12, 3), accepts: number });
    expect(typeOf({ type: ['null', 'string'], format: 'x-singer.decimal', precision: 12, scale: 3 })).toEqual({
      type: decimal(12, 3),
      accepts: string,
    });
    expect(
      typeOf({ type: ['number'], format: 'singer.decimal', additionalProperties: { scale_precision: '(15, 2)' } }),
    ).toEqual({ type: decimal(15, 2), accepts: number });
    expect(typeOf({ type: ['number', 'string'], format: 'x-singer.decimal', precision: 9, scale: 1 })).toEqual({
      type: decimal(9, 1),
      accepts: number | string,
    });
  });

  it.each([
    [{ precision: 1, scale: 0 }, decimal(1, 0)],
    [{ precision: 38, scale: 38 }, decimal(38, 38)],
    [{ precision: 5, scale: 5 }, decimal(5, 5)],
    [{ precision: 0, scale: 0 }, { kind: 'double' }],
    [{ precision: 39, scale: 0 }, { kind: 'double' }],
    [{ precision: 5, scale: -1 }, { kind: 'double' }],
    [{ precision: 5.5, scale: 2 }, { kind: 'double' }],
    [{ precision: 5, scale: 2.5 }, { kind: 'double' }],
    [{ precision: '5', scale: 2 }, { kind: 'double' }],
    [{ precision: 5 }, { kind: 'double' }],
    [{ additionalProperties: { scale_precision: '(12,10)' } }, decimal(12, 10)],
    [{ additionalProperties: { scale_precision: 'x(12,2)' } }, { kind: 'double' }],
    [{ additionalProperties: { scale_precision: '(12,2)x' } }, { kind: 'double' }],
    [{ multipleOf: 1e-19 }, decimal(38, 19)],
    [{ multipleOf: 1e-20 }, { kind: 'double' }],
    [{ multipleOf: 1e-38, minimum: -0.5, maximum: 0.5 }, decimal(38, 38)],
    [{ multipleOf: 1e-30, minimum: -1e8 }, { kind: 'double' }],
    [{ multipleOf: 1e-30, minimum: -1, maximum: 1e9 }, { kind: 'double' }],
    [{ multipleOf: 1e-30, minimum: -1e9, maximum: 1 }, { kind: 'double' }],
  ])('a number with %j becomes %j', (keywords, type) => {
    expect(typeOf({ type: 'number', ...keywords }).type).toEqual(type);
  });

  it('of two declarations has the type that holds both, or meets both', () => {
    const of = (precision: number, scale: number) => ({ type: 'number', precision, scale });
    const [either, both] = [
      (...anyOf: object[]) => typeOf({ anyOf }).type,
      (...allOf: object[]) => typeOf({ allOf }).type,
    ];
    expect(either(of(38, 20), of(38, 20))).toEqual(decimal(38, 20));
    expect(either(of(38, 0), of(10, 9))).toEqual(decimal(38, 9));
    expect(either(of(38, 0), of(38, 19))).toEqual(decimal(38, 19));
    expect(either(of(38, 0), of(38, 20))).toEqual({ kind: 'double' });
    expect(both({ type: 'integer' }, of(10, 2))).toEqual({ kind: 'bigint' });
    expect(both(of(10, 2), { type: 'integer' })).toEqual({ kind: 'bigint' });
    expect(both(of(10, 2), of(12, 4))).toEqual(decimal(10, 2));
    expect(both(of(10, 2), { type: 'number' })).toEqual(decimal(10, 2));
  });

  it('of any type but DOUBLE is none that "number_type" chooses', () => {
    const properties = { id: { type: 'integer' }, t: { type: 'boolean' }, x: { type: 'number' } };
    for (const [numberType, x] of [['decimal', decimal(38, 9)] as const, ['string', { kind: 'string' }] as const])
      expect(
        columnsOf({ properties }, { metadata: false, flattenMaxLevel: 0, numberType }).map(({ type }) => type),
      ).toEqual([{ kind: 'bigint' }, { kind: 'boolean' }, x]);
  });

  it('makes a decimal of an integer that is declared with more digits than an int64 has', () => {
    expect(typeOf({ type: 'integer', precision: 20, scale: 0 }).type).toEqual(decimal(38, 0));
    expect(typeOf({ type: 'integer', precision: 18, scale: 0 }).type).toEqual({ kind: 'bigint' });
  });

  it('ignores a precision that no table holds, and one on a plain string', () => {
    expect(typeOf({ type: 'number', precision: 100, scale: 50 }).type).toEqual({ kind: 'double' });
    expect(typeOf({ type: 'number', precision: 5, scale: 6 }).type).toEqual({ kind: 'double' });
    expect(typeOf({ type: 'string', precision: 5, scale: 2 }).type).toEqual({ kind: 'string' });
    expect(typeOf({ type: 'string', format: 'x-singer.decimal' }).type).toEqual({ kind: 'string' });
  });
});

describe('strings', () => {
  const amount = (precision: number, scale: number, format = 'x-singer.decimal') => ({
    ...{ type: 'string', format, precision, scale },
  });
  const day = { type: 'string', format: 'date' };
  const either = (...anyOf: object[]) => typeOf({ anyOf }).type;

  it('that are decimals in several ways have one decimal, where there is one', () => {
    expect(either(amount(10, 2), amount(12, 4))).toEqual(decimal(12, 4));
    expect(either(amount(38, 20), amount(38, 0))).toEqual({ kind: 'string' });
    expect(typeOf(amount(9, 1, 'singer.decimal')).type).toEqual(decimal(9, 1));
  });

  it('that are decimals or something else are text', () => {
    expect(either(amount(10, 2), { type: 'string' })).toEqual({ kind: 'string' });
    expect(either({ type: 'string' }, amount(10, 2))).toEqual({ kind: 'string' });
    expect(either(amount(10, 2), day)).toEqual({ kind: 'string' });
  });

  it('that are days in two ways are days', () => {
    expect(either(day, { ...day, description: 'another' })).toEqual({ kind: 'date' });
  });
});

describe('a schema that takes anything', () => {
  it.each([
    [{ type: 'number' }, 'double', number],
    [{ type: 'string' }, 'string', anyText],
    [{ type: 'boolean' }, 'boolean', boolean],
  ])('changes nothing beside %j', (schema, kind, accepts) => {
    expect(typeOf({ allOf: [schema, true] })).toEqual({ type: { kind }, accepts });
    expect(typeOf({ allOf: [true, schema] })).toEqual({ type: { kind }, accepts });
  });

  it('is one that lies deeper than 64 levels', () => {
    const around = (depth: number) => {
      let schema: object = { type: 'integer' };
      for (let level = 0; level < depth; level++) schema = { allOf: [schema] };
      return schema;
    };
    expect(typeOf(around(64)).type).toEqual({ kind: 'bigint' });
    expect(typeOf(around(65)).type).toEqual({ kind: 'json' });
  });
});

describe('several types in one property', () => {
  it.each([
    [['integer', 'string'], number | string],
    [['boolean', 'number'], boolean | number],
    [['boolean', 'string', 'integer', 'null'], boolean | string | number],
  ])('%j becomes text that takes just these kinds', (type, accepts) => {
    expect(typeOf({ type })).toEqual({ type: { kind: 'string' }, accepts });
    expect(typeOf({ anyOf: type.map((name) => ({ type: name })) })).toEqual({ type: { kind: 'string' }, accepts });
    expect(typeOf({ oneOf: type.map((name) => ({ type: [name, 'null'] })) })).toEqual({
      type: { kind: 'string' },
      accepts,
    });
  });

  const dateTime = { type: 'string', format: 'date-time' };
  it.each([
    [[dateTime, { type: 'null' }], 'timestamp'],
    [[dateTime, { type: 'string' }], 'string'],
    [[dateTime, { type: 'string', format: 'date' }], 'timestamp'],
    [[{ type: 'integer' }, { type: 'number' }], 'double'],
    [[{ type: 'integer' }, { type: 'number', multipleOf: 0.01 }], 'decimal'],
    [[{ type: 'number' }, { type: 'number', multipleOf: 0.01 }], 'double'],
    [[dateTime, { type: 'integer' }], 'string'],
    [[dateTime, { type: 'object' }], 'json'],
    [[dateTime, {}], 'json'],
  ])('anyOf %j becomes %s', (anyOf, kind) => {
    expect(typeOf({ anyOf }).type.kind).toBe(kind);
    expect(typeOf({ anyOf: [...anyOf].reverse() }).type.kind).toBe(kind);
  });

  it('makes one decimal of two that has room for both', () => {
    const of = (precision: number, scale: number) => ({ type: 'number', precision, scale });
    expect(typeOf({ anyOf: [of(10, 2), of(8, 4)] }).type).toEqual(decimal(12, 4));
    expect(typeOf({ anyOf: [of(10, 2), { type: 'integer' }] }).type).toEqual(decimal(21, 2));
    expect(typeOf({ anyOf: [of(38, 0), of(38, 30)] }).type).toEqual({ kind: 'double' });
  });

  it('is text where a string is a decimal and a number none', () => {
    const string = { type: 'string', format: 'x-singer.decimal', precision: 9, scale: 1 };
    expect(typeOf({ anyOf: [{ type: 'number' }, string] }).type).toEqual({ kind: 'string' });
    expect(typeOf({ anyOf: [{ type: 'integer' }, string] }).type).toEqual(decimal(20, 1));
  });

  it('reads alternatives within what the property itself declares', () => {
    expect(typeOf({ type: ['null', 'string'], anyOf: [{ format: 'date-time' }, { maxLength: 0 }] }).type).toEqual({
      kind: 'string',
    });
    expect(typeOf({ type: 'string', allOf: [{ format: 'date-time' }, { description: 'when' }] }).type).toEqual({
      kind: 'timestamp',
    });
    expect(typeOf({ type: ['string', 'integer'], anyOf: [{ type: 'integer' }, { type: 'boolean' }] })).toEqual({
      type: { kind: 'bigint' },
      accepts: number,
    });
  });
});

describe('references', () => {
  const root = {
    definitions: {
      id: { type: 'integer' },
      'a/b c': { type: 'boolean' },
      sdc_recursive_integer_array: {
        type: ['null', 'integer', 'array'],
        items: { $ref: '#/definitions/sdc_recursive_integer_array' },
      },
      self: { $ref: '#/definitions/self' },
      loop: { anyOf: [{ type: 'string' }, { $ref: '#/definitions/back' }] },
      back: { anyOf: [{ type: 'integer' }, { $ref: '#/definitions/loop' }] },
    },
    $defs: { when: { type: 'string', format: 'date-time' } },
  };

  it.each([
    ['#/definitions/id', 'bigint'],
    ['#/$defs/when', 'timestamp'],
    ['#/definitions/a~1b%20c', 'boolean'],
    ['#/definitions/sdc_recursive_integer_array', 'json'],
    ['#/definitions/loop', 'string'],
    ['#/definitions/self', 'json'],
    ['#/definitions/missing', 'json'],
    ['#/definitions/%zz', 'json'],
    ['https://example.com/schema.json', 'json'],
  ])('%s becomes %s', ($ref, kind) => {
    expect(typeOf({ $ref }, root).type.kind).toBe(kind);
  });

  it('may be nullable in the ways that taps write it', () => {
    expect(typeOf({ anyOf: [{ $ref: '#/definitions/id' }, { type: 'null' }] }, root).type.kind).toBe('bigint');
    expect(typeOf({ $ref: '#/definitions/id', type: ['null', 'integer'] }, root).type.kind).toBe('bigint');
  });

  it('are read in reasonable time when each schema refers to the next one twice', () => {
    const definitions = Object.fromEntries(
      Array.from({ length: 60 }, (_, depth) => {
        const next = { $ref: `#/definitions/d${depth + 1}` };
        return [`d${depth}`, depth === 59 ? { type: 'integer' } : { anyOf: [next, { allOf: [next, next] }] }];
      }),
    );
    expect(typeOf({ $ref: '#/definitions/d30' }, { definitions }).type.kind).toBe('bigint');
  });
});

describe('columnsOf', () => {
  const options = { metadata: true, flattenMaxLevel: 0 };
  const properties = {
    id: { type: 'integer' },
    _sdc_deleted_at: { type: 'string', format: 'date-time' },
    _SDC_Sequence: { type: 'integer' },
    _sdc_other: { type: 'string' },
  };
  const namesOf = (metadata: boolean) => columnsOf({ properties }, { ...options, metadata }).map(({ name }) => name);

  it('leaves the metadata names to the metadata columns', () => {
    expect(namesOf(true)).toEqual(['id', '_sdc_other']);
  });

  it('keeps what the tap declares under a metadata name when there are no metadata columns, deletion marks excepted', () => {
    expect(namesOf(false)).toEqual(['id', '_sdc_sequence', '_sdc_other']);
  });

  it('keeps the order of declaration', () => {
    const names = ['z', 'a', 'm'];
    const schema = { properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) };
    expect(columnsOf(schema, options).map(({ name }) => name)).toEqual(names);
  });

  it('takes a root of any type, for taps send wrong ones', () => {
    expect(columnsOf({ type: 'date-time', properties: { id: { type: 'integer' } } }, options)).toHaveLength(1);
  });

  it.each([null, [], 'x', {}, { type: 'object' }, { properties: {} }, { properties: [] }, { properties: { a: null } }])(
    'refuses %j',
    (schema) => {
      expect(() => columnsOf(schema, options)).toThrow(
        expect.objectContaining({ code: 'INPUT_SCHEMA_INVALID' }) as TargetError,
      );
    },
  );

  it('says what is missing in a schema without columns', () => {
    const advice = ': with "undeclared_fields" set to "add" columns are made by what records hold';
    expect(() => columnsOf({ properties: { _sdc_deleted_at: {} } }, options)).toThrow(
      `the schema declares no properties but metadata columns${advice}`,
    );
    expect(() => columnsOf({}, options)).toThrow(`the schema declares no properties${advice}`);
    expect(columnsOf({}, { ...options, mayBeEmpty: true })).toEqual([]);
  });

  it('names a property whose schema is none by its whole path', () => {
    const schema = { properties: { o: { type: 'object', properties: { x: 5 } } } };
    expect(() => columnsOf(schema, { ...options, flattenMaxLevel: 1 })).toThrow(
      expect.objectContaining({ context: { column: 'o.x' } }) as TargetError,
    );
  });

  it('gives columns or a coded error for whatever a tap may send, and the names are unique', () => {
    fc.assert(
      fc.property(jsonSchemas, fc.boolean(), fc.integer({ min: 0, max: 3 }), (schema, metadata, flattenMaxLevel) => {
        try {
          const columns = columnsOf(schema, { metadata, flattenMaxLevel });
          const names = columns.map(({ name }) => name.toLowerCase());
          expect(new Set(names).size).toBe(names.length);
          for (const column of columns) {
            expect(column.accepts).toBeGreaterThan(0);
            if (column.type.kind === 'json') expect(column.accepts).toBe(any);
            if (column.type.kind === 'boolean') expect(column.accepts).toBe(boolean);
          }
        } catch (error) {
          if (!(error instanceof TargetError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same columns whatever the order of the properties', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.constantFrom({}, { type: 'integer' }), { minKeys: 1 }), (declared) => {
        const reversed = Object.fromEntries(Object.entries(declared).reverse());
        const byPath = (schema: object) =>
          new Map(columnsOf({ properties: schema }, options).map((column) => [column.path[0], column]));
        expect(byPath(reversed)).toEqual(byPath(declared));
      }),
    );
  });
});
