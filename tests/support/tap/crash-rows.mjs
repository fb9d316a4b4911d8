// Stream and id → that row of the crash tap, always the same: what the tap sends, and what must be in the table.

const EPOCH_MS = Date.UTC(2020, 0, 1);
const ENDINGS = ['', ' "quoted"', '\nsecond line', ' Zürich 東京', ' back\\slash', ', comma'];

export const crashColumns = /** @type {const} */ ([
  { name: 'id', kind: 'integer' },
  { name: 'label', kind: 'text' },
  { name: 'amount', kind: 'number' },
  { name: 'happened_at', kind: 'timestamp' },
  { name: 'is_even', kind: 'boolean' },
]);

/** @returns {string[]} names */
export function crashStreams(count) {
  return Array.from({ length: count }, (_, index) => `crash_${index}`);
}

/** How many of all rows stream number `index` has. */
export const crashStreamRows = (rows, streams, index) => Math.floor(rows / streams) + (index < rows % streams ? 1 : 0);

export function crashSchema(stream, keyless) {
  const nullable = (type, format) => ({ type: ['null', type], ...(format ? { format } : {}) });
  const properties = {
    id: { type: 'integer' },
    label: nullable('string'),
    amount: nullable('number'),
    happened_at: nullable('string', 'date-time'),
    is_even: nullable('boolean'),
  };
  const message = {
    type: 'SCHEMA',
    stream,
    schema: { type: 'object', properties },
    key_properties: keyless ? [] : ['id'],
  };
  return `${JSON.stringify(message)}\n`;
}

/** @returns {string} the RECORD line */
export function crashRecord(stream, id) {
  const label = JSON.stringify(labelOf(stream, id));
  const at = new Date(atMs(id)).toISOString().slice(0, 23);
  return `{"type":"RECORD","stream":"${stream}","record":{"id":${id},"label":${label},"amount":${amountOf(id)},"happened_at":"${at}${microsText(id)}Z","is_even":${id % 2 === 0}}}\n`;
}

/** The row's values in the order of {@link crashColumns}, timestamps as microseconds. */
export function crashValues(stream, id) {
  return [id, labelOf(stream, id), amountOf(id), `${atMs(id)}${microsText(id)}`, id % 2 === 0];
}

const labelOf = (stream, id) => (id % 97 === 0 ? null : `row ${id} of ${stream}${ENDINGS[id % ENDINGS.length]}`);
const amountOf = (id) => ((id * 7919) % 1_000_003) / 100;
const atMs = (id) => EPOCH_MS + id * 61_007;
const microsText = (id) => String(id % 1000).padStart(3, '0');
