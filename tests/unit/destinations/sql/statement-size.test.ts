// The largest load that there is: 256 files of a stream with a thousand columns, each with a name of a hundred characters.
import { describe, expect, test } from 'vitest';
import { stagedRelation } from '../../../../src/destinations/duckdb/staged-relation.ts';
import { createViewStatement } from '../../../../src/destinations/iomete/staged-view.ts';
import type { Dialect } from '../../../../src/destinations/sql/dialect.ts';
import { duckdbDialect } from '../../../../src/destinations/sql/duckdb-dialect.ts';
import { inexactCount } from '../../../../src/destinations/sql/inexact-columns.ts';
import { insertStatement, loadStatement } from '../../../../src/destinations/sql/load-statements.ts';
import { tallyQuery } from '../../../../src/destinations/sql/load-tally.ts';
import type { LoadTarget } from '../../../../src/destinations/sql/source.ts';
import { sparkDialect } from '../../../../src/destinations/sql/spark-dialect.ts';
import { wantedColumns } from '../../../../src/destinations/sql/table-columns.ts';
import { createTableStatements } from '../../../../src/destinations/sql/table-statements.ts';
import { stagedLayout } from '../../../../src/formats/layout.ts';
import { versionOf } from './staged-records.ts';

/** Spark's Thrift server and DuckDB take more; but each statement is parsed, planned, logged and kept for a while. */
const MOST_BYTES = 1_000_000;

const name = (index: number) => `c${index}_`.padEnd(100, 'x');
const kinds = ['string', 'bigint', 'double', 'timestamp', 'boolean'] as const;
const shape = {
  columns: Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [name(index), kinds[index % kinds.length]!])),
  keys: [name(1)],
  metadata: true,
  deletes: 'soft' as const,
};
const version = versionOf(shape);
const files = Array.from({ length: 256 }, (_, index) => {
  const key = `${'p'.repeat(200)}/20261121T185504Z-9f2c41d0/${'s'.repeat(80)}-${index}-9f2c41d07a3b.csv.gz`;
  return { location: `s3a://bucket/${key}`, key, bytes: 1 };
});

function statementsOf(dialect: Dialect, relation: string, mayRepeatKeys: boolean, isAbsent: boolean) {
  const absentColumns = new Set(isAbsent ? version.columns.keys() : []);
  const load = { version, files, rows: 1, mayRepeatKeys, absentColumns, hasDeletes: true, batchedAt: new Date() };
  const columns = wantedColumns(version).map(({ name, type }) => ({ name, type }));
  const layout = stagedLayout(version);
  const target: LoadTarget = { load, table: 's.t', columns, others: [], relation, layout, syncStartedAtMs: 0 };
  return {
    load: loadStatement(dialect, target),
    insert: insertStatement(dialect, target),
    tally: tallyQuery(dialect, target).statement,
    inexact: inexactCount(dialect, version, columns, relation)?.statement ?? '',
    create: createTableStatements(dialect, 's.t', wantedColumns(version)).join(';'),
  };
}

describe.each([
  ['plain', false, false],
  ['with repeated keys', true, false],
  ['with repeated keys and absent columns', true, true],
] as const)('a load %s', (_, mayRepeatKeys, isAbsent) => {
  const sizes = (statements: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(statements).map(([what, sql]) => [what, Buffer.byteLength(sql)]));
  const expectSmall = (statements: Readonly<Record<string, string>>) => {
    const all = sizes(statements);
    for (const [what, bytes] of Object.entries(all))
      expect(bytes, `${what} of ${JSON.stringify(all)}`).toBeLessThan(MOST_BYTES);
  };

  test('into the lakehouse is statements of less than a megabyte', () => {
    const view = createViewStatement('`v`', stagedLayout(version), files);
    expectSmall({ view, ...statementsOf(sparkDialect, '`v`', mayRepeatKeys, isAbsent) });
  });

  test('into DuckDB is statements of less than a megabyte', () => {
    const relation = stagedRelation(stagedLayout(version), files, 1);
    expectSmall({ relation, ...statementsOf(duckdbDialect, relation, mayRepeatKeys, isAbsent) });
  });
});
