// Parquet files as relations: what becomes of keys, of columns that a file lacks, of metadata, and of what is discarded.
import { describe, expect, test } from 'vitest';
import type { Discards } from '../../../../src/destinations/destination.ts';
import { duckdbFileType, duckdbParquetDialect } from '../../../../src/destinations/duckdb/parquet-dialect.ts';
import {
  checkedOutcome,
  type DescribedFile,
  loadOfParquet,
  parquetSource,
  placeOf,
} from '../../../../src/destinations/sql/parquet-source.ts';
import { type ColumnType, jsonKind, type StreamVersion } from '../../../../src/schema/model.ts';
import { query, values } from './memory-duckdb.ts';
import { type VersionShape, versionOf } from './staged-records.ts';

const receivedAt = new Date('2024-03-01T00:00:00.500Z');

interface FileShape {
  /** Name → type in DuckDB's words. */
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: readonly (readonly string[])[];
  readonly tableVersion?: bigint;
  readonly extractedAt?: string;
}

function described({ columns, rows, tableVersion, extractedAt }: FileShape, place: number): DescribedFile {
  const names = Object.keys(columns);
  const typed = rows.map((row, n) => [
    ...row.map((value, at) => `CAST(${value} AS ${columns[names[at]!]})`),
    `${n}::BIGINT`,
  ]);
  return {
    file: { name: `f${place}?sig=x`, location: `/f${place}`, line: place + 2, receivedAt, tableVersion, extractedAt },
    columns: names.map((name) => ({ name, type: duckdbFileType(columns[name]!) })),
    relation: values(typed, [...names.map((name) => duckdbParquetDialect.quoteName(name)), 'file_row']),
    rowNumber: 'file_row',
  };
}

function sourceOf(version: StreamVersion, files: readonly FileShape[], discards?: Discards) {
  const source = parquetSource(duckdbParquetDialect, version, files.map(described), discards);
  const load = { version, files: files.map((file, place) => described(file, place).file), batchedAt: receivedAt };
  return {
    source,
    load,
    check: async () => checkedOutcome(source, load, await query(source.check)),
    rows: async () => (await query(source.select)).map((row) => Object.values(row)),
    repeats: async () => Number(Object.values((await query(source.repeats!))[0]!)[0]),
  };
}

const shape: VersionShape = { columns: { id: 'bigint', n: 'bigint' }, keys: ['id'] };
const integers = { id: 'BIGINT', n: 'BIGINT' };

describe('the rows of Parquet files', () => {
  test('stand in the order of the files, and of the rows in each', async () => {
    const { check, rows } = sourceOf(versionOf(shape), [
      {
        columns: integers,
        rows: [
          ['1', '10'],
          ['2', '20'],
        ],
      },
      { columns: { ID: 'BIGINT' }, rows: [['3']] },
    ]);
    expect(await check()).toMatchObject({ rows: 3, hasDeletes: false, discarded: new Map() });
    expect(await rows()).toEqual([
      ['1', '10', '0', null],
      ['2', '20', '1', null],
      ['3', null, String(2 ** 40), '01'],
    ]);
  });

  test('tell which of their columns some file lacks', () => {
    const { source, load } = sourceOf(versionOf(shape), [
      { columns: integers, rows: [] },
      { columns: { id: 'BIGINT' }, rows: [] },
    ]);
    expect([...source.absentColumns]).toEqual([1]);
    const outcome = {
      rows: 4,
      hasDeletes: true,
      discarded: new Map(),
      inexact: new Map(),
      deduplicated: 0,
      deleted: 0,
    };
    expect(loadOfParquet(load, source, outcome, 2)).toEqual({
      version: load.version,
      files: [
        { location: '/f0', key: '/f0', bytes: 0 },
        { location: '/f1', key: '/f1', bytes: 0 },
      ],
      rows: 4,
      mayRepeatKeys: true,
      absentColumns: new Set([1]),
      hasDeletes: true,
      batchedAt: receivedAt,
    });
    expect(loadOfParquet(load, source, outcome, 0).mayRepeatKeys).toBe(false);
  });

  test('of a flattened object that a file has in part lack no column', () => {
    const flat = versionOf({ columns: { o__a: 'bigint', o__b: 'bigint', p__a: 'bigint' } });
    const version = { ...flat, columns: flat.columns.map((column) => ({ ...column, path: column.name.split('__') })) };
    const { source } = sourceOf(version, [{ columns: { o__a: 'BIGINT' }, rows: [] }]);
    expect([...source.absentColumns]).toEqual([2]);
  });

  test('are counted by key over all files', async () => {
    const twice = sourceOf(versionOf(shape), [
      {
        columns: integers,
        rows: [
          ['1', '1'],
          ['2', '2'],
        ],
      },
      { columns: integers, rows: [['1', '3']] },
    ]);
    expect(await twice.repeats()).toBe(1);
    const keyless = sourceOf(versionOf({ ...shape, keys: [] }), [{ columns: integers, rows: [['1', '1']] }]);
    expect(keyless.source.repeats).toBeUndefined();
  });

  test('may carry delete markers', async () => {
    const columns = { id: 'BIGINT', _sdc_deleted_at: 'TIMESTAMP' };
    const version = versionOf({ ...shape, deletes: 'hard' });
    const marked = [
      {
        columns,
        rows: [
          ['1', 'NULL'],
          ['2', "'2024-01-01 00:00:00'"],
        ],
      },
    ];
    expect(await sourceOf(version, marked).check()).toMatchObject({ rows: 2, hasDeletes: true });
    const plain = [{ columns, rows: [['1', 'NULL']] }];
    expect(await sourceOf(version, plain).check()).toMatchObject({ rows: 1, hasDeletes: false });
  });
});

describe('a file is refused', () => {
  test('with a row that has no key, and how many there are', async () => {
    const rows = [
      ['1', '1'],
      ['NULL', '1'],
    ];
    const files = [
      { columns: integers, rows: [['9', '9']] },
      { columns: integers, rows },
    ];
    await expect(sourceOf(versionOf(shape), files).check()).rejects.toMatchObject({
      code: 'INPUT_KEY_MISSING',
      message: 'one row has no value of this key property',
      context: { column: 'id', file: 'f1', line: 3 },
    });
    const without = [{ columns: { n: 'BIGINT' }, rows: [['1'], ['2']] }];
    await expect(sourceOf(versionOf(shape), without).check()).rejects.toThrow(/^2 rows have no value of this key/);
  });

  test('with a value that its column can not hold, by the type of the column', async () => {
    const files = [
      {
        columns: { id: 'BIGINT', n: 'DOUBLE' },
        rows: [
          ['1', '1.5'],
          ['2', '2.5'],
          ['3', '3'],
        ],
      },
    ];
    await expect(sourceOf(versionOf(shape), files).check()).rejects.toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      message: "2 rows have a value that the column's type BIGINT can't hold as it is",
      context: { column: 'n', file: 'f0', line: 2 },
    });
  });

  test('with such a value in a key, which is shown', async () => {
    const files = [
      {
        columns: { id: 'DOUBLE', n: 'BIGINT' },
        rows: [
          ['2.5', '1'],
          ['3', '1'],
        ],
      },
    ];
    await expect(sourceOf(versionOf(shape), files).check()).rejects.toMatchObject({
      message: `one row has a value that the column's type BIGINT can't hold as it is (the key is "2.5")`,
      context: { column: 'id' },
    });
  });

  test('with a list as its key, which is not shown', async () => {
    const files = [{ columns: { id: 'BIGINT[]', n: 'BIGINT' }, rows: [['[1, 2]', '1']] }];
    const refused = sourceOf(versionOf(shape), files).check();
    await expect(refused).rejects.toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      message: "one row has a value that the column's type BIGINT can't hold as it is",
      context: { column: 'id' },
    });
  });

  test('with a key of a kind that JSON does not know, which is not shown', async () => {
    const files = [{ columns: { id: 'BLOB', n: 'BIGINT' }, rows: [["'\\xAA'::BLOB", '1']] }];
    await expect(sourceOf(versionOf(shape), files).check()).rejects.toMatchObject({
      message: "one row has a value that the column's type BIGINT can't hold as it is",
      context: { column: 'id' },
    });
  });

  test('with a struct or a list where the stream has one: only records can bring these', async () => {
    const accepts = jsonKind.number;
    const struct: ColumnType = {
      kind: 'struct',
      fields: [{ name: 'a', property: 'a', type: { kind: 'bigint' }, accepts }],
    };
    const list: ColumnType = { kind: 'array', element: { type: { kind: 'bigint' }, accepts } };
    for (const [type, file, value] of [
      [struct, 'STRUCT(a BIGINT)', '{a: 1}'],
      [list, 'BIGINT[]', '[1]'],
    ] as const) {
      const version = versionOf({ columns: { v: type } });
      await expect(sourceOf(version, [{ columns: { v: file }, rows: [[value]] }]).check()).rejects.toMatchObject({
        code: 'INPUT_VALUE_INVALID',
        context: { column: 'v' },
      });
      expect(await sourceOf(version, [{ columns: { v: file }, rows: [['NULL']] }]).check()).toMatchObject({ rows: 1 });
    }
  });

  test('with metadata of another kind', async () => {
    const version = versionOf({ ...shape, metadata: true, deletes: 'soft' });
    const files = [{ columns: { id: 'BIGINT', _sdc_sequence: 'VARCHAR' }, rows: [['1', "'x'"]] }];
    await expect(sourceOf(version, files).check()).rejects.toMatchObject({
      message: "one row has a value that the column's type BIGINT can't hold as it is",
      context: { column: '_sdc_sequence' },
    });
    const times = [{ columns: { id: 'BIGINT', _sdc_extracted_at: 'BOOLEAN' }, rows: [['1', 'true']] }];
    await expect(sourceOf(version, times).check()).rejects.toThrow(/the column's type TIMESTAMP can't hold/);
  });

  test('in which a name may mean two columns, with its place', () => {
    const files = [{ columns: { ID: 'BIGINT', Id: 'BIGINT' }, rows: [] }];
    expect(() => sourceOf(versionOf(shape), files)).toThrow(
      expect.objectContaining({ code: 'INPUT_BATCH_FILE', context: { file: 'f0', line: 2, column: 'id' } }),
    );
  });

  test('whose message has no date-time where one is due', () => {
    const version = versionOf({ ...shape, metadata: true, deletes: 'soft' });
    const file = { columns: integers, rows: [] };
    expect(() => sourceOf(version, [{ ...file, extractedAt: 'yesterday' }])).toThrow(
      expect.objectContaining({
        code: 'INPUT_VALUE_INVALID',
        message: 'the message has no date-time there',
        context: { file: 'f0', line: 2, column: 'time_extracted' },
      }),
    );
  });

  test('is named without what stands behind a question mark, which may be a secret', () => {
    const { file } = described({ columns: integers, rows: [] }, 0);
    expect(placeOf({ ...file, name: 'https://h/x.parquet?sig=a?b\nc' })).toEqual({
      file: 'https://h/x.parquet',
      line: 2,
    });
  });
});

describe('values of a file', () => {
  const of = (type: ColumnType, accepts: number) => {
    const version = versionOf({ columns: { v: type } });
    return { ...version, columns: [{ ...version.columns[0]!, accepts }] };
  };
  const put = async (version: StreamVersion, type: string, value: string) => {
    const { check, rows } = sourceOf(version, [{ columns: { v: type }, rows: [[value]] }]);
    await check();
    return (await rows())[0]![0];
  };
  const { number, string } = jsonKind;
  const amount = of({ kind: 'decimal', precision: 38, scale: 2 }, string | number);
  const [time, day] = [of({ kind: 'timestamp' }, string), of({ kind: 'date' }, string)];
  const refused = { code: 'INPUT_VALUE_INVALID' };

  test('that are texts of decimals are held to the last digit, or refused', async () => {
    expect(await put(amount, 'VARCHAR', "'-12.5'")).toBe('-12.50');
    expect(await put(amount, 'VARCHAR', "'1.2500'")).toBe('1.25');
    for (const text of ["'1.255'", "'1e2'", "'x'", "''"])
      await expect(put(amount, 'VARCHAR', text)).rejects.toMatchObject(refused);
  });

  test('that are floats become decimals by the digits that they are written with', async () => {
    const exact = of({ kind: 'decimal', precision: 38, scale: 9 }, number);
    expect(await put(exact, 'FLOAT', '0.1')).toBe('0.100000000');
    expect(await put(exact, 'DOUBLE', '0.3')).toBe('0.300000000');
  });

  test('that are no numbers are written as JSON has them, in a column for anything', async () => {
    const json = of({ kind: 'json' }, number | string);
    expect(await put(json, 'DOUBLE', "'nan'")).toBe('NaN');
    expect(await put(json, 'DOUBLE', "'-inf'")).toBe('-Infinity');
    expect(await put(json, 'TIMESTAMP', "'2024-02-29 12:00:00'")).toBe('2024-02-29T12:00:00');
  });

  test('that are times of a day are no date-times and no days', async () => {
    for (const version of [time, day]) {
      await expect(put(version, 'TIME', "'12:00:00'")).rejects.toMatchObject(refused);
      expect(await put(version, 'TIME', 'NULL')).toBeNull();
    }
  });

  test('that are finer than a microsecond are no days', async () => {
    await expect(put(day, 'TIMESTAMP_NS', "'2024-02-29 00:00:00.000000001'")).rejects.toMatchObject(refused);
    expect(await put(day, 'TIMESTAMP_NS', "'2024-02-29 00:00:00'")).toBe('2024-02-29');
  });
});

describe('a flattened property', () => {
  const flat = versionOf({ columns: { o__id: 'bigint', o__n: 'bigint' }, keys: ['o__id'] });
  const version = { ...flat, columns: flat.columns.map((column) => ({ ...column, path: column.name.split('__') })) };
  const load = (columns: Readonly<Record<string, string>>, ...rows: string[][]) =>
    sourceOf(version, [{ columns, rows }]).check();

  test('is named by its whole path', async () => {
    const columns = { o__id: 'DOUBLE', o__n: 'DOUBLE' };
    await expect(load(columns, ['NULL', '1'])).rejects.toMatchObject({
      code: 'INPUT_KEY_MISSING',
      context: { column: 'o.id' },
    });
    await expect(load(columns, ['1.5', '1'])).rejects.toMatchObject({
      message: `one row has a value that the column's type BIGINT can't hold as it is (the key is "1.5")`,
      context: { column: 'o.id' },
    });
    await expect(load(columns, ['1', '1.5'])).rejects.toMatchObject({
      message: "one row has a value that the column's type BIGINT can't hold as it is",
      context: { column: 'o.n' },
    });
  });
});

test('of a key of two properties the one that can not be held is shown', async () => {
  const version = versionOf({ columns: { a: 'bigint', b: 'bigint' }, keys: ['a', 'b'] });
  const file = (...row: string[]) => [{ columns: { a: 'DOUBLE', b: 'DOUBLE' }, rows: [row] }];
  await expect(sourceOf(version, file('1', '2.5')).check()).rejects.toMatchObject({
    message: expect.stringContaining('(the key is "2.5")'),
    context: { column: 'b' },
  });
});

describe('metadata columns', () => {
  const version = versionOf({ columns: { id: 'bigint' }, metadata: true, deletes: 'soft' });
  // id, deleted_at, extracted_at, received_at, sequence, table_version
  const shown = async (file: Partial<FileShape>) => {
    const { rows } = sourceOf(version, [{ columns: { id: 'BIGINT' }, rows: [['1']], ...file }]);
    return (await rows())[0]!.slice(1, 6);
  };
  const received = '2024-03-01 00:00:00.5';
  const sequence = String(receivedAt.getTime());

  test('are those of the message, where the file has none', async () => {
    expect(await shown({})).toEqual([null, null, received, sequence, null]);
    expect(await shown({ tableVersion: 12n, extractedAt: '2024-02-29T12:00:00+02:00' })).toEqual([
      null,
      '2024-02-29 10:00:00',
      received,
      sequence,
      '12',
    ]);
  });

  test.each(['2024-02-29', '2024-02-29 00:00', '2024-02-29t00:00:00.000z', '2024-02-29T00:00:00+0000'])(
    'take the date-time %s of a message',
    async (extractedAt) => {
      expect((await shown({ extractedAt }))[1]).toBe('2024-02-29 00:00:00');
    },
  );

  test.each(['x2024-02-29', '2024-02-29x', '2024-02-29T', '24-02-29'])(
    'take no other text: %s',
    async (extractedAt) => {
      await expect(shown({ extractedAt })).rejects.toMatchObject({ code: 'INPUT_VALUE_INVALID' });
    },
  );

  test('are those of the file, where it has them', async () => {
    const columns = {
      id: 'BIGINT',
      _sdc_extracted_at: 'TIMESTAMP',
      _sdc_sequence: 'BIGINT',
      _sdc_table_version: 'BIGINT',
    };
    const rows = [['1', "'2024-01-01 00:00:00'", '7', '8']];
    expect(await shown({ columns, rows })).toEqual([null, '2024-01-01 00:00:00', received, '7', '8']);
  });
});

describe('a column that is discarded', () => {
  test('has its values counted, over all files', async () => {
    const discards: Discards = { stream: false, columns: new Map([[1, 'columns']]) };
    const rows = [
      ['1', '1'],
      ['2', 'NULL'],
    ];
    const { check, source } = sourceOf(
      versionOf(shape),
      [
        { columns: integers, rows },
        { columns: integers, rows },
      ],
      discards,
    );
    expect(source.discarded).toEqual([1]);
    expect((await check()).discarded).toEqual(new Map([[1, 2]]));
  });
});

describe('keys that a column would take for others', () => {
  const { number, boolean, string } = jsonKind;
  const keyed = (type: ColumnType, accepts: number): StreamVersion => {
    const version = versionOf({ columns: { id: type }, keys: ['id'] });
    return { ...version, columns: [{ ...version.columns[0]!, accepts }] };
  };
  const keys = (version: StreamVersion, type: string, ...texts: string[]) =>
    sourceOf(version, [{ columns: { id: type }, rows: texts.map((text) => [text]) }]);
  const held = async (version: StreamVersion, type: string, ...texts: string[]) => {
    const { check, rows } = keys(version, type, ...texts);
    await check();
    return (await rows()).map(([id]) => id);
  };
  const double = { kind: 'double' } as const;
  const text = { kind: 'string' } as const;

  test('are refused: texts that may be numbers or truths', async () => {
    const mixed = keyed(text, number | boolean | string);
    expect(await held(mixed, 'VARCHAR', "'x'", "'01'", "'-0'", "'1.0'", "'TRUE'")).toEqual([
      'x',
      '01',
      '-0',
      '1.0',
      'TRUE',
    ]);
    for (const key of ["'1'", "'-0.5'", "'NaN'", "'true'"])
      await expect(held(mixed, 'VARCHAR', key)).rejects.toMatchObject({ code: 'INPUT_VALUE_INVALID' });
    expect(await held(keyed(text, number | string), 'VARCHAR', "'true'")).toEqual(['true']);
    expect(await held(keyed(text, boolean | string), 'VARCHAR', "'1'")).toEqual(['1']);
    expect(await held(keyed(text, string), 'VARCHAR', "'1'", "'true'", "''")).toEqual(['1', 'true', '']);
    expect(await held(mixed, 'BOOLEAN', 'true')).toEqual(['true']);
  });

  test('are written in one form: numbers in a column of text', async () => {
    const mixed = keyed(text, number | string);
    expect(await held(mixed, 'DOUBLE', '1e7', '-0.0', '0.5')).toEqual(['10000000', '0', '0.5']);
    expect(await held(mixed, 'DECIMAL(10,2)', '1.50')).toEqual(['1.5']);
    expect(await held(mixed, 'BIGINT', '12')).toEqual(['12']);
  });

  test('are one zero in a DOUBLE, and texts that no double may be the shortest form of are refused', async () => {
    const numbers = keyed(double, number | string);
    expect(await held(numbers, 'DOUBLE', '-0.0', '1.5')).toEqual([0, 1.5]);
    expect(Object.is((await held(numbers, 'DOUBLE', '-0.0'))[0], 0)).toBe(true);
    expect(await held(numbers, 'DECIMAL(10,2)', '1.50')).toEqual([1.5]);
    expect(await held(numbers, 'VARCHAR', "'1.5'", "'-12'", "'123456789012345'")).toEqual([1.5, -12, 123456789012345]);
    for (const key of ["'1e3'", "'1234567890123456'", "'0.12345678901234'"])
      await expect(held(numbers, 'VARCHAR', key)).rejects.toMatchObject({ code: 'INPUT_VALUE_INVALID' });
  });
});
