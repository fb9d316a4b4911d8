// A stream's name, properties and records → its messages.

export const nullable = (type, more = {}) => ({ type: ['null', type], ...more });

/** @param {{ stream: string, properties: object, keys?: readonly string[] }} declared */
export const schema = ({ stream, properties, keys = [] }) => ({
  type: 'SCHEMA',
  stream,
  schema: { type: 'object', properties },
  key_properties: keys,
});

/** @param {object} [more] beside the record: `version`, `time_extracted` */
export const records = (stream, rows, more = {}) => rows.map((record) => ({ type: 'RECORD', stream, record, ...more }));

/** Lines of a tap. Integers beyond 2^53 are BigInts, which JSON.stringify refuses. */
export const linesOf = (messages) => messages.map((message) => `${textOf(message)}\n`).join('');

const textOf = (message) =>
  JSON.stringify(message, (_, value) => (typeof value === 'bigint' ? `bigint ${value}` : value)).replaceAll(
    /"bigint (-?\d+)"/g,
    '$1',
  );
