// Structs and arrays on their way into a table: read from what was staged, and fitted to the type that the table's column has.
import { describe, expect, test } from 'vitest';
import { castTo } from '../../../../src/destinations/sql/dialect.ts';
import { duckdbDialect } from '../../../../src/destinations/sql/duckdb-dialect.ts';
import { convertedValue, stagedValue } from '../../../../src/destinations/sql/nested-value.ts';
import { sparkDialect } from '../../../../src/destinations/sql/spark-dialect.ts';
import { sourceSeparator } from '../../../../src/encode/encode-nested.ts';
import type { TableColumnType } from '../../../../src/schema/evolve.ts';
import { type ColumnType, jsonKind } from '../../../../src/schema/model.ts';
import { query } from './memory-duckdb.ts';

const bigint = { kind: 'bigint' } as const;
const string = { kind: 'string' } as const;
const struct = (...members: [name: string, type: ColumnType, property?: string][]): ColumnType => ({
  kind: 'struct',
  fields: members.map(([name, type, property = name]) => ({ name, property, type, accepts: jsonKind.number })),
});
const array = (type: ColumnType): ColumnType => ({ kind: 'array', element: { type, accepts: jsonKind.number } });
const held = (...members: [name: string, type: TableColumnType][]): TableColumnType => ({
  kind: 'struct',
  fields: members.map(([name, type]) => ({ name, type })),
});
const list = (type: TableColumnType): TableColumnType => ({ kind: 'array', element: { type } });

/** What a column of the type `to` gets of a staged text. */
async function put(text: string | null, type: ColumnType, to: TableColumnType): Promise<unknown> {
  const staged = text === null ? 'CAST(NULL AS VARCHAR)' : duckdbDialect.quoteText(text);
  const value = stagedValue(duckdbDialect, 'c0', type, to);
  const [row] = await query(`SELECT ${value} AS v, typeof(${value}) AS t FROM (SELECT ${staged} AS c0) staged`);
  const plain = (name: unknown) => String(name).replaceAll('"', '');
  expect(plain(row!.t)).toBe(plain(duckdbDialect.typeName(to)));
  return row!.v;
}

describe('a staged struct or array', () => {
  test('is read in its own type, members by name', async () => {
    const type = struct(['2', bigint], ['1', string], ['a"b', array(bigint)], ['o', struct(['x', bigint])]);
    expect(await put('{"2":7,"1":"x","a\\"b":[1,null],"o":{"x":null}}', type, type)).toEqual({
      2: '7',
      1: 'x',
      'a"b': ['1', null],
      o: { x: null },
    });
    expect(await put(null, type, type)).toBeNull();
    expect(await put('[{"x":1},null]', array(struct(['x', bigint])), array(struct(['x', bigint])))).toEqual([
      { x: '1' },
      null,
    ]);
  });

  test('without one of its members is an error', async () => {
    const type = struct(['a', bigint], ['b', bigint]);
    await expect(put('{"a":1}', type, type)).rejects.toThrow();
  });

  test('is text as it was sent, where the table has a column of text', async () => {
    const type = struct(['a', bigint]);
    const sent = '{ "a" : 1.0 }';
    for (const to of [string, { kind: 'json' } as const]) {
      expect(await put(`{"a":1}${sourceSeparator}${sent}`, type, to)).toBe(sent);
      expect(await put('{"a":1}', type, to)).toBe('{"a":1}');
      expect(await put(null, type, to)).toBeNull();
    }
    expect(await put(`{"a":1}${sourceSeparator}${sent}`, type, type)).toEqual({ a: '1' });
  });

  test('is fitted to the members that the table has', async () => {
    const type = struct(['a', bigint], ['b_c', string, 'b-c'], ['gone', bigint]);
    const text = '{"a":1,"b_c":"x","gone":2}';
    const to = held(['more', string], ['b-c', string], ['A', { kind: 'double' }]);
    expect(await put(text, type, to)).toEqual({ more: null, 'b-c': 'x', A: 1 });
    expect(await put(null, type, to)).toBeNull();
  });

  test('is fitted at any depth, and what is NULL stays so', async () => {
    const type = array(struct(['l', array(struct(['x', bigint]))], ['n', bigint]));
    const to = list(held(['n', bigint], ['l', list(held(['x', { kind: 'other', sql: 'HUGEINT' }], ['y', string]))]));
    expect(await put('[{"l":[{"x":1},null],"n":2},null,{"l":null,"n":null}]', type, to)).toEqual([
      { n: '2', l: [{ x: '1', y: null }, null] },
      null,
      { n: null, l: null },
    ]);
  });
});

test('a plain value is cast, or left as it is', () => {
  expect(stagedValue(duckdbDialect, 'c0', bigint, bigint)).toBe('c0');
  expect(stagedValue(duckdbDialect, 'c0', bigint, string)).toBe('CAST(c0 AS VARCHAR)');
  expect(convertedValue(duckdbDialect, 'x', bigint, bigint)).toBe('x');
  expect(convertedValue(duckdbDialect, 'x', bigint, { kind: 'other', sql: 'HUGEINT' })).toBe('CAST(x AS HUGEINT)');
});

test('a stored struct becomes the JSON text of it in a column of text', async () => {
  const type = held(['a', bigint]);
  for (const to of [string, { kind: 'json' } as const]) {
    const value = convertedValue(duckdbDialect, 'v', type, to);
    expect(await query(`SELECT ${value} AS t FROM (SELECT {a: 1::BIGINT} AS v) x`)).toEqual([{ t: '{"a":1}' }]);
  }
});

describe('a value in a column of text', () => {
  test.each<[string, TableColumnType, string, string]>([
    ['a number', { kind: 'double' }, '1e21::DOUBLE', `1${'0'.repeat(21)}`],
    ['a decimal', { kind: 'decimal', precision: 5, scale: 2 }, '1.50::DECIMAL(5,2)', '1.5'],
    ['a time', { kind: 'timestamp' }, "TIMESTAMP '2024-02-29 12:00:00.5'", '2024-02-29T12:00:00.5Z'],
    ['a day', { kind: 'date' }, "DATE '2024-02-29'", '2024-02-29'],
  ])('is written in one way: %s', async (_, from, value, text) => {
    for (const to of [string, { kind: 'json' } as const])
      expect(await query(`SELECT ${castTo(duckdbDialect, value, from, to)} AS t`)).toEqual([{ t: text }]);
  });
});

describe('Spark', () => {
  const type = struct(['a', bigint], ["it's", array(string)]);

  test('reads the text of a struct as strictly as it can', () => {
    expect(stagedValue(sparkDialect, 'c0', type, type)).toBe(
      "from_json(split_part(c0, '\\u001e', 1), 'STRUCT\\u003c\\u0060a\\u0060: BIGINT, \\u0060it\\u0027s\\u0060: ARRAY\\u003cSTRING\\u003e\\u003e', " +
        "map('mode', 'FAILFAST', 'maxStringLen', '2147483647', 'maxNestingDepth', '1000000', " +
        "'columnNameOfCorruptRecord', '\\u0001', 'allowNonNumericNumbers', 'true', " +
        "'enableDateTimeParsingFallback', 'false', 'timeZone', 'UTC', 'locale', 'en-US'))",
    );
  });

  test('fits a struct member by member', () => {
    expect(
      convertedValue(sparkDialect, 'v', struct(['a', array(bigint)]), held(['b', string], ['A', list(string)])),
    ).toBe(
      "transform(array(v), v0 -> CASE WHEN v0 IS NULL THEN NULL ELSE named_struct('b', CAST(NULL AS STRING), 'A', " +
        'transform(v0.`a`, v1 -> CAST(v1 AS STRING))) END)[0]',
    );
  });
});
