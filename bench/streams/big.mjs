// Few rows of large values, text and documents by turns.
import { values } from './values.mjs';

const SCHEMA = {
  type: 'SCHEMA',
  stream: 'big',
  schema: {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      kind: { type: ['null', 'string'] },
      body: { type: ['null', 'string'] },
      doc: { type: ['null', 'object'] },
    },
  },
  key_properties: ['id'],
};
const BYTES_PER_WORD = 6;
const ROWS_PER_STATE = 1000;

/** @param {number} least @param {number} most bytes of a value, more or less @returns {(rows: number, random: () => number) => Generator<string>} */
export const big = (least, most) =>
  function* (rows, random) {
    const value = values(random);
    yield JSON.stringify(SCHEMA);
    for (let id = 1; id <= rows; id++) {
      const bytes = least + value.below(most - least + 1);
      yield id % 2 === 0
        ? record(id, 'text', `"${value.text(Math.round(bytes / BYTES_PER_WORD))}"`, 'null')
        : record(id, 'json', 'null', documentOf(bytes, value));
      if (id % ROWS_PER_STATE === 0) yield `{"type":"STATE","value":{"bookmarks":{"big":{"id":${id}}}}}`;
    }
  };

const record = (id, kind, body, doc) =>
  `{"type":"RECORD","stream":"big","record":{"id":${id},"kind":"${kind}","body":${body},"doc":${doc}}}`;

function documentOf(bytes, { below, amount, text, microsecond }) {
  const items = [];
  for (let length = 0; length < bytes; ) {
    const item = `{"sku":"S-${below(99_999)}","qty":${below(50)},"price":${amount()},"ok":${below(2) === 0},"desc":"${text(4)}","at":"${microsecond()}Z"}`;
    items.push(item);
    length += item.length + 1;
  }
  return `{"items":[${items.join(',')}]}`;
}
