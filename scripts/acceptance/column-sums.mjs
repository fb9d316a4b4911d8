// Rows in any order → how many, and one 64-bit checksum per column that any changed, lost or doubled value changes.
//
// A value is hashed together with its row's key, so values that swapped rows are found too.

/** @typedef {'integer'|'number'|'text'|'boolean'|'timestamp'|'date'|'time'|'json'} Kind */
/** @typedef {{ readonly name: string, readonly kind: Kind }} Column */

export class ColumnSums {
  rows = 0;
  #columns;
  #keys;
  #low;
  #high;

  /** @param {readonly Column[]} columns @param {readonly string[]} keys names of key columns; none is fine */
  constructor(columns, keys) {
    this.#columns = columns;
    this.#keys = keys.map((key) => columns.findIndex((column) => column.name === key));
    this.#low = new Uint32Array(columns.length);
    this.#high = new Uint32Array(columns.length);
  }

  /** @param {readonly unknown[]} values in the order of the columns, as a driver returned them */
  add(values) {
    this.rows++;
    const texts = this.#columns.map((column, index) => canonicalText(column.kind, values[index]));
    const hash = newHash();
    for (const key of this.#keys) addText(hash, texts[key]);
    for (let index = 0; index < texts.length; index++) {
      const own = { ...hash };
      addText(own, texts[index]);
      this.#low[index] += own.low;
      this.#high[index] += own.high;
    }
  }

  /** @returns {Record<string, string>} column name → 16 hexadecimal digits */
  checksums() {
    const hex = (part) => part.toString(16).padStart(8, '0');
    return Object.fromEntries(
      this.#columns.map(({ name }, index) => [name, hex(this.#high[index]) + hex(this.#low[index])]),
    );
  }
}

/**
 * The same text for the same value, whichever database it came from. Timestamps come as microseconds since 1970.
 * @param {Kind} kind
 * @returns {string | null}
 */
function canonicalText(kind, value) {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'number':
      return String(Number(value) + 0);
    case 'boolean':
      return String(value === true || value === 'true' || value === 't');
    case 'time':
      return String(value)
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '');
    case 'json':
      return JSON.stringify(JSON.parse(String(value)));
    default:
      return String(value);
  }
}

const newHash = () => ({ low: 0x9e3779b9, high: 0x85ebca6b });

/** NULL is not '' and not 'null'; the length keeps ('a', 'bc') from being ('ab', 'c'). */
function addText(hash, text) {
  let { low, high } = hash;
  const length = text === null ? -1 : text.length;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 2654435761);
    high = Math.imul(high ^ unit, 1597334677);
  }
  low = Math.imul(low ^ length, 2654435761);
  high = Math.imul(high ^ length, 1597334677);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  hash.low = low;
  hash.high = high;
}
