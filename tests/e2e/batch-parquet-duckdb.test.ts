// BATCH messages of Parquet files by the command into a DuckDB file.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { batch, type CommandFolder, commandFolder } from '../support/command.ts';
import { schema as schemaOf, state } from '../support/scripted-run.ts';

vi.setConfig({ testTimeout: 60_000 });

let cli: CommandFolder;
beforeEach(async () => {
  cli = await commandFolder();
});
afterEach(() => cli.remove());

const properties = { id: { type: 'integer' }, name: { type: ['string', 'null'] } };
const schema = schemaOf('a', properties);
const record = (id: number, name: string) => ({ type: 'RECORD', stream: 'a', record: { id, name } });
const table = async () => (await cli.query('SELECT id, name FROM a ORDER BY id')).flat();
const rows = (values: string) => `SELECT * FROM (VALUES ${values}) t(id, name)`;

describe('Parquet files', () => {
  test('come between the records around the message, in the order of files and rows', async () => {
    const first = await cli.parquet('1.parquet', rows("(1, 'f1'), (2, 'f1'), (3, 'f1')"));
    const second = await cli.parquet('2.parquet.gz', rows("(2, 'f2'), (3, 'f2'), (2, 'f2 again')"));
    const input = [schema, record(1, 'before'), batch('a', [first, second]), record(3, 'after'), state('end')];
    expect(await cli.run({}, input)).toMatchObject({ code: 0, out: '"end"\n' });
    expect(await table()).toEqual(['1', 'f1', '2', 'f2 again', '3', 'after']);
  });

  test('of messages that follow each other are one load, and all rows are counted', async () => {
    const files = await Promise.all(
      [1, 2, 3].map((i) => cli.parquet(`${i}.parquet`, rows(`(${i}, 'x'), (9, '${i}')`))),
    );
    const { log, ...result } = await cli.run({}, [schema, ...files.map((file) => batch('a', [file])), state(1)]);
    expect(result).toEqual({ code: 0, out: '1\n' });
    expect(log).toContain('a: 6 rows read, 4 loaded in 1 load, 2 updated by a later one');
    expect(await table()).toEqual(['1', 'x', '2', 'x', '3', 'x', '9', '3']);
  });

  test('have their columns found by name, whatever the case and order; what is missing keeps its value', async () => {
    const shuffled = await cli.parquet('1.parquet', 'SELECT \'one\' AS "NAME", 7 AS extra, 1::TINYINT AS "Id"');
    const partial = await cli.parquet('2.parquet', 'SELECT 1 AS id UNION ALL SELECT 2');
    const { log, code } = await cli.run({}, [schema, batch('a', [shuffled]), batch('a', [partial])]);
    expect(code).toBe(0);
    expect(log).toContain('columns that its SCHEMA lacks, which are not loaded: extra');
    expect(await table()).toEqual(['1', 'one', '2', null]);
  });

  test('have keys that are the same as those of records where their values are', async () => {
    const mixed = schemaOf('a', { id: { type: ['number', 'string'] }, name: properties.name });
    const numbers = await cli.parquet('1.parquet', rows("(1.50::DECIMAL(9,2), 'file'), (-0.00::DECIMAL(9,2), 'file')"));
    const texts = await cli.parquet('2.parquet', rows("('01', 'file'), ('1.50', 'file')"));
    const spelled = [1.5, 0, '01'].map((id) => ({ type: 'RECORD', stream: 'a', record: { id, name: 'record' } }));
    expect(await cli.run({}, [mixed, batch('a', [numbers, texts]), ...spelled])).toMatchObject({ code: 0 });
    expect(await table()).toEqual(['0', 'record', '01', 'record', '1.5', 'record', '1.50', 'file']);
    const bad = await cli.parquet('3.parquet', rows("('x', 'file'), ('1.5', 'file')"));
    const { code, log } = await cli.run({}, [mixed, batch('a', [bad])]);
    expect(code).toBe(3);
    expect(log).toContain(
      'column "id": one row has a value that the column\'s type VARCHAR can\'t hold as it is (the key is "1.5")',
    );
    expect(await table()).toHaveLength(8);
  });

  test('have one key for both zeros of a double, and none that a double only nears', async () => {
    const doubles = schemaOf('a', { id: { type: 'number' }, name: properties.name });
    const zeros = await cli.parquet(
      '1.parquet',
      rows("(-0.0::DOUBLE, 'first'), (0.0::DOUBLE, 'second'), (0.1::DOUBLE, 'x')"),
    );
    expect(await cli.run({}, [doubles, batch('a', [zeros])])).toMatchObject({ code: 0 });
    expect(await table()).toEqual([0, 'second', 0.1, 'x']);
    const wide = await cli.parquet('2.parquet', rows("(9007199254740993, 'x')"));
    const { code, log } = await cli.run({}, [doubles, batch('a', [wide])]);
    expect(code).toBe(3);
    expect(log).toContain('(the key is "9007199254740993")');
  });

  test('that have some columns of a flattened object have the object: what it lacks is NULL', async () => {
    const object = { type: 'object', properties: { x: { type: 'integer' }, y: { type: 'integer' } } };
    const flat = schemaOf('a', { id: properties.id, o: object, p: object });
    const whole = { id: 1, o: { x: 1, y: 1 }, p: { x: 1, y: 1 } };
    const file = await cli.parquet('1.parquet', 'SELECT 1 AS id, 2 AS o__x');
    const input = [flat, { type: 'RECORD', stream: 'a', record: whole }, batch('a', [file])];
    expect(await cli.run({ data_flattening_max_level: 1 }, input)).toMatchObject({ code: 0 });
    expect(await cli.query('SELECT id, o__x, o__y, p__x, p__y FROM a')).toEqual([['1', '2', null, '1', '1']]);
  });

  test('carry a delete marker in any case', async () => {
    const file = await cli.parquet('1.parquet', `SELECT 1 AS id, TIMESTAMP '2024-01-01' AS "_SDC_DELETED_AT"`);
    const input = [schema, record(1, 'a'), record(2, 'b'), batch('a', [file])];
    expect(await cli.run({ hard_delete: true }, input)).toMatchObject({ code: 0 });
    expect(await table()).toEqual(['2', 'b']);
  });

  test('may be appended, without keys', async () => {
    const file = await cli.parquet('1.parquet', rows("(1, 'x'), (1, 'x')"));
    const input = [schema, record(1, 'r'), batch('a', [file]), record(1, 'r')];
    expect(await cli.run({ load_method: 'append-only' }, input)).toMatchObject({ code: 0 });
    expect(await cli.query('SELECT name, count(*) FROM a GROUP BY name ORDER BY name')).toEqual([
      ['r', '2'],
      ['x', '2'],
    ]);
  });

  test('go into the new rows of an overwrite', async () => {
    const overwrite = { load_method: 'overwrite' };
    await cli.run(overwrite, [schema, record(1, 'old'), record(2, 'old'), state(1)]);
    const file = await cli.parquet('1.parquet', rows("(2, 'new'), (3, 'new')"));
    const input = [schema, batch('a', [file]), record(3, 'newer'), state(2)];
    expect(await cli.run(overwrite, input)).toMatchObject({ code: 0, out: '2\n' });
    expect(await table()).toEqual(['2', 'new', '3', 'newer']);
  });

  test('carry metadata in their columns, or that which the message says', async () => {
    const own = `SELECT 1 AS id, 'x' AS name, 5 AS _sdc_table_version, TIMESTAMPTZ '2024-01-01 00:00:00Z' AS _sdc_extracted_at`;
    const marked = "SELECT 2 AS id, NULL AS name, '2024-02-29T00:00:00+01:00' AS _sdc_deleted_at";
    const files = [await cli.parquet('1.parquet', own), await cli.parquet('2.parquet', marked)];
    const said = { version: 7, time_extracted: '2024-02-29T12:00:00.5Z' };
    const input = [schema, record(2, 'gone'), batch('a', files, said)];
    expect(await cli.run({ add_metadata_columns: true }, input)).toMatchObject({ code: 0 });
    expect(
      await cli.query(
        'SELECT id, name, _sdc_table_version, _sdc_extracted_at, _sdc_deleted_at, _sdc_received_at IS NULL FROM a ORDER BY id',
      ),
    ).toEqual([
      ['1', 'x', '5', '2024-01-01 00:00:00', null, false],
      ['2', 'gone', '7', '2024-02-29 12:00:00.5', '2024-02-28 23:00:00', false],
    ]);
    const activated = { type: 'ACTIVATE_VERSION', stream: 'a', version: 8 };
    const next = [schema, batch('a', [await cli.parquet('3.parquet', rows("(3, 'y')"))], { version: 8 }), activated];
    expect(await cli.run({ hard_delete: true }, next)).toMatchObject({ code: 0 });
    expect(await table()).toEqual(['3', 'y']);
  });

  test('are left where they are', async () => {
    const file = await cli.parquet('1.parquet', rows("(1, 'x')"));
    await cli.run({}, [schema, batch('a', [file])]);
    expect(await cli.query(`SELECT * FROM read_parquet('${file}')`)).toHaveLength(1);
  });
});

describe('a row without its key ends the run:', () => {
  test.each([
    [
      'a key that is null',
      "(1, 'x'), (NULL, 'y')",
      'INPUT_KEY_MISSING',
      /column "id": one row has no value of this key/,
    ],
    ['a file without the key', undefined, 'INPUT_KEY_MISSING', /column "id": 2 rows have no value of this key/],
  ])('%s', async (_, values, error, detail) => {
    const good = await cli.parquet('1.parquet', rows("(1, 'good')"));
    const bad = await cli.parquet('2.parquet', values ? rows(values) : "SELECT 'x' AS name UNION ALL SELECT 'y'");
    const { code, log } = await cli.run({}, [schema, batch('a', [good]), batch('a', [bad])]);
    expect(code).toBe(3);
    expect(log).toMatch(new RegExp(`${error}: line 3, file "file:.*2.parquet"`));
    expect(log).toMatch(detail);
  });
});

describe('a file that is no Parquet file is named:', () => {
  const failing = async (file: string) => {
    const { code, out, log } = await cli.run({}, [schema, record(1, 'before'), state(1), batch('a', [file]), state(2)]);
    expect({ code, out }).toEqual({ code: 3, out: '1\n' });
    expect(await table()).toEqual(['1', 'before']);
    return log;
  };

  test('one of another kind', async () => {
    const file = join(cli.folder, '1.parquet');
    await writeFile(file, '{"id":1}\n');
    expect(await failing(file)).toMatch(
      /INPUT_BATCH_FILE: line 4, file "file:.*1.parquet", stream "a": the file can't be read/,
    );
  });

  test('one that is not there', async () => {
    expect(await failing('/nowhere/1.parquet')).toContain('there is no such file');
  });
});
