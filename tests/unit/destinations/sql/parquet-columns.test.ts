import { describe, expect, test } from 'vitest';
import { findColumn, sayIgnoredColumns, undeclared } from '../../../../src/destinations/sql/parquet-columns.ts';
import { versionOf } from './staged-records.ts';

const columns = (...names: string[]) =>
  names.map((name) => ({ name, type: { kind: 'text', sql: 'VARCHAR' } as const }));

describe('a column of a file is found', () => {
  test('by its name, as it stands or in another case', () => {
    expect(findColumn(columns('ID', 'id'), ['id'])?.name).toBe('id');
    expect(findColumn(columns('x', 'ID'), ['Id'])?.name).toBe('ID');
    expect(findColumn(columns('x'), ['id'])).toBeUndefined();
  });

  test('by the joined name of a flattened property', () => {
    expect(findColumn(columns('O__X'), ['o', 'x'])?.name).toBe('O__X');
    expect(findColumn(columns('o__x', 'o'), ['o', 'x'])?.name).toBe('o__x');
    expect(findColumn(columns('p'), ['o', 'x'])).toBeUndefined();
  });
});

describe('a file is refused', () => {
  test('with two columns that a name may mean', () => {
    expect(() => findColumn(columns('ID', 'Id'), ['id'])).toThrow(
      expect.objectContaining({
        code: 'INPUT_BATCH_FILE',
        message: 'the file has several columns that differ only by case',
        context: { column: 'id' },
      }),
    );
  });

  test('with an object where flattened properties are wanted', () => {
    expect(() => findColumn(columns('O'), ['o', 'x'])).toThrow(
      expect.objectContaining({
        code: 'INPUT_BATCH_FILE',
        message: 'the file has a column "O" where flattened properties, such as "o__x", are wanted',
        context: { column: 'o.x' },
      }),
    );
  });
});

describe('columns that the stream lacks', () => {
  const version = versionOf({ columns: { id: 'bigint', Name: 'string' } });

  test('are those of no property, metadata columns apart', () => {
    const found = columns('ID', 'name', 'more', '_sdc_sequence', '_SDC_x', 'a_sdc_');
    expect(undeclared(found, version)).toEqual(['more', 'a_sdc_']);
    const flat = { ...version, columns: [{ ...version.columns[0]!, path: ['o', 'X'] }] };
    expect(undeclared(columns('o__x', 'x'), flat)).toEqual(['x']);
  });

  test('are told once each', () => {
    const said: string[] = [];
    const ignored = sayIgnoredColumns('a', { info: () => {}, warn: (message) => said.push(message) });
    ignored([]);
    ignored(['x', 'y', 'x']);
    ignored(['x']);
    ignored(['z', 'y']);
    ignored(['x'.repeat(100_000)]);
    expect(said).toEqual([
      'stream a: Parquet files have columns that its SCHEMA lacks, which are not loaded: x, y',
      'stream a: Parquet files have columns that its SCHEMA lacks, which are not loaded: z',
      expect.stringMatching(/which are not loaded: x{200}… \(100000 characters, [0-9a-f]{16}\)$/),
    ]);
  });
});
