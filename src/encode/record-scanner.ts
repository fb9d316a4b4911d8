// One record's JSON object, as bytes → where each column's value stands. Nothing is parsed or copied: slices only.

import { cutName } from '../errors/cut-name.ts';
import { TargetError } from '../errors/target-error.ts';
import { CLOSE_BRACE, COMMA, QUOTE } from '../json/ascii.ts';
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
} from '../json/json-bytes.ts';
import { literalKind, numberKind, slotKind, slotKindAt } from '../json/slot-kind.ts';
import type { FieldCount } from '../report/facts.ts';
import { jsonKind, metadataColumns, type StreamVersion } from '../schema/model.ts';
import { MAX_COUNTED_FIELDS, OTHER_FIELDS } from './field-counts.ts';

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

/** A property that no column takes, and that nobody need know of. Other properties without a column are `UNDECLARED - n`. */
export const IGNORED = -1;
const UNDECLARED = -2;
/** Keys are predicted for at most so many positions: beyond, the slow look-up does. */
const MAX_PREDICTED = 4096;
/** Longer keys that no schema declares are looked up each time: keys which are data must not fill the memory. */
const MAX_PREDICTED_BYTES = 1024;

/** An object of the schema: its properties lead to a slot (>= 0), to nothing, or to a nested object that was flattened. */
class ObjectPlan {
  readonly path: readonly string[];
  /** Of all columns below it; none for the record itself. */
  readonly slots: number[] = [];
  readonly targets = new Map<string, number | ObjectPlan>();
  /** For the n-th property of the last record: the bytes between the value before it and its own value. */
  readonly predicted: Uint8Array[] = [];
  readonly predictedTargets: (number | ObjectPlan)[] = [];

  constructor(path: readonly string[]) {
    this.path = path;
  }
}

/** A property without a column. */
interface UndeclaredField {
  /** For messages. */
  readonly name: string;
  readonly path: readonly string[];
  /** Whether the listener is told its values. */
  readonly isWanted: boolean;
  /** Set where it is `_sdc_deleted_at` in another case: then nothing is counted. */
  readonly marker?: OtherMarker;
  count: number;
}

/** What the record under way has. */
interface OtherMarker {
  kind: number;
  start: number;
  end: number;
}

/** Is told of properties without a column, in the record and in objects that are flattened, unless their value is null. */
export interface UndeclaredListener {
  wants(path: readonly string[]): boolean;
  /** @param path the same array each time */
  found(path: readonly string[], start: number, end: number): void;
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
  /** Offsets of each slot's value: slot i is column i; then come `_sdc_deleted_at`, and keys that await a column. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly kinds: Uint8Array;
  readonly deletedSlot: number;
  private readonly version: StreamVersion;
  private readonly listener: UndeclaredListener | undefined;
  private readonly undeclared: UndeclaredField[] = [];
  private readonly otherMarkers: OtherMarker[] = [];
  private readonly root: ObjectPlan;

  constructor(version: StreamVersion, listener?: UndeclaredListener) {
    const slots = version.columns.length + 1 + (version.awaitedKeys?.length ?? 0);
    this.version = version;
    this.listener = listener;
    this.deletedSlot = version.columns.length;
    this.starts = new Int32Array(slots);
    this.ends = new Int32Array(slots);
    this.kinds = new Uint8Array(slots);
    this.root = planOf(version, this.deletedSlot);
  }

  /** Of the version's awaited keys. */
  awaitedSlot(index: number): number {
    return this.deletedSlot + 1 + index;
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
    for (const marker of this.otherMarkers) marker.kind = slotKind.absent;
    const end = this.object(bytes, at, this.root);
    if (this.otherMarkers.length > 0) this.takeOtherMarkers();
    return end;
  }

  /** Of several spellings any that is not null marks: the name as it should be, or the last of the others. */
  private takeOtherMarkers(): void {
    const { kinds, starts, ends, deletedSlot } = this;
    const isMarker = (kind: number) => kind !== slotKind.absent && kind !== slotKind.null;
    if (isMarker(kinds[deletedSlot]!)) return;
    starts[deletedSlot] = -1;
    for (const { kind, start, end } of this.otherMarkers) {
      if (!isMarker(kind) || start < starts[deletedSlot]!) continue;
      kinds[deletedSlot] = kind;
      starts[deletedSlot] = start;
      ends[deletedSlot] = end;
    }
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
    const declared = plan.targets.get(name);
    const target = declared ?? this.undeclaredTarget(plan, name);
    const isShort = declared !== undefined || start - at <= MAX_PREDICTED_BYTES;
    // without gaps: what follows a key that is not predicted is not predicted either
    const isPredictable = n < MAX_PREDICTED && n <= plan.predicted.length && isShort;
    if (isPredictable) {
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
    if (field === undefined) return end;
    if (field.marker !== undefined) Object.assign(field.marker, { kind: slotKindAt(bytes, at), start: at, end });
    else if (bytes[at] !== 110) {
      field.count++;
      if (field.isWanted) this.listener?.found(field.path, at, end);
    }
    return end;
  }

  private undeclaredTarget(plan: ObjectPlan, name: string): number {
    const cut = cutName(name);
    const known = cut === name ? undefined : plan.targets.get(cut);
    if (known !== undefined) return known as number;
    const target = (plan === this.root ? this.metadataTarget(name) : undefined) ?? this.countedTarget(plan, name);
    const isWanted = this.undeclared[UNDECLARED - target]?.isWanted === true;
    if (target !== this.rest) plan.targets.set(isWanted ? name : cut, target);
    return target;
  }

  /** The target's own names are its own in any case. @returns undefined for any other name */
  private metadataTarget(name: string): number | undefined {
    const own = name.toLowerCase();
    if (own === '_sdc_deleted_at') {
      const marker = { kind: slotKind.absent, start: 0, end: 0 };
      this.otherMarkers.push(marker);
      return this.targetOf({ name, path: [name], isWanted: false, marker, count: 0 });
    }
    return this.version.metadata && metadataColumns.some((column) => column.name === own) ? IGNORED : undefined;
  }

  private countedTarget(plan: ObjectPlan, name: string): number {
    const path = [...plan.path, name];
    const isWanted = this.listener?.wants(path) === true;
    if (!isWanted && this.undeclared.length >= MAX_COUNTED_FIELDS) {
      this.rest ??= this.targetOf({ name: OTHER_FIELDS, path: [], isWanted: false, count: 0 });
      return this.rest;
    }
    const cut = [...plan.path, cutName(name)].join('.');
    return this.targetOf({ name: cut, path: isWanted ? path : [], isWanted, count: 0 });
  }

  /** Of names beyond those that are told apart. */
  private rest: number | undefined;

  private targetOf(field: UndeclaredField): number {
    return UNDECLARED - (this.undeclared.push(field) - 1);
  }

  /** Fields without a column since the last call, with how often they were not null. */
  takeUndeclared(): FieldCount[] {
    const because = this.version.undeclared === undefined ? undefined : ('schema' as const);
    const counts = this.undeclared.filter(({ count }) => count > 0);
    const taken = counts.map(({ name, count }) => ({ name, count, because }));
    for (const field of counts) field.count = 0;
    return taken;
  }

  private flattened(bytes: Buffer, at: number, plan: ObjectPlan): number {
    // an object takes the place of the old one as a whole: what it lacks is NULL, and so is what an earlier one of its name had
    for (const slot of plan.slots) this.kinds[slot] = slotKind.null;
    if (bytes[at] === 123) return this.object(bytes, at, plan);
    const end = skipValue(bytes, at);
    if (bytes[at] !== 110)
      throw new TargetError(
        'INPUT_VALUE_INVALID',
        'a property that is flattened holds something other than an object',
        { column: plan.path.join('.') },
      );
    return end;
  }
}

function planOf(version: StreamVersion, deletedSlot: number): ObjectPlan {
  const root = new ObjectPlan([]);
  // the tap's own metadata give way to those of the target
  if (version.metadata) for (const { name } of metadataColumns) root.targets.set(name, IGNORED);
  root.targets.set('_sdc_deleted_at', deletedSlot);
  version.awaitedKeys?.forEach((name, index) => {
    root.targets.set(name, deletedSlot + 1 + index);
  });
  version.columns.forEach((column, slot) => {
    let plan = root;
    for (const [depth, name] of column.path.slice(0, -1).entries()) {
      const inner = plan.targets.get(name);
      const next = inner instanceof ObjectPlan ? inner : new ObjectPlan(column.path.slice(0, depth + 1));
      plan.targets.set(name, next);
      plan = next;
      plan.slots.push(slot);
    }
    plan.targets.set(column.path.at(-1)!, slot);
  });
  return root;
}
