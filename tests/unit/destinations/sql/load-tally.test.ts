import { expect, test } from 'vitest';
import { checkRows } from '../../../../src/destinations/sql/load-tally.ts';
import { loadOf, versionOf } from './staged-records.ts';

const version = versionOf({ columns: { id: 'bigint' } });
const file = { location: 'x', key: 'x', bytes: 1 };
const load = (...files: (typeof file)[]) => loadOf(version, [{ data: { id: '1' } }, { data: { id: '2' } }], files);

test('a load of which the warehouse reads other rows than were written is refused', () => {
  checkRows(load(file), 2, 'DuckDB');
  expect(() => checkRows(load(file), 1, 'DuckDB')).toThrow(
    expect.objectContaining({
      code: 'LOAD_ROWS_MISMATCH',
      message: '2 rows were written to 1 staged file, DuckDB reads 1',
    }),
  );
  expect(() => checkRows(load(file, file), 3, 'the lakehouse')).toThrow(
    '2 rows were written to 2 staged files, the lakehouse reads 3',
  );
  const one = loadOf(version, [{ data: { id: '1' } }], [file]);
  expect(() => checkRows(one, 0, 'DuckDB')).toThrow('1 row was written to 1 staged file, DuckDB reads 0');
});
