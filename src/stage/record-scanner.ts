// One record's JSON object, as bytes → where each column's value stands. Nothing is parsed or copied: slices only.

import { TargetError } from '../errors/target-error.ts';
import {
  JsonSyntaxError,
  skipKey,
  skipLiteral,
  skipNumber,
  skipSpace,
  skipString,
  skipStructure,
  skipValue,
  stringAt,
} from '../protocol/json-bytes.ts';
import { jsonKind, metadataColumns, type StreamVersion } from '../schema/model.ts';
import type { FieldCount } from './chunk.ts';
import { MAX_COUNTED_FIELDS, OTHER_FIELDS } from './field-counts.ts';

/** What stands in a column's slot. The order is that of {@link acceptBits}. */
export const slotKind = {
  null: 0,
  integer: 1,
  number: 2,
  boolean: 3,
  string: 4,
  escapedString: 5,
  structure: 6,
  absent: 7,
  notFinite: 8,
} as const;

/** For each slot kind the bit that a column must accept. */
export const acceptBits = [
  0,
  jsonKind.number,
  jsonKind.number,
  jsonKind.boolean,
  jsonKind.string,
  jsonKind.string,
  jsonKind.structure,
  0,
  jsonKind.number,
];

/** The kind of a value by its first bytes, for one that was skipped. */
export function slotKindAt(bytes: Buffer, at: number): number {
  const c = bytes[at]!;
  if (c === QUOTE) return skipString(bytes, at) < 0 ? slotKind.escapedString : slotKind.string;
  if (c === 45 || (c >= 48 && c <= 57)) return numberKind(bytes, at, skipNumber(bytes, at));
  if (c === 123 || c === 91) return slotKind.structure;
  return literalKind(c);
}

/** @param end as `skipNumber` returns it */
const numberKind = (bytes: Buffer, at: number, end: number): number =>
  end > 0 ? slotKind.integer : bytes[at + 1] === 73 ? slotKind.notFinite : slotKind.number;

/** @param c the first byte of a literal */
const literalKind = (c: number): number =>
  c === 110 ? slotKind.null : c === 78 || c === 73 ? slotKind.notFinite : slotKind.boolean;

const COMMA = 44;
const CLOSE_BRACE = 125;
const QUOTE = 34;
/** A property that no column takes, and that nobody need know of. Other properties without a column are `UNDECLARED - n`. */
export const IGNORED = -1;
const UNDECLARED = -2;
/** Keys are predicted for at most so many positions: beyond, the slow look-up does. */
const MAX_PREDICTED = 4096;

/** An object of the schema: its properties lead to a slot (>= 0), to nothing, or to a nested object that was flattened. */
class ObjectPlan {
  /** For messages. */
  readonly path: string;
  /** The scan that met this object last. */
  lastScan = 0;
  readonly targets = new Map<string, number | ObjectPlan>();
  /** For the n-th property of the last record: the bytes between the value before it and its own value. */
  readonly predicted: Uint8Array[] = [];
  readonly predictedTargets: (number | ObjectPlan)[] = [];

  constructor(path = '') {
    this.path = path;
  }
}

interface UndeclaredField {
  readonly name: string;
  readonly isTopLevel: boolean;
  count: number;
}

/** How the properties of a stream's records are written. */
export interface LearnedKeys {
  /** By name; {@link IGNORED} where nothing is kept, less where a property without a column is counted. */
  readonly slots: ReadonlyMap<string, number>;
  /** Of the n-th property: the bytes from the value before it to its own value, and its slot, negative when it has none. */
  readonly expected: readonly { readonly bytes: Uint8Array; readonly slot: number }[];
}

/** Holds the slots of the record scanned last. One scanner serves one stream version. */
export class RecordScanner {
  /** Offsets of each slot's value: slot i is column i; the last slot is `_sdc_deleted_at`. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly kinds: Uint8Array;
  readonly deletedSlot: number;
  /** Called for each top-level field without a column, unless its value is null. */
  onUndeclared: ((name: string, start: number, end: number) => void) | undefined;
  private readonly undeclared: UndeclaredField[] = [];
  private readonly root: ObjectPlan;
  private scans = 0;

  constructor(version: StreamVersion) {
    const slots = version.columns.length + 1;
    this.deletedSlot = slots - 1;
    this.starts = new Int32Array(slots);
    this.ends = new Int32Array(slots);
    this.kinds = new Uint8Array(slots);
    this.root = planOf(version, this.deletedSlot);
  }

  /** What it has learned; undefined before the first record, and when properties of nested objects have columns. */
  get learned(): LearnedKeys | undefined {
    const { targets, predicted, predictedTargets } = this.root;
    const slots = [...targets].filter((entry): entry is [string, number] => typeof entry[1] === 'number');
    if (predicted.length === 0 || slots.length < targets.size) return undefined;
    return {
      slots: new Map(slots),
      expected: predicted.map((bytes, n) => ({ bytes, slot: predictedTargets[n] as number })),
    };
  }

  /** @returns the offset after the record, whose opening brace is at `at`. Throws {@link JsonSyntaxError}, TargetError. */
  scan(bytes: Buffer, at: number): number {
    this.kinds.fill(slotKind.absent);
    this.scans++;
    return this.object(bytes, at, this.root);
  }

  private object(bytes: Buffer, at: number, plan: ObjectPlan): number {
    let p = skipSpace(bytes, at + 1);
    if (bytes[p] === CLOSE_BRACE) return p + 1;
    // a predicted key starts where the brace or the value before it ended
    p = at + 1;
    for (let n = 0; ; n++) {
      let target = this.predict(bytes, p, plan, n);
      if (target === undefined) target = this.lookUp(bytes, p, plan, n);
      p = this.value(bytes, this.valueStart, target);
      const next = bytes[p] === COMMA || bytes[p] === CLOSE_BRACE ? p : skipSpace(bytes, p);
      if (bytes[next] === CLOSE_BRACE) return next + 1;
      if (bytes[next] !== COMMA) throw new JsonSyntaxError('a record that is not closed', next);
    }
  }

  /** Set by `predict` and `lookUp`: where the value begins. */
  private valueStart = 0;

  private predict(bytes: Buffer, at: number, plan: ObjectPlan, n: number): number | ObjectPlan | undefined {
    const expected = plan.predicted[n];
    if (expected === undefined) return undefined;
    const { length } = expected;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== expected[i]) return undefined;
    const start = at + length;
    // there may be more space than the last time
    this.valueStart = bytes[start]! > 32 ? start : skipSpace(bytes, start);
    return plan.predictedTargets[n];
  }

  private lookUp(bytes: Buffer, at: number, plan: ObjectPlan, n: number): number | ObjectPlan {
    let key = skipSpace(bytes, at);
    if (n > 0) key = skipSpace(bytes, key + 1);
    const start = skipKey(bytes, key);
    const name = stringAt(bytes, key, Math.abs(skipString(bytes, key)));
    const target = plan.targets.get(name) ?? this.undeclaredTarget(plan, name);
    if (n < MAX_PREDICTED) {
      plan.predicted[n] = Uint8Array.prototype.slice.call(bytes, at, start);
      plan.predictedTargets[n] = target;
    }
    this.valueStart = start;
    return target;
  }

  private value(bytes: Buffer, at: number, target: number | ObjectPlan): number {
    if (typeof target !== 'number') return this.flattened(bytes, at, target);
    if (target < 0) return this.ignored(bytes, at, target);
    const c = bytes[at]!;
    let kind: number;
    let end: number;
    if (c === QUOTE) {
      end = skipString(bytes, at);
      kind = end < 0 ? slotKind.escapedString : slotKind.string;
    } else if (c === 45 || (c >= 48 && c <= 57)) {
      end = skipNumber(bytes, at);
      kind = numberKind(bytes, at, end);
    } else if (c === 123 || c === 91) {
      end = skipStructure(bytes, at);
      kind = slotKind.structure;
    } else {
      end = skipLiteral(bytes, at);
      kind = literalKind(c);
    }
    if (end < 0) end = -end;
    this.starts[target] = at;
    this.ends[target] = end;
    this.kinds[target] = kind;
    return end;
  }

  private ignored(bytes: Buffer, at: number, target: number): number {
    const end = skipValue(bytes, at);
    const field = this.undeclared[UNDECLARED - target];
    if (field === undefined || bytes[at] === 110) return end;
    field.count++;
    if (field.isTopLevel) this.onUndeclared?.(field.name, at, end);
    return end;
  }

  private undeclaredTarget(plan: ObjectPlan, name: string): number {
    const { undeclared } = this;
    // those who listen want every name
    if (undeclared.length >= MAX_COUNTED_FIELDS && this.onUndeclared === undefined) {
      if (undeclared.length === MAX_COUNTED_FIELDS)
        undeclared.push({ name: OTHER_FIELDS, isTopLevel: false, count: 0 });
      return UNDECLARED - MAX_COUNTED_FIELDS;
    }
    const isTopLevel = plan === this.root;
    undeclared.push({ name: isTopLevel ? name : `${plan.path}.${name}`, isTopLevel, count: 0 });
    const target = UNDECLARED - (undeclared.length - 1);
    plan.targets.set(name, target);
    return target;
  }

  /** Fields without a column since the last call, with how often they were not null. */
  takeUndeclared(): FieldCount[] {
    const counts = this.undeclared.filter(({ count }) => count > 0).map(({ name, count }) => ({ name, count }));
    for (const field of this.undeclared) field.count = 0;
    return counts;
  }

  private flattened(bytes: Buffer, at: number, plan: ObjectPlan): number {
    // of an object that comes twice the last counts, as a whole
    if (plan.lastScan === this.scans) this.setAll(plan, slotKind.absent);
    plan.lastScan = this.scans;
    if (bytes[at] === 123) return this.object(bytes, at, plan);
    const end = skipValue(bytes, at);
    if (bytes[at] !== 110)
      throw new TargetError(
        'INPUT_VALUE_INVALID',
        'a property that is flattened holds something other than an object',
        { column: plan.path },
      );
    this.setAll(plan, slotKind.null);
    return end;
  }

  private setAll(plan: ObjectPlan, kind: number): void {
    for (const target of plan.targets.values()) {
      if (typeof target !== 'number') this.setAll(target, kind);
      else if (target >= 0) this.kinds[target] = kind;
    }
  }
}

function planOf(version: StreamVersion, deletedSlot: number): ObjectPlan {
  const root = new ObjectPlan();
  // the tap's own metadata give way to those of the target
  if (version.metadata) for (const { name } of metadataColumns) root.targets.set(name, IGNORED);
  root.targets.set('_sdc_deleted_at', deletedSlot);
  version.columns.forEach((column, slot) => {
    let plan = root;
    for (const [depth, name] of column.path.slice(0, -1).entries()) {
      const inner = plan.targets.get(name);
      const next = inner instanceof ObjectPlan ? inner : new ObjectPlan(column.path.slice(0, depth + 1).join('.'));
      plan.targets.set(name, next);
      plan = next;
    }
    plan.targets.set(column.path.at(-1)!, slot);
  });
  return root;
}
