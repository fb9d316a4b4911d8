import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { duckdbWarehouse, loadInto, sparkWarehouse, type Warehouse } from '../support/warehouse.ts';

const integer = { type: ['null', 'integer'] };
const string = { type: ['null', 'string'] };
const columns = { id: integer, name: string };
const end = { type: 'STATE', value: 'end' };

let count = 0;
let table: string;
beforeEach(() => {
  table = `t${count++}`;
});
const schema = (properties: object = columns) => ({
  type: 'SCHEMA',
  stream: table,
  schema: { properties },
  key_properties: ['id'],
});
const stream = (...records: object[]) => [
  schema(),
  ...records.map((record) => ({ type: 'RECORD', stream: table, record })),
  end,
];

function existing(open: () => Warehouse) {
  const warehouse = open();
  afterAll(() => warehouse.close());
  const quote = (name: string) => (warehouse.name === 'spark' ? `\`${name}\`` : `"${name}"`);
  const create = (definitions: string, suffix = '') =>
    warehouse.execute(
      `CREATE TABLE $t.${table} (${definitions})${warehouse.name === 'spark' ? ' USING iceberg' : ''} ${suffix}`,
    );
  const text = warehouse.name === 'spark' ? 'STRING' : 'VARCHAR';

  test('with other columns, in another order, keep what the stream does not know', async () => {
    await create(`own ${text}, name ${text}, id BIGINT, more BIGINT`);
    await warehouse.execute(`INSERT INTO $t.${table} VALUES ('mine', 'old', 1, 7)`);
    await loadInto(warehouse, stream({ id: 1, name: 'new' }, { id: 2, name: 'b' }));
    expect(await warehouse.rows(table)).toEqual([
      { own: 'mine', name: 'new', id: '1', more: '7' },
      { own: null, name: 'b', id: '2', more: null },
    ]);
  });

  test('of the Python reference, in upper case, go on being loaded', async () => {
    await create(`${quote('ID')} BIGINT, ${quote('NAME')} ${text}, ${quote('_SDC_DELETED_AT')} ${text}`);
    await warehouse.execute(`INSERT INTO $t.${table} VALUES (1, 'old', NULL), (2, 'gone', NULL)`);
    await loadInto(
      warehouse,
      stream({ id: 1, name: 'new' }, { id: 2, _sdc_deleted_at: '2024-01-01T00:00:00Z' }, { id: 3, name: 'c' }),
      { add_metadata_columns: true },
    );
    const names = (await warehouse.columns(table)).map(([name]) => name);
    expect(names.slice(0, 3)).toEqual(['ID', 'NAME', '_SDC_DELETED_AT']);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
    const rows = await warehouse.rows(table);
    expect(rows.map(({ ID, NAME, _SDC_DELETED_AT }) => [ID, NAME, _SDC_DELETED_AT])).toEqual([
      ['1', 'new', null],
      ['2', 'gone', '2024-01-01T00:00:00Z'],
      ['3', 'c', null],
    ]);
  });

  describe('with a NOT NULL column', () => {
    test('are loaded as long as it gets a value', async () => {
      await create(`id BIGINT NOT NULL, name ${text} NOT NULL`);
      await loadInto(warehouse, stream({ id: 1, name: 'a' }, { id: 2, name: 'b' }));
      await loadInto(warehouse, stream({ id: 2, name: 'c' }, { id: 2, name: 'd' }, { id: 1 }));
      expect(await warehouse.rows(table)).toEqual([
        { id: '1', name: 'a' },
        { id: '2', name: 'd' },
      ]);
    });

    test('refuse a row that is null there, and name the column', async () => {
      await create(`id BIGINT NOT NULL, name ${text} NOT NULL`);
      const refused = { code: 'TABLE_COLUMN_REQUIRED', context: { stream: table, column: 'name' } };
      await expect(loadInto(warehouse, stream({ id: 1, name: 'a' }, { id: 2, name: null }))).rejects.toMatchObject(
        refused,
      );
      await expect(loadInto(warehouse, stream({ id: 1 }))).rejects.toMatchObject(refused);
      expect(await warehouse.rows(table)).toEqual([]);
    });

    test('that the stream does not have are refused, and name it', async () => {
      await create(`id BIGINT, name ${text}, own BIGINT NOT NULL`);
      const refused = { code: 'TABLE_COLUMN_REQUIRED', context: { stream: table, column: 'own' } };
      await expect(loadInto(warehouse, stream({ id: 1, name: 'a' }))).rejects.toMatchObject(refused);
      await expect(
        loadInto(warehouse, stream({ id: 1, name: 'a' }), { load_method: 'append-only' }),
      ).rejects.toMatchObject(refused);
      expect(await warehouse.rows(table)).toEqual([]);
    });

    describe('that is to be overwritten', () => {
      const overwrite = { load_method: 'overwrite', batch_size_rows: 1 };
      const old = { id: '1', name: 'old', own: '1' };
      beforeEach(async () => {
        await create(`id BIGINT NOT NULL, name ${text} NOT NULL, own BIGINT NOT NULL`);
        await warehouse.execute(`INSERT INTO $t.${table} VALUES (1, 'old', 1)`);
      });

      test('is refused where the stream does not have it, before a row is loaded', async () => {
        const said: string[] = [];
        const load = loadInto(warehouse, stream({ id: 1, name: 'a' }, { id: 2, name: 'b' }), overwrite, said);
        await expect(load).rejects.toMatchObject({
          code: 'TABLE_COLUMN_REQUIRED',
          context: { stream: table, column: 'own' },
        });
        expect(said.filter((line) => line.startsWith('loaded'))).toEqual([]);
        expect(await warehouse.rows(table)).toEqual([old]);
      });

      test('is refused where a row is null there', async () => {
        const wider = schema({ ...columns, own: integer });
        const records = [
          { id: 1, name: 'a', own: 1 },
          { id: 2, name: null, own: 2 },
        ].map((record) => ({ type: 'RECORD', stream: table, record }));
        await expect(loadInto(warehouse, [wider, ...records, end], overwrite)).rejects.toMatchObject({
          code: 'TABLE_COLUMN_REQUIRED',
          context: { stream: table, column: 'name' },
        });
        expect(await warehouse.rows(table)).toEqual([old]);
      });

      test('is no obstacle where each row has a value, or there is no row', async () => {
        const wider = schema({ ...columns, own: integer });
        const record = { type: 'RECORD', stream: table, record: { id: 2, name: 'b', own: 2 } };
        await loadInto(warehouse, [schema(), wider, record, end], overwrite);
        expect(await warehouse.rows(table)).toEqual([{ id: '2', name: 'b', own: '2' }]);
        await loadInto(warehouse, [schema(), end], overwrite);
        expect(await warehouse.rows(table)).toEqual([]);
      });
    });
  });
  return { warehouse, create };
}

describe('tables that are there, in DuckDB', () => {
  const { warehouse, create } = existing(duckdbWarehouse);

  test('give a new row their defaults, and one that is made again as well', async () => {
    await create("id BIGINT, name VARCHAR, own VARCHAR NOT NULL DEFAULT 'fresh'");
    await warehouse.execute(`INSERT INTO $t.${table} VALUES (1, 'old', 'mine')`);
    const deleted = { id: 1, _sdc_deleted_at: '2024-01-01T00:00:00Z' };
    await loadInto(warehouse, stream(deleted, { id: 1, name: 'new' }, { id: 2, name: 'b' }), { hard_delete: true });
    expect((await warehouse.rows(table)).map(({ id, own }) => [id, own])).toEqual([
      ['1', 'fresh'],
      ['2', 'fresh'],
    ]);
  });
});

describeLakehouse('tables that are there, in Spark', (details) => {
  const { warehouse, create } = existing(() => sparkWarehouse(details));

  test.each(['upsert', 'overwrite'])('keep their partitions: %s', async (load_method) => {
    await create('id BIGINT, name STRING, n INT', 'PARTITIONED BY (bucket(4, id), truncate(1, name), n)');
    await warehouse.execute(`INSERT INTO $t.${table} VALUES (1, 'old', 1), (2, 'gone', 2)`);
    const wider = schema({ ...columns, n: integer });
    const records = [
      { id: 1, name: 'new', n: 9000000000 },
      { id: 2, _sdc_deleted_at: '2024-01-01T00:00:00Z' },
      { id: 3, name: 'c', n: 3 },
    ].map((record) => ({ type: 'RECORD', stream: table, record }));
    await loadInto(warehouse, [wider, ...records, end], { load_method, hard_delete: true });
    expect((await warehouse.rows(table)).map(({ id, name, n }) => [id, name, n])).toEqual([
      ['1', 'new', '9000000000'],
      ['3', 'c', '3'],
    ]);
    // fails where the table has none
    await warehouse.execute(
      `SELECT partition.id_bucket, partition.name_trunc, partition.n FROM $t.${table}.partitions`,
    );
  });
});
