// What a run would do to tables, in a DuckDB file and in the lakehouse, and what becomes of them by asking: nothing.
// That plans tell the statements that runs make is shown for each case of the suite (tests/suite/planned-runs.ts).
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PlanContext, plan } from '../../../src/commands/plan.ts';
import { loadConfig, parseArguments } from '../../../src/config/index.ts';
import { defineDestination } from '../../../src/destinations/destination.ts';
import { describeLakehouse } from '../../setup/lakehouse.ts';
import { inDuckdb } from '../../support/duckdb-file.ts';
import { expectExample } from '../../support/error-examples.ts';
import { lakehouseOptions } from '../../support/lakehouse-options.ts';
import { openLake } from '../destinations/iomete/lake.ts';

let folder: string;
let file: string;
let stage: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plan-'));
  file = join(folder, 'shop.duckdb');
  stage = join(folder, 'stage');
  await mkdir(stage);
});
afterEach(() => rm(folder, { recursive: true }));

const silent = { info: () => {}, warn: () => {} };
const integer = { type: ['null', 'integer'] };
const text = { type: ['null', 'string'] };
const schema = (stream: string, properties: object, keys: readonly string[] = ['id']) =>
  `${JSON.stringify({ type: 'SCHEMA', stream, schema: { properties: { id: integer, ...properties } }, key_properties: keys })}\n`;

async function planned(options: Readonly<Record<string, unknown>>, context: Omit<PlanContext, 'log'>) {
  const config = join(folder, 'config.json');
  await writeFile(config, JSON.stringify(options), { mode: 0o600 });
  const resolved = await loadConfig(await parseArguments(['--config', config]), {});
  return plan(resolved.options, { ...context, log: silent });
}

const inFile = (more: object = {}) => ({ destination: 'duckdb', duckdb_path: file, temp_dir: stage, ...more });

describe('a plan for a DuckDB file', () => {
  it('of new tables makes neither the file nor anything else', async () => {
    const [orders, people, ...others] = await planned(inFile({ default_target_schema: 'crm' }), {
      input: [
        schema('orders', { 'No:': text }),
        '{"type":"RECORD","stream":"orders"',
        ',"record":{}}\n',
        schema('people', {}),
      ],
    });
    expect(others).toEqual([]);
    expect(orders).toMatchObject({
      stream: 'orders',
      table: { schema: 'crm', table: 'orders' },
      loadMethod: 'upsert',
      keys: ['id'],
      error: undefined,
      plan: {
        action: 'make',
        changes: [],
        statements: [
          'CREATE SCHEMA IF NOT EXISTS "shop"."crm"',
          'CREATE TABLE IF NOT EXISTS "shop"."crm"."orders" ("id" BIGINT, "no_" VARCHAR)',
          `COMMENT ON COLUMN "shop"."crm"."orders"."no_" IS 'Property "No:" of the stream'`,
        ],
        load: [expect.stringMatching(/^MERGE INTO "shop"\."crm"\."orders" t USING .+\nON t\."id" = s\./)],
        names: [{ property: ['No:'], column: 'no_' }],
        discarded: [],
      },
    });
    expect(people?.plan?.action).toBe('make');
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'stage']);
    expect(await readdir(stage)).toEqual([]);
  });

  it('of a table that is there tells each change, and leaves every byte of the file', async () => {
    await inDuckdb(file, 'CREATE TABLE orders (id INTEGER, total DOUBLE); INSERT INTO orders VALUES (1, 0.5)');
    const before = await readFile(file);
    const [orders] = await planned(inFile(), { input: [schema('orders', { total: text, note: text })] });
    const dated = expect.stringMatching(/^total_\d{8}_\d{4}$/);
    expect(orders?.plan).toMatchObject({
      action: 'change',
      changes: [
        { kind: 'widen', column: 'id', from: 'INTEGER', to: 'BIGINT' },
        { kind: 'rename', column: 'total', to: dated },
        { kind: 'add', column: 'total', type: 'VARCHAR' },
        { kind: 'add', column: 'note', type: 'VARCHAR' },
      ],
      statements: [
        'ALTER TABLE "shop"."main"."orders" ALTER COLUMN "id" TYPE BIGINT',
        expect.stringMatching(/^ALTER TABLE "shop"\."main"\."orders" RENAME COLUMN "total" TO "total_\d{8}_\d{4}"$/),
        'ALTER TABLE "shop"."main"."orders" ADD COLUMN "total" VARCHAR',
        'ALTER TABLE "shop"."main"."orders" ADD COLUMN "note" VARCHAR',
      ],
    });
    expect(await readFile(file)).toEqual(before);
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'shop.duckdb', 'stage']);
    const [fit] = await planned(inFile(), { input: [schema('orders', { total: { type: 'number' } })] });
    expect(fit?.plan).toMatchObject({ action: 'change', changes: [{ kind: 'widen', column: 'id' }] });
  });

  it('of a table that fits has no statement but that of a load', async () => {
    await inDuckdb(file, 'CREATE TABLE orders (id BIGINT)');
    const [orders] = await planned(inFile(), { input: [schema('orders', {})] });
    expect(orders?.plan).toMatchObject({ action: 'keep', changes: [], statements: [], load: [expect.any(String)] });
  });

  it.each([
    ['freeze', { plan: { action: 'keep', statements: [] }, error: { code: 'SCHEMA_CONTRACT' } }],
    ['discard', { plan: { discarded: [{ column: 'note', of: 'columns' }], statements: [] }, error: undefined }],
  ])('tells what "schema_contract" has to say: %s', async (columns, found) => {
    await inDuckdb(file, 'CREATE TABLE orders (id BIGINT)');
    const options = inFile({ schema_contract: { columns } });
    const [orders] = await planned(options, { input: [schema('orders', { note: text })] });
    expect(orders).toMatchObject(found);
  });

  it('tells that no table may be made', async () => {
    const options = inFile({ schema_contract: { tables: 'discard' } });
    const [orders] = await planned(options, { input: [schema('orders', {})] });
    expect(orders?.plan).toMatchObject({ action: 'none', statements: [], load: [] });
  });

  it('tells what DuckDB itself refuses, and goes on with the next stream', async () => {
    await inDuckdb(
      file,
      'CREATE TABLE orders (id BIGINT, note INTEGER); CREATE INDEX by_id ON orders (id); CREATE VIEW seen AS FROM orders',
    );
    const input = [
      schema('orders', { note: text }),
      schema('seen', {}),
      schema('bad', {}, ['missing']),
      schema('other', {}),
    ];
    const plans = await planned(inFile(), { input });
    expect(plans.map(({ stream, error }) => [stream, error?.code, error?.context.stream])).toEqual([
      ['orders', 'TABLE_CONSTRAINT', 'orders'],
      ['seen', 'TABLE_IS_VIEW', 'seen'],
      ['bad', 'INPUT_SCHEMA_INVALID', 'bad'],
      ['other', undefined, undefined],
    ]);
    expect(plans[2]).toMatchObject({ table: undefined, plan: undefined });
  });

  it('of an overwritten stream tells how its rows are replaced', async () => {
    await inDuckdb(file, 'CREATE TABLE orders (id INTEGER)');
    const options = inFile({ load_method: 'overwrite' });
    const [orders] = await planned(options, { input: [schema('orders', {}), schema('orders', { note: text })] });
    expect(orders?.plan).toMatchObject({
      statements: [
        'ALTER TABLE "shop"."main"."orders" ALTER COLUMN "id" TYPE BIGINT',
        'ALTER TABLE "shop"."main"."orders" ADD COLUMN "note" VARCHAR',
      ],
      load: [
        'DELETE FROM "shop"."main"."orders"',
        'INSERT INTO "shop"."main"."orders" ("id", "note") SELECT "id", "note" FROM "staged_rows"',
      ],
    });
  });

  it.each(['upsert', 'append-only', 'overwrite'])(
    '(%s) tells of a column that no new row could fill',
    async (method) => {
      await inDuckdb(file, 'CREATE TABLE orders (id BIGINT, must VARCHAR NOT NULL)');
      const [orders] = await planned(inFile({ load_method: method }), { input: [schema('orders', {})] });
      expect(orders).toMatchObject({ error: undefined, plan: { action: 'keep', unfilled: 'must' } });
    },
  );

  it.each([
    ['in a folder that is not there', () => join(folder, 'missing/shop.duckdb'), 'does not exist'],
    ['that is a folder', () => stage, 'is a folder, not a DuckDB file'],
  ])('is refused for a file %s, and leaves nothing', async (_, path, why) => {
    const options = inFile({ duckdb_path: path() });
    await expect(planned(options, { input: [] })).rejects.toMatchObject({
      code: 'DESTINATION_FILE',
      message: expect.stringContaining(why),
    });
    expect(await readdir(stage)).toEqual([]);
  });

  it('has none for a stream whose columns follow from its records', async () => {
    const options = inFile({ undeclared_fields: 'add', primary_key_required: false });
    const input = ['{"type":"SCHEMA","stream":"a","schema":{"type":"object"},"key_properties":[]}\n'];
    expect(await planned(options, { input })).toMatchObject([{ stream: 'a', plan: undefined, error: undefined }]);
  });

  it('reads the catalog of a tap', async () => {
    const catalog = join(folder, 'catalog.json');
    const entry = { stream: 'orders', key_properties: ['id'], schema: { properties: { id: integer } } };
    await writeFile(catalog, JSON.stringify({ streams: [entry] }));
    expect(await planned(inFile(), { tapCatalog: catalog })).toMatchObject([
      { stream: 'orders', plan: { action: 'make' } },
    ]);
    await expect(planned(inFile(), { tapCatalog: join(folder, 'missing.json') })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining("missing.json, can't be read (ENOENT)"),
    });
  });

  it('ends with a line that is no message', async () => {
    await expect(planned(inFile(), { input: [schema('a', {}), 'oops\n'] })).rejects.toMatchObject({
      code: 'INPUT_NOT_JSON',
      context: { line: 2 },
    });
    await expect(planned(inFile(), { input: [schema('a', {}), '{"type":"RECO'] })).rejects.toMatchObject({
      code: 'INPUT_TRUNCATED',
      context: { line: 2 },
    });
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'stage']);
    expect(await readdir(stage)).toEqual([]);
  });
});

it('is refused for a destination that can not tell', async () => {
  const mine = defineDestination({ name: 'mine', open: () => expect.unreachable() });
  const destinations = [mine];
  const resolved = await loadConfig(await parseArguments(['--destination=duckdb']), {});
  const options = { ...resolved.options, destination: mine.name as never };
  await expect(plan(options, { destinations, input: [], log: silent })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: '"plan" is not for the destination mine',
  });
});

describeLakehouse('a plan for the lakehouse', (lakehouse) => {
  it('makes neither schemas nor tables, and knows what earlier schemas of the input would have made', async () => {
    const lake = await openLake(lakehouse, 'plan');
    const name = `${lake.schema}_planned`;
    const options = lakehouseOptions(lakehouse, name);
    const input = [schema('a', { v: integer }), schema('b', {}), schema('a', { v: text, w: integer })];
    const [a, b] = await planned(options, { input });
    const table = `\`spark_catalog\`.\`${name}\`.\`a\``;
    expect(a?.plan).toMatchObject({
      action: 'make',
      statements: [
        `CREATE SCHEMA IF NOT EXISTS \`spark_catalog\`.\`${name}\``,
        expect.stringContaining(`CREATE TABLE IF NOT EXISTS ${table} (\`id\` BIGINT, \`v\` BIGINT) USING iceberg`),
        `ALTER TABLE ${table} ALTER COLUMN \`v\` DROP NOT NULL`,
        expect.stringMatching(/ RENAME COLUMN `v` TO `v_\d{8}_\d{4}`$/),
        `ALTER TABLE ${table} ADD COLUMNS (\`v\` STRING, \`w\` BIGINT)`,
      ],
    });
    // the schema is made once
    expect(b?.plan?.statements).toEqual([expect.stringContaining('CREATE TABLE')]);
    expect(await lake.sql(`SHOW SCHEMAS LIKE '${name}'`)).toEqual([]);
  });

  it('leaves a table that is there as it was', async () => {
    const lake = await openLake(lakehouse, 'plan');
    await lake.sql(`CREATE SCHEMA ${lake.schema}`);
    await lake.sql(`CREATE TABLE ${lake.schema}.a (id INT, v DOUBLE) USING iceberg`);
    const options = lakehouseOptions(lakehouse, lake.schema);
    const describe = () => lake.sql(`DESCRIBE TABLE EXTENDED ${lake.schema}.a`);
    const before = await describe();
    const [a] = await planned(options, { input: [schema('a', { v: text })] });
    expect(a?.plan?.changes).toMatchObject([
      { kind: 'widen', column: 'id' },
      { kind: 'rename', column: 'v' },
      { kind: 'add', column: 'v', type: 'STRING' },
    ]);
    expect(await describe()).toEqual(before);
  });

  it('refuses what is no Iceberg table', async () => {
    const lake = await openLake(lakehouse, 'plan');
    await lake.sql(`CREATE SCHEMA ${lake.schema}`);
    await lake.sql(`CREATE TABLE ${lake.schema}.orders (id BIGINT) USING parquet`);
    const options = lakehouseOptions(lakehouse, lake.schema);
    const [orders] = await planned(options, { input: [schema('orders', {})] });
    expect(orders?.plan?.statements).toEqual([]);
    expectExample(orders?.error, 'TABLE_NOT_ICEBERG', { [lake.schema]: 'shop' });
  });
});
