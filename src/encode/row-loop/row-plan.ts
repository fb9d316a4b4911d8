// A stream version, and what its scanner has learned of its records → the plan that the row loop reads. Offsets as in assembly/plan.ts.

import { stagedLayout } from '../../formats/layout.ts';
import { QUOTE } from '../../json/ascii.ts';
import type { PlainType, StreamVersion } from '../../schema/model.ts';
import { isMixedKey } from '../key-values.ts';
import type { LinePrefix } from '../message-reader.ts';
import { IGNORED, type LearnedKeys } from '../record-scanner.ts';

const PLAN_BYTES = 88;
const ENTRY_BYTES = 24;
const COLUMN_BYTES = 32;
const PREFIX_CAPACITY = 512;
const RECEIVED_CAPACITY = 64;
/** In the place of a column's address. */
const target = { ignored: 0, deleted: 1, refused: 2 };
const MIXED_KEY = 7;
const OFFSET_OF_PREFIX = 28;
const OFFSET_OF_RECEIVED = 52;
const OFFSET_OF_ABSENT = 24;
const OFFSET_OF_INEXACT = 28;

const typeCodes: Record<PlainType['kind'], number> = {
  string: 0,
  json: 0,
  bigint: 1,
  double: 2,
  decimal: 3,
  boolean: 4,
  timestamp: 5,
  date: 6,
};

/** Linear memory that hands out pieces, aligned, never to be given back. */
export interface PlanMemory {
  /** May replace `bytes`. */
  allocate(bytes: number): number;
  bytes: Buffer;
}

export class RowPlan {
  readonly address: number;
  private readonly memory: PlanMemory;
  private readonly columns: number;
  private readonly columnCount: number;
  private readonly prefix: number;
  private readonly received: number;
  private header: LinePrefix | undefined;
  private receivedFields: Buffer | undefined;
  private readonly stream: Buffer;

  /** @param columnar whether rows become columns */
  constructor(version: StreamVersion, learned: LearnedKeys, memory: PlanMemory, columnar: boolean) {
    this.memory = memory;
    this.columnCount = version.columns.length;
    this.stream = Buffer.from(version.stream);
    this.columns = this.writeColumns(version);
    this.prefix = memory.allocate(PREFIX_CAPACITY);
    this.received = memory.allocate(RECEIVED_CAPACITY);
    const keys = expectedKeys(learned);
    const entries = this.writeEntries(keys.entries, version.columns.length);
    const [table, mask] = this.writeTable(keys.entries, entries);
    const name = this.writeBytes(Buffer.from(JSON.stringify(version.stream)));
    this.address = memory.allocate(PLAN_BYTES);
    const deleted = version.deletes !== 'ignore' || version.metadata;
    const fields = [
      version.columns.length,
      this.columns,
      0,
      entries,
      keys.commaLength,
      table,
      mask,
      this.prefix,
      0,
      name,
      Buffer.byteLength(JSON.stringify(version.stream)),
      deleted ? 1 : 0,
      version.metadata ? 1 : 0,
      this.received,
      0,
      version.keys.length,
      0,
      0,
      columnar ? 1 : 0,
      stagedLayout(version).length,
      0,
      0,
    ];
    fields.forEach((value, i) => {
      memory.bytes.writeUInt32LE(value, this.address + i * 4);
    });
  }

  setHeader(header: LinePrefix): void {
    if (header === this.header) return;
    this.header = header;
    const { before, after } = header;
    const bytes = Buffer.concat([before, this.stream, after]);
    const isKnown = before.length > 0 && bytes.length <= PREFIX_CAPACITY;
    if (isKnown) bytes.copy(this.memory.bytes, this.prefix);
    this.memory.bytes.writeUInt32LE(isKnown ? bytes.length : 0, this.address + OFFSET_OF_PREFIX + 4);
  }

  /** The fields that tell when the slab was received: with the commas after them, or the values of two columns. */
  setReceived(fields: Buffer): void {
    if (fields === this.receivedFields) return;
    this.receivedFields = fields;
    this.memory.bytes.set(fields, this.received);
    this.memory.bytes.writeUInt32LE(fields.length, this.address + OFFSET_OF_RECEIVED + 4);
  }

  /** Columns that rows lacked since the last call, and how many did. */
  takeAbsent(): [column: number, count: number][] {
    return this.takeCounts(OFFSET_OF_ABSENT);
  }

  /** Columns that hold values approximately, and how many since the last call. */
  takeInexact(): [column: number, count: number][] {
    return this.takeCounts(OFFSET_OF_INEXACT);
  }

  private takeCounts(offset: number): [number, number][] {
    const counts: [number, number][] = [];
    for (let column = 0; column < this.columnCount; column++) {
      const at = this.columns + column * COLUMN_BYTES + offset;
      const count = this.memory.bytes.readUInt32LE(at);
      if (count === 0) continue;
      counts.push([column, count]);
      this.memory.bytes.writeUInt32LE(0, at);
    }
    return counts;
  }

  private writeColumns(version: StreamVersion): number {
    const { memory } = this;
    const at = memory.allocate(version.columns.length * COLUMN_BYTES);
    memory.bytes.fill(0, at, at + version.columns.length * COLUMN_BYTES);
    version.columns.forEach(({ type, accepts }, index) => {
      const column = at + index * COLUMN_BYTES;
      const isKey = version.keys.includes(index);
      const code = isKey && isMixedKey({ type, accepts }) ? MIXED_KEY : typeCodes[(type as PlainType).kind];
      memory.bytes.set([code, accepts, isKey ? 1 : 0], column);
      if (type.kind !== 'decimal') return;
      memory.bytes.writeUInt32LE(type.precision, column + 4);
      memory.bytes.writeUInt32LE(type.scale, column + 8);
    });
    return at;
  }

  /** In a ring: each is expected after the one before it. */
  private writeEntries(keys: readonly ExpectedKey[], columnCount: number): number {
    const at = this.memory.allocate(keys.length * ENTRY_BYTES);
    keys.forEach(({ text, nameStart, nameLength, slot }, i) => {
      const bytes = this.writeBytes(text);
      const place = this.placeOf(slot, columnCount);
      const next = at + ((i + 1) % keys.length) * ENTRY_BYTES;
      [bytes, text.length, place, next, bytes + nameStart, nameLength].forEach((value, field) => {
        this.memory.bytes.writeUInt32LE(value, at + i * ENTRY_BYTES + field * 4);
      });
    });
    return at;
  }

  private placeOf(slot: number, columnCount: number): number {
    if (slot < 0) return slot === IGNORED ? target.ignored : target.refused;
    return slot === columnCount ? target.deleted : this.columns + slot * COLUMN_BYTES;
  }

  /** By the hash of the name: open addressing, less than half full. */
  private writeTable(keys: readonly ExpectedKey[], entries: number): [table: number, mask: number] {
    const size = 2 ** Math.ceil(Math.log2(keys.length * 2 + 2));
    const table = this.memory.allocate(size * 4);
    const { bytes } = this.memory;
    bytes.fill(0, table, table + size * 4);
    keys.forEach(({ text, nameStart, nameLength }, i) => {
      let slot = hash(text.subarray(nameStart, nameStart + nameLength)) & (size - 1);
      while (bytes.readUInt32LE(table + slot * 4) !== 0) slot = (slot + 1) & (size - 1);
      bytes.writeUInt32LE(entries + i * ENTRY_BYTES, table + slot * 4);
    });
    return [table, size - 1];
  }

  private writeBytes(bytes: Uint8Array): number {
    // vectors read beyond the end
    const at = this.memory.allocate(bytes.length + 16);
    this.memory.bytes.set(bytes, at);
    return at;
  }
}

/** A key from the comma before it to its value. */
interface ExpectedKey {
  readonly text: Buffer;
  /** Where the name is, as it is spelled: without its quotes. */
  readonly nameStart: number;
  readonly nameLength: number;
  readonly slot: number;
}

/** Those of the records seen, in their order and spelling, then all others of the schema, in the style of the first. */
function expectedKeys({ slots, expected }: LearnedKeys): { entries: ExpectedKey[]; commaLength: number } {
  const second = expected[1]?.bytes;
  const comma = second ? Buffer.from(second.subarray(0, second.indexOf(QUOTE))) : Buffer.from(',');
  const first = Buffer.from(expected[0]!.bytes);
  const colon = first.subarray(first.lastIndexOf(QUOTE) + 1);
  const entries = new Map<string, ExpectedKey>();
  const add = (key: Uint8Array, afterKey: Uint8Array, slot: number) => {
    const text = Buffer.concat([comma, key, afterKey]);
    const spelled = key.toString();
    if (!entries.has(spelled))
      entries.set(spelled, { text, nameStart: comma.length + 1, nameLength: key.length - 2, slot });
  };
  for (const { bytes, slot } of expected) {
    const from = bytes.indexOf(QUOTE);
    const to = bytes.lastIndexOf(QUOTE) + 1;
    add(Buffer.from(bytes.subarray(from, to)), bytes.subarray(to), slot);
  }
  for (const [name, slot] of slots) for (const spelled of spellings(name)) add(Buffer.from(spelled), colon, slot);
  return { entries: [...entries.values()], commaLength: comma.length };
}

/** As JavaScript writes a key, and as Python does. */
function spellings(name: string): string[] {
  const spelled = JSON.stringify(name);
  const ascii = spelled.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return ascii === spelled ? [spelled] : [spelled, ascii];
}

/** FNV-1a, as assembly/record.ts has it. */
function hash(bytes: Uint8Array): number {
  let h = 0x811c9dc5;
  for (const c of bytes) h = Math.imul(h ^ c, 0x01000193);
  return h;
}
