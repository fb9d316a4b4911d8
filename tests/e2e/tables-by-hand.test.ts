// DuckDB tables with keys, constraints, indexes and types of their own: each loads right, or is refused by name as it was.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { duckdbWarehouse, loadInto } from '../support/warehouse.ts';

const integer = { type: ['null', 'integer'] };
const text = { type: ['null', 'string'] };
const dateTime = { type: ['null', 'string'], format: 'date-time' };

const warehouse = duckdbWarehouse();
afterAll(() => warehouse.close());

let count = 0;
let table: string;
beforeEach(() => {
  table = `t${count++}`;
});

const schema = (properties: object = { id: integer, v: integer }, keys: readonly string[] = ['id']) => ({
  type: 'SCHEMA',
  stream: table,
  schema: { properties },
  key_properties: keys,
});
const record = (record: object | string, more: object = {}) =>
  `${JSON.stringify({ type: 'RECORD', stream: table, ...more }).slice(0, -1)},"record":${typeof record === 'string' ? record : JSON.stringify(record)}}`;
/** `$t` stands for the table. */
const execute = (sql: string) => warehouse.execute(sql.replaceAll('$t', table));
const load = (messages: readonly (object | string)[], options: Parameters<typeof loadInto>[2] = {}) =>
  loadInto(warehouse, [...messages, { type: 'STATE', value: 'end' }], options);
const rows = () => warehouse.rows(table);
const types = async () => Object.fromEntries(await warehouse.columns(table));
const refusal = (code: string, column?: string) => ({
  code,
  context: column === undefined ? { stream: table } : { stream: table, column },
});

describe('a primary key', () => {
  test.each([
    ['INTEGER', '2147483647', '2147483648'],
    ['SMALLINT', '32767', '-32769'],
    ['UBIGINT', '18446744073709551615', '-1'],
    ['HUGEINT', '9223372036854775807', undefined],
    ['DECIMAL(10,0)', '9999999999', '10000000000'],
  ])(
    'of type %s keeps its type; a key that it has no room for ends the run before anything is changed',
    async (type, most, beyond) => {
      const wide = { type: 'integer', ...(type === 'UBIGINT' ? { maximum: 2 ** 64 } : {}) };
      const properties = { id: type === 'UBIGINT' ? { type: 'integer' } : wide, v: integer };
      await execute(`CREATE TABLE $t (id ${type} PRIMARY KEY, v BIGINT); INSERT INTO $t VALUES (1, 1), (2, 2)`);
      const largest = type === 'UBIGINT' ? '9223372036854775807' : most;
      for (const stage_format of ['csv', 'parquet']) {
        await load([schema(properties), record('{"id":1,"v":10}'), record(`{"id":${largest},"v":9}`)], {
          stage_format,
        });
      }
      const held = [
        { id: '1', v: '10' },
        { id: '2', v: '2' },
        { id: largest, v: '9' },
      ];
      expect(await rows()).toEqual(held);
      expect((await types()).id).toBe(type);
      if (beyond === undefined) return;
      const messages = [schema(properties), record('{"id":2,"v":20}'), record(`{"id":${beyond},"v":9}`)];
      for (const stage_format of ['csv', 'parquet']) {
        await expect(load(messages, { stage_format })).rejects.toMatchObject(refusal('INPUT_VALUE_INVALID', 'id'));
        await expect(
          load([schema(properties), record(`{"id":${beyond},"_sdc_deleted_at":"2024-01-01T00:00:00Z"}`)], {
            stage_format,
            hard_delete: true,
          }),
        ).rejects.toMatchObject(refusal('INPUT_VALUE_INVALID', 'id'));
      }
      expect((await rows()).map(({ id, v }) => ({ id, v }))).toEqual(held);
    },
  );

  test('of type INTEGER is no obstacle to deletes', async () => {
    await execute('CREATE TABLE $t (id INTEGER PRIMARY KEY, v BIGINT); INSERT INTO $t VALUES (1, 1), (2, 2)');
    await load(
      [
        schema(),
        record({ id: 1, _sdc_deleted_at: '2024-01-01T00:00:00Z' }),
        record({ id: 2, _sdc_deleted_at: '2024-01-01T00:00:00Z' }),
        record({ id: 2, v: 22 }),
      ],
      { hard_delete: true },
    );
    expect((await rows()).map(({ id, v }) => [id, v])).toEqual([['2', '22']]);
  });

  test('is no obstacle to an overwrite, which is refused when it has no room for a key', async () => {
    await execute('CREATE TABLE $t (id INTEGER PRIMARY KEY, v BIGINT UNIQUE); INSERT INTO $t VALUES (1, 1), (2, 2)');
    await load([schema(), record({ id: 2, v: 1 }), record({ id: 3, v: 2 })], { load_method: 'overwrite' });
    const held = [
      { id: '2', v: '1' },
      { id: '3', v: '2' },
    ];
    expect(await rows()).toEqual(held);
    await expect(load([schema(), record({ id: 3e9, v: 1 })], { load_method: 'overwrite' })).rejects.toMatchObject(
      refusal('INPUT_VALUE_INVALID', 'id'),
    );
    expect(await rows()).toEqual(held);
  });

  test("that is not the stream's refuses a second row, names its column and shows no value", async () => {
    await execute('CREATE TABLE $t (id BIGINT PRIMARY KEY, v BIGINT); INSERT INTO $t VALUES (1, 1)');
    const refused = load([schema(), record({ id: 4711, v: 2 }), record({ id: 4711, v: 3 })], {
      load_method: 'append-only',
    });
    await expect(refused).rejects.toMatchObject(refusal('TABLE_CONSTRAINT', 'id'));
    await expect(refused).rejects.not.toThrow('4711');
    expect(await rows()).toEqual([{ id: '1', v: '1' }]);
  });
});

describe('a constraint', () => {
  test('UNIQUE lets rows be updated, and refuses two that are alike', async () => {
    await execute('CREATE TABLE $t (id BIGINT, v INTEGER UNIQUE); INSERT INTO $t VALUES (1, 1), (2, 2)');
    await load([schema(), record({ id: 1, v: 2 }), record({ id: 2, v: 1 }), record({ id: 3, v: 3 })]);
    const held = [
      { id: '1', v: '2' },
      { id: '2', v: '1' },
      { id: '3', v: '3' },
    ];
    expect(await rows()).toEqual(held);
    await expect(load([schema(), record({ id: 4, v: 3 })])).rejects.toMatchObject(refusal('TABLE_CONSTRAINT', 'v'));
    await expect(load([schema(), record({ id: 4, v: 3e9 })])).rejects.toMatchObject(
      refusal('INPUT_VALUE_INVALID', 'v'),
    );
    expect(await rows()).toEqual(held);
  });

  test('CHECK refuses a row and is named', async () => {
    await execute('CREATE TABLE $t (id BIGINT, v INTEGER CHECK (v < 10))');
    await load([schema(), record({ id: 1, v: 1 })]);
    const refused = load([schema(), record({ id: 1, v: 2 }), record({ id: 2, v: 4711 })]);
    await expect(refused).rejects.toMatchObject(refusal('TABLE_CONSTRAINT'));
    await expect(refused).rejects.toThrow("a row breaks the table's constraint CHECK((v < 10))");
    expect(await rows()).toEqual([{ id: '1', v: '1' }]);
  });

  test('a foreign key refuses a row without its other, and one that is referred to stays', async () => {
    await execute(
      'CREATE TABLE $t_parent (id BIGINT PRIMARY KEY); INSERT INTO $t_parent VALUES (1); CREATE TABLE $t (id BIGINT PRIMARY KEY, v BIGINT REFERENCES $t_parent (id))',
    );
    await load([schema(), record({ id: 1, v: 1 })]);
    await expect(load([schema(), record({ id: 2, v: 2 })])).rejects.toMatchObject(refusal('TABLE_CONSTRAINT', 'v'));
    expect(await rows()).toEqual([{ id: '1', v: '1' }]);
    const child = table;
    table = `${child}_parent`;
    const marker = record({ id: 1, _sdc_deleted_at: '2024-01-01T00:00:00Z' });
    await expect(load([schema({ id: integer }), marker], { hard_delete: true })).rejects.toMatchObject({
      code: 'TABLE_CONSTRAINT',
    });
    expect((await rows()).map(({ id }) => id)).toEqual(['1']);
  });

  test.each([
    ['PRIMARY KEY (id, v)', 'PRIMARY KEY(id, v)'],
    ['FOREIGN KEY (v) REFERENCES parents (id)', 'FOREIGN KEY (v) REFERENCES parents(id)'],
  ])('%s on a column that would have to change ends the run before any step', async (constraint, named) => {
    await execute('CREATE TABLE IF NOT EXISTS parents (id INTEGER PRIMARY KEY)');
    await execute(`CREATE TABLE $t (id BIGINT, v INTEGER, ${constraint})`);
    const before = await types();
    const refused = load([schema({ id: integer, more: text, v: text }), record({ id: 1, v: 'a' })]);
    await expect(refused).rejects.toMatchObject(refusal('TABLE_CONSTRAINT', 'v'));
    await expect(refused).rejects.toThrow(named);
    expect(await types()).toEqual(before);
  });
});

describe('an index', () => {
  test('lets columns be added and rows be loaded, deleted ones too', async () => {
    await execute(
      'CREATE TABLE $t (id INTEGER, v INTEGER); INSERT INTO $t VALUES (1, 1), (2, 2); CREATE INDEX $t_v ON $t (v); CREATE UNIQUE INDEX $t_id ON $t (id)',
    );
    await load(
      [
        schema({ id: integer, v: integer, more: text }),
        record({ id: 1, v: 10, more: 'm' }),
        record({ id: 2, _sdc_deleted_at: '2024-01-01T00:00:00Z' }),
        record({ id: 3, v: 2 }),
      ],
      { hard_delete: true },
    );
    expect((await rows()).map(({ id, v, more }) => [id, v, more])).toEqual([
      ['1', '10', 'm'],
      ['3', '2', null],
    ]);
    await expect(load([schema(), record({ id: 3e9, v: 1 })])).rejects.toMatchObject(
      refusal('INPUT_VALUE_INVALID', 'id'),
    );
  });

  test('is named when a column would have to change, before any step', async () => {
    await execute('CREATE TABLE $t (id BIGINT, v DATE); CREATE INDEX $t_id ON $t (id)');
    const before = await types();
    for (const load_method of ['upsert', 'append-only', 'overwrite']) {
      const refused = load([schema({ id: integer, more: text, v: integer }), record({ id: 1, v: 1 })], { load_method });
      await expect(refused).rejects.toMatchObject(refusal('TABLE_CONSTRAINT', 'v'));
      await expect(refused).rejects.toThrow(`the index ${table}_id`);
      expect(await types()).toEqual(before);
    }
  });
});

describe('a generated column', () => {
  test('that the stream does not know is computed', async () => {
    await execute('CREATE TABLE $t (id BIGINT, v BIGINT, g BIGINT GENERATED ALWAYS AS (v + 1))');
    const marker = record({ id: 1, _sdc_deleted_at: '2024-01-01T00:00:00Z' });
    await load([schema(), record({ id: 1, v: 1 })]);
    await load([schema(), record({ id: 1, v: 2 }), marker, record({ id: 1, v: 3 }), record({ id: 2 })], {
      hard_delete: true,
    });
    expect((await rows()).map(({ id, v, g }) => [id, v, g])).toEqual([
      ['1', '3', '4'],
      ['2', null, null],
    ]);
  });

  test('that the stream has values for is refused', async () => {
    await execute('CREATE TABLE $t (id BIGINT, w BIGINT, v BIGINT GENERATED ALWAYS AS (w + 1))');
    await expect(load([schema(), record({ id: 1, v: 1 })])).rejects.toMatchObject(refusal('TABLE_CONSTRAINT', 'v'));
    expect(await rows()).toEqual([]);
  });
});

describe('metadata columns', () => {
  test.each(['VARCHAR', 'INTEGER', 'HUGEINT', 'DOUBLE', 'BOOLEAN'])(
    '_sdc_table_version may be %s: old rows go when a version is activated',
    async (type) => {
      await execute(
        `CREATE TABLE $t (id BIGINT, v BIGINT, _sdc_table_version ${type}); INSERT INTO $t (id, _sdc_table_version) VALUES (1, ${type === 'BOOLEAN' ? true : 9})`,
      );
      if (type === 'VARCHAR') await execute("INSERT INTO $t (id, _sdc_table_version) VALUES (2, 'none')");
      await load(
        [schema(), record({ id: 3, v: 3 }, { version: 10 }), { type: 'ACTIVATE_VERSION', stream: table, version: 10 }],
        { hard_delete: true },
      );
      expect((await rows()).map(({ id }) => id)).toEqual(['3']);
    },
  );

  test('of other types are kept beside those that hold what is written', async () => {
    await execute(
      'CREATE TABLE $t (id BIGINT, v BIGINT, _sdc_extracted_at TIMESTAMPTZ, _sdc_deleted_at DATE, _sdc_sequence VARCHAR, _sdc_sync_started_at INTEGER)',
    );
    await load([schema(), record({ id: 1, v: 1, _sdc_deleted_at: '2024-01-01T00:00:00Z' })], {
      add_metadata_columns: true,
    });
    const [row] = await rows();
    expect(row).toMatchObject({ id: '1', v: '1', _sdc_deleted_at: '2024-01-01 00:00:00' });
    expect((await types())._sdc_sync_started_at).toBe('BIGINT');
  });

  test('that an index keeps narrow are refused by name', async () => {
    await execute('CREATE TABLE $t (id BIGINT, v BIGINT, _sdc_sequence INTEGER); CREATE INDEX $t_v ON $t (v)');
    await expect(load([schema(), record({ id: 1, v: 1 })], { add_metadata_columns: true })).rejects.toMatchObject(
      refusal('TABLE_CONSTRAINT', '_sdc_sequence'),
    );
  });
});

test.each([
  ["ENUM ('a', 'b')", text],
  ['UUID', text],
  ['BLOB', text],
  ['JSON', { type: 'object' }],
  ['TIME', { type: 'string', format: 'time' }],
  ['TIMESTAMPTZ', dateTime],
  ['TIMESTAMP_NS', dateTime],
  ['TIMESTAMP_S', dateTime],
  ['INTEGER[3]', { type: 'array' }],
  ['MAP(VARCHAR, INTEGER)', { type: 'object' }],
  ['UNION(a INTEGER, b VARCHAR)', text],
  ['BIT', text],
  ['INTERVAL', text],
  ['UHUGEINT', integer],
  ['USMALLINT', integer],
  ['FLOAT', { type: 'number' }],
])('a column of type %s keeps its values, and new ones arrive as they were sent', async (type, declared) => {
  await execute(`CREATE TABLE $t (id BIGINT, v ${type} DEFAULT NULL); INSERT INTO $t (id) VALUES (1)`);
  const values: Record<string, string> = { object: '{"a":1}', array: '[1,2]', integer: '70000', number: '0.1' };
  const kind = [declared.type].flat().find((name) => name !== 'null')!;
  const format = (declared as { format?: string }).format;
  const sent =
    values[kind] ?? (format === 'time' ? '"10:00:00.5"' : format ? '"2024-01-01T00:00:00.123456Z"' : '"any \u00e4"');
  await load([schema({ id: integer, v: declared }), record(`{"id":2,"v":${sent}}`)]);
  const [old, fresh] = await rows();
  expect(old).toMatchObject({ id: '1', v: null });
  const shown = format === 'date-time' ? '2024-01-01 00:00:00.123456' : sent.replace(/^"|"$/g, '');
  expect(fresh).toMatchObject({ id: '2', v: shown });
});

test('a sequence, defaults, a view and a column called rowid are no obstacle', async () => {
  await execute(
    `CREATE SEQUENCE $t_seq; CREATE TABLE $t (rowid INTEGER, v INTEGER, n BIGINT DEFAULT nextval('$t_seq'), d VARCHAR NOT NULL DEFAULT 'd'); INSERT INTO $t (rowid, v) VALUES (7, 1); CREATE VIEW $t_view AS SELECT rowid, v FROM $t`,
  );
  const properties = { rowid: integer, v: text };
  await load([schema(properties, ['rowid']), record({ rowid: 7, v: 'seven' }), record({ rowid: 8, v: 'eight' })]);
  const found = await rows();
  expect(found.map(({ rowid, v, n, d }) => [rowid, v, n, d])).toEqual([
    ['7', 'seven', '1', 'd'],
    ['8', 'eight', '2', 'd'],
  ]);
  expect(await warehouse.rows(`${table}_view`)).toHaveLength(2);
});
