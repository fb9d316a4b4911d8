// The text of a number, by the SQL of each warehouse: the same in both.
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { castTo, type Dialect, type TableColumnType } from '../../../../src/destinations/sql/dialect.ts';
import { duckdbDialect } from '../../../../src/destinations/sql/duckdb-dialect.ts';
import { sparkDialect } from '../../../../src/destinations/sql/spark-dialect.ts';
import { describeLakehouse } from '../../../setup/lakehouse.ts';
import { openLake } from '../iomete/lake.ts';

const double = { kind: 'double' } as const;
const decimal = (precision: number, scale: number) => ({ kind: 'decimal', precision, scale }) as const;

const texts: readonly (readonly [value: string, type: TableColumnType, text: string])[] = [
  ['1', double, '1'],
  ['-1.0', double, '-1'],
  ['0.66', double, '0.66'],
  ['1700000000000', double, '1700000000000'],
  ['-12345678.25', double, '-12345678.25'],
  ['100', double, '100'],
  ['1e7', double, '10000000'],
  ['1e21', double, `1${'0'.repeat(21)}`],
  ['1.7976931348623157e308', double, `17976931348623157${'0'.repeat(292)}`],
  ['0.001', double, '0.001'],
  ['0.0001', double, '0.0001'],
  ['1.25e-5', double, '0.0000125'],
  ['-1e-300', double, `-0.${'0'.repeat(299)}1`],
  ['0.1234567890123456789', double, '0.12345678901234568'],
  ['0.0', double, '0'],
  ['-0.0', double, '0'],
  ['NaN', double, 'NaN'],
  ['Infinity', double, 'Infinity'],
  ['-Infinity', double, '-Infinity'],
  ['0.66', decimal(2, 2), '0.66'],
  ['-0.50', decimal(2, 2), '-0.5'],
  ['0', decimal(2, 2), '0'],
  ['1.5', decimal(38, 9), '1.5'],
  ['0.000000001', decimal(38, 9), '0.000000001'],
  ['100', decimal(38, 0), '100'],
  ['-99999999999999999999999999999999999999', decimal(38, 0), '-99999999999999999999999999999999999999'],
];

function selectOf(dialect: Dialect): string {
  const text = (value: string, type: TableColumnType) =>
    castTo(dialect, `CAST(${dialect.quoteText(value)} AS ${dialect.typeName(type)})`, type, { kind: 'string' });
  const fields = texts.map(([value, type], index) => `${text(value, type)} AS t${index}`);
  const nothing = castTo(dialect, `CAST(NULL AS ${dialect.typeName(double)})`, double, { kind: 'string' });
  return `SELECT ${[...fields, `${nothing} AS nothing`].join(', ')}`;
}

const due = Object.fromEntries([...texts.map(([, , text], index) => [`t${index}`, text]), ['nothing', null]]);

it('DuckDB writes a number by all its digits, and nothing else', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const found = await connection.runAndReadAll(selectOf(duckdbDialect));
  expect(found.getRowObjectsJson()[0]).toEqual(due);
  connection.closeSync();
});

describeLakehouse('in the lakehouse', (details) => {
  let lake: Awaited<ReturnType<typeof openLake>>;
  beforeAll(async () => {
    lake = await openLake(details, 'number_text');
  });
  afterAll(() => lake.close());
  describe('Spark', () => {
    it('writes a number as DuckDB does', async () => {
      const [found] = await lake.sql(selectOf(sparkDialect));
      expect(found).toEqual(due);
    });
  });
});
