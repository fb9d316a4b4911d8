// The body of a call to Spark's Thrift server, in Thrift's binary protocol → the statement that it asks for, if any.

/** @param {Buffer} body @returns {{ readonly session: string, readonly sql: string } | undefined} */
export function statementIn(body) {
  const reader = new Reader(body);
  reader.int32(); // version and kind of message
  if (reader.bytes().toString() !== 'ExecuteStatement') return undefined;
  reader.int32(); // its number
  const { 1: request } = reader.struct();
  const { 1: session, 2: sql } = request;
  return { session: session[1][1].toString('hex'), sql: sql.toString() };
}

class Reader {
  #at = 0;
  #body;

  constructor(body) {
    this.#body = body;
  }

  int32() {
    this.#at += 4;
    return this.#body.readInt32BE(this.#at - 4);
  }

  bytes() {
    const length = this.int32();
    this.#at += length;
    return this.#body.subarray(this.#at - length, this.#at);
  }

  /** @returns values by the numbers of the fields */
  struct() {
    const fields = {};
    for (let type = this.#int8(); type !== 0; type = this.#int8()) {
      const number = this.#body.readInt16BE(this.#at);
      this.#at += 2;
      fields[number] = this.#value(type);
    }
    return fields;
  }

  #int8() {
    this.#at += 1;
    return this.#body[this.#at - 1];
  }

  #value(type) {
    const size = { 2: 1, 3: 1, 4: 8, 6: 2, 8: 4, 10: 8 }[type];
    if (size !== undefined) {
      this.#at += size;
      return this.#body.subarray(this.#at - size, this.#at);
    }
    if (type === 11) return this.bytes();
    if (type === 12) return this.struct();
    return this.#collection(type);
  }

  /** A map, a set or a list. */
  #collection(type) {
    const types = type === 13 ? [this.#int8(), this.#int8()] : [this.#int8()];
    const count = this.int32();
    return Array.from({ length: count }, () => types.map((each) => this.#value(each)));
  }
}
