// Each property keeps its column from run to run, whatever else the stream declares in the next.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeLakehouse } from '../../setup/lakehouse.ts';
import { duckdbWarehouse, loadInto, type Row, sparkWarehouse, type Warehouse } from '../../support/warehouse.ts';

const text = { type: ['null', 'string'] };
const integer = { type: ['null', 'integer'] };
const inner = { type: 'object', properties: { x: text } };

/** A SCHEMA of these properties and a record that has them all. */
function sent(stream: string, id: number, properties: Readonly<Record<string, object>>, values: object = {}) {
  const value = (name: string) => (properties[name] === inner ? { x: `o.x of ${id}` } : `${name} of ${id}`);
  const all = Object.fromEntries(Object.keys(properties).map((name) => [name, value(name)]));
  return [
    { type: 'SCHEMA', stream, schema: { properties: { id: integer, ...properties } }, key_properties: ['id'] },
    { type: 'RECORD', stream, record: { id, ...all, ...values } },
  ];
}

const options = {
  data_flattening_max_level: 1,
  stream_load_methods: JSON.stringify({ replaced: 'overwrite' }),
  overwrite_requires: 'eof',
};

/** The longest that a comment has room for. */
const long = `${'É'.repeat(226)}😀😀`;

const runs = [
  [
    ...sent('long', 1, { [long]: text }),
    ...sent('letters', 1, { Foo: text }),
    ...sent('commas', 1, { 'a,b': text }),
    ...sent('flat', 1, { o: inner }),
    ...sent('typed', 1, { Foo: integer }, { Foo: 7 }),
    ...sent('replaced', 1, { Foo: text }),
    ...sent('noted', 1, { Foo: text, Bar: text }),
    ...sent('older', 1, { Foo: text }),
  ],
  [
    ...sent('long', 2, { [long]: text, [long.toLowerCase()]: text }),
    ...sent('letters', 2, { foo: text, Foo: text }),
    ...sent('commas', 2, { 'a;b': text, 'a,b': text }),
    ...sent('flat', 2, { o__x: text, o: inner }),
    ...sent('typed', 2, { foo: text, Foo: text }),
    ...sent('replaced', 2, { foo: text, Foo: text }),
    ...sent('noted', 2, { Foo: text, bar: text, Bar: text }),
    ...sent('older', 2, { foo: text, Foo: text }),
  ],
  [
    ...sent('letters', 3, { foo: text }),
    ...sent('commas', 3, { 'a;b': text }),
    ...sent('flat', 3, { o__x: text }),
    ...sent('typed', 3, { Foo: text }),
    ...sent('replaced', 3, { foo: text }),
    ...sent('noted', 3, { bar: text }),
    ...sent('older', 3, { Foo: text }),
  ],
];
const streams = ['long', 'letters', 'commas', 'flat', 'typed', 'replaced', 'noted', 'older'];
const dated = (name: string) => name.replace(/\d{8}_\d{4}$/, '<dated>');

async function tablesOf(warehouse: Warehouse) {
  const tables: Record<string, { columns: readonly string[]; rows: readonly Row[]; comments: object }> = {};
  for (const stream of streams)
    tables[stream] = {
      columns: (await warehouse.columns(stream)).map(([name]) => dated(name)),
      rows: (await warehouse.rows(stream)).map(withDatedNames),
      comments: withDatedNames(await warehouse.comments(stream)),
    };
  return tables;
}

const withDatedNames = <T>(row: Readonly<Record<string, T>>) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [dated(name), value]));

function keptNames(open: () => Warehouse) {
  const warehouse = open();
  let tables: Awaited<ReturnType<typeof tablesOf>>;
  const said: string[] = [];
  beforeAll(async () => {
    const [string, comment] =
      warehouse.name === 'duckdb'
        ? ['VARCHAR', "COMMENT ON COLUMN $t.noted.foo IS 'What it is'"]
        : ['STRING', "ALTER TABLE $t.noted ALTER COLUMN foo COMMENT 'What it is'"];
    await warehouse.execute(`CREATE TABLE $t.older (ID BIGINT, FOO ${string})`);
    for (const [index, run] of runs.entries()) {
      said.push(...(await loadInto(warehouse, run, options)));
      if (index === 0) await warehouse.execute(comment);
    }
    tables = await tablesOf(warehouse);
  }, 300_000);
  afterAll(() => warehouse.close());

  it('where names differ only by case', () => {
    expect(tables.letters).toEqual({
      columns: ['id', 'foo', 'foo_8f62'],
      rows: [
        { id: '1', foo: 'Foo of 1', foo_8f62: null },
        { id: '2', foo: 'Foo of 2', foo_8f62: 'foo of 2' },
        { id: '3', foo: null, foo_8f62: 'foo of 3' },
      ],
      comments: { foo: 'Property "Foo" of the stream', foo_8f62: 'Property "foo" of the stream' },
    });
    expect(said).toContain('warning: stream letters: the property "foo" is the column "foo_8f62"');
    expect(said.filter((line) => /stream letters: .*"Foo" is the column/.test(line))).toEqual([]);
  });

  it('where names have the same letters left', () => {
    expect(tables.commas?.rows).toEqual([
      { id: '1', a_b: 'a,b of 1', a_b_07cd: null },
      { id: '2', a_b: 'a,b of 2', a_b_07cd: 'a;b of 2' },
      { id: '3', a_b: null, a_b_07cd: 'a;b of 3' },
    ]);
  });

  it('where a path becomes the name of another property', () => {
    expect(tables.flat?.rows).toEqual([
      { id: '1', o__x: 'o.x of 1', o__x_7ae2: null },
      { id: '2', o__x: 'o.x of 2', o__x_7ae2: 'o__x of 2' },
      { id: '3', o__x: null, o__x_7ae2: 'o__x of 3' },
    ]);
    expect(tables.flat?.comments).toMatchObject({ o__x: 'Property "o"."x" of the stream' });
  });

  it('where the name is long', () => {
    expect(tables.long?.comments).toMatchObject({ [long.toLowerCase()]: `Property "${long}" of the stream` });
    expect(tables.long?.columns).toEqual(['id', long.toLowerCase(), expect.stringMatching(/_[0-9a-f]{4}$/)]);
  });

  it("when a type changes: the older values stay aside, and the new column is the property's", () => {
    expect(tables.typed?.rows).toEqual([
      { id: '1', 'foo_<dated>': '7', foo: null, foo_8f62: null },
      { id: '2', 'foo_<dated>': null, foo: 'Foo of 2', foo_8f62: 'foo of 2' },
      { id: '3', 'foo_<dated>': null, foo: 'Foo of 3', foo_8f62: null },
    ]);
  });

  it('when the rows of a table are replaced', () => {
    expect(tables.replaced?.rows).toEqual([{ id: '3', foo: null, foo_8f62: 'foo of 3' }]);
    expect(tables.replaced?.comments).toEqual(tables.letters?.comments);
  });

  it('while the comment of a person stays, and leaves the name to tell', () => {
    expect(tables.noted?.comments).toEqual({
      foo: 'What it is',
      bar: 'Property "Bar" of the stream',
      bar_7e8a: 'Property "bar" of the stream',
    });
    expect(tables.noted?.rows).toEqual([
      { id: '1', foo: 'Foo of 1', bar: 'Bar of 1', bar_7e8a: null },
      { id: '2', foo: 'Foo of 2', bar: 'Bar of 2', bar_7e8a: 'bar of 2' },
      { id: '3', foo: null, bar: null, bar_7e8a: 'bar of 3' },
    ]);
  });

  it('and a table where nothing was kept goes by names until something is', () => {
    expect(tables.older?.rows).toEqual([
      { ID: '1', FOO: 'Foo of 1', foo_ec4e: null },
      { ID: '2', FOO: 'foo of 2', foo_ec4e: 'Foo of 2' },
      { ID: '3', FOO: null, foo_ec4e: 'Foo of 3' },
    ]);
    expect(said).toContain('warning: stream older: the property "Foo" is the column "foo_ec4e"');
    expect(tables.older?.comments).toEqual({ foo_ec4e: 'Property "Foo" of the stream' });
  });

  it('and all runs once more change no column', async () => {
    const again = [];
    for (const run of runs) again.push(...(await loadInto(warehouse, run, options)));
    expect(again.filter((line) => /added column|changed its type|is now/.test(line))).toEqual([]);
    expect(said.filter((line) => line.includes('added column'))).toHaveLength(9);
    const after = await tablesOf(warehouse);
    for (const stream of streams) {
      expect(after[stream]?.columns).toEqual(tables[stream]?.columns);
      expect(after[stream]?.comments).toEqual(tables[stream]?.comments);
    }
  }, 300_000);
}

describe('in DuckDB each property keeps its column', () => keptNames(duckdbWarehouse));
describeLakehouse('in Spark each property keeps its column', (details) => keptNames(() => sparkWarehouse(details)));
