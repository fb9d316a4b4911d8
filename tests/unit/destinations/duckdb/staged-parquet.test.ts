// Staged Parquet files of the row loop as DuckDB reads them: the same rows as the CSV files of the same lines hold, which the
// TypeScript path writes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stagedRelation } from '../../../../src/destinations/duckdb/staged-relation.ts';
import type { RowFormat } from '../../../../src/formats/format.ts';
import { stagedLayout, stagedName } from '../../../../src/formats/layout.ts';
import { generatedFile, type HostileFile, hostileFiles } from '../../../support/hostile-files.ts';
import { stagedBytes } from '../../../support/staged-bytes.ts';

const folder = mkdtempSync(join(tmpdir(), 'staged-parquet-'));
let instance: DuckDBInstance;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB' });
});
afterAll(() => {
  instance.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;

async function relationOf(form: RowFormat, { version, lines }: HostileFile): Promise<string> {
  const path = join(folder, `x=1 [${++files}]*?.${form.format}`);
  writeFileSync(path, await stagedBytes(form, version, lines, 5000, form.format === 'csv' ? 'never' : 'always'));
  return stagedRelation(stagedLayout(version), [{ location: path, key: path, bytes: 0 }], 512 << 20);
}

async function query(sql: string): Promise<unknown[][]> {
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
  }
}

/** As texts: the two zeros of a DOUBLE are equal, but not the same. */
async function expectSameRows(file: HostileFile, compression: RowFormat['compression']): Promise<void> {
  const names = stagedLayout(file.version).map((_, position) => stagedName(position));
  const csv = await relationOf({ format: 'csv', compression: 'none' }, file);
  const parquet = await relationOf({ format: 'parquet', compression }, file);
  const types = (relation: string) =>
    query(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${relation})`);
  expect(await types(parquet)).toEqual(await types(csv));
  const texts = (relation: string) => `SELECT ${names.map((name) => `${name}::VARCHAR`).join(', ')} FROM ${relation}`;
  const counted = `SELECT count(*) FROM ${parquet}`;
  expect(await query(counted)).toEqual([[String(file.lines.length)]]);
  expect(await query(`(${texts(csv)}) EXCEPT ALL (${texts(parquet)}) LIMIT 1`)).toEqual([]);
}

describe('a staged Parquet file', () => {
  it.each(['gzip', 'none'] as const)(
    'holds the rows that the CSV file of the same lines holds, %s',
    async (compression) => {
      await fc.assert(
        fc.asyncProperty(generatedFile, async (file) => {
          // what the encoder refuses is the matter of another test
          fc.pre(
            await stagedBytes({ format: 'csv', compression: 'none' }, file.version, file.lines).then(
              () => true,
              () => false,
            ),
          );
          await expectSameRows(file, compression);
        }),
        { numRuns: 60 },
      );
    },
  );

  it.each(hostileFiles.map((make) => [make.name, make] as const))('of %s, too', async (_, make) => {
    await expectSameRows(make(), 'gzip');
  });

  it('is cut into row groups that a reader can take at a time', async () => {
    const file = hostileFiles[0]!();
    await relationOf({ format: 'parquet', compression: 'gzip' }, file);
    const path = join(folder, `x=1 [[]${files}]*?.parquet`.replace('*?', '[*][?]'));
    const groups = `SELECT DISTINCT row_group_id, row_group_num_rows::INT FROM parquet_metadata('${path}') ORDER BY 1`;
    const found = (await query(groups)) as [string, number][];
    expect(found.length).toBeGreaterThan(1);
    expect(found.reduce((sum, [, rows]) => sum + rows, 0)).toBe(file.lines.length);
  });

  it('counts its NULLs', async () => {
    const file = hostileFiles[0]!();
    await relationOf({ format: 'parquet', compression: 'gzip' }, file);
    const path = join(folder, `x=1 [[]${files}][*][?].parquet`);
    const nulls = `SELECT path_in_schema, sum(stats_null_count)::INT FROM parquet_metadata('${path}') WHERE path_in_schema IN ('c1', 'c6') GROUP BY 1 ORDER BY 1`;
    const absentOrNull = file.lines.filter((_, n) => n % 3 === 0 || n % 5 === 0).length;
    expect(await query(nulls)).toEqual([
      ['c1', absentOrNull],
      ['c6', 9999],
    ]);
  });
});
