// Numbers whose schema changes its scale or digits to and fro: columns climb, numbers stay numbers, and none is changed.
import { afterAll, describe, expect, test } from 'vitest';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { duckdbWarehouse, loadInto, sparkWarehouse, type Warehouse } from '../support/warehouse.ts';

const multipleOf = (step: number) => ({ type: ['null', 'number'], multipleOf: step });
const declared = (precision: number, scale: number) => ({
  type: ['null', 'string'],
  format: 'x-singer.decimal',
  precision,
  scale,
});
const integer = { type: ['null', 'integer'] };

const schema = (stream: string, v: object) => ({
  type: 'SCHEMA',
  stream,
  schema: { properties: { id: { type: 'integer' }, v } },
  key_properties: ['id'],
});
const record = (stream: string, id: number, v: string) =>
  `{"type":"RECORD","stream":"${stream}","record":{"id":${id},"v":${v}}}`;
const one = (stream: string, v: object, id: number, value: string) => [schema(stream, v), record(stream, id, value)];

/** By key: the value in whichever column it is, without zeros at its end; and how many of these columns there are. */
async function held(warehouse: Warehouse, table: string) {
  const columns = (await warehouse.columns(table)).filter(([name]) => name.startsWith('v'));
  const rows = (await warehouse.rows(table)).map(({ id, ...values }) => {
    const own = Object.values(values).filter((value) => value !== null);
    return [id, own.map((value) => value!.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''))];
  });
  return { columns: columns.length, type: columns.find(([name]) => name === 'v')?.[1], rows: Object.fromEntries(rows) };
}

function scales(open: () => Warehouse) {
  const warehouse = open();
  afterAll(() => warehouse.close());
  const isDuckdb = warehouse.name === 'duckdb';
  const struct = (v: object) => ({ type: ['null', 'object'], properties: { m: v } });
  const nested = { nested_columns: 'struct' };

  test('across runs', async () => {
    const turn = (id: number, step: number, digits: [number, number], value: string) => [
      ...one('steps', multipleOf(step), id, value),
      ...one('digits', declared(...digits), id, `"${value}"`),
      ...one('members', struct(multipleOf(step)), id, `{"m":${value}}`),
    ];
    await loadInto(
      warehouse,
      [
        ...turn(1, 0.01, [12, 2], '1.25'),
        ...one('kinds', integer, 1, '1'),
        ...one('large', multipleOf(0.01), 1, '1e35'),
      ],
      nested,
    );
    await loadInto(
      warehouse,
      [
        ...turn(2, 0.0001, [12, 4], '2.0625'),
        ...one('kinds', declared(12, 2), 2, '"2.5"'),
        ...one('large', multipleOf(0.0001), 2, '2'),
      ],
      nested,
    );
    const more = [
      ...turn(3, 0.01, [12, 2], '3.75'),
      ...one('kinds', integer, 3, '9223372036854775807'),
      ...one('large', multipleOf(0.01), 3, '3'),
    ];
    await loadInto(warehouse, more, nested);
    await loadInto(warehouse, one('steps', multipleOf(0.0001), 2, '2.0625'));

    const rows = { 1: ['1.25'], 2: ['2.0625'], 3: ['3.75'] };
    const columns = isDuckdb ? 1 : 2;
    expect(await held(warehouse, 'steps')).toEqual({ columns, type: 'DECIMAL(38,4)', rows });
    expect(await held(warehouse, 'digits')).toEqual({ columns, type: 'DECIMAL(14,4)', rows });
    expect((await held(warehouse, 'members')).columns).toBe(2);
    const type = 'DECIMAL(21,2)';
    const kinds = { 1: ['1'], 2: ['2.5'], 3: ['9223372036854775807'] };
    expect(await held(warehouse, 'kinds')).toEqual({ columns: 2, type, rows: kinds });
    const large = { 1: [`1${'0'.repeat(35)}`], 2: ['2'], 3: ['3'] };
    expect(await held(warehouse, 'large')).toEqual({ columns: 2, type: 'DECIMAL(38,4)', rows: large });
  });

  test('a value that the wider column has no room for ends the run before the table is touched', async () => {
    const before = await warehouse.rows('steps');
    const digits = '9'.repeat(36);
    const refusal = (stream: string) => ({ code: 'INPUT_VALUE_INVALID', context: { stream, column: 'v' } });
    for (const stage_format of ['csv', 'parquet']) {
      const messages = [...one('steps', multipleOf(0.01), 4, '4'), record('steps', 5, `${digits}.25`)];
      await expect(loadInto(warehouse, messages, { stage_format })).rejects.toMatchObject(refusal('steps'));
    }
    const member = one('members', struct(multipleOf(0.01)), 4, `{"m":${digits}}`);
    await expect(loadInto(warehouse, member, nested)).rejects.toMatchObject(refusal('members'));
    const whole = [...one('steps', multipleOf(0.01), 4, digits), { type: 'STATE', value: 'end' }];
    const overwrite = loadInto(warehouse, whole, { load_method: 'overwrite' });
    await expect(overwrite).rejects.toMatchObject(refusal('steps'));
    expect(await warehouse.rows('steps')).toEqual(before);
    expect((await held(warehouse, 'members')).rows).not.toHaveProperty('4');
  });

  test('within a run', async () => {
    const turns = (stream: string, a: object, b: object) => [
      ...one(stream, a, 1, '1.25'),
      ...one(stream, b, 2, '2.0625'),
      ...one(stream, a, 3, '3.75'),
      ...one(stream, b, 4, '4.0625'),
    ];
    await loadInto(warehouse, [
      ...turns('turns', multipleOf(0.01), multipleOf(0.0001)),
      ...one('mixed', integer, 1, '1'),
      ...one('mixed', declared(12, 2), 2, '"2.5"'),
      ...one('mixed', integer, 3, '9223372036854775807'),
      ...one('mixed', declared(12, 2), 4, '"4.5"'),
    ]);
    const rows = { 1: ['1.25'], 2: ['2.0625'], 3: ['3.75'], 4: ['4.0625'] };
    expect(await held(warehouse, 'turns')).toEqual({ columns: isDuckdb ? 1 : 2, type: 'DECIMAL(38,4)', rows });
    const kinds = { 1: ['1'], 2: ['2.5'], 3: ['9223372036854775807'], 4: ['4.5'] };
    expect(await held(warehouse, 'mixed')).toEqual({ columns: 2, type: 'DECIMAL(21,2)', rows: kinds });
  });
}

describe('the scale of a decimal, in DuckDB,', () => {
  scales(duckdbWarehouse);

  test('is changed in place although a value that was deleted does not fit', async () => {
    const warehouse = duckdbWarehouse();
    try {
      await warehouse.execute(`CREATE TABLE d (id BIGINT, v DECIMAL(38,2)); INSERT INTO d VALUES (1, 1e35), (2, 2.25)`);
      await warehouse.execute('DELETE FROM d WHERE id = 1');
      await loadInto(warehouse, one('d', multipleOf(0.0001), 3, '3.0625'));
      expect(await held(warehouse, 'd')).toEqual({
        columns: 1,
        type: 'DECIMAL(38,4)',
        rows: { 2: ['2.25'], 3: ['3.0625'] },
      });
    } finally {
      await warehouse.close();
    }
  });
});
describeLakehouse('the scale of a decimal, in the lakehouse,', (details) => scales(() => sparkWarehouse(details)));
