// Tables that a load would break, or could not be loaded into: the run ends before anything is changed, and says what to do.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type SparkClient } from '../../../../src/destinations/iomete/client.ts';
import { checkTable, prepareTable } from '../../../../src/destinations/iomete/prepare-table.ts';
import { Schemas } from '../../../../src/destinations/iomete/schemas.ts';
import type { SparkSession } from '../../../../src/destinations/iomete/session.ts';
import type { ErrorCode } from '../../../../src/errors/codes.ts';
import { streamVersion } from '../../../../src/schema/stream-version.ts';
import { describeLakehouse } from '../../../setup/lakehouse.ts';
import { expectExample } from '../../../support/error-examples.ts';
import { settings } from './lake.ts';

interface Refused {
  readonly table: string;
  /** `t` stands for the table. */
  readonly made: readonly string[];
  readonly properties: Readonly<Record<string, object>>;
  readonly code: ErrorCode;
  readonly column?: string;
  readonly says: RegExp;
  /** Of its code, in docs/errors.md. */
  readonly isExample?: true;
}

const text = { type: ['null', 'string'] };
const integer = { type: ['null', 'integer'] };
const iceberg = (columns: string, more = '') => `CREATE TABLE t (${columns}) USING iceberg ${more}`;

const cases: readonly Refused[] = [
  {
    table: 'partitioned',
    made: [iceberg('id BIGINT, v BIGINT', 'PARTITIONED BY (v)')],
    properties: { more: text, v: text },
    code: 'TABLE_PARTITION',
    column: 'v',
    says: /partitioned by it \(v\)/,
    isExample: true,
  },
  {
    table: 'partitioned_once',
    made: [
      iceberg('id BIGINT, v BIGINT', 'PARTITIONED BY (truncate(2, v))'),
      'ALTER TABLE t DROP PARTITION FIELD v_trunc',
    ],
    properties: { v: text },
    code: 'TABLE_PARTITION',
    column: 'v',
    says: /partitioned by it \(v_trunc\)/,
  },
  {
    table: 'small_key',
    made: [
      'CREATE TABLE t (id SMALLINT) USING parquet',
      'INSERT INTO t VALUES (1)',
      "CALL spark_catalog.system.migrate(table => 't', drop_backup => true)",
    ],
    properties: { more: text },
    code: 'TABLE_KEY_TYPE',
    column: 'id',
    says: /TINYINT or SMALLINT/,
  },
  {
    table: 'identified',
    made: [iceberg('id BIGINT NOT NULL, code BIGINT NOT NULL'), 'ALTER TABLE t SET IDENTIFIER FIELDS id, code'],
    properties: { code: text },
    code: 'TABLE_IDENTIFIER',
    column: 'code',
    says: /DROP IDENTIFIER FIELDS `code`/,
    isExample: true,
  },
  {
    table: 'any_schema',
    made: [iceberg('id BIGINT', "TBLPROPERTIES ('write.spark.accept-any-schema' = 'true')")],
    properties: { more: text },
    code: 'TABLE_UNSUPPORTED',
    says: /UNSET TBLPROPERTIES \('write.spark.accept-any-schema'\)/,
    isExample: true,
  },
  {
    table: 'unreadable',
    made: [iceberg('id BIGINT, `_deleted` STRING')],
    properties: { more: text, _deleted: text },
    code: 'TABLE_NAME_RESERVED',
    column: '_deleted',
    says: /RENAME COLUMN `_deleted` TO `_deleted_70fa`/,
    isExample: true,
  },
  {
    table: 'unmergeable',
    made: [iceberg('id BIGINT, `__ROW_FROM_SOURCE` STRING')],
    properties: { more: text },
    code: 'TABLE_NAME_RESERVED',
    column: '__ROW_FROM_SOURCE',
    says: /RENAME COLUMN `__ROW_FROM_SOURCE` TO `__row_from_source_[0-9a-f]{4}`/,
  },
  {
    table: 'unread_mapping',
    made: [iceberg('id BIGINT, v BIGINT', "TBLPROPERTIES ('schema.name-mapping.default' = '[{\"names\":1}]')")],
    properties: { v: text },
    code: 'TABLE_NAME_MAPPING',
    says: /schema.name-mapping.default/,
    isExample: true,
  },
];

/** What an example has in the place of a test's table. */
const shopOrders = (schema: string, table: string) => ({
  [`\`${schema}\`.\`${table}\``]: '`shop`.`orders`',
  [`${schema}.${table}`]: 'shop.orders',
  [`"${table}"`]: '"orders"',
});

describeLakehouse('Tables that no load may change', (details) => {
  const schema = `ref_${randomBytes(5).toString('hex')}`;
  let client: SparkClient;
  let spark: SparkSession;
  beforeAll(async () => {
    client = await connect(settings(details), { info: () => {}, warn: () => {} });
    spark = await client.openSession();
    await spark.execute(`CREATE SCHEMA ${schema}`);
  });
  afterAll(async () => {
    for (const { table } of cases) await spark.execute(`DROP TABLE IF EXISTS ${schema}.${table} PURGE`);
    await spark.execute(`DROP SCHEMA IF EXISTS ${schema}`);
    await spark.close();
    await client.close();
  });

  test.each(cases)('$table: $code', async ({ table, made, properties, code, column, says, isExample }) => {
    const name = { catalog: 'spark_catalog', schema, table };
    for (const statement of made) await spark.execute(statement.replace(/\bt\b/, `${schema}.${table}`));
    const shown = async () => await spark.run(`SHOW CREATE TABLE ${schema}.${table}`);
    const before = await shown();
    const options = {
      ...{ defaultTargetSchema: schema, addMetadataColumns: false, hardDelete: false, flattenMaxLevel: 0 },
      ...{ primaryKeyRequired: true, validateRecords: false },
    };
    const message = { stream: table, schema: { properties: { id: integer, ...properties } }, key_properties: ['id'] };
    const version = streamVersion(message, options, 0);
    const refusal = { code, message: expect.stringMatching(says), ...(column && { context: { column } }) };
    const log = { info: () => {}, warn: () => {} };
    const error = await prepareTable(spark, version, name, { schemas: new Schemas(), log }).catch((failure) => failure);
    expect(error).toMatchObject(refusal);
    if (isExample) expectExample(error.at({ stream: table }), code, shopOrders(schema, table));
    if (code !== 'TABLE_NAME_MAPPING') await expect(checkTable(spark, version, name)).rejects.toMatchObject(refusal);
    expect(await shown()).toEqual(before);
  });
});
