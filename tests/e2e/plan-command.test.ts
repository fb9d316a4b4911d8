// `plan` as a person and a program call it.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.mjs';
import { inDuckdb } from '../support/duckdb-file.ts';
import { recordLines, schemaLine, stateLine } from '../support/singer-lines.ts';

let folder: string;
let config: Readonly<Record<string, unknown>>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plan-command-'));
  config = { destination: 'duckdb', duckdb_path: join(folder, 'shop.duckdb'), temp_dir: folder };
});
afterEach(() => rm(folder, { recursive: true }));

const schema = (stream: string, properties: object) =>
  `${JSON.stringify({ type: 'SCHEMA', stream, schema: { properties }, key_properties: ['id'] })}\n`;
const id = { type: 'integer' };

describe('plan', () => {
  test('prints for each stream what a run would do, and takes no other message', async () => {
    await inDuckdb(
      join(folder, 'shop.duckdb'),
      'CREATE TABLE orders (id INTEGER, total DOUBLE); CREATE TABLE notes (id BIGINT, text VARCHAR)',
    );
    const input = [
      schema('orders', { id, total: { type: ['null', 'string'] }, 'no:': { type: 'boolean' } }),
      recordLines('orders', 1, 3),
      schemaLine('notes'),
      stateLine({ orders: 3 }),
      schema('people', { id }),
    ].join('');
    const { code, stdout, stderr } = await runCli({ config, args: ['plan'], input });
    expect(stdout.replaceAll(/total_\d{8}_\d{4}/g, 'total_<dated>')).toBe(
      `orders: goes into main.orders, upsert by id: the table is changed
  the property "no:" is the column "no_"
  widens id from INTEGER to BIGINT
  renames total to total_<dated>, which keeps its values
  adds total VARCHAR
  adds no_ BOOLEAN
  ALTER TABLE "shop"."main"."orders" ALTER COLUMN "id" TYPE BIGINT;
  ALTER TABLE "shop"."main"."orders" RENAME COLUMN "total" TO "total_<dated>";
  ALTER TABLE "shop"."main"."orders" ADD COLUMN "total" VARCHAR;
  ALTER TABLE "shop"."main"."orders" ADD COLUMN "no_" BOOLEAN;
  COMMENT ON COLUMN "shop"."main"."orders"."no_" IS 'Property "no:" of the stream';
  -- what a load does:
  MERGE INTO "shop"."main"."orders" t USING (SELECT c3 AS seq, c0 AS c0, c1 AS c1, c2 AS c2 FROM "staged_rows") s
  ON t."id" = s.c0
  WHEN MATCHED THEN UPDATE SET "total" = s.c1, "no_" = s.c2
  WHEN NOT MATCHED THEN INSERT ("id", "total", "no_") VALUES (s.c0, s.c1, s.c2);
notes: goes into main.notes, upsert by id: the table fits as it is
  -- what a load does:
  MERGE INTO "shop"."main"."notes" t USING (SELECT c2 AS seq, c0 AS c0, c1 AS c1 FROM "staged_rows") s
  ON t."id" = s.c0
  WHEN MATCHED THEN UPDATE SET "text" = s.c1
  WHEN NOT MATCHED THEN INSERT ("id", "text") VALUES (s.c0, s.c1);
people: goes into main.people, upsert by id: the table is made
  CREATE SCHEMA IF NOT EXISTS "shop"."main";
  CREATE TABLE IF NOT EXISTS "shop"."main"."people" ("id" BIGINT);
  -- what a load does:
  MERGE INTO "shop"."main"."people" t USING (SELECT c1 AS seq, c0 AS c0 FROM "staged_rows") s
  ON t."id" = s.c0
  WHEN NOT MATCHED THEN INSERT ("id") VALUES (s.c0);
3 streams planned; nothing was changed
`,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('ends with the exit code of what is refused, and says how to mend it', async () => {
    const frozen = { ...config, schema_contract: 'freeze' };
    const { code, stdout } = await runCli({ config: frozen, args: ['plan'], input: schemaLine('orders') });
    expect(stdout).toMatch(
      /^orders: goes into main\.orders, upsert by id: refused\n {2}SCHEMA_CONTRACT: stream "orders": there is no table main\.orders, .*\n1 stream planned, 1 of them refused; nothing was changed\n$/,
    );
    expect(code).toBe(5);
    expect(await readdir(folder)).toEqual([]);
  });

  test('tells which values are discarded, and where no table may be made', async () => {
    await inDuckdb(join(folder, 'shop.duckdb'), 'CREATE TABLE orders (id BIGINT)');
    const discarding = { ...config, schema_contract: 'discard' };
    const input = `${schemaLine('orders')}${schemaLine('people')}`;
    const { code, stdout } = await runCli({ config: discarding, args: ['plan'], input });
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        'orders: goes into main.orders, upsert by id: the table fits as it is',
        '  values of text are discarded: the table lacks the column, and "schema_contract" keeps it so',
        'people: goes into main.people, upsert by id: rows are discarded, as there is no table and "schema_contract" makes none',
      ]),
    );
    expect(code).toBe(0);
  });

  test('says that columns follow from records', async () => {
    const open = { ...config, undeclared_fields: 'add', primary_key_required: false };
    const input = '{"type":"SCHEMA","stream":"a","schema":{"type":"object"},"key_properties":[]}\n';
    const { stdout } = await runCli({ config: open, args: ['plan'], input });
    expect(stdout).toBe(
      'a: goes into main.a, upsert; its columns follow from its records\n1 stream planned; nothing was changed\n',
    );
  });

  test('answers programs with one JSON object', async () => {
    const input = `${schemaLine('orders')}${schema('bad', {})}`;
    const { code, stdout } = await runCli({ config, args: ['plan', '--format', 'json'], input });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      streams: [
        {
          stream: 'orders',
          table: { schema: 'main', table: 'orders' },
          loadMethod: 'upsert',
          keys: ['id'],
          action: 'make',
          changes: [],
          names: [],
          discarded: [],
          statements: [expect.any(String), expect.any(String)],
          load: [expect.any(String)],
        },
        { stream: 'bad', error: { code: 'INPUT_SCHEMA_INVALID', fault: 'system', fix: expect.any(String) } },
      ],
    });
    expect(code).toBe(3);
    const well = await runCli({ config, args: ['plan', '--format=json'], input: schemaLine('orders') });
    expect(JSON.parse(well.stdout)).toMatchObject({ ok: true });
  });

  test('reads a catalog, and no input then', async () => {
    const catalog = join(folder, 'catalog.json');
    await writeFile(catalog, JSON.stringify({ streams: [{ stream: 'orders', schema: { properties: { id } } }] }));
    const open = { ...config, primary_key_required: false };
    const { stdout } = await runCli({ config: open, args: ['plan', '--tap-catalog', catalog], keepInputOpen: true });
    expect(stdout).toMatch(/^orders: goes into main\.orders, upsert: the table is made\n/);
  });

  test('says that an input declares no stream', async () => {
    const { code, stdout } = await runCli({ config, args: ['plan'], input: stateLine({}) });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'nothing to plan: no SCHEMA message came, or the catalog selects no stream\n',
    });
  });

  test.each([
    [['plan', '--input=a', '--tap-catalog=b'], '--tap-catalog and --input exclude each other'],
    [['--tap-catalog=b'], '--tap-catalog goes with "plan" only'],
    [['check', '--input=a'], '--input goes with a run and "plan" only'],
  ])('%j is refused', async (args, problem) => {
    const { code, stderr } = await runCli({ config, args });
    expect(stderr).toContain(problem);
    expect(code).toBe(2);
  });
});
