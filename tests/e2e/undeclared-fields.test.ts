import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { duckdbWarehouse, loadInto, sparkWarehouse, type Warehouse } from '../support/warehouse.ts';

const schema = (stream: string, properties: object = { id: { type: 'integer' } }, more: object = {}) => ({
  type: 'SCHEMA',
  stream,
  schema: { properties, ...more },
  key_properties: ['id'],
});
const end = { type: 'STATE', value: 'end' };

const folder = mkdtempSync(join(tmpdir(), 'undeclared-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
let table: string;
beforeEach(() => {
  table = `t${count++}`;
});
/** Each value of a field `x` in a record of its own; the text is JSON. */
const values = (...texts: string[]) => [
  schema(table),
  ...texts.map((text, id) => `{"type":"RECORD","stream":"${table}","record":{"id":${id},"x":${text}}}`),
  end,
];

function undeclared(open: () => Warehouse) {
  const warehouse = open();
  afterAll(() => warehouse.close());
  const add = (messages: readonly (object | string)[], more: Record<string, string> = {}) =>
    loadInto(warehouse, messages, { undeclared_fields: 'add', ...more });
  /** Columns but the key, the dates in their names replaced. */
  const columns = async () =>
    (await warehouse.columns(table))
      .slice(1)
      .map(([name, type]) => `${name.replace(/\d{8}_\d{4}(_\d+)?/, 'DATED')} ${type.replace('STRING', 'VARCHAR')}`);
  const held = async (name = 'x') => (await warehouse.rows(table)).map((row) => row[name]);

  test('that are ignored are counted, unless they are null, and told once', async () => {
    const said = await loadInto(warehouse, values('1', '"two"', 'null', '{"a":1}'));
    expect(await columns()).toEqual([]);
    expect(said.filter((line) => line.includes('undeclared'))).toEqual([
      `warning: ${table}: fields that its schema does not declare were ignored, see "undeclared_fields": "x" (3 values)`,
    ]);
  });

  test('get a column at the first value that is not null, for all that came before it too', async () => {
    const said = await add(values('null', '"a"', 'null', '"b"'));
    expect(await columns()).toEqual(['x VARCHAR']);
    expect(await held()).toEqual([null, 'a', null, 'b']);
    expect(said.filter((line) => line.includes('undeclared'))).toEqual([]);
  });

  test.each([
    ['true', 'BOOLEAN', 'true'],
    ['9007199254740993', 'BIGINT', '9007199254740993'],
    ['99999999999999999999', 'DECIMAL(38,0)', '99999999999999999999'],
    ['0.5', 'DOUBLE', '0.5'],
    ['0.1234567890123456789', 'VARCHAR', '0.1234567890123456789'],
    ['1e400', 'VARCHAR', '1e400'],
    ['"2024-01-01T00:00:00Z"', 'VARCHAR', '2024-01-01T00:00:00Z'],
    ['{"a": [1.0]}', 'VARCHAR', '{"a": [1.0]}'],
  ])('%s makes a column of type %s, which holds it exactly', async (text, type, expected) => {
    await add(values(text));
    expect(await columns()).toEqual([`x ${type}`]);
    expect(await held()).toEqual([expected]);
  });

  test('climb to a type that holds the next value, and no value is lost', async () => {
    await add(values('1', '2', '1.5', '3', '"text"', 'true', '[1]', '4'));
    expect(await columns()).toEqual(['x_DATED BIGINT', 'x_DATED DOUBLE', 'x VARCHAR']);
    const rows = await warehouse.rows(table);
    const [, first, second] = Object.keys(rows[0]!);
    expect(rows.map((row) => row[first!] ?? row[second!] ?? row.x)).toEqual([
      '1',
      '2',
      '1.5',
      '3.0',
      'text',
      'true',
      '[1]',
      '4',
    ]);
  });

  test('go by "additionalProperties" where it says something', async () => {
    const messages = values('"2024-01-01T00:00:00Z"', '"2024-01-02"');
    const typed = schema(table, undefined, { additionalProperties: { type: 'string', format: 'date-time' } });
    await add([typed, ...messages.slice(1)]);
    expect(await columns()).toEqual(['x TIMESTAMP']);
    await expect(add([typed, ...values('7').slice(1)])).rejects.toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      context: { line: 2, stream: table, column: 'x' },
    });
  });

  test('go where "number_type" says', async () => {
    await add(values('0.5'), { number_type: 'decimal' });
    expect(await columns()).toEqual(['x DECIMAL(38,9)']);
  });

  test('are named as declared ones are', async () => {
    const record = { id: 1, Id: 2, 'a`b': 3, 'x y': 4 };
    await add([schema(table), { type: 'RECORD', stream: table, record }, end]);
    expect((await warehouse.rows(table))[0]).toMatchObject({ id: '1', a_b: '3', 'x y': '4' });
    expect((await columns())[0]).toMatch(/^id_[0-9a-f]{4} BIGINT$/);
  });

  test('keep their columns when the schema comes again, and change nothing in a second run', async () => {
    const half = values('1', '2.5', '{}');
    const messages = [...half, ...half];
    await add(messages);
    const [before, rows] = [await columns(), await warehouse.rows(table)];
    const said = await add(messages);
    expect(await columns()).toEqual(before);
    expect(said.filter((line) => line.includes('column'))).toEqual([]);
    // values that are sent again go where such values went last
    expect((await warehouse.rows(table)).map(({ x }) => x)).toEqual(['1', '2.5', '{}']);
    expect(rows).toHaveLength(3);
  });

  test('that the schema excludes are counted, and so are members of structs, each with the reason that is true', async () => {
    const list = { type: 'array', items: { type: 'object', properties: { k: { type: 'integer' } } } };
    const shut = schema(table, { id: { type: 'integer' }, l: list }, { additionalProperties: false });
    const record = { id: 1, x: 'a', l: [{ k: 1, more: 2 }] };
    const messages = [shut, { type: 'RECORD', stream: table, record }, end];
    const said = await add(messages, { nested_columns: 'struct' });
    expect(said.filter((line) => line.includes('ignored'))).toEqual([
      `warning: ${table}: fields were ignored, as its schema excludes them by "additionalProperties" or "patternProperties": "x" (1 value)`,
      `warning: ${table}: members that its schema does not declare were ignored, as a STRUCT has declared members only, see "nested_columns": "l[].more" (1 value)`,
    ]);
    expect(await columns()).toEqual([expect.stringMatching(/^l /)]);
  });

  test('are the only columns of a stream that has none: what is said without a record, and in Parquet files', async () => {
    const bare = { type: 'SCHEMA', stream: table, schema: { type: 'object' }, key_properties: ['id'] };
    const said = await add([bare, bare, end]);
    expect(said.filter((line) => line.includes('no table'))).toEqual([
      `warning: stream ${table}: its SCHEMA declares no columns, or none for its key "id", and no record was loaded: no table is made`,
    ]);
    const encoding = { format: 'parquet' };
    const batch = { type: 'BATCH', stream: table, encoding, manifest: ['file:///none.parquet'] };
    await expect(add([bare, batch, end])).rejects.toMatchObject({
      code: 'INPUT_SCHEMA_INVALID',
      message: expect.stringContaining('the SCHEMA has to declare what they hold'),
      context: { line: 2, stream: table, column: 'id' },
    });
    await expect(loadInto(warehouse, [bare])).rejects.toMatchObject({
      code: 'INPUT_SCHEMA_INVALID',
      message: expect.stringContaining('"undeclared_fields"'),
    });
    expect(await warehouse.tables()).not.toContain(table);
  });

  test('are the only columns of a stream that has none: in files of JSON lines, too', async () => {
    const file = join(folder, `${table}.jsonl`);
    writeFileSync(file, '{"id":1,"x":1}\n{"id":2,"x":"two"}\n{"id":1,"_SDC_DELETED_AT":"2024-01-01"}\n');
    const bare = { type: 'SCHEMA', stream: table, schema: {}, key_properties: ['id'] };
    const batch = { type: 'BATCH', stream: table, encoding: { format: 'jsonl' }, manifest: [`file://${file}`] };
    await add([bare, batch, end], { hard_delete: 'true' });
    expect((await warehouse.rows(table)).map((row) => [row.id, row.x])).toEqual([['2', 'two']]);
  });

  test('whose pattern is no regular expression end the run', async () => {
    const python = schema(table, undefined, { patternProperties: { '(?P<y>a)': {} } });
    await expect(add([python, end])).rejects.toMatchObject({
      code: 'INPUT_SCHEMA_INVALID',
      message: expect.stringContaining('"(?P<y>a)"'),
      context: { line: 1, stream: table },
    });
  });

  test('are under the contract', async () => {
    await add(values('null'));
    await expect(add(values('1'), { schema_contract: 'freeze' })).rejects.toMatchObject({
      code: 'SCHEMA_CONTRACT',
      context: { column: 'x' },
    });
    const said = await add(values('1', '2'), { schema_contract: 'discard' });
    expect(said).toContainEqual(expect.stringContaining('2 values of x were discarded'));
  });
}

describe('fields that no schema declares, in DuckDB', () => undeclared(duckdbWarehouse));
describeLakehouse('fields that no schema declares, in Spark', (details) => undeclared(() => sparkWarehouse(details)));
