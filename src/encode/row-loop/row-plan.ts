// A stream version, and what its scanner has learned of its records → the plan that the row loop reads.

import { stagedLayout } from '../../formats/layout.ts';
import { QUOTE } from '../../json/ascii.ts';
import type { PlainType, StreamVersion } from '../../schema/model.ts';
import { isMixedKey } from '../key-values.ts';
import type { LinePrefix } from '../message-reader.ts';
import { IGNORED, type LearnedKeys } from '../record-scanner.ts';
import * as plan from './assembly/plan.ts';

const PREFIX_CAPACITY = 512;
const RECEIVED_CAPACITY = 64;

const typeCodes: Record<PlainType['kind'], number> = {
  string: plan.TYPE_TEXT,
  json: plan.TYPE_TEXT,
  bigint: plan.TYPE_BIGINT,
  double: plan.TYPE_DOUBLE,
  decimal: plan.TYPE_DECIMAL,
  boolean: plan.TYPE_BOOLEAN,
  timestamp: plan.TYPE_TIMESTAMP,
  date: plan.TYPE_DATE,
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
    this.address = memory.allocate(plan.PLAN_SIZE);
    memory.bytes.fill(0, this.address, this.address + plan.PLAN_SIZE);
    this.put(plan.COLUMN_COUNT, version.columns.length);
    this.put(plan.COLUMNS, this.columns);
    this.put(plan.FIRST_ENTRY, entries);
    this.put(plan.COMMA_LENGTH, keys.commaLength);
    this.put(plan.TABLE, table);
    this.put(plan.TABLE_MASK, mask);
    this.put(plan.PREFIX, this.prefix);
    this.put(plan.NAME, name);
    this.put(plan.NAME_LENGTH, Buffer.byteLength(JSON.stringify(version.stream)));
    this.put(plan.HAS_DELETED, version.deletes !== 'ignore' || version.metadata ? 1 : 0);
    this.put(plan.HAS_METADATA, version.metadata ? 1 : 0);
    this.put(plan.RECEIVED, this.received);
    this.put(plan.KEY_COUNT, version.keys.length);
    this.put(plan.COLUMNAR, columnar ? 1 : 0);
    this.put(plan.STAGED_COUNT, stagedLayout(version).length);
  }

  private put(offset: number, value: number): void {
    this.memory.bytes.writeUInt32LE(value, this.address + offset);
  }

  setHeader(header: LinePrefix): void {
    if (header === this.header) return;
    this.header = header;
    const { before, after } = header;
    const bytes = Buffer.concat([before, this.stream, after]);
    const isKnown = before.length > 0 && bytes.length <= PREFIX_CAPACITY;
    if (isKnown) bytes.copy(this.memory.bytes, this.prefix);
    this.put(plan.PREFIX_LENGTH, isKnown ? bytes.length : 0);
  }

  /** The fields that tell when the slab was received: with the commas after them, or the values of two columns. */
  setReceived(fields: Buffer): void {
    if (fields === this.receivedFields) return;
    this.receivedFields = fields;
    this.memory.bytes.set(fields, this.received);
    this.put(plan.RECEIVED_LENGTH, fields.length);
  }

  /** Columns that rows lacked since the last call, and how many did. */
  takeAbsent(): [column: number, count: number][] {
    return this.takeCounts(plan.COLUMN_ABSENT);
  }

  /** Columns that hold values approximately, and how many since the last call. */
  takeInexact(): [column: number, count: number][] {
    return this.takeCounts(plan.COLUMN_INEXACT);
  }

  private takeCounts(offset: number): [number, number][] {
    const counts: [number, number][] = [];
    for (let column = 0; column < this.columnCount; column++) {
      const at = this.columns + column * plan.COLUMN_SIZE + offset;
      const count = this.memory.bytes.readUInt32LE(at);
      if (count === 0) continue;
      counts.push([column, count]);
      this.memory.bytes.writeUInt32LE(0, at);
    }
    return counts;
  }

  private writeColumns(version: StreamVersion): number {
    const { memory } = this;
    const at = memory.allocate(version.columns.length * plan.COLUMN_SIZE);
    memory.bytes.fill(0, at, at + version.columns.length * plan.COLUMN_SIZE);
    version.columns.forEach(({ type, accepts }, index) => {
      const column = at + index * plan.COLUMN_SIZE;
      const isKey = version.keys.includes(index);
      const code = isKey && isMixedKey({ type, accepts }) ? plan.TYPE_MIXED_KEY : typeCodes[(type as PlainType).kind];
      memory.bytes[column + plan.COLUMN_TYPE] = code;
      memory.bytes[column + plan.COLUMN_ACCEPTS] = accepts;
      memory.bytes[column + plan.COLUMN_IS_KEY] = isKey ? 1 : 0;
      if (type.kind !== 'decimal') return;
      memory.bytes.writeUInt32LE(type.precision, column + plan.COLUMN_PRECISION);
      memory.bytes.writeUInt32LE(type.scale, column + plan.COLUMN_SCALE);
    });
    return at;
  }

  /** In a ring: each is expected after the one before it. */
  private writeEntries(keys: readonly ExpectedKey[], columnCount: number): number {
    const at = this.memory.allocate(keys.length * plan.ENTRY_SIZE);
    keys.forEach(({ text, nameStart, nameLength, slot }, i) => {
      const bytes = this.writeBytes(text);
      const place = this.placeOf(slot, columnCount);
      const next = at + ((i + 1) % keys.length) * plan.ENTRY_SIZE;
      const put = (offset: number, value: number) =>
        this.memory.bytes.writeUInt32LE(value, at + i * plan.ENTRY_SIZE + offset);
      put(plan.ENTRY_TEXT, bytes);
      put(plan.ENTRY_LENGTH, text.length);
      put(plan.ENTRY_COLUMN, place);
      put(plan.ENTRY_NEXT, next);
      put(plan.ENTRY_NAME, bytes + nameStart);
      put(plan.ENTRY_NAME_LENGTH, nameLength);
    });
    return at;
  }

  private placeOf(slot: number, columnCount: number): number {
    if (slot < 0) return slot === IGNORED ? plan.IGNORED : plan.REFUSED;
    return slot === columnCount ? plan.DELETED : this.columns + slot * plan.COLUMN_SIZE;
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
      bytes.writeUInt32LE(entries + i * plan.ENTRY_SIZE, table + slot * 4);
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
