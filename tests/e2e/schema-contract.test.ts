import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { duckdbWarehouse, loadInto, sparkWarehouse, type Warehouse } from '../support/warehouse.ts';

const integer = { type: ['null', 'integer'] };
const string = { type: ['null', 'string'] };

const schema = (stream: string, properties: object, keys = ['id']) => ({
  type: 'SCHEMA',
  stream,
  schema: { properties },
  key_properties: keys,
});
const rows = (stream: string, ...records: object[]) => records.map((record) => ({ type: 'RECORD', stream, record }));
const end = { type: 'STATE', value: 'end' };
const known = (stream: string) => [
  schema(stream, { id: integer, n: integer }),
  ...rows(stream, { id: 1, n: 10 }, { id: 2, n: 20 }),
  end,
];
const drifted = (stream: string) => [
  schema(stream, { id: integer, n: string, more: string }),
  ...rows(stream, { id: 2, n: 'x', more: 'a' }, { id: 3, n: 'y', more: 'b' }, { id: 4, n: null, more: 'c' }),
  end,
];
const untouched = [
  { id: '1', n: '10' },
  { id: '2', n: '20' },
];

let count = 0;
let table: string;
beforeEach(() => {
  table = `t${count++}`;
});

function contracts(open: () => Warehouse) {
  const warehouse = open();
  afterAll(() => warehouse.close());
  const load = (messages: readonly object[], schema_contract: string | object, more: Record<string, string> = {}) =>
    loadInto(warehouse, messages, {
      ...more,
      schema_contract: typeof schema_contract === 'string' ? schema_contract : JSON.stringify(schema_contract),
    });
  const columnNames = async () => (await warehouse.columns(table)).map(([name]) => name);

  test('freeze refuses a table that is not there, and makes none', async () => {
    await expect(load(known(table), 'freeze')).rejects.toMatchObject({
      code: 'SCHEMA_CONTRACT',
      message: `there is no table ${warehouse.schema}.${table}, and "schema_contract" freezes tables`,
      context: { stream: table },
    });
    expect(await warehouse.tables()).not.toContain(table);
  });

  test('freeze names every column that would have to change, and loads nothing of that schema', async () => {
    await load(known(table), 'evolve');
    await expect(load(drifted(table), 'freeze')).rejects.toMatchObject({
      code: 'SCHEMA_CONTRACT',
      message: `the table ${warehouse.schema}.${table} may not be changed by "schema_contract", and column "n": it is bigint, and would have to hold string; column "more": it is not there, to hold string`,
      context: { stream: table, column: 'n' },
    });
    expect(await warehouse.rows(table)).toEqual(untouched);
  });

  test('freeze lets through what the table holds already, fewer columns included', async () => {
    await load(known(table), 'evolve');
    await load([schema(table, { id: integer }), ...rows(table, { id: 3 }), end], 'freeze');
    await load(known(table), 'freeze');
    expect(await warehouse.rows(table)).toEqual([...untouched, { id: '3', n: null }]);
  });

  test('tables, columns and types have a word each', async () => {
    await load(known(table), { columns: 'freeze', types: 'freeze' });
    await expect(load(drifted(table), { columns: 'freeze' })).rejects.toMatchObject({ context: { column: 'more' } });
    await expect(load(drifted(table), { types: 'freeze' })).rejects.toMatchObject({ context: { column: 'n' } });
    await load(drifted(table), { tables: 'freeze' });
    expect(await columnNames()).toEqual(['id', expect.stringMatching(/^n_\d{8}_\d{4}$/), 'n', 'more']);
  });

  test('a member that a struct lacks is a column, one that has to be widened a type', async () => {
    const object = (properties: object) => ({ type: ['null', 'object'], properties });
    const cents = (precision: number) => ({ type: ['null', 'number'], precision, scale: 2 });
    const structs = (precision: number, members: object = {}) =>
      schema(table, {
        id: integer,
        o: object({ a: integer, l: { type: 'array', items: object({ p: cents(precision) }) }, ...members }),
      });
    const nested = { nested_columns: 'struct' };
    const o = { a: 1, l: [{ p: 0.5 }] };
    const types = async () => (await warehouse.columns(table)).map(([, type]) => type.replaceAll(' ', '')).at(-1);
    await load([structs(4), ...rows(table, { id: 1, o }), end], 'evolve', nested);
    const before = await types();
    const more = [structs(4, { b: string }), ...rows(table, { id: 2, o: { ...o, b: 'x' } }), end];
    const wider = [structs(6), ...rows(table, { id: 3, o: { ...o, l: [{ p: 123.5 }] } }), end];
    await expect(load(more, { columns: 'freeze', types: 'discard' }, nested)).rejects.toMatchObject({
      code: 'SCHEMA_CONTRACT',
      message: expect.stringContaining('column "o": it lacks the member "b"'),
    });
    await expect(load(wider, { types: 'freeze', columns: 'discard' }, nested)).rejects.toMatchObject({
      code: 'SCHEMA_CONTRACT',
      message: expect.stringContaining('column "o": its member "l.p" would need a wider type'),
    });
    const said = await load(more, { columns: 'discard', types: 'freeze' }, nested);
    expect(said).toContain(
      `warning: ${table}: 1 value of o was discarded: the table ${warehouse.schema}.${table} lacks the column, or members of it, and "schema_contract" keeps it so`,
    );
    expect(await types()).toBe(before);
    await load(more, { types: 'freeze' }, nested);
    const grown = await types();
    expect(grown).not.toBe(before);
    await load(wider, { columns: 'freeze' }, nested);
    expect(await types()).not.toBe(grown);
    expect((await warehouse.rows(table)).map(({ o }) => o?.match(/123\.50?|x/)?.[0])).toEqual([
      undefined,
      'x',
      '123.50',
    ]);
  });

  test('discard leaves out columns and types that do not fit, counts them, and keeps what is there', async () => {
    await load(known(table), 'evolve');
    const said = await load(drifted(table), 'discard');
    expect(await warehouse.rows(table)).toEqual([...untouched, { id: '3', n: null }, { id: '4', n: null }]);
    const where = `the table ${warehouse.schema}.${table}`;
    expect(said).toContain(
      `warning: ${table}: 2 values of n were discarded: ${where} has another type for them, and "schema_contract" keeps it so`,
    );
    expect(said).toContain(
      `warning: ${table}: 3 values of more were discarded: ${where} lacks the column, and "schema_contract" keeps it so`,
    );
  });

  test('discard drops a stream that has no table, and counts its rows', async () => {
    const messages = [
      ...known(table),
      schema('other_stream', { id: integer }),
      ...rows('other_stream', { id: 1 }),
      end,
    ];
    await load(known(table), 'evolve');
    const said = await load(messages, 'discard');
    expect(await warehouse.tables()).not.toContain('other_stream');
    expect(said).toContain(
      `warning: other_stream: 1 row was discarded: there is no table ${warehouse.schema}.other_stream, and "schema_contract" makes none`,
    );
    expect(await warehouse.rows(table)).toEqual(untouched);
  });

  test('a table that the run itself has made evolves in that run', async () => {
    await load([...known(table), ...drifted(table)], { columns: 'freeze', types: 'discard' });
    expect(await columnNames()).toEqual(['id', expect.stringMatching(/^n_\d{8}_\d{4}$/), 'n', 'more']);
  });

  test('a key or a metadata column is never discarded', async () => {
    await load([schema(table, { n: integer }, []), ...rows(table, { n: 10 })], 'evolve', {
      primary_key_required: 'false',
    });
    await expect(load(known(table), 'discard')).rejects.toMatchObject({
      code: 'SCHEMA_CONTRACT',
      context: { column: 'id' },
    });
    const metadata = load([schema(table, { n: integer }, []), end], 'discard', {
      primary_key_required: 'false',
      add_metadata_columns: 'true',
    });
    await expect(metadata).rejects.toMatchObject({ code: 'SCHEMA_CONTRACT', context: { column: '_sdc_extracted_at' } });
  });

  describe('an overwrite', () => {
    const overwrite = { load_method: 'overwrite' };

    test('is refused before it gathers rows, and leaves the table as it is', async () => {
      await load(known(table), 'evolve');
      await expect(load(drifted(table), 'freeze', overwrite)).rejects.toMatchObject({ code: 'SCHEMA_CONTRACT' });
      expect(await warehouse.rows(table)).toEqual(untouched);
      expect((await warehouse.tables()).filter((name) => name.startsWith(`${table}__`))).toEqual([]);
    });

    test('discards columns when it takes the place of the rows', async () => {
      await load(known(table), 'evolve');
      const said = await load(drifted(table), 'discard', overwrite);
      expect(await warehouse.rows(table)).toEqual([
        { id: '2', n: null },
        { id: '3', n: null },
        { id: '4', n: null },
      ]);
      expect(said.filter((line) => line.includes('were discarded'))).toHaveLength(2);
    });

    test('of a stream without a table is discarded whole', async () => {
      const said = await load(known(table), 'discard', overwrite);
      expect(await warehouse.tables()).not.toContain(table);
      expect(said).toContainEqual(expect.stringContaining(`${table}: 2 rows were discarded`));
      expect(said).not.toContainEqual(expect.stringContaining('was overwritten'));
    });
  });
}

describe('schema_contract in DuckDB', () => contracts(duckdbWarehouse));
describeLakehouse('schema_contract in Spark', (details) => contracts(() => sparkWarehouse(details)));
