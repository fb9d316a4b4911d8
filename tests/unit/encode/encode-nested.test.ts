import { describe, expect, it } from 'vitest';
import { NestedEncoder, sourceSeparator } from '../../../src/encode/encode-nested.ts';
import { columnsOf } from '../../../src/schema/columns.ts';
import { chunk, dataOf, encode, line, version } from './encoder-input.ts';

const integer = { type: ['null', 'integer'] };
const object = (properties: object) => ({ type: 'object', properties });
const list = (items: object) => ({ type: 'array', items });

function encoder(schema: object, nullInvalid = false) {
  const [column] = columnsOf(
    { properties: { v: schema } },
    { metadata: false, flattenMaxLevel: 0, nestedColumns: 'struct' },
  );
  const nested = new NestedEncoder(nullInvalid);
  return {
    nested,
    /** The text for the converter, and the value's own where it is not the same. */
    encode: (json: string) => {
      const bytes = Buffer.from(`${json}\n`);
      nested.encode(bytes, 0, bytes.length - 1, column!);
      return nested.output.bytes.toString('utf8', 0, nested.output.length).split(sourceSeparator);
    },
  };
}
const encoded = (schema: object, json: string) => encoder(schema).encode(json)[0];
const member = (schema: object, json: string) => encoded(object({ m: schema }), `{"m":${json}}`)?.slice(5, -1);

describe('what a converter gets', () => {
  it('has all members in their order, the last of those that come twice, and none that are not declared', () => {
    const schema = object({ a: integer, B: integer, c: list(object({ d: integer })) });
    expect(encoded(schema, '{ "B":1 , "x":{"a":[9]}, "a" : 7,"a":2, "c" :[ {} ,null , {"d":3,"d":null}] }')).toBe(
      '{"a":2,"b":1,"c":[{"d":null},null,{"d":null}]}',
    );
    expect(encoded(schema, '{}')).toBe('{"a":null,"b":null,"c":null}');
    expect(encoded(list(integer), '[ ]')).toBe('[]');
  });

  it.each([
    [integer, '-0', '0'],
    [integer, '12e2', '1200'],
    [integer, '-9223372036854775808', '-9223372036854775808'],
    [{ type: 'number' }, '-0.0', '-0.0'],
    [{ type: 'number' }, '1E-9', '1e-9'],
    [{ type: 'number' }, `0.1${'0'.repeat(2000)}`, '0.1'],
    [{ type: 'number' }, 'NaN', '"NaN"'],
    [{ type: 'number' }, '-Infinity', '"-Infinity"'],
    [{ type: 'number', multipleOf: 0.01 }, '12.50', '"12.5"'],
    [{ type: 'integer', maximum: 1e38 }, '1e37', `"1${'0'.repeat(37)}"`],
    [{ type: 'boolean' }, 'true', 'true'],
    [{ type: 'string', format: 'date-time' }, '"2024-03-01T00:30:00.5+01:00"', '"2024-02-29T23:30:00.5Z"'],
    [{ type: 'string', format: 'date' }, '"2024-02-29T00:00:00Z"', '"2024-02-29"'],
    [{ type: 'string' }, '"\\u00e9\\ud834\\udd1e\\u0000\\/"', '"\\u00e9\\ud834\\udd1e\\u0000\\/"'],
    [{}, '"as is"', '"as is"'],
    [{}, '{"a":\t[1.50,"\\"\\\\"]}', '"{\\"a\\":\\t[1.50,\\"\\\\\\"\\\\\\\\\\"]}"'],
    [{ type: ['integer', 'string'] }, '7', '"7"'],
    [{ type: 'string' }, '1.50', '"1.50"'],
    [{ type: 'string' }, '{"a": "b"}', '"{\\"a\\": \\"b\\"}"'],
  ])('%j: %s is written as %s', (schema, json, text) => {
    expect(member(schema, json)).toBe(text);
  });

  it('is followed by the value as it was sent, unless that is the same', () => {
    const { encode } = encoder(object({ a: integer }));
    expect(encode('{"a":1}')).toEqual(['{"a":1}']);
    expect(encode('{"a": 1, "b": 1.50}')).toEqual(['{"a":1}', '{"a": 1, "b": 1.50}']);
  });
});

describe('an invalid member', () => {
  const schema = object({
    geo: object({ lat: { type: 'number' }, at: { type: 'string', format: 'date' } }),
    tags: list(object({ Name: { type: 'string' }, n: integer })),
    deep: list(list(integer)),
  });

  it.each([
    ['{"geo":{"lat":"x"}}', 'v.geo.lat', 'found a string where the schema says number'],
    ['{"geo":{"lat":1e400}}', 'v.geo.lat', 'the number is beyond the range of a double'],
    ['{"geo":[]}', 'v.geo', 'found an array where the schema says object'],
    ['{"geo":7}', 'v.geo', 'found an integer where the schema says object'],
    ['{"geo":{"at":"soon"}}', 'v.geo.at', 'the text is no date (YYYY-MM-DD)'],
    ['{"geo":{"at":1}}', 'v.geo.at', 'found an integer where the schema says string'],
    ['{"tags":[{"Name":"\\ud834"}]}', 'v.tags[].Name', 'half of a surrogate pair'],
    ['{"tags":[{"n":9223372036854775808}]}', 'v.tags[].n', 'the integer is beyond 64 bits'],
    ['{"tags":[{"n":NaN}]}', 'v.tags[].n', 'found NaN or Infinity where the schema says integer'],
    ['{"deep":[[1],[2,"3"]]}', 'v.deep[][]', 'found a string where the schema says integer'],
    ['{"deep":{}}', 'v.deep', 'found an object where the schema says array'],
    ['[]', 'v', 'found an array where the schema says object'],
  ])('%s is an error at %s', (json, column, message) => {
    expect(() => encoder(schema).encode(json)).toThrow(
      expect.objectContaining({
        code: 'INPUT_VALUE_INVALID',
        context: { column },
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });

  it('is NULL and counted by itself where invalid values become NULL', () => {
    const { nested, encode } = encoder(schema, true);
    const [text] = encode(
      '{"geo":{"lat":"x","at":"2024-01-01"},"tags":[{"n":1.5,"Name":2},{"n":1}, 7],"deep":[{},[true]]}',
    );
    expect(text).toBe(
      '{"geo":{"lat":null,"at":"2024-01-01"},"tags":[{"name":"2","n":null},{"name":null,"n":1},null],"deep":[null,[null]]}',
    );
    expect([nested.nulled, nested.takenAsText]).toEqual([5, 1]);
    encode('{"geo":{"lat":1}}');
    expect([nested.nulled, nested.takenAsText]).toEqual([0, 0]);
  });

  it('is inexact when one of its members is', () => {
    const { nested, encode } = encoder(schema);
    encode('{"geo":{"lat":0.1}}');
    expect(nested.inexact).toBe(false);
    encode('{"geo":{"lat":0.1234567890123456789}}');
    expect([nested.inexact, nested.cut]).toEqual([true, false]);
  });

  it('is cut when one of its members is a date-time finer than a microsecond, which makes no number inexact', () => {
    const { nested, encode } = encoder(list(object({ at: { type: 'string', format: 'date-time' } })));
    encode('[{"at":"2024-01-01T00:00:00.123456Z"},{"at":"2024-01-01T00:00:00.123456789Z"}]');
    expect([nested.inexact, nested.cut]).toEqual([false, true]);
    encode('[{"at":"2024-01-01T00:00:00.123456000Z"}]');
    expect([nested.inexact, nested.cut]).toEqual([false, false]);
  });
});

it('members that are not declared, and not null, are counted by their path', () => {
  const columns = columnsOf(
    { properties: { v: object({ a: integer, list: list(object({ d: integer })) }) } },
    { metadata: false, flattenMaxLevel: 0, nestedColumns: 'struct' },
  );
  const lines = [
    line('{"v":{"b":1,"c":null,"list":[{"x":{"y":1}},{"x":2}]}}'),
    line('{"v":{"a":1,"b":[2]},"w":3}'),
    line('{"v":{"a":1}}'),
  ];
  const [result] = encode([version({ columns, keys: [] })], chunk(lines.join('')));
  expect(result!.segments[0]!.ignored).toEqual([
    { name: 'w', count: 1 },
    { name: 'v.b', count: 2, because: 'struct' },
    { name: 'v.list[].x', count: 2, because: 'struct' },
  ]);
});

it('a row has room for all members of a struct, however short its line is', () => {
  const names = Array.from({ length: 4000 }, (_, index) => `a member with quite a long name ${index}`);
  const columns = columnsOf(
    { properties: { v: object(Object.fromEntries(names.map((name) => [name, integer]))), after: { type: 'string' } } },
    { metadata: false, flattenMaxLevel: 0, nestedColumns: 'struct' },
  );
  const [result] = encode([version({ columns, keys: [] })], chunk(line('{"after":"x","v":{}}')));
  const [row] = dataOf(result!.segments);
  const text = `{${names.map((name) => `"${name}":null`).join(',')}}${sourceSeparator}{}`;
  expect(row).toEqual([`'${text}'`, "'x'"]);
});
