// What is asked of a load, or of a table, before rows go into it: values that would be rounded, keys that would change, numbers that
// do not fit.
import { describe, expect, test } from 'vitest';
import { duckdbDialect } from '../../../../src/destinations/sql/duckdb-dialect.ts';
import { inexactCount } from '../../../../src/destinations/sql/inexact-columns.ts';
import { keyTextCheck } from '../../../../src/destinations/sql/key-texts.ts';
import { moreThanKeys, repeatedRows, warnOfRepeatedKeys } from '../../../../src/destinations/sql/repeated-keys.ts';
import type { LoadTarget } from '../../../../src/destinations/sql/source.ts';
import { sparkDialect } from '../../../../src/destinations/sql/spark-dialect.ts';
import type { TableColumn } from '../../../../src/destinations/sql/table-columns.ts';
import { unfitCount } from '../../../../src/destinations/sql/unfit-values.ts';
import type { Evolution, TableColumnType } from '../../../../src/schema/evolve.ts';
import { type ColumnType, jsonKind, type StreamVersion } from '../../../../src/schema/model.ts';
import { query, values } from './memory-duckdb.ts';
import { loadOf, type VersionShape, versionOf } from './staged-records.ts';

const of = (kind: 'boolean' | 'bigint' | 'double' | 'string' | 'json' | 'date' | 'timestamp') => ({ kind }) as const;
const decimal = (precision: number, scale: number) => ({ kind: 'decimal', precision, scale }) as const;
const held = (types: Readonly<Record<string, TableColumnType>>): TableColumn[] =>
  Object.entries(types).map(([name, type]) => ({ name, type }));

describe('values that a DOUBLE of the table holds approximately', () => {
  const shape: VersionShape = { columns: { id: 'bigint', n: decimal(38, 20), t: 'string' }, keys: ['id'] };
  const columns = held({ id: of('double'), n: of('double'), t: of('string') });
  const rows = [
    ['1::BIGINT', '0.5::DECIMAL(38,20)', "'x'"],
    ['2', '0.12345678901234567890', "'y'"],
    ['3', 'NULL', 'NULL'],
  ];

  async function inexact(rowsOf: readonly (readonly string[])[], of: StreamVersion = versionOf(shape)) {
    const count = inexactCount(duckdbDialect, of, columns, values(rowsOf))!;
    const [row] = await query(count.statement);
    return count.read(row!);
  }

  test('are counted by column', async () => {
    expect(await inexact(rows)).toEqual(
      new Map([
        [0, 0],
        [1, 1],
      ]),
    );
  });

  test('are refused in a key, with one of them', async () => {
    const one = [...rows, ['9007199254740993', 'NULL', 'NULL']];
    await expect(inexact(one)).rejects.toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      message:
        "one key is a number that the table's column, which is a DOUBLE, can't hold exactly (such as 9007199254740993): load into a new table",
      context: { column: 'id' },
    });
    const two = [...one, ['9007199254740995', 'NULL', 'NULL']];
    await expect(inexact(two)).rejects.toThrow(/^2 keys are numbers that .* \(such as 9007199254740993\)/);
  });

  test('name a flattened key by its whole path', async () => {
    const [id, ...others] = versionOf(shape).columns;
    const flat = { ...versionOf(shape), columns: [{ ...id!, path: ['o', 'id'] }, ...others] };
    await expect(inexact([['9007199254740993', 'NULL', 'NULL']], flat)).rejects.toMatchObject({
      context: { column: 'o.id' },
    });
  });

  test('are not looked for where the table has no DOUBLE for a number', () => {
    const version = versionOf(shape);
    const none = held({ id: of('bigint'), n: decimal(38, 20), t: of('double') });
    expect(inexactCount(duckdbDialect, version, none, 't')).toBeUndefined();
    expect(inexactCount(duckdbDialect, version, [undefined, undefined, undefined], 't')).toBeUndefined();
    const double = versionOf({ columns: { x: 'double' }, metadata: true });
    expect(inexactCount(duckdbDialect, double, held({ x: of('double') }), 't')).toBeUndefined();
  });

  test('are found in whatever column of the relation holds them', async () => {
    const count = inexactCount(duckdbDialect, versionOf(shape), columns, values(rows, ['a', 'b', 'c']), (index) =>
      'abc'.charAt(index),
    )!;
    expect(count.read((await query(count.statement))[0]!)).toEqual(
      new Map([
        [0, 0],
        [1, 1],
      ]),
    );
  });

  test('are asked for in the words of the warehouse', () => {
    const { statement } = inexactCount(sparkDialect, versionOf(shape), columns, '`v`')!;
    expect(statement).toContain('TRY_CAST(CAST(c1 AS DOUBLE) AS DECIMAL(38,20)) = c1');
    expect(statement).toContain('THEN CAST(c0 AS STRING) END) AS k0');
  });
});

describe('text keys of a table', () => {
  const check = (
    type: ColumnType,
    accepts: number,
    evolution: Partial<Evolution> = {},
    path: readonly string[] = ['id'],
  ) => {
    const version = versionOf({ columns: { id: type, n: 'string' }, keys: ['id'] });
    const [key, ...others] = version.columns;
    return keyTextCheck(
      duckdbDialect,
      { ...version, columns: [{ ...key!, accepts, path }, ...others] },
      {
        steps: [],
        columns: held({ ID: of('string'), n: of('string') }),
        others: [],
        breaches: [],
        ...evolution,
      },
      '"t"',
    );
  };
  async function asked(type: ColumnType, accepts: number, texts: readonly (string | null)[]) {
    const { statement, assert } = check(type, accepts)!;
    const rows = texts.map((text) => `(${text === null ? 'NULL' : `'${text}'`}, 'x')`).join(', ');
    const [row] = await query('CREATE TABLE t (ID VARCHAR, n VARCHAR)', `INSERT INTO t VALUES ${rows}`, statement);
    assert(row!);
  }
  const { number, boolean, string } = jsonKind;
  const refusal = (message: RegExp) => ({ code: 'TABLE_KEY_TYPE', message: expect.stringMatching(message) });

  test.each<[string, ColumnType, number, (string | null)[]]>([
    ['integers', of('bigint'), number, ['1', '-20', '0', null]],
    ['days', of('date'), string, ['2024-02-29']],
    ['times', of('timestamp'), string, ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00.5Z']],
    ['numbers as text', of('string'), number, ['1', '0.5', '-12', 'NaN', '-Infinity', '0']],
    ['numbers and truths as text', of('string'), number | boolean, ['1', 'true', 'false']],
  ])('that are written as keys are from now on may stay: %s', async (_, type, accepts, texts) => {
    await asked(type, accepts, texts);
  });

  test.each<[string, ColumnType, number, string]>([
    ['a zero before an integer', of('bigint'), number, '01'],
    ['an integer with a fraction', of('bigint'), number, '1.0'],
    ['no integer', of('bigint'), number, 'x'],
    ['a time in another form', of('timestamp'), string, '2024-02-29 12:00:00'],
    ['a number with zeros at its end', of('string'), number, '1.50'],
    ['a truth among numbers', of('string'), number, 'true'],
    ['the other zero', of('string'), number, '-0'],
    ['nothing', of('string'), number, ''],
    ['words', of('string'), number | boolean, 'truefalse'],
  ])('that are written otherwise are refused: %s', async (_, type, accepts, text) => {
    await expect(asked(type, accepts, [text])).rejects.toMatchObject(refusal(/^the key column is text in the table/));
  });

  test('that are refused are counted, and one is shown', async () => {
    await expect(asked(of('bigint'), number, ['01', '1'])).rejects.toMatchObject({
      message:
        'the key column is text in the table, and one of its keys is not written as a key of the type bigint is (such as "01"): declare it as a string again to go on with this table',
      context: { column: 'id' },
    });
    await expect(asked(of('bigint'), number, ['02', '01'])).rejects.toThrow(
      /and 2 of its keys are not .*\(such as "01"\)/,
    );
    await expect(asked(of('string'), number, ['01'])).rejects.toThrow(/as a key of the type number is/);
  });

  test('that are flattened are named by their whole path', () => {
    const { assert } = check(of('bigint'), number, {}, ['o', 'id'])!;
    expect(() => assert({ n0: 1n, k0: '01' })).toThrow(expect.objectContaining({ context: { column: 'o.id' } }));
  });

  test('are not looked at where any text may be a key, where keys are no text, and in a column that is new', () => {
    expect(check(of('string'), string)).toBeUndefined();
    expect(check(of('string'), string | number)).toBeUndefined();
    expect(check(of('bigint'), number, { columns: held({ id: of('bigint'), n: of('string') }) })).toBeUndefined();
    expect(check(of('bigint'), number, { columns: [undefined, undefined] })).toBeUndefined();
    const added = { kind: 'add', name: 'ID', type: of('string') } as const;
    expect(check(of('bigint'), number, { steps: [added] })).toBeUndefined();
    const widened = { kind: 'widen', name: 'ID', from: of('string'), to: of('string') } as const;
    expect(check(of('bigint'), number, { steps: [widened] })).toBeDefined();
  });

  test('may be in a column for JSON', () => {
    expect(check(of('bigint'), number, { columns: held({ ID: of('json'), n: of('string') }) })).toBeDefined();
  });
});

describe('numbers that a column of the table has no room for', () => {
  const nested = (type: ColumnType): ColumnType => ({ kind: 'array', element: { type, accepts: jsonKind.number } });
  const struct = (members: Readonly<Record<string, ColumnType>>): ColumnType => ({
    kind: 'struct',
    fields: Object.entries(members).map(([name, type]) => ({ name, property: name, type, accepts: jsonKind.number })),
  });
  const ask = (from: ColumnType, to: TableColumnType | undefined) => {
    const version = versionOf({ columns: { v: from } });
    const columns = [to && { name: 'v', type: to }];
    return unfitCount(duckdbDialect, version, columns, 'r', () => 'v');
  };
  async function asked(from: ColumnType, to: TableColumnType, ...texts: string[]) {
    const count = ask(from, to)!;
    const type = duckdbDialect.typeName(from);
    const rows = texts.map((text) => `(CAST(${text} AS ${type}))`).join(', ');
    const [row] = await query(`CREATE TABLE r AS SELECT * FROM (VALUES ${rows}) x(v)`, count.statement);
    count.check(row!);
  }

  test('end the load, and tell how many there are', async () => {
    await asked(decimal(38, 2), decimal(10, 2), '1.25', 'NULL', '99999999.99');
    await expect(asked(decimal(38, 2), decimal(10, 2), '100000000', '1')).rejects.toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      message: `a value can't be held by the table's column, which is DECIMAL(10,2): nothing of this load is in the table`,
      context: { column: 'v' },
    });
    await expect(asked(decimal(38, 2), decimal(10, 2), '100000000', '-100000000')).rejects.toThrow(
      /^2 values can't be held/,
    );
  });

  test.each<[ColumnType, TableColumnType, string, string]>([
    [decimal(38, 2), of('bigint'), '7', '7.5'],
    [decimal(12, 4), decimal(12, 2), '0.25', '0.255'],
    [of('bigint'), decimal(18, 0), '1', '9223372036854775807'],
    [of('bigint'), decimal(19, 1), '1', '9223372036854775807'],
    [of('bigint'), { kind: 'other', sql: 'UHUGEINT' }, '1', '-1'],
    [
      struct({ a: of('bigint'), b: of('bigint') }),
      {
        kind: 'struct',
        fields: [
          { name: 'a', type: decimal(2, 0) },
          { name: 'b', type: decimal(2, 0) },
        ],
      },
      '{a: 99, b: NULL}',
      '{a: 1, b: 100}',
    ],
    [of('bigint'), { kind: 'other', sql: 'INTEGER' }, '1', '2147483648'],
    [nested(decimal(38, 0)), { kind: 'array', element: { type: decimal(2, 0) } }, '[1, NULL]', '[1, 100]'],
    [
      struct({ a: of('bigint'), b: decimal(5, 0) }),
      { kind: 'struct', fields: [{ name: 'b', type: decimal(2, 0) }] },
      '{a: 1, b: 99}',
      '{a: 1, b: 100}',
    ],
    [
      nested(struct({ a: nested(of('bigint')) })),
      {
        kind: 'array',
        element: {
          type: {
            kind: 'struct',
            fields: [{ name: 'a', type: { kind: 'array', element: { type: { kind: 'other', sql: 'TINYINT' } } } }],
          },
        },
      },
      '[{a: [1, 2]}, NULL, {a: NULL}]',
      '[{a: [1]}, {a: [1, 1000]}]',
    ],
  ])('of %j in %j: %s is held, %s is not', async (from, to, fits, unfit) => {
    await asked(from, to, fits, 'NULL');
    await expect(asked(from, to, fits, unfit)).rejects.toMatchObject({ code: 'INPUT_VALUE_INVALID' });
  });

  test.each<[ColumnType, TableColumnType | undefined]>([
    [of('bigint'), of('bigint')],
    [of('bigint'), of('double')],
    [of('bigint'), of('string')],
    [of('bigint'), decimal(19, 0)],
    [of('bigint'), decimal(38, 19)],
    [decimal(10, 2), decimal(10, 2)],
    [decimal(10, 2), decimal(12, 4)],
    [of('bigint'), { kind: 'other', sql: 'hugeint' }],
    [of('double'), decimal(10, 2)],
    [of('string'), of('bigint')],
    [of('bigint'), undefined],
    [struct({ a: of('string') }), { kind: 'struct', fields: [{ name: 'a', type: of('string') }] }],
    [struct({ a: of('bigint') }), { kind: 'struct', fields: [{ name: 'b', type: decimal(2, 0) }] }],
    [nested(of('string')), { kind: 'array', element: { type: of('string') } }],
    [nested(of('bigint')), of('string')],
    [nested(of('bigint')), decimal(2, 0)],
    [of('bigint'), { kind: 'array', element: { type: decimal(2, 0) } }],
    [of('bigint'), { kind: 'struct', fields: [{ name: 'a', type: decimal(2, 0) }] }],
    [struct({ a: of('bigint') }), decimal(2, 0)],
  ])('are not looked for where %j goes into %j', (from, to) => {
    expect(ask(from, to)).toBeUndefined();
  });
});

test('numbers that do not fit name a flattened column by its whole path', () => {
  const flat = versionOf({ columns: { v: 'bigint' } });
  const version = { ...flat, columns: [{ ...flat.columns[0]!, path: ['o', 'v'] }] };
  const count = unfitCount(duckdbDialect, version, held({ v: decimal(2, 0) }), 'r')!;
  expect(() => count.check({ v0: 1n })).toThrow(expect.objectContaining({ context: { column: 'o.v' } }));
});

describe('keys that come more than once in a table', () => {
  const version = versionOf({ columns: { a: 'bigint', b: 'string', n: 'bigint' }, keys: ['a', 'b'], schema: 'crm' });
  const table = [
    'CREATE TABLE t (a BIGINT, b VARCHAR, n BIGINT)',
    "INSERT INTO t VALUES (1, 'x', 1), (1, 'x', 2), (1, 'y', 3), (2, 'x', 4), (2, 'x', 5), (2, 'x', 6), (NULL, 'x', 7), (NULL, 'x', 8), (3, NULL, 9), (3, NULL, 9)",
  ];
  const target: LoadTarget = {
    load: loadOf(version, [{ data: { a: '1', b: 'x', n: '1' } }]),
    table: 't',
    columns: held({ a: of('bigint'), b: of('string'), n: of('bigint') }),
    others: [],
    relation: values([['1::BIGINT', "'x'", '1::BIGINT', '1::BIGINT', 'NULL::VARCHAR']]),
    syncStartedAtMs: 0,
  };

  test.each([
    [false, 3, 5],
    [true, 1, 2],
  ])('are counted, those of the load only: %s', async (isInLoad, more, repeated) => {
    expect(await query(...table, moreThanKeys(duckdbDialect, target, isInLoad))).toEqual([{ more: String(more) }]);
    const [row] = await query(...table, repeatedRows(duckdbDialect, target, isInLoad));
    expect(Number(row!.repeated)).toBe(repeated);
  });

  test('are none in an empty table', async () => {
    const [row] = await query(table[0]!, repeatedRows(duckdbDialect, target, false));
    expect(Number(row!.repeated)).toBe(0);
  });

  test('are told with the table and the key', () => {
    const said: string[] = [];
    warnOfRepeatedKeys({ info: () => {}, warn: (message) => said.push(message) }, target, 5);
    const [a, ...others] = version.columns;
    const flat = { ...version, columns: [{ ...a!, path: ['o', 'a'] }, ...others] };
    const log = { info: () => {}, warn: (message: string) => said.push(message) };
    warnOfRepeatedKeys(log, { ...target, load: { ...target.load, version: flat } }, 2);
    expect(said.pop()).toContain('whose key (o.a, b) comes');
    expect(said).toEqual([
      'stream orders: table crm.orders has 5 rows whose key (a, b) comes more than once: what changes or deletes one row of a key does so with all of them',
    ]);
  });
});
