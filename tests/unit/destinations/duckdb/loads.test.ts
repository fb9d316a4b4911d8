import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectExample } from '../../../support/error-examples.ts';
import { type StagedRecord, stagedCsv, versionOf } from '../sql/staged-records.ts';
import { stagedFolder } from './staged-folder.ts';

let folder: Awaited<ReturnType<typeof stagedFolder>>;
beforeEach(async () => {
  folder = await stagedFolder();
});
afterEach(() => folder.remove());

const people = { columns: { id: 'bigint', name: 'string' }, keys: ['id'], schema: 'crm', table: 'people' } as const;
const person = (id: number, name: string | null): StagedRecord => ({ data: { id: String(id), name } });

/** Opens, lets the work use a loader, closes. */
async function withLoader(
  work: (loader: ReturnType<ReturnType<typeof folder.destination>['openTable']>) => Promise<void>,
  destination = folder.destination(),
) {
  await destination.connect();
  try {
    const loader = destination.openTable('orders');
    await work(loader);
    await loader.close();
  } finally {
    await destination.close();
  }
}

describe('loads', () => {
  test('merge several files, gzip and plain, in one go, and are there after the file was closed', async () => {
    const version = versionOf(people);
    await withLoader(async (loader) => {
      await loader.prepare(version);
      await loader.load(await folder.load(version, [person(1, 'a'), person(2, 'b')], [person(3, null), person(4, '')]));
      await loader.load(await folder.load(version, [person(2, 'B')], [person(5, 'e')], [person(5, 'f')]));
    });
    expect(await folder.query('SELECT * FROM crm.people ORDER BY id')).toEqual([
      ['1', 'a'],
      ['2', 'B'],
      ['3', null],
      ['4', ''],
      ['5', 'f'],
    ]);
    expect((await readdir(folder.folder)).filter((name) => name.startsWith('out') || name.includes('spill'))).toEqual([
      'out.duckdb',
    ]);
  });

  test('update rows of a table that has a primary key of its own', async () => {
    const version = versionOf(people);
    await folder.query('CREATE SCHEMA crm; CREATE TABLE crm.people (id BIGINT PRIMARY KEY, name VARCHAR)');
    await folder.query("INSERT INTO crm.people VALUES (1, 'a'), (2, 'b')");
    await withLoader(async (loader) => {
      await loader.prepare(version);
      const load = await folder.load(version, [person(2, 'B'), person(3, 'c')]);
      expect(await loader.load({ ...load, repeats: 0 })).toMatchObject({ deduplicated: 0 });
    });
    expect(await folder.query('SELECT * FROM crm.people ORDER BY id')).toEqual([
      ['1', 'a'],
      ['2', 'B'],
      ['3', 'c'],
    ]);
  });

  test('count by key where digests say that more rows come twice than do', async () => {
    const version = versionOf(people);
    await withLoader(async (loader) => {
      await loader.prepare(version);
      const load = await folder.load(version, [person(1, 'a'), person(2, 'b'), person(1, 'A')]);
      expect(await loader.load({ ...load, mayRepeatKeys: true, repeats: 2 })).toMatchObject({ deduplicated: 1 });
    });
    expect(await folder.query('SELECT * FROM crm.people ORDER BY id')).toEqual([
      ['1', 'A'],
      ['2', 'b'],
    ]);
  });

  test('of every type come back as they were staged', async () => {
    const columns = {
      id: 'bigint',
      b: 'boolean',
      x: 'double',
      t: 'timestamp',
      d: 'date',
      j: 'json',
      n: { kind: 'decimal', precision: 38, scale: 9 },
    } as const;
    const version = versionOf({ columns, keys: ['id'], table: 'types' });
    const rows = [
      [
        '9223372036854775807',
        'true',
        '1.7976931348623157e308',
        '9999-12-31 23:59:59.999999',
        '9999-12-31',
        '{"a":"\\"\n"}',
        '12345678901234567890123456789.123456789',
      ],
      ['-9223372036854775808', 'false', '5e-324', '0001-01-01 00:00:00', '0001-01-01', '[]', '-0.000000001'],
      ['0', null, '0.1', '2024-02-29 12:00:00.5', null, 'null', null],
    ];
    const names = Object.keys(columns);
    const records = rows.map((row) => ({ data: Object.fromEntries(row.map((text, i) => [names[i]!, text])) }));
    await withLoader(async (loader) => {
      await loader.prepare(version);
      await loader.load(await folder.load(version, records));
    });
    expect(await folder.query('SELECT id, b, x, t, d, j, n FROM types ORDER BY id DESC')).toEqual([
      [
        '9223372036854775807',
        true,
        1.7976931348623157e308,
        '9999-12-31 23:59:59.999999',
        '9999-12-31',
        '{"a":"\\"\n"}',
        '12345678901234567890123456789.123456789',
      ],
      ['0', null, 0.1, '2024-02-29 12:00:00.5', null, 'null', null],
      ['-9223372036854775808', false, 5e-324, '0001-01-01 00:00:00', '0001-01-01', '[]', '-0.000000001'],
    ]);
    expect(
      await folder.query("SELECT data_type FROM duckdb_columns() WHERE table_name = 'types' ORDER BY column_index"),
    ).toEqual(['BIGINT', 'BOOLEAN', 'DOUBLE', 'TIMESTAMP', 'DATE', 'VARCHAR', 'DECIMAL(38,9)'].map((type) => [type]));
  });

  test('without keys append, delete markers too', async () => {
    const version = versionOf({ columns: { name: 'string' }, metadata: true, deletes: 'soft', table: 'log' });
    await withLoader(async (loader) => {
      await loader.prepare(version);
      await loader.load(await folder.load(version, [{ data: { name: 'a' } }, { data: { name: 'a' } }]));
      await loader.load(await folder.load(version, [{ data: { name: 'a' }, deletedAt: '2024-01-01 00:00:00' }]));
    });
    expect(
      await folder.query('SELECT count(*), count(_sdc_deleted_at), any_value(_sdc_sync_started_at) FROM log'),
    ).toEqual([['3', '1', '1700000000000']]);
  });

  test('of many streams at once make their schemas and tables without getting in each other’s way', async () => {
    const destination = folder.destination();
    await destination.connect();
    const work = Array.from({ length: 8 }, async (_, i) => {
      const loader = destination.openTable(`s${i}`);
      for (const columns of [people.columns, { ...people.columns, extra: 'string' }] as const) {
        const version = versionOf({ ...people, columns, schema: `schema${i % 3}`, table: `t${i}` });
        await loader.prepare(version);
        const more = 'extra' in columns ? { extra: 'x' } : {};
        for (let round = 0; round < 3; round++) {
          await loader.load(await folder.load(version, [{ data: { id: String(round), name: 'n', ...more } }]));
        }
      }
      await loader.close();
    });
    await Promise.all(work);
    await destination.close();
    for (let i = 0; i < 8; i++) {
      expect(await folder.query(`SELECT count(*), count(extra) FROM schema${i % 3}.t${i}`)).toEqual([['3', '3']]);
    }
  });

  test('of partial records in more rows than are folded at once end with the last state of each key', async () => {
    const version = versionOf({ ...people, columns: { ...people.columns, note: 'string' } });
    const keys = 110_000;
    const id = (i: number) => String(i % keys);
    const records = Array.from({ length: 2 * keys }, (_, i) =>
      i < keys ? { data: { id: id(i), name: `first ${id(i)}` } } : { data: { id: id(i), note: `second ${id(i)}` } },
    );
    await withLoader(async (loader) => {
      await loader.prepare(version);
      await loader.load(await folder.load(version, records.slice(0, 90_000), records.slice(90_000)));
    });
    const matching = "count(*) FILTER (name = 'first ' || id AND note = 'second ' || id)";
    expect(await folder.query(`SELECT count(*), count(DISTINCT id), ${matching} FROM crm.people`)).toEqual([
      [String(keys), String(keys), String(keys)],
    ]);
  });

  test('ACTIVATE_VERSION removes what is older', async () => {
    const version = versionOf({ ...people, metadata: true, deletes: 'hard' });
    await withLoader(async (loader) => {
      await loader.prepare(version);
      await loader.load(
        await folder.load(version, [
          { ...person(1, 'a'), tableVersion: 1 },
          { ...person(2, 'b'), tableVersion: 2 },
        ]),
      );
      await loader.activateVersion(version, 2n);
    });
    expect(await folder.query('SELECT id FROM crm.people')).toEqual([['2']]);
  });
});

describe('a load that fails', () => {
  test('because rows are missing changes nothing', async () => {
    const version = versionOf(people);
    await withLoader(async (loader) => {
      await loader.prepare(version);
      const first = await folder.load(version, [person(1, 'a'), person(2, 'b')]);
      const error = await loader.load({ ...first, rows: 3 }).catch((failure) => failure);
      expectExample(error, 'LOAD_ROWS_MISMATCH');
      await loader.load(first);
      const second = await folder.load(version, [person(2, 'B'), person(3, 'c')]);
      await expect(loader.load({ ...second, rows: 1 })).rejects.toMatchObject({ code: 'LOAD_ROWS_MISMATCH' });
    });
    expect(await folder.query('SELECT * FROM crm.people ORDER BY id')).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ]);
  });

  test('because a file was cut off changes nothing, and the loader goes on', async () => {
    const version = versionOf(people);
    await withLoader(async (loader) => {
      await loader.prepare(version);
      const whole = stagedCsv(version, [person(1, 'a'), person(2, 'some text')]);
      for (const cut of [whole.slice(0, -8), whole.slice(0, -12)]) {
        const load = {
          ...(await folder.load(version, [person(1, 'a'), person(2, 'b')])),
          files: [await folder.stage(cut)],
        };
        await expect(loader.load(load)).rejects.toMatchObject({
          code: expect.stringMatching(/^LOAD_(FAILED|ROWS_MISMATCH)$/),
        });
      }
      await loader.load(await folder.load(version, [person(9, 'z')]));
    });
    expect(await folder.query('SELECT id FROM crm.people')).toEqual([['9']]);
  });

  test('because a value does not fit its column does not tell the value', async () => {
    const version = versionOf(people);
    await withLoader(async (loader) => {
      await loader.prepare(version);
      const load = await folder.load(version, [person(1, 'a')]);
      const file = await folder.stage('"it\'s secret","also secret",1,\n');
      const failure: unknown = await loader.load({ ...load, files: [file] }).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'LOAD_FAILED', context: { stream: 'orders' } });
      expect((failure as Error).message).toMatch(/Conversion Error/);
      expect((failure as Error).message).not.toMatch(/secret/);
    });
  });

  test('because of a constraint of the table does not tell the value', async () => {
    await folder.query(
      "CREATE SCHEMA crm; CREATE TABLE crm.people (id BIGINT, name VARCHAR UNIQUE); INSERT INTO crm.people VALUES (1, 'secret')",
    );
    const version = versionOf(people);
    await withLoader(async (loader) => {
      await loader.prepare(version);
      const failure: unknown = await loader
        .load(await folder.load(version, [person(2, 'secret')]))
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'TABLE_CONSTRAINT' });
      expect((failure as Error).message).not.toMatch(/secret/);
    });
    expect(await folder.query('SELECT id FROM crm.people')).toEqual([['1']]);
  });

  test('because the version was not prepared is a defect of ours', async () => {
    const version = versionOf(people);
    await withLoader(async (loader) => {
      await expect(loader.load(await folder.load(version, [person(1, 'a')]))).rejects.toMatchObject({
        code: 'INTERNAL',
      });
    });
  });
});

describe('rows of one key that are in the table already', () => {
  const setUp = () =>
    folder.query(
      "CREATE SCHEMA crm; CREATE TABLE crm.people AS SELECT * FROM (VALUES (1::BIGINT, 'a'), (1, 'b'), (2, 'c'), (3, 'd'), (3, 'e'), (3, 'f'), (NULL, 'n'), (NULL, 'n')) v (id, name)",
    );
  const warning =
    'stream orders: table crm.people has 5 rows whose key (id) comes more than once: what changes or deletes one row of a key does so with all of them';
  const names = () => folder.query('SELECT id, name FROM crm.people WHERE id IS NOT NULL ORDER BY id, name');

  test.each([
    ['that has no deletes', false],
    ['that may have deletes', true],
  ])('are all changed by a load %s, and are counted once', async (_, hasDeletes) => {
    await setUp();
    const version = versionOf(people);
    await withLoader(async (loader) => {
      await loader.prepare(version);
      for (const name of ['x', 'y']) {
        const load = await folder.load(version, [person(1, name), person(4, name)]);
        await loader.load({ ...load, hasDeletes });
      }
    });
    expect((await names()).map((row) => (row as unknown[]).join(' '))).toEqual([
      '1 y',
      '1 y',
      '2 c',
      '3 d',
      '3 e',
      '3 f',
      '4 y',
    ]);
    expect(folder.said).toEqual([warning]);
  });

  test('are found by a small load into a large table, whichever of its loads they meet', async () => {
    await folder.query(
      "CREATE SCHEMA crm; CREATE TABLE crm.people AS SELECT range AS id, 'old' AS name FROM range(1000) UNION ALL SELECT 7, 'second'",
    );
    const version = versionOf(people);
    await withLoader(async (loader) => {
      await loader.prepare(version);
      await loader.load(await folder.load(version, [person(1, 'x'), person(5000, 'x')]));
      expect(folder.said).toEqual([]);
      await loader.load(await folder.load(version, [person(7, 'x'), person(8, 'x')]));
    });
    expect(await folder.query("SELECT id FROM crm.people WHERE name = 'x' ORDER BY id")).toEqual([
      ['1'],
      ['7'],
      ['7'],
      ['8'],
      ['5000'],
    ]);
    expect(folder.said).toEqual([expect.stringContaining('has 2 rows whose key (id) comes more than once')]);
  });

  test('are not looked for in a table that the run has made', async () => {
    const version = versionOf(people);
    await withLoader(async (loader) => {
      await loader.prepare(version);
      for (let load = 0; load < 3; load++) await loader.load(await folder.load(version, [person(1, 'x')]));
    });
    expect(folder.said).toEqual([]);
  });
});
