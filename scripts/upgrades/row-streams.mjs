// Two runs, staged as Parquet: native structs with hard deletes, and flattened objects with undeclared fields.
import { nullable, records, schema } from './messages.mjs';

const extracted = { time_extracted: '2024-01-02T03:04:05Z' };

const members = (more) => ({ city: nullable('string'), zip: nullable('integer'), ...more });
const nested = (more = {}, lineMore = {}) => ({
  id: { type: 'integer' },
  address: nullable('object', {
    properties: members({ Geo: nullable('object', { properties: { lat: nullable('number') } }), ...more }),
  }),
  tags: nullable('array', { items: nullable('string') }),
  lines: nullable('array', {
    items: nullable('object', { properties: { sku: nullable('string'), at: dateTime, ...lineMore } }),
  }),
  free: nullable('object'),
  measure: nullable('number'),
});
const dateTime = nullable('string', { format: 'date-time' });

const order = (id, more = {}, lineMore = {}) => ({
  id,
  address: { city: 'Oslo', zip: 150, Geo: { lat: 59.91 }, ...more },
  tags: ['a', null, 'b'],
  lines: [{ sku: 's', at: '2024-02-29T12:34:56Z', ...lineMore }],
  free: { x: [1.5] },
  measure: 1.25,
});

const accounts = { id: { type: 'integer' }, owner: nullable('string') };
const account = (id) => ({ id, owner: `owner ${id}` });
const version = 1_700_000_000_000;

const customers = (more = {}) => ({
  id: { type: 'integer' },
  Name: nullable('string'),
  address: nullable('object', {
    properties: { city: nullable('string'), geo: { type: 'object', properties: { lat: nullable('number') } }, ...more },
  }),
});
const customer = (id, more = {}) => ({
  id,
  Name: 'Ada',
  address: { city: 'Bergen', geo: { lat: 60.39 }, ...more },
  VIP: true,
  score: 1.5,
});

/** @type {readonly import('./streams.mjs').Run[]} */
export const rowRuns = [
  {
    name: 'nested',
    options: { hard_delete: true, nested_columns: 'struct', number_type: 'decimal' },
    streams: [
      {
        table: 'main.orders',
        messages: [
          schema({ stream: 'orders', properties: nested(), keys: ['id'] }),
          ...records('orders', [order(1), order(2), { id: 3 }], extracted),
        ],
        again: [
          schema({ stream: 'orders', properties: nested(), keys: ['id'] }),
          ...records('orders', [order(1), order(101)], extracted),
        ],
        copy: { of: { id: '1' }, as: { id: '101' } },
        onward: {
          messages: [
            schema({
              stream: 'orders',
              properties: nested({ country: nullable('string') }, { note: nullable('string') }),
              keys: ['id'],
            }),
            ...records('orders', [order(1, { country: 'NO' }, { note: 'new' })], extracted),
          ],
          added: [],
          widened: [
            [
              'address',
              {
                duckdb: 'STRUCT(city VARCHAR, zip BIGINT, geo STRUCT(lat DECIMAL(38,9)), country VARCHAR)',
                iomete: 'STRUCT<CITY:STRING,ZIP:BIGINT,GEO:STRUCT<LAT:DECIMAL(38,9)>,COUNTRY:STRING>',
              },
            ],
            [
              'lines',
              {
                duckdb: 'STRUCT(sku VARCHAR, "at" TIMESTAMP, note VARCHAR)[]',
                iomete: 'ARRAY<STRUCT<SKU:STRING,AT:TIMESTAMP,NOTE:STRING>>',
              },
            ],
          ],
          row: {
            of: { id: '1' },
            as: {
              address: '{"city":"Oslo","zip":150,"geo":{"lat":59.910000000},"country":"NO"}',
              lines: {
                duckdb: '[{"sku":"s","at":"2024-02-29 12:34:56","note":"new"}]',
                iomete: '[{"sku":"s","at":"2024-02-29T12:34:56.000Z","note":"new"}]',
              },
            },
          },
        },
      },
      {
        table: 'main.accounts',
        messages: [
          schema({ stream: 'accounts', properties: accounts, keys: ['id'] }),
          ...records('accounts', [1, 2, 3].map(account), { version, ...extracted }),
          ...records('accounts', [{ id: 3, _sdc_deleted_at: '2024-01-01T00:00:00Z' }], { version, ...extracted }),
          { type: 'ACTIVATE_VERSION', stream: 'accounts', version },
        ],
        again: [
          schema({ stream: 'accounts', properties: accounts, keys: ['id'] }),
          ...records('accounts', [account(1), account(101)], { version, ...extracted }),
          ...records('accounts', [{ id: 2, _sdc_deleted_at: '2024-01-01T00:00:00Z' }], { version, ...extracted }),
          { type: 'ACTIVATE_VERSION', stream: 'accounts', version },
        ],
        copy: { of: { id: '1' }, as: { id: '101', owner: 'owner 101' } },
        gone: [{ id: '2' }],
      },
    ],
  },
  {
    name: 'flattened',
    options: { add_metadata_columns: true, data_flattening_max_level: 2, undeclared_fields: 'add' },
    streams: [
      {
        table: 'main.customers',
        messages: [
          schema({ stream: 'customers', properties: customers(), keys: ['id'] }),
          ...records('customers', [customer(1), customer(2), { id: 3, Name: 'Bo' }], extracted),
          ...records('customers', [{ id: 3, _sdc_deleted_at: '2024-01-01T00:00:00Z' }], extracted),
        ],
        again: [
          schema({ stream: 'customers', properties: customers(), keys: ['id'] }),
          ...records('customers', [customer(1), customer(101)], extracted),
        ],
        copy: { of: { id: '1' }, as: { id: '101' } },
        onward: {
          messages: [
            schema({ stream: 'customers', properties: customers({ street: nullable('string') }), keys: ['id'] }),
            ...records('customers', [customer(1, { street: 'Torget' })], extracted),
          ],
          added: [
            ['address__street', { duckdb: 'VARCHAR', iomete: 'STRING' }, 'Property "address"."street" of the stream'],
          ],
          widened: [],
          row: { of: { id: '1' }, as: { address__street: 'Torget' } },
        },
      },
    ],
  },
];
