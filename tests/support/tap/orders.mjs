// A number of rows → a stream of orders like a shop's: 13 columns, nulls, hostile text, nested values, and about 1% of the
// ids come again with other values. The same for the same number of rows and seed.
import { seededRandom } from '../../../scripts/acceptance/random.mjs';

const FIRST_ID = 1_000_000;
const REPEAT_WINDOW_ROWS = 1000;
const STATE_EVERY_ROWS = 10_000;
const WORDS =
  'the quick brown fox jumps over lazy dog while seven blue whales sing about order shipment delayed customer asked refund discount coupon applied express delivery warehouse north gate leave at door call before arrival fragile contents handle with care gift wrap please urgent standard invoice attached'.split(
    ' ',
  );
/** As JSON escapes: they go into the line as they stand. */
const RARE = [
  '\\"quoted\\"',
  'Zürich',
  'São Paulo',
  'Москва',
  '東京',
  'comma,',
  'line\\nbreak',
  'caf\\u00e9',
  'back\\\\slash',
];
const STATUSES = ['new', 'paid', 'shipped', 'delivered', 'cancelled', 'returned'];
const CURRENCIES = ['USD', 'EUR', 'GBP', 'NOK', 'JPY'];
const CITIES = ['Oslo', 'Berlin', 'London', 'Austin', 'Baku', 'Ankara', 'Sydney', 'Tokyo'];

export const orderColumns = /** @type {const} */ ([
  { name: 'id', kind: 'integer' },
  { name: 'customer_id', kind: 'integer' },
  { name: 'order_no', kind: 'text' },
  { name: 'status', kind: 'text' },
  { name: 'amount', kind: 'number' },
  { name: 'tax', kind: 'number' },
  { name: 'currency', kind: 'text' },
  { name: 'created_at', kind: 'timestamp' },
  { name: 'updated_at', kind: 'timestamp' },
  { name: 'is_paid', kind: 'boolean' },
  { name: 'notes', kind: 'text' },
  { name: 'address', kind: 'json' },
  { name: 'tags', kind: 'json' },
]);

const nullable = (type, more = {}) => ({ type: ['null', type], ...more });
const schema = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    customer_id: nullable('integer'),
    order_no: nullable('string'),
    status: nullable('string'),
    amount: nullable('number'),
    tax: nullable('number'),
    currency: nullable('string', { maxLength: 3 }),
    created_at: nullable('string', { format: 'date-time' }),
    updated_at: nullable('string', { format: 'date-time' }),
    is_paid: nullable('boolean'),
    notes: nullable('string'),
    address: nullable('object', { properties: { city: nullable('string'), zip: nullable('string') } }),
    tags: nullable('array', { items: { type: 'string' } }),
  },
};

/** @returns {Generator<string>} lines without their end: one SCHEMA, the RECORDs, and a STATE now and then and last */
export function* orderLines(rows, seed = 42) {
  yield JSON.stringify({ type: 'SCHEMA', stream: 'orders', schema, key_properties: ['id'] });
  for (const record of orderRecords(rows, seed)) {
    yield `{"type": "RECORD", "stream": "orders", "record": ${record.json}}`;
    if (record.number % STATE_EVERY_ROWS === 0 || record.number === rows)
      yield `{"type": "STATE", "value": {"bookmarks": {"orders": {"replication_key": "id", "replication_key_value": ${record.id}}}}}`;
  }
}

/** @returns {Generator<{ readonly number: number, readonly id: number, readonly json: string }>} in the order of sending */
export function* orderRecords(rows, seed = 42) {
  const random = seededRandom(seed);
  const below = (limit) => Math.floor(random() * limit);
  const pick = (list) => list[below(list.length)];
  const money = () => below(10_000_000) / 100;
  const at = () => new Date(1_700_000_000_000 + below(60_000_000) * 1000).toISOString().slice(0, 19);
  const word = () => (below(15) === 0 ? pick(RARE) : pick(WORDS));
  const text = () => {
    let words = word();
    for (let more = below(8); more > 0; more--) words += ` ${word()}`;
    return `"${words}"`;
  };
  const tags = () => {
    const list = [];
    for (let more = below(3); more > 0; more--) list.push(`"${pick(WORDS)}"`);
    return list.join(', ');
  };
  let nextId = FIRST_ID;
  for (let number = 1; number <= rows; number++) {
    const repeats = number > REPEAT_WINDOW_ROWS && below(100) === 0;
    const id = repeats ? nextId - 1 - below(REPEAT_WINDOW_ROWS) : nextId++;
    const tax = below(3) > 0 ? money() : null;
    const notes = below(2) > 0 ? text() : null;
    const json = `{"id": ${id}, "customer_id": ${1 + below(200_000)}, "order_no": "SO-${id}", "status": "${pick(STATUSES)}", "amount": ${money()}, "tax": ${tax}, "currency": "${pick(CURRENCIES)}", "created_at": "${at()}Z", "updated_at": "${at()}Z", "is_paid": ${below(2) === 0}, "notes": ${notes}, "address": {"city": "${pick(CITIES)}", "zip": "${String(below(100_000)).padStart(5, '0')}"}, "tags": [${tags()}]}`;
    yield { number, id, json };
  }
}

/** A record's values in the order of {@link orderColumns}, timestamps as microseconds. */
export function orderValues(json) {
  const record = JSON.parse(json);
  return orderColumns.map(({ name, kind }) => {
    const value = record[name];
    if (value === null) return null;
    if (kind === 'timestamp') return `${Date.parse(value)}000`;
    return kind === 'json' ? JSON.stringify(value) : value;
  });
}
