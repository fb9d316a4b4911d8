// Streams of plain columns of mixed types, a fifth of their values null: one wide stream, or twenty that take turns.
import { digits, values } from './values.mjs';

const TYPES = {
  integer: { type: ['null', 'integer'] },
  string: { type: ['null', 'string'] },
  number: { type: ['null', 'number'] },
  date: { type: ['null', 'string'], format: 'date-time' },
  bool: { type: ['null', 'boolean'] },
};
const KINDS = ['integer', 'string', 'number', 'date', 'bool', 'integer', 'string', 'string', 'number', 'integer'];
const PREFIXES = ['acct', 'bill', 'cust', 'ship', 'meta'];
const STREAMS = 20;
const MOST_IN_TURN = 50;
const ROWS_PER_STATE = 10_000;

/** @param {number} columns @returns {(rows: number, random: () => number) => Generator<string>} */
export const wide = (columns) =>
  function* (rows, random) {
    const table = tableOf('wide', columns, 0);
    const value = values(random);
    yield schemaLine(table);
    for (let id = 1; id <= rows; id++) {
      yield recordLine(table, id, value);
      if (id % ROWS_PER_STATE === 0) yield stateLine(table, id);
    }
  };

/** @param {number} rows @param {() => number} random @returns {Generator<string>} short runs, as an interleaving tap has them */
export function* multi(rows, random) {
  const value = values(random);
  const tables = Array.from({ length: STREAMS }, (_, n) => tableOf(`public-table_${digits(n, 2)}`, 6 + n, n));
  const ids = tables.map(() => 0);
  for (const table of tables) yield schemaLine(table);
  for (let row = 0; row < rows; ) {
    const turn = value.below(STREAMS);
    for (let left = 1 + value.below(MOST_IN_TURN); left > 0 && row < rows; left--) {
      ids[turn]++;
      yield recordLine(tables[turn], ids[turn], value);
      row++;
      if (row % ROWS_PER_STATE === 0) yield stateLine(tables[turn], ids[turn]);
    }
  }
}

function tableOf(name, columns, offset) {
  const others = Array.from({ length: columns - 1 }, (_, n) => ({
    name: `${PREFIXES[(n + 1 + offset) % PREFIXES.length]}_field_${digits(n + 1, 3)}`,
    kind: KINDS[(n + 1 + offset) % KINDS.length],
  }));
  return { name, others };
}

function schemaLine({ name, others }) {
  const properties = Object.fromEntries(others.map((column) => [column.name, TYPES[column.kind]]));
  return JSON.stringify({
    type: 'SCHEMA',
    stream: name,
    schema: { type: 'object', properties: { id: { type: 'integer' }, ...properties } },
    key_properties: ['id'],
    bookmark_properties: ['id'],
  });
}

function recordLine({ name, others }, id, value) {
  let fields = `"id":${id}`;
  for (const column of others)
    fields += `,"${column.name}":${value.below(5) === 0 ? 'null' : fieldOf(column.kind, value)}`;
  return `{"type":"RECORD","stream":"${name}","record":{${fields}},"time_extracted":"2026-11-21T06:00:00.000000Z"}`;
}

function fieldOf(kind, { below, text, amount, microsecond }) {
  switch (kind) {
    case 'integer':
      return below(10_000_000);
    case 'number':
      return amount();
    case 'date':
      return `"${microsecond()}+00:00"`;
    case 'bool':
      return below(2) === 0;
    default:
      return `"${text(1 + below(3))}"`;
  }
}

const stateLine = ({ name }, id) =>
  `{"type": "STATE", "value": {"bookmarks": {"${name}": {"replication_key": "id", "replication_key_value": ${id}}}}}`;
