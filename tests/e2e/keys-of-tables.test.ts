// Keys in tables that are there already: whose columns hold fewer keys than the stream has, or hold them as text.
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { duckdbWarehouse, loadInto, sparkWarehouse, type Warehouse } from '../support/warehouse.ts';

vi.setConfig({ testTimeout: 300_000 });

const end = { type: 'STATE', value: 'end' };

let count = 0;
let table: string;
beforeEach(() => {
  table = `k${count++}`;
});

/** @param keys as JSON, with their digits */
const stream = (type: object, keys: readonly string[], more = '', name = table) => [
  {
    type: 'SCHEMA',
    stream: name,
    schema: { properties: { id: type, v: { type: ['null', 'string'] } } },
    key_properties: ['id'],
  },
  ...keys.map((key) => `{"type":"RECORD","stream":"${name}","record":{"id":${key},"v":"new"${more}}}`),
  end,
];

function existing(open: () => Warehouse) {
  const warehouse = open();
  afterAll(() => warehouse.close());
  const isSpark = warehouse.name === 'spark';
  const text = isSpark ? 'STRING' : 'VARCHAR';
  const create = async (type: string, values: string, name = table) => {
    await warehouse.execute(`CREATE TABLE $t.${name} (id ${type}, v ${text})${isSpark ? ' USING iceberg' : ''}`);
    await warehouse.execute(`INSERT INTO $t.${name} VALUES ${values}`);
  };
  const rows = async (name = table) =>
    (await warehouse.rows(name)).map(({ id, v }) =>
      `${id} ${v}`.replace('.0 ', ' ').replace('9.007199254740992E15', '9007199254740992'),
    );

  describe('of a column that is a DOUBLE', () => {
    const old = ['1 old', '9007199254740992 old'];
    const refused = { code: 'INPUT_VALUE_INVALID', context: { column: 'id' } };
    const integer = { type: 'integer' };
    const beyond = ['2', '9007199254740993'];

    test('are refused where they would become other keys, and nothing is loaded', async () => {
      await create('DOUBLE', "(9007199254740992, 'old'), (1, 'old')");
      const load = loadInto(warehouse, stream(integer, beyond));
      await expect(load).rejects.toMatchObject(refused);
      await expect(load).rejects.toThrow('9007199254740993');
      const deleted = ',"_sdc_deleted_at":"2024-01-01T00:00:00Z"';
      const marked = loadInto(warehouse, stream(integer, beyond, deleted), { hard_delete: true });
      await expect(marked).rejects.toMatchObject(refused);
      expect(await rows()).toEqual(old);
    });

    test('are refused as decimals, and in an overwrite, too', async () => {
      await create('DOUBLE', "(9007199254740992, 'old'), (1, 'old')");
      const decimal = { type: 'number', multipleOf: 0.001 };
      const digits = loadInto(warehouse, stream(decimal, ['0.123', '12345678901234567.125']));
      await expect(digits).rejects.toMatchObject(refused);
      const overwrite = { load_method: 'overwrite' };
      await expect(loadInto(warehouse, stream(integer, beyond), overwrite)).rejects.toMatchObject(refused);
      expect(await rows()).toEqual(old);
    });

    test('find their rows where the column holds them', async () => {
      await create('DOUBLE', "(9007199254740992, 'old'), (1, 'old')");
      await loadInto(warehouse, stream(integer, ['9007199254740992', '2']));
      expect(await rows()).toEqual(['1 old', '2 new', '9007199254740992 new']);
    });
  });

  test('of a FLOAT column are refused, unless they are integers: as a DOUBLE its 0.1 is another number', async () => {
    await create('FLOAT', "(0.1, 'old')");
    const refused = { code: 'TABLE_KEY_TYPE', context: { stream: table, column: 'id' } };
    await expect(loadInto(warehouse, stream({ type: 'number' }, ['0.1']))).rejects.toMatchObject(refused);
    expect(await rows()).toEqual(['0.1 old']);
    await create('FLOAT', "(7, 'old')", `${table}_i`);
    await loadInto(warehouse, stream({ type: 'integer' }, ['7', '16777217'], '', `${table}_i`));
    expect((await rows(`${table}_i`)).map((row) => row.replace('1.6777217E7', '16777217'))).toEqual([
      '16777217 new',
      '7 new',
    ]);
  });

  describe('of a column that is text', () => {
    const instant = { type: 'string', format: 'date-time' };
    const sent = '"2020-01-01T00:00:00+00:00"';

    test('are refused where their rows would not be found by the text of the type that is declared now', async () => {
      const cases: [type: object, held: string, key: string][] = [
        [instant, '2020-01-01T00:00:00+00:00', sent],
        [{ type: 'string', format: 'date' }, '2020-01-01T00:00:00Z', '"2020-01-01"'],
        [{ type: 'number' }, '1.50', '1.5'],
        [{ type: 'integer' }, '007', '7'],
        [{ type: 'number', multipleOf: 0.01 }, '1e2', '100'],
        [{ type: 'boolean' }, 'True', 'true'],
      ];
      for (const [n, [type, held, key]] of (isSpark ? cases.slice(0, 1) : cases).entries()) {
        const name = `${table}_${n}`;
        await create(text, `('${held}', 'old'), (NULL, 'none')`, name);
        const load = loadInto(warehouse, stream(type, [key], '', name));
        await expect(load, held).rejects.toMatchObject({
          code: 'TABLE_KEY_TYPE',
          context: { stream: name, column: 'id' },
        });
        await expect(load).rejects.toThrow(JSON.stringify(held));
        expect(await rows(name)).toEqual([`${held} old`, 'null none']);
      }
    });

    test('find their rows where these have the text that the type has', async () => {
      const all: [type: object, held: string, key: string][] = [
        [instant, '2020-01-01T00:00:00Z', sent],
        [{ type: 'number' }, '1.5', '1.50'],
        [instant, '2020-01-01T00:00:00.25Z', '"2020-01-01T01:00:00.250+01:00"'],
        [{ type: 'string', format: 'date' }, '2020-01-01', '"2020-01-01T00:00:00Z"'],
        [{ type: 'integer' }, '7', '7.0'],
        [{ type: 'number', multipleOf: 0.01 }, '100', '1e2'],
        [{ type: 'boolean' }, 'true', 'true'],
      ];
      // a table costs the lakehouse seconds
      const cases = isSpark ? all.slice(0, 2) : all;
      const names = cases.map((_, n) => `${table}_${n}`);
      for (const [n, [, held]] of cases.entries()) await create(text, `('${held}', 'old')`, names[n]);
      await loadInto(
        warehouse,
        cases.flatMap(([type, , key], n) => stream(type, [key], '', names[n])),
      );
      for (const [n, [, held]] of cases.entries()) expect(await rows(names[n])).toEqual([`${held} new`]);
    });

    test('whose numbers are text by choice are refused where the text is another one', async () => {
      const options = { number_type: 'string' };
      await create(text, "('1.50', 'old'), ('2', 'old')");
      const load = loadInto(warehouse, stream({ type: 'number' }, ['1.50']), options);
      await expect(load).rejects.toMatchObject({ code: 'TABLE_KEY_TYPE', context: { column: 'id' } });
      await create(text, "('1.5', 'old'), ('-20', 'old')", `${table}_c`);
      await loadInto(warehouse, stream({ type: 'number' }, ['1.50', '-2e1'], '', `${table}_c`), options);
      expect(await rows(`${table}_c`)).toEqual(['-20 new', '1.5 new']);
    });

    test('are not asked about where nothing is looked up', async () => {
      await create(text, "('2020-01-01T00:00:00+00:00', 'old')");
      await loadInto(warehouse, stream(instant, [sent]), { load_method: 'append-only' });
      expect(await rows()).toEqual(['2020-01-01T00:00:00+00:00 old', '2020-01-01T00:00:00Z new']);
      await loadInto(warehouse, stream(instant, [sent]), { load_method: 'overwrite' });
      expect(await rows()).toEqual(['2020-01-01T00:00:00Z new']);
    });
  });
}

describe('keys in DuckDB', () => existing(duckdbWarehouse));
describeLakehouse('keys in the lakehouse', (lakehouse) => existing(() => sparkWarehouse(lakehouse)));
