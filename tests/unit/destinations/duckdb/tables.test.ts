import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type StagedRecord, type VersionShape, versionOf } from '../sql/staged-records.ts';
import { stagedFolder } from './staged-folder.ts';

let folder: Awaited<ReturnType<typeof stagedFolder>>;
beforeEach(async () => {
  folder = await stagedFolder();
});
afterEach(() => folder.remove());

/** A run of its own: prepares the table for the shape, loads the records. */
async function run(shape: VersionShape, records: readonly StagedRecord[] = [], path = folder.path) {
  const version = versionOf(shape);
  const destination = folder.destination({ path });
  await destination.connect();
  try {
    const loader = destination.openTable('orders');
    await loader.prepare(version);
    if (records.length > 0) await loader.load(await folder.load(version, records));
    await loader.close();
  } finally {
    await destination.close();
  }
}

const columnsOf = (table: string) =>
  folder.query(
    `SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = '${table}' ORDER BY column_index`,
  );

describe('an existing table', () => {
  test('that fits is left alone, run after run', async () => {
    const shape: VersionShape = {
      columns: { id: 'bigint', n: 'double', t: 'timestamp' },
      keys: ['id'],
      metadata: true,
      deletes: 'soft',
    };
    for (const id of ['1', '2', '1']) await run(shape, [{ data: { id, n: '1', t: null } }]);
    expect(folder.said).toEqual([]);
    expect(await folder.query('SELECT id FROM orders ORDER BY id')).toEqual([['1'], ['2']]);
    expect((await columnsOf('orders')).length).toBe(3 + 7);
  });

  test('gets new columns and wider types, keeps what it has, and both are told', async () => {
    await folder.query(
      "CREATE TABLE orders (ID INTEGER NOT NULL, n FLOAT, own VARCHAR); INSERT INTO orders VALUES (1, 1.5, 'mine')",
    );
    await run({ columns: { id: 'bigint', n: 'double', more: 'string' }, keys: ['id'] }, [
      { data: { id: '1', n: '2.5', more: 'm' } },
      { data: { id: '9000000000', n: '3.5', more: null } },
    ]);
    expect(await folder.query('SELECT * FROM orders ORDER BY id')).toEqual([
      ['1', 2.5, 'mine', 'm'],
      ['9000000000', 3.5, null, null],
    ]);
    expect(folder.said).toEqual([
      'stream orders: table main.orders: column ID is now BIGINT',
      'stream orders: table main.orders: column n is now DOUBLE',
      'stream orders: table main.orders: added column more VARCHAR',
    ]);
  });

  test('keeps an incompatible column under a dated name, once', async () => {
    await folder.query('CREATE TABLE orders (id BIGINT, n BIGINT NOT NULL); INSERT INTO orders VALUES (1, 7)');
    const shape: VersionShape = { columns: { id: 'bigint', n: 'string' }, keys: ['id'] };
    await run(shape, [{ data: { id: '1', n: 'seven' } }, { data: { id: '2', n: 'eight' } }]);
    await run(shape, [{ data: { id: '3', n: 'nine' } }]);
    expect((await columnsOf('orders')).map(([name]) => name)).toEqual([
      'id',
      expect.stringMatching(/^n_\d{8}_\d{4}$/),
      'n',
    ]);
    expect(await folder.query('SELECT * FROM orders ORDER BY id')).toEqual([
      ['1', '7', 'seven'],
      ['2', null, 'eight'],
      ['3', null, 'nine'],
    ]);
    expect(folder.said).toEqual([
      expect.stringMatching(/column n changed its type, its old values are kept as n_\d{8}_\d{4}$/),
      'stream orders: table main.orders: added column n VARCHAR',
    ]);
  });

  test('whose key holds another type is an error', async () => {
    await folder.query('CREATE TABLE orders (id DATE)');
    await expect(run({ columns: { id: 'bigint' }, keys: ['id'] })).rejects.toMatchObject({
      code: 'TABLE_KEY_TYPE',
      context: { stream: 'orders', column: 'id' },
    });
  });

  test.each([
    'id VARCHAR COLLATE NOCASE',
    '"ID" VARCHAR COLLATE NOCASE.NOACCENT, n BIGINT',
    'n BIGINT, Id VARCHAR COLLATE NOACCENT',
  ])('whose key is compared by a collation is an error: %s', async (columns) => {
    await folder.query(`CREATE TABLE orders (${columns})`);
    await expect(run({ columns: { id: 'string' }, keys: ['id'] })).rejects.toMatchObject({
      code: 'TABLE_KEY_TYPE',
      context: { stream: 'orders', column: expect.stringMatching(/^id$/i) },
    });
    await folder.query('ALTER TABLE orders ALTER id TYPE VARCHAR COLLATE C');
    await run({ columns: { id: 'string' }, keys: ['id'] }, [{ data: { id: 'a' } }, { data: { id: 'A' } }]);
    expect(await folder.query('SELECT id FROM orders ORDER BY id')).toEqual([['A'], ['a']]);
  });

  test('that is a view is an error', async () => {
    await folder.query('CREATE VIEW Orders AS SELECT 1 AS id');
    await expect(run({ columns: { id: 'bigint' }, keys: ['id'] })).rejects.toMatchObject({
      code: 'TABLE_IS_VIEW',
      message: 'main.orders is a view',
    });
  });
});

describe('names', () => {
  test('of columns may be 5000 bytes long and hold anything', async () => {
    const long = `${'ä'.repeat(2500)}`;
    const odd = `"; DROP TABLE x; -- '\n\\ ${'{'}}`;
    await run({ columns: { id: 'bigint', [long]: 'string', [odd]: 'string' }, keys: ['id'] }, [
      { data: { id: '1', [long]: 'a', [odd]: 'b' } },
    ]);
    expect(await columnsOf('orders')).toEqual([
      ['id', 'BIGINT'],
      [long, 'VARCHAR'],
      [odd, 'VARCHAR'],
    ]);
  });

  test.each(['sales', 'temp', 'main'])('a file and a schema may both be called %s', async (name) => {
    const path = `${folder.folder}/${name}.duckdb`;
    const shape: VersionShape = { columns: { id: 'bigint', n: 'string' }, keys: ['id'], schema: name };
    await run(shape, [{ data: { id: '1', n: 'a' } }], path);
    await run(shape, [{ data: { id: '1', n: 'b' } }], path);
    expect(
      await folder.query(`SELECT schema_name, estimated_size FROM duckdb_tables() WHERE table_name = 'orders'`, path),
    ).toEqual([[name, '1']]);
  });

  test('a table may be called staged', async () => {
    const shape: VersionShape = { columns: { id: 'bigint' }, keys: ['id'], table: 'staged' };
    await run(shape, [{ data: { id: '1' } }]);
    await run(shape, [{ data: { id: '1' } }, { data: { id: '2' } }]);
    expect(await folder.query('SELECT id FROM staged ORDER BY id')).toEqual([['1'], ['2']]);
  });
});
