import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { castTo, tableReference } from '../../../../src/destinations/sql/dialect.ts';
import { duckdbDialect } from '../../../../src/destinations/sql/duckdb-dialect.ts';
import { loadStatement } from '../../../../src/destinations/sql/load-statements.ts';
import { sparkDialect } from '../../../../src/destinations/sql/spark-dialect.ts';
import { wantedColumns } from '../../../../src/destinations/sql/table-columns.ts';
import { createTableStatements, evolveStatements } from '../../../../src/destinations/sql/table-statements.ts';
import { loadOf, versionOf } from './staged-records.ts';

describe('Spark SQL', () => {
  test('backticks in names are doubled, and each part of a table name is quoted by itself', () => {
    const name = tableReference(sparkDialect, {
      catalog: 'spark_catalog',
      schema: 'a.b',
      table: 'x`; DROP TABLE y --',
    });
    expect(name).toBe('`spark_catalog`.`a.b`.`x``; DROP TABLE y --`');
  });

  test('a literal gives back its text and holds nothing that could end or change it', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom("'", '\\', "\\'", '$' + '{x}', '; --', '\n')),
        (text) => {
          const literal = sparkDialect.quoteText(text);
          const inner = literal.slice(1, -1);
          expect(literal).toBe(`'${inner}'`);
          expect(inner).not.toMatch(/['"`;$\n\r]|\\(?!u[0-9a-f]{4})/);
          const read = inner.replace(/\\u([0-9a-f]{4})/g, (_, hex: string) =>
            String.fromCharCode(Number.parseInt(hex, 16)),
          );
          expect(read).toBe(text);
        },
      ),
    );
  });

  test('a literal of time names its zone', () => {
    expect(sparkDialect.timestampLiteral(new Date('2024-01-02T03:04:05.006Z'))).toBe(
      "TIMESTAMP '2024-01-02T03:04:05.006Z'",
    );
  });

  test('a time in a text column is ISO 8601', () => {
    expect(castTo(sparkDialect, 'c1', { kind: 'timestamp' }, { kind: 'string' })).toBe(
      "replace(CAST(c1 AS STRING), ' ', 'T') || 'Z'",
    );
  });

  test('columns that are added next to each other share a statement', () => {
    const bigint = { kind: 'bigint' } as const;
    expect(
      evolveStatements(sparkDialect, '`t`', [
        { kind: 'widen', name: 'a', from: { kind: 'other', sql: 'int' }, to: bigint },
        { kind: 'add', name: 'b', type: bigint },
        { kind: 'add', name: 'c', type: { kind: 'decimal', precision: 38, scale: 9 } },
        { kind: 'rename', from: 'd', to: 'd_20240101_0000', dropNotNull: true },
        { kind: 'add', name: 'd', type: { kind: 'json' } },
      ]),
    ).toEqual([
      'ALTER TABLE `t` ALTER COLUMN `a` TYPE BIGINT',
      'ALTER TABLE `t` ADD COLUMNS (`b` BIGINT, `c` DECIMAL(38,9))',
      'ALTER TABLE `t` ALTER COLUMN `d` DROP NOT NULL',
      'ALTER TABLE `t` RENAME COLUMN `d` TO `d_20240101_0000`',
      'ALTER TABLE `t` ADD COLUMNS (`d` STRING)',
    ]);
  });

  test('tables are made as Iceberg tables', () => {
    expect(createTableStatements(sparkDialect, '`s`.`t`', [{ name: 'a`', type: { kind: 'timestamp' } }])).toEqual([
      expect.stringMatching(/^CREATE TABLE IF NOT EXISTS `s`\.`t` \(`a``` TIMESTAMP\) USING iceberg\b/),
    ]);
  });

  test('a column that is not called like its property has a comment, in the statement that makes it', () => {
    const string = { kind: 'string' } as const;
    const columns = [
      { name: 'plain', type: string, source: ['plain'] },
      { name: "it's", type: string, source: ["It's"] },
      { name: '_sdc_sequence', type: string },
    ];
    const [create, ...others] = createTableStatements(sparkDialect, '`t`', columns);
    const comment = "COMMENT 'Property \\u0022It\\u0027s\\u0022 of the stream'";
    expect(create).toContain(`(\`plain\` STRING, \`it's\` STRING ${comment}, \`_sdc_sequence\` STRING)`);
    expect(others).toEqual([]);
    const steps = columns.map((column) => ({ kind: 'add' as const, ...column }));
    expect(evolveStatements(sparkDialect, '`t`', steps)).toEqual([
      `ALTER TABLE \`t\` ADD COLUMNS (\`plain\` STRING, \`it's\` STRING ${comment}, \`_sdc_sequence\` STRING)`,
    ]);
    expect(evolveStatements(duckdbDialect, '"t"', steps).filter((statement) => /COMMENT/.test(statement))).toEqual([
      `COMMENT ON COLUMN "t"."it's" IS 'Property "It''s" of the stream'`,
    ]);
  });

  test('a load is one MERGE', () => {
    const version = versionOf({ columns: { id: 'bigint', n: 'string' }, keys: ['id'], deletes: 'hard' });
    const load = loadOf(version, [{ data: { id: '1', n: 'x' }, deletedAt: '2024-01-01 00:00:00' }]);
    const columns = wantedColumns(version);
    expect(
      loadStatement(sparkDialect, { load, table: '`t`', columns, others: [], relation: '`v`', syncStartedAtMs: 1 }),
    ).toBe(
      [
        'MERGE INTO `t` t USING (SELECT staged.*, deleted_at IS NOT NULL AS is_marker FROM (SELECT c3 AS seq, c2 AS deleted_at, c0 AS c0, c1 AS c1 FROM `v`) staged) s',
        'ON t.`id` = s.c0',
        'WHEN MATCHED AND s.is_marker THEN DELETE',
        'WHEN MATCHED THEN UPDATE SET `n` = s.c1',
        'WHEN NOT MATCHED AND NOT s.is_marker THEN INSERT (`id`, `n`) VALUES (s.c0, s.c1)',
      ].join('\n'),
    );
  });
});
