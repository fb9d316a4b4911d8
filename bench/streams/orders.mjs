// One stream of 13 properties, 12 of them what shops have; about one key in a hundred comes again soon.
import { digits, values } from './values.mjs';

const nullable = (type, more = {}) => ({ type: ['null', type], ...more });
const text = nullable('string');
const time = nullable('string', { format: 'date-time' });

const schemaOf = (tags) => ({
  type: 'SCHEMA',
  schema: {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      customer_id: nullable('integer'),
      order_no: text,
      status: text,
      amount: nullable('number'),
      tax: nullable('number'),
      currency: nullable('string', { maxLength: 3 }),
      created_at: time,
      updated_at: time,
      is_paid: nullable('boolean'),
      notes: text,
      address: nullable('object', { properties: { city: text, zip: text } }),
      ...(tags ? { tags: nullable('array', { items: { type: 'string' } }) } : {}),
    },
  },
  key_properties: ['id'],
  bookmark_properties: ['updated_at'],
});
const STATUSES = ['new', 'paid', 'shipped', 'delivered', 'cancelled', 'returned'];
const CURRENCIES = ['USD', 'EUR', 'GBP', 'NOK', 'JPY'];
const CITIES = ['Oslo', 'Berlin', 'London', 'Austin', 'Baku', 'Ankara', 'Sydney', 'Tokyo'];
const FIRST_ID = 1_000_000;
/** A repeated key is one of the last thousand. */
const REPEATS_WITHIN = 1000;
const ROWS_PER_STATE = 10_000;

/**
 * @param {boolean} tags whether orders have an array
 * @param {readonly string[]} [streams] that take turns
 * @returns {(rows: number, random: () => number) => Generator<string>}
 */
export const orders = (tags, streams = ['orders']) =>
  function* (rows, random) {
    const value = values(random);
    for (const stream of streams) yield JSON.stringify({ ...schemaOf(tags), stream });
    const next = streams.map(() => FIRST_ID);
    for (let row = 1; row <= rows; row++) {
      const turn = row % streams.length;
      const repeats = next[turn] > FIRST_ID + REPEATS_WITHIN && value.below(100) === 0;
      const id = repeats ? next[turn] - 1 - value.below(REPEATS_WITHIN) : next[turn]++;
      const stream = streams[turn];
      yield order(stream, id, value, tags);
      if (row % ROWS_PER_STATE === 0)
        yield `{"type": "STATE", "value": {"bookmarks": {"${stream}": {"replication_key": "id", "replication_key_value": ${id}}}}}`;
    }
  };

function order(stream, id, { below, oneOf, word, text, amount, second }, tags) {
  const tax = below(3) > 0 ? amount() : 'null';
  const notes = below(2) > 0 ? `"${text(1 + below(8))}"` : 'null';
  const words = tags ? `, "tags": [${Array.from({ length: below(3) }, () => `"${word()}"`).join(', ')}]` : '';
  return `{"type": "RECORD", "stream": "${stream}", "record": {"id": ${id}, "customer_id": ${1 + below(200_000)}, "order_no": "SO-${digits(id, 7)}", "status": "${oneOf(STATUSES)}", "amount": ${amount()}, "tax": ${tax}, "currency": "${oneOf(CURRENCIES)}", "created_at": "${second()}Z", "updated_at": "${second()}Z", "is_paid": ${below(2) === 0}, "notes": ${notes}, "address": {"city": "${oneOf(CITIES)}", "zip": "${digits(below(100_000), 5)}"}${words}}}`;
}
