// Writes shop.singer: what a tap for a small shop's database sends: a first full copy, then a day of changes.
// Deterministic: `node examples/generate-shop.mjs > examples/shop.singer` gives the same bytes every time.
import { stdout } from 'node:process';

let seed = 20261121;
const random = (below) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};
const pick = (list) => list[random(list.length)];
const lines = [];
const send = (message) => lines.push(JSON.stringify(message));
const extracted = '2026-11-21T06:00:00.000000Z';
const record = (stream, row) => send({ type: 'RECORD', stream, record: row, time_extracted: extracted });
const state = (bookmarks) => send({ type: 'STATE', value: { bookmarks } });
const nullable = (type, more = {}) => ({ type: ['null', type], ...more });
const time = (day) =>
  `2026-${String(1 + (day % 12)).padStart(2, '0')}-${String(1 + (day % 28)).padStart(2, '0')}T${String(day % 24).padStart(2, '0')}:15:00Z`;

const firstNames = ['Aylin', 'Björn', 'Chiamaka', 'Dmitri', 'Élodie', 'Farid', 'Giulia', 'Hiroshi', 'Ingrid', 'João'];
const lastNames = [
  'Ackermann',
  "O'Neill",
  'Məmmədov',
  'Nguyễn',
  'Øster',
  'Papadopoulos',
  'Quispe',
  'Rossi',
  '佐藤',
  'Tănase',
];
const goods = ['teapot', 'lamp "Aurora"', 'desk, oak', 'rug\n(2 × 3 m)', 'mirror', 'kettle', 'chair', 'shelf'];

send({
  type: 'SCHEMA',
  stream: 'customers',
  key_properties: ['id'],
  bookmark_properties: ['id'],
  schema: {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      name: nullable('string'),
      email: nullable('string'),
      born_on: nullable('string', { format: 'date' }),
      is_member: nullable('boolean'),
      address: nullable('object', { properties: { city: nullable('string'), zip: nullable('string') } }),
    },
  },
});
const customer = (id) => ({
  id,
  name: `${pick(firstNames)} ${pick(lastNames)}`,
  email: random(10) === 0 ? null : `customer${id}@example.com`,
  born_on: `19${50 + random(50)}-0${1 + random(9)}-1${random(9)}`,
  is_member: random(2) === 0,
  address: { city: pick(['Oslo', 'Baku', 'São Paulo', '東京']), zip: String(10000 + random(90000)) },
});
for (let id = 1; id <= 500; id++) record('customers', customer(id));
state({ customers: { replication_key_value: 500 } });

send({
  type: 'SCHEMA',
  stream: 'orders',
  key_properties: ['id'],
  bookmark_properties: ['id'],
  schema: {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      customer_id: nullable('integer'),
      status: nullable('string'),
      total: nullable('number', { multipleOf: 0.01 }),
      items: nullable('array', { items: { type: 'object' } }),
      created_at: nullable('string', { format: 'date-time' }),
      _sdc_deleted_at: nullable('string', { format: 'date-time' }),
    },
  },
});
const order = (id, status) => ({
  id,
  customer_id: 1 + random(500),
  status,
  total: (100 + random(99900)) / 100,
  items: Array.from({ length: 1 + random(3) }, () => ({ sku: pick(goods), quantity: 1 + random(4) })),
  created_at: time(id),
});
for (let id = 1; id <= 2500; id++) record('orders', order(id, 'new'));
state({ customers: { replication_key_value: 500 }, orders: { replication_key_value: 2500 } });

// the day's changes: members move, orders are shipped, some are deleted at the source
for (let n = 0; n < 100; n++) record('customers', customer(1 + random(500)));
for (let n = 0; n < 600; n++) record('orders', order(1 + random(2500), pick(['paid', 'shipped', 'delivered'])));
for (let id = 50; id <= 2500; id += 50) record('orders', { id, _sdc_deleted_at: '2026-11-21T05:59:00Z' });
state({ customers: { replication_key_value: 500, day: 1 }, orders: { replication_key_value: 2500, day: 1 } });

stdout.write(`${lines.join('\n')}\n`);
