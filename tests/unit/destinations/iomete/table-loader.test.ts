import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLakehouse } from '../../../setup/lakehouse.ts';
import { type Lake, openLake, quoted } from './lake.ts';
import { fields, loadOf, version } from './versions.ts';

describeLakehouse('a table of the lakehouse', (details) => {
  let lake: Lake;
  beforeAll(async () => {
    lake = await openLake(details, 'loader');
  });
  afterAll(() => lake.close());

  const columnsOf = async (table: string) =>
    (await lake.sql(`DESCRIBE TABLE ${lake.schema}.${table}`)).map((row) => `${row.col_name} ${row.data_type}`);

  it('is made with its schema, and holds values exactly', async () => {
    const of = version(lake.schema, 'exact', {
      id: 'bigint',
      amount: { kind: 'decimal', precision: 38, scale: 9 },
      ratio: 'double',
      at: 'timestamp',
      day: 'date',
      flag: 'boolean',
      note: 'string',
      doc: 'json',
    });
    const loader = lake.destination.openTable('exact');
    await loader.prepare(of);
    const rows = [
      {
        data: [
          '9223372036854775807',
          '12345678901234567890123456789.123456789',
          '1.7976931348623157e308',
          '2024-02-29 12:34:56.123456',
          '2024-02-29',
          'true',
          quoted('é😀'),
          quoted('{"a":[1,"x"]}'),
        ],
      },
      {
        data: [
          '-9223372036854775808',
          '-99999999999999999999999999999.999999999',
          '5e-324',
          '0001-01-01 00:00:00',
          '9999-12-31',
          'false',
          quoted(''),
          quoted('{}'),
        ],
      },
      { data: ['0', null, null, null, null, null, null, null] },
      { data: ['1', '0.1', '0.1', '1969-12-31 23:59:59.9', '1582-10-10', null, quoted('NULL'), null] },
    ];
    await loader.load(loadOf(of, [await lake.stage(fields(of, rows))], 4));
    await loader.close();
    const columns = 'id, amount, ratio, CAST(at AS STRING) AS at, CAST(day AS STRING) AS day, flag, note, doc';
    expect(await lake.sql(`SELECT ${columns} FROM ${lake.schema}.exact ORDER BY id`)).toEqual([
      {
        id: '-9223372036854775808',
        amount: '-99999999999999999999999999999.999999999',
        ratio: 5e-324,
        at: '0001-01-01 00:00:00',
        day: '9999-12-31',
        flag: false,
        note: '',
        doc: '{}',
      },
      { id: '0', amount: null, ratio: null, at: null, day: null, flag: null, note: null, doc: null },
      {
        id: '1',
        amount: '0.100000000',
        ratio: 0.1,
        at: '1969-12-31 23:59:59.9',
        day: '1582-10-10',
        flag: null,
        note: 'NULL',
        doc: null,
      },
      {
        id: '9223372036854775807',
        amount: '12345678901234567890123456789.123456789',
        ratio: 1.7976931348623157e308,
        at: '2024-02-29 12:34:56.123456',
        day: '2024-02-29',
        flag: true,
        note: 'é😀',
        doc: '{"a":[1,"x"]}',
      },
    ]);
  });

  it('keeps hostile text byte for byte', async () => {
    const texts = [
      'a\0b',
      'a\rb',
      'a\r\nb',
      '\n',
      '\r',
      '\\N',
      '\\',
      '\\"',
      '"',
      '""',
      '","',
      'NULL',
      'null',
      ' padded ',
      '\t',
      ',',
      '#c',
      '\ufeffbom',
      'a\u2028b\u2029c',
      '\u0085',
      '😀👩‍👩‍👧',
      '\u{10ffff}',
      '\ud7ff',
      "it's",
      `\${x}`,
      '$(x)',
      '{}',
      '--',
      '/*',
      'a\u001ab',
      'x'.repeat(1_500_000),
      `${'"'.repeat(1000)}\n`,
    ];
    const of = version(lake.schema, 'hostile', { id: 'bigint', text: 'string' });
    const loader = lake.destination.openTable('hostile');
    await loader.prepare(of);
    const rows = texts.map((text, id) => ({ data: [`${id}`, quoted(text)] }));
    const files = [
      await lake.stage(fields(of, rows.slice(0, 20))),
      await lake.stage(fields(of, rows.slice(20)), "plain, b's (1) $x&y=z+#.csv"),
    ];
    await loader.load(loadOf(of, files, texts.length));
    await loader.close();
    const read = await lake.sql(`SELECT text FROM ${lake.schema}.hostile ORDER BY id`);
    expect(read.map((row) => row.text)).toEqual(texts);
  });

  it('is quoted, whatever characters its names have', async () => {
    const name = 'odd `name`; -- it\'s "x" ü';
    const of = version(lake.schema, 'odd_names', { id: 'bigint', [name]: 'string' }, { keys: ['id'] });
    const loader = lake.destination.openTable('odd_names');
    await loader.prepare(of);
    await loader.prepare(of);
    await loader.load(loadOf(of, [await lake.stage(fields(of, [{ data: ['1', quoted('x')] }]))], 1));
    await loader.close();
    expect(await lake.sql(`SELECT * FROM ${lake.schema}.odd_names`)).toEqual([{ id: '1', [name]: 'x' }]);
  });

  it('merges by key: repeats fold to the last, absent properties keep their value, markers delete', async () => {
    const of = version(
      lake.schema,
      'merged',
      { a: 'string', b: 'bigint', x: 'string', y: 'bigint' },
      { keys: ['a', 'b'], deletes: 'hard', metadata: true },
    );
    const loader = lake.destination.openTable('merged');
    await loader.prepare(of);
    const first = fields(of, [
      { data: [quoted('k,1'), '1', quoted('old'), '10'] },
      { data: [quoted('k'), '11', quoted('other'), '20'] },
      { data: [quoted('gone'), '0', quoted('v'), '1'] },
    ]);
    await loader.load(loadOf(of, [await lake.stage(first)], 3));
    const second = fields(of, [
      { data: [quoted('k,1'), '1', quoted('mid'), null] },
      { data: [quoted('k,1'), '1', quoted('new'), null], absent: '0001' },
      { data: [quoted('gone'), '0', null, null], deletedAt: '2024-05-06 07:08:09' },
      { data: [quoted('fresh'), '0', quoted('f'), null], absent: '0001' },
      { data: [quoted('never'), '0', null, null], deletedAt: '2024-05-06 07:08:09' },
      { data: [quoted('k'), '11', null, '21'] },
    ]);
    const load = loadOf(of, [await lake.stage(second.slice(0, 2)), await lake.stage(second.slice(2))], 6, {
      mayRepeatKeys: true,
      absentColumns: new Set([3]),
      hasDeletes: true,
    });
    await loader.load(load);
    await loader.close();
    expect(await lake.sql(`SELECT a, b, x, y FROM ${lake.schema}.merged ORDER BY a, b`)).toEqual([
      { a: 'fresh', b: '0', x: 'f', y: null },
      { a: 'k', b: '11', x: null, y: '21' },
      { a: 'k,1', b: '1', x: 'new', y: null },
    ]);
    expect(
      await lake.sql(
        `SELECT DISTINCT CAST(_sdc_batched_at AS STRING) AS b, CAST(_sdc_extracted_at AS STRING) AS e, _sdc_sync_started_at AS s FROM ${lake.schema}.merged`,
      ),
    ).toEqual([{ b: '2024-05-06 07:08:11.5', e: '2024-05-06 07:08:09.123456', s: '1700000000123' }]);
    expect(await lake.sql(`SELECT count(*) AS n FROM ${lake.schema}.merged.snapshots`)).toEqual([{ n: '2' }]);
  });

  it('evolves once: adds, widens, keeps an incompatible column under a dated name, and never again', async () => {
    const { schema } = lake;
    await lake.sql(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await lake.sql(
      `CREATE TABLE ${schema}.evolving (id BIGINT, small INT, rough FLOAT, price DECIMAL(10,2), code BIGINT NOT NULL, kept STRING) USING iceberg`,
    );
    await lake.sql(`INSERT INTO ${schema}.evolving VALUES (1, 2, 0.5, 1.25, 7, 'k')`);
    const of = version(
      schema,
      'evolving',
      {
        id: 'bigint',
        small: 'bigint',
        rough: 'double',
        price: { kind: 'decimal', precision: 20, scale: 2 },
        code: 'string',
        extra: 'date',
        more: 'boolean',
      },
      { keys: ['id'] },
    );
    const loader = lake.destination.openTable('evolving');
    await loader.prepare(of);
    const evolved = await columnsOf('evolving');
    expect(evolved.map((column) => column.replace(/\d{8}_\d{4}/, 'DATED'))).toEqual([
      'id bigint',
      'small bigint',
      'rough double',
      'price decimal(20,2)',
      'code_DATED bigint',
      'kept string',
      'code string',
      'extra date',
      'more boolean',
    ]);
    const rows = [
      { data: ['1', '3', '0.1', '123456789012345678.25', quoted('c'), '2024-01-01', 'true'] },
      { data: ['2', '9007199254740993', '0.1', '1', quoted('d'), null, null] },
    ];
    await loader.load(loadOf(of, [await lake.stage(fields(of, rows))], 2));
    await loader.close();

    const again = lake.destination.openTable('evolving');
    await again.prepare({ ...of, id: of.id + 10_000 });
    await again.close();
    expect(await columnsOf('evolving')).toEqual(evolved);
    expect(await lake.sql(`SELECT id, small, price, kept, code FROM ${schema}.evolving ORDER BY id`)).toEqual([
      { id: '1', small: '3', price: '123456789012345678.25', kept: 'k', code: 'c' },
      { id: '2', small: '9007199254740993', price: '1.00', kept: null, code: 'd' },
    ]);
    expect(lake.log.lines.filter((line) => line.startsWith('warning') && line.includes('evolving'))).toHaveLength(1);
  });

  it('goes on with a table of the Python reference: upper case, and a time kept as text', async () => {
    const { schema } = lake;
    await lake.sql(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await lake.sql(
      `CREATE TABLE ${schema}.older (ID BIGINT, NAME STRING, _SDC_EXTRACTED_AT TIMESTAMP, _SDC_BATCHED_AT TIMESTAMP, _SDC_DELETED_AT STRING) USING iceberg`,
    );
    await lake.sql(`INSERT INTO ${schema}.older VALUES (1, 'one', NULL, NULL, NULL), (2, 'two', NULL, NULL, NULL)`);
    const of = version(
      schema,
      'older',
      { id: 'bigint', name: 'string' },
      { keys: ['id'], deletes: 'soft', metadata: true },
    );
    const loader = lake.destination.openTable('older');
    await loader.prepare(of);
    const rows = [
      { data: ['1', null], deletedAt: '2024-05-06 07:08:09.5', tableVersion: 2 },
      { data: ['3', quoted('three')], tableVersion: 2 },
    ];
    await loader.load(loadOf(of, [await lake.stage(fields(of, rows))], 2, { hasDeletes: true }));
    expect((await columnsOf('older')).slice(0, 5)).toEqual([
      'ID bigint',
      'NAME string',
      '_SDC_EXTRACTED_AT timestamp',
      '_SDC_BATCHED_AT timestamp',
      '_SDC_DELETED_AT string',
    ]);
    expect(await lake.sql(`SELECT ID, NAME, _SDC_DELETED_AT AS d FROM ${schema}.older ORDER BY ID`)).toEqual([
      { ID: '1', NAME: 'one', d: '2024-05-06T07:08:09.5Z' },
      { ID: '2', NAME: 'two', d: null },
      { ID: '3', NAME: 'three', d: null },
    ]);
    await loader.activateVersion(of, 2n);
    await loader.close();
    expect(await lake.sql(`SELECT ID, _SDC_DELETED_AT IS NULL AS lives FROM ${schema}.older ORDER BY ID`)).toEqual([
      { ID: '1', lives: false },
      { ID: '2', lives: false },
      { ID: '3', lives: true },
    ]);
  });

  it('loses the rows of older versions when a version is activated and deletes are hard', async () => {
    const of = version(lake.schema, 'versions', { id: 'bigint' }, { keys: ['id'], deletes: 'hard', metadata: true });
    const loader = lake.destination.openTable('versions');
    await loader.prepare(of);
    const rows = [
      { data: ['1'] },
      { data: ['2'], tableVersion: 4 },
      { data: ['3'], tableVersion: 5 },
      { data: ['4'], tableVersion: 6 },
    ];
    await loader.load(loadOf(of, [await lake.stage(fields(of, rows))], 4));
    await loader.activateVersion(of, 5n);
    await loader.close();
    expect(await lake.sql(`SELECT id FROM ${lake.schema}.versions ORDER BY id`)).toEqual([{ id: '3' }, { id: '4' }]);
  });

  it('is refused when a view or a table of another format is in the way', async () => {
    const { schema } = lake;
    await lake.sql(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await lake.sql(`CREATE OR REPLACE VIEW ${schema}.in_the_way AS SELECT 1 AS id`);
    await lake.sql(`CREATE TABLE ${schema}.other_format (id BIGINT) USING parquet`);
    for (const [table, code] of [
      ['in_the_way', 'TABLE_IS_VIEW'],
      ['other_format', 'TABLE_NOT_ICEBERG'],
    ] as const) {
      const loader = lake.destination.openTable(table);
      await expect(loader.prepare(version(schema, table, { id: 'bigint' }))).rejects.toMatchObject({
        code,
        context: { stream: table },
        message: expect.stringContaining(`${schema}.${table}`),
      });
      await loader.close();
    }
    await lake.sql(`DROP VIEW ${schema}.in_the_way`);
  });
});
