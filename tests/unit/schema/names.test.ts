import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableNameOf } from '../../../src/schema/names.ts';

const options = { defaultTargetSchema: 'singer' };
const tableOf = (stream: string) => tableNameOf(stream, options).table;

describe('tableNameOf', () => {
  it.each([
    ['orders', 'orders'],
    ['public-orders', 'orders'],
    ['db-public-orders', 'orders'],
    ['db-public-orders-2024-q1', 'orders_2024_q1'],
    ['Sales.Orders', 'sales_orders'],
    ['public-ORDER', 'order'],
    ['1st', '1st'],
    ['a b$c@d', 'a_b_c_d'],
    [' padded ', 'padded'],
    ['', 'unnamed'],
    ['public-', 'unnamed'],
  ])('loads stream %j into table %j', (stream, table) => {
    expect(tableOf(stream)).toBe(table);
  });

  it('keeps two names beyond ASCII apart, visibly', () => {
    expect(tableOf('заказы')).toMatch(/^_{6}_[0-9a-f]{8}$/);
    expect(tableOf('заказы')).not.toBe(tableOf('товары'));
    expect(tableOf('café')).toMatch(/^caf__[0-9a-f]{8}$/);
    expect(tableOf('CAFÉ')).toBe(tableOf('café'));
  });

  it('cuts a name at 128 characters and keeps it apart from others with the same beginning', () => {
    const [a, b] = [tableOf(`${'x'.repeat(200)}a`), tableOf(`${'x'.repeat(200)}b`)];
    expect(a).toMatch(/^x{119}_[0-9a-f]{8}$/);
    expect(a).not.toBe(b);
    expect(tableOf('x'.repeat(128))).toBe('x'.repeat(128));
  });

  it('never gives a name that a staging table could have', () => {
    const table = tableOf('orders__overwrite_0123456789ab');
    // the hash is that of every version, which finds the table again by it
    expect(table).toBe('orders__overwrite_0123456789ab_c7aa1e2f');
    expect(tableOf('public- orders__overwrite_0123456789ab ')).toBe(table);
    expect(tableOf('public-Orders__Overwrite_0123456789AB')).toBe(table);
    expect(tableOf('orders-_overwrite_0123456789ab')).toBe('_overwrite_0123456789ab');
    for (const name of ['orders__overwrite_mine', 'orders__overwrite_0123456789abc', '__overwrite_0123456789ab'])
      expect(tableOf(name)).toBe(name);
    const long = `${'x'.repeat(104)}__overwrite_0123456789ab`;
    expect(tableOf(long)).toMatch(/^x{104}__overwrite_012_[0-9a-f]{8}$/);
  });

  it('gives a name that the Hive metastore takes, the same each time, for any stream', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (stream) => {
        const table = tableOf(stream);
        expect(table).toMatch(/^[a-z0-9_]{1,128}$/);
        expect(tableOf(stream)).toBe(table);
      }),
    );
  });

  it('looks the schema part up in schema_mapping, in both ways to write it', () => {
    const schemaMapping = { public: { target_schema: 'Raw-Public' }, other: 'raw_other' };
    expect(tableNameOf('public-orders', { ...options, schemaMapping }).schema).toBe('raw_public');
    expect(tableNameOf('db-public-orders', { ...options, schemaMapping }).schema).toBe('raw_public');
    expect(tableNameOf('other-orders', { schemaMapping }).schema).toBe('raw_other');
    expect(tableNameOf('third-orders', { ...options, schemaMapping }).schema).toBe('singer');
    expect(tableNameOf('public', { ...options, schemaMapping }).schema).toBe('singer');
    expect(tableNameOf('toString-orders', { ...options, schemaMapping }).schema).toBe('singer');
    expect(tableNameOf('orders', { ...options, schemaMapping: { undefined: 'other' } }).schema).toBe('singer');
  });

  it('passes the catalog on', () => {
    expect(tableNameOf('orders', { ...options, catalog: 'spark_catalog' })).toEqual({
      catalog: 'spark_catalog',
      schema: 'singer',
      table: 'orders',
    });
  });

  it.each([
    ['public-orders', {}],
    ['public-orders', { defaultTargetSchema: '  ' }],
    ['public-orders', { ...options, schemaMapping: { public: { target_schema: '' } } }],
    ['public-orders', { ...options, schemaMapping: { public: '  ' } }],
    ...[null, {}, { target_schema: 5 }].map(
      (entry) => ['public-orders', { ...options, schemaMapping: { public: entry as never } }] as const,
    ),
  ] as const)('says which option to set when no schema is named for %s', (stream, given) => {
    expect(() => tableNameOf(stream, given)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        context: { stream },
        message: expect.stringMatching(/"default_target_schema", or an entry "public" in "schema_mapping"/),
      }) as Error,
    );
  });
});

it('of a stream without a schema part only the default schema is asked for', () => {
  expect(() => tableNameOf('orders', {})).toThrow(/: set "default_target_schema"$/);
});
