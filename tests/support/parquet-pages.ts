// The uncompressed Parquet pages of a segment → rows of texts. Strict, and without a part of the writer: it reads the headers itself.
import type { StagedColumn } from '../../src/formats/layout.ts';

type Field = string | null;

/** Values as the oracle has them: decimals without their point, times in microseconds, dates as YYYY-MM-DD. */
export function readPages(bytes: Uint8Array, layout: readonly StagedColumn[], rows: number): Field[][] {
  const page = new Reader(Buffer.from(bytes));
  const columns = layout.map((column) => readPage(page, column, rows));
  if (page.at !== bytes.length) throw new Error('bytes after the last page');
  return Array.from({ length: rows }, (_, row) => columns.map((column) => column[row]!));
}

class Reader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  byte = (): number => this.take(1)[0]!;

  take(count: number): Buffer {
    if (this.at + count > this.bytes.length) throw new Error('the page is too short');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  /** A struct of 32-bit integers and structs of such. */
  struct(): Map<number, number | Map<number, unknown>> {
    const members = new Map<number, number | Map<number, unknown>>();
    for (let id = 0; ; ) {
      const head = this.byte();
      if (head === 0) return members;
      id += head >> 4;
      const type = head & 15;
      if (type === 12) members.set(id, this.struct());
      else if (type === 5) {
        const value = this.varint();
        members.set(id, value % 2 === 0 ? value / 2 : -(value + 1) / 2);
      } else throw new Error(`type ${type} in a page header`);
    }
  }
}

function readPage(reader: Reader, { type }: StagedColumn, rows: number): Field[] {
  const header = reader.struct();
  const [DATA_PAGE, PLAIN, RLE] = [0, 0, 3];
  const expected = [
    [1, rows],
    [2, PLAIN],
    [3, RLE],
    [4, RLE],
  ];
  if (header.get(1) !== DATA_PAGE || header.get(2) !== header.get(3)) throw new Error('no data page as it is');
  if (JSON.stringify([...(header.get(5) as Map<number, number>)]) !== JSON.stringify(expected))
    throw new Error('another header');
  const body = new Reader(reader.take(header.get(2) as number));
  const levels = readLevels(new Reader(body.take(body.take(4).readUInt32LE())), rows);
  const count = levels.filter(Boolean).length;
  const values = readValues(body, type, count);
  if (body.at !== body.bytes.length) throw new Error('bytes after the last value');
  let next = 0;
  return levels.map((isPresent) => (isPresent ? values[next++]! : null));
}

function readLevels(reader: Reader, rows: number): boolean[] {
  const levels: boolean[] = [];
  while (reader.at < reader.bytes.length) {
    const run = reader.varint();
    if (run % 2 === 0) {
      const level = reader.byte() === 1;
      for (let i = 0; i < run / 2; i++) levels.push(level);
    } else {
      const packed = reader.take((run - 1) / 2);
      for (let i = 0; i < packed.length * 8; i++) levels.push(((packed[i >> 3]! >> (i & 7)) & 1) === 1);
    }
  }
  if (levels.length < rows || levels.slice(rows).some(Boolean)) throw new Error('levels of other rows');
  return levels.slice(0, rows);
}

function readValues(body: Reader, type: StagedColumn['type'], count: number): string[] {
  if (type.kind === 'boolean') {
    const packed = body.take((count + 7) >> 3);
    return Array.from({ length: count }, (_, i) => String(((packed[i >> 3]! >> (i & 7)) & 1) === 1));
  }
  return Array.from({ length: count }, () => readValue(body, type));
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function readValue(body: Reader, type: Exclude<StagedColumn['type'], { kind: 'boolean' }>): string {
  switch (type.kind) {
    case 'bigint':
    case 'timestamp':
      return String(body.take(8).readBigInt64LE());
    case 'double': {
      const value = body.take(8).readDoubleLE();
      return Object.is(value, -0) ? '-0' : String(value);
    }
    case 'date':
      return new Date(body.take(4).readInt32LE() * 86_400_000).toISOString().slice(0, 10);
    case 'decimal': {
      if (type.precision <= 9) return String(body.take(4).readInt32LE());
      if (type.precision <= 18) return String(body.take(8).readBigInt64LE());
      const wide = body.take(16);
      return String((wide.readBigInt64BE() << 64n) | wide.readBigUInt64BE(8));
    }
    default:
      return utf8.decode(body.take(body.take(4).readUInt32LE()));
  }
}
