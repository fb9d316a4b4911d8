// Thrift's compact protocol: as much of it as Parquet's page headers and footers need. Fields come in the order of their ids.

const STOP = 0;
const TRUE = 1;
const FALSE = 2;
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

export class CompactWriter {
  private bytes = Buffer.alloc(256);
  private length = 0;
  /** Of the struct under way. */
  private lastId = 0;

  /** What has been written since the last call, the end of the outermost struct included: a view that the next writing overwrites. */
  take(): Buffer {
    this.byte(STOP);
    const taken = this.bytes.subarray(0, this.length);
    this.length = this.lastId = 0;
    return taken;
  }

  bool(id: number, value: boolean): void {
    this.field(id, value ? TRUE : FALSE);
  }

  i32(id: number, value: number): void {
    this.field(id, I32);
    this.signed(value);
  }

  /** An integer that a double holds exactly. */
  i64(id: number, value: number): void {
    this.field(id, I64);
    this.signed(value);
  }

  text(id: number, value: string): void {
    this.field(id, BINARY);
    this.utf8(value);
  }

  struct(id: number, members: () => void): void {
    this.field(id, STRUCT);
    this.members(members);
  }

  structs<T>(id: number, items: readonly T[], members: (item: T, index: number) => void): void {
    this.list(id, STRUCT, items.length);
    items.forEach((item, index) => {
      this.members(() => members(item, index));
    });
  }

  i32s(id: number, values: readonly number[]): void {
    this.list(id, I32, values.length);
    for (const value of values) this.signed(value);
  }

  texts(id: number, values: readonly string[]): void {
    this.list(id, BINARY, values.length);
    for (const value of values) this.utf8(value);
  }

  private members(write: () => void): void {
    const outer = this.lastId;
    this.lastId = 0;
    write();
    this.byte(STOP);
    this.lastId = outer;
  }

  private field(id: number, type: number): void {
    this.byte(((id - this.lastId) << 4) | type);
    this.lastId = id;
  }

  private list(id: number, type: number, count: number): void {
    this.field(id, LIST);
    if (count < 15) return this.byte((count << 4) | type);
    this.byte(0xf0 | type);
    this.unsigned(count);
  }

  private signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  private unsigned(value: number): void {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 128);
    this.byte(rest);
  }

  private utf8(value: string): void {
    const size = Buffer.byteLength(value);
    this.unsigned(size);
    this.reserve(size);
    this.length += this.bytes.write(value, this.length);
  }

  private byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = Buffer.alloc(Math.max(this.length + count, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}
