// What each warehouse is told, where its words differ from those of the other.
import { describe, expect, test } from 'vitest';
import type { TableColumnType } from '../../../../src/destinations/sql/dialect.ts';
import { duckdbDialect } from '../../../../src/destinations/sql/duckdb-dialect.ts';
import { requiredColumn } from '../../../../src/destinations/sql/required-column.ts';
import { sparkDialect } from '../../../../src/destinations/sql/spark-dialect.ts';
import { wantedColumns } from '../../../../src/destinations/sql/table-columns.ts';
import { createTableStatements } from '../../../../src/destinations/sql/table-statements.ts';
import { versionOf } from './staged-records.ts';

const bigint = { kind: 'bigint' } as const;
const types: readonly (readonly [TableColumnType, inDuckdb: string, inSpark: string])[] = [
  [{ kind: 'boolean' }, 'BOOLEAN', 'BOOLEAN'],
  [bigint, 'BIGINT', 'BIGINT'],
  [{ kind: 'double' }, 'DOUBLE', 'DOUBLE'],
  [{ kind: 'string' }, 'VARCHAR', 'STRING'],
  [{ kind: 'json' }, 'VARCHAR', 'STRING'],
  [{ kind: 'timestamp' }, 'TIMESTAMP', 'TIMESTAMP'],
  [{ kind: 'date' }, 'DATE', 'DATE'],
  [{ kind: 'decimal', precision: 10, scale: 2 }, 'DECIMAL(10,2)', 'DECIMAL(10,2)'],
  [{ kind: 'other', sql: 'binary' }, 'binary', 'binary'],
  [{ kind: 'array', element: { type: bigint } }, 'BIGINT[]', 'ARRAY<BIGINT>'],
  [
    {
      kind: 'struct',
      fields: [
        { name: 'a', type: bigint },
        { name: 'b', type: { kind: 'date' } },
      ],
    },
    'STRUCT("a" BIGINT, "b" DATE)',
    'STRUCT<`a`: BIGINT, `b`: DATE>',
  ],
];

test.each(types)('the type %j is %s in DuckDB, %s in Spark', (type, inDuckdb, inSpark) => {
  expect(duckdbDialect.typeName(type)).toBe(inDuckdb);
  expect(sparkDialect.typeName(type)).toBe(inSpark);
});

const rows = { table: 't', columns: ['a', 'b'], values: ['s.c0', 's.c1'], source: '(SELECT 1) s' };

describe('DuckDB is told', () => {
  test('times without a zone', () => {
    expect(duckdbDialect.timestampLiteral(new Date('2024-01-02T03:04:05.006Z'))).toBe(
      "TIMESTAMP '2024-01-02 03:04:05.006'",
    );
  });

  test('to append rows, some of them or all', () => {
    const all = 'INSERT INTO t (a, b)\nSELECT s.c0, s.c1 FROM (SELECT 1) s';
    expect(duckdbDialect.append({ ...rows, where: undefined })).toBe(all);
    expect(duckdbDialect.append({ ...rows, where: 'NOT x' })).toBe(`${all}\nWHERE NOT x`);
  });

  test('to widen a column; of a decimal also where a deleted row has a value that does not fit', () => {
    const int = { kind: 'other', sql: 'INTEGER' } as const;
    expect(duckdbDialect.widenColumn('a"b', int, bigint)).toEqual(['ALTER COLUMN "a""b" TYPE BIGINT']);
    expect(duckdbDialect.widenColumn('a', int, { kind: 'decimal', precision: 38, scale: 2 })).toEqual([
      'ALTER COLUMN "a" TYPE DECIMAL(38,2) USING TRY_CAST("a" AS DECIMAL(38,2))',
    ]);
  });

  test('nothing of a comment where a column is made, for a comment has a statement of its own', () => {
    expect(duckdbDialect.comment('x')).toBe('');
    expect(duckdbDialect.createTableSuffix).toBe('');
  });
});

describe('Spark is told', () => {
  test('to append rows, some of them or all, by a MERGE that matches none', () => {
    const merge = (when: string) =>
      `MERGE INTO t USING (SELECT 1) s\nON false\nWHEN NOT MATCHED${when} THEN INSERT (a, b) VALUES (s.c0, s.c1)`;
    expect(sparkDialect.append({ ...rows, where: undefined })).toBe(merge(''));
    expect(sparkDialect.append({ ...rows, where: 'NOT x' })).toBe(merge(' AND NOT x'));
  });

  test('which value of a group is wanted', () => {
    expect(sparkDialect.maxBy('v', 'seq')).toBe('max_by(v, seq)');
    expect(sparkDialect.maxBy('v', 'seq', 'x')).toBe('max_by(v, seq) FILTER (WHERE x)');
    expect(sparkDialect.struct(['c0', 'c1'])).toBe('struct(c0, c1)');
  });

  test('what an Iceberg table needs: deletes of rows, retries, no metadata file for good, staged appends', () => {
    const [statement] = createTableStatements(sparkDialect, '`t`', [{ name: 'a', type: bigint }]);
    expect(statement).toBe(
      "CREATE TABLE IF NOT EXISTS `t` (`a` BIGINT) USING iceberg TBLPROPERTIES ('format-version' = '2', " +
        "'commit.retry.num-retries' = '10', 'write.metadata.delete-after-commit.enabled' = 'true', " +
        "'write.metadata.previous-versions-max' = '50', 'write.wap.enabled' = 'true')",
    );
  });
});

test('a data column that is named like a metadata column gives way to it', () => {
  const columns = { id: 'bigint', _SDC_Sequence: 'string', _sdc_own: 'string' } as const;
  const names = (metadata: boolean) => wantedColumns(versionOf({ columns, metadata })).map(({ name }) => name);
  expect(names(false)).toEqual(['id', '_SDC_Sequence', '_sdc_own']);
  expect(names(true)).toEqual([
    'id',
    '_sdc_own',
    '_sdc_extracted_at',
    '_sdc_received_at',
    '_sdc_batched_at',
    '_sdc_deleted_at',
    '_sdc_sequence',
    '_sdc_table_version',
    '_sdc_sync_started_at',
  ]);
});

test('a column that is NOT NULL, and would have to be, is named', () => {
  expect(requiredColumn('c', { stream: 'a' })).toMatchObject({
    code: 'TABLE_COLUMN_REQUIRED',
    message:
      "the table's column is NOT NULL, and at least one row would be NULL in it: nothing of this load is in the table",
    context: { stream: 'a', column: 'c' },
  });
  expect(requiredColumn('c').context).toEqual({ column: 'c' });
});
