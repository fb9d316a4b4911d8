// Lines of RECORD messages → the first one with a field that no column takes, or that its column can't hold: then the
// stream needs another version before that line. `undeclared_fields: add` pays for it with a scan in the main thread, and
// gets columns that depend on nothing but the order of the records.
import { TargetError } from '../errors/target-error.ts';
import { LINE_FEED, OPEN_BRACE } from '../json/ascii.ts';
import { encodeBigint, encodeDecimal, encodeDouble } from '../json/encode-number.ts';
import { JsonSyntaxError, skipSpace } from '../json/json-bytes.ts';
import { slotKind, slotKindAt } from '../json/slot-kind.ts';
import { GrowingBytes } from '../memory/growing-bytes.ts';
import type { RecordLine } from '../protocols/record-line.ts';
import { verdictOf } from '../schema/member-rules.ts';
import { type ColumnType, jsonKind, type StreamVersion, type UndeclaredRule } from '../schema/model.ts';
import { type FieldValue, type FoundField, keyShapeFor, shapeFor } from '../schema/undeclared.ts';
import { recordIn } from './message-reader.ts';
import { acceptBits, RecordScanner } from './record-scanner.ts';

export interface FoundFields {
  readonly stream: string;
  /** Of the line's first byte. */
  readonly offset: number;
  readonly fields: readonly FoundField[];
  /** INPUT_SCHEMA_INVALID, instead of fields: a pattern of the schema that takes too long on a field's name. */
  readonly problem?: TargetError | undefined;
}

interface Watched {
  readonly version: StreamVersion;
  readonly rule: UndeclaredRule;
  /** Indexes of columns that the SCHEMA in force does not declare. */
  readonly loose: readonly number[];
  readonly scanner: RecordScanner;
  /** By path: offsets of the values that no column takes, of the record scanned last. */
  readonly unknown: Map<readonly string[], readonly [start: number, end: number]>;
}

export class FieldFinder {
  private readonly streams = new Map<string, Watched>();
  private readonly scratch = new GrowingBytes(1024);

  /** From now on records of the stream are of this version. @param loose columns that the SCHEMA in force does not declare */
  watch(version: StreamVersion, rule: UndeclaredRule, loose: readonly number[]): void {
    const { stream } = version;
    const watched = this.streams.get(stream);
    if (watched?.version === version && String(watched.loose) === String(loose)) return;
    const unknown: Watched['unknown'] = new Map();
    const scanner = new RecordScanner(version, {
      wants: (path) => verdictOf(rule, path) !== 'none',
      found: (path, start, end) => unknown.set(path, [start, end]),
    });
    this.streams.set(stream, { version, rule, loose, scanner, unknown });
  }

  /**
   * @param start, @param end whole lines, which hold their records as `line` says. What can't be read is left to the
   * encoder, which says what is wrong with it.
   */
  find(line: RecordLine, bytes: Buffer, start: number, end: number): FoundFields | undefined {
    if (this.streams.size === 0) return undefined;
    for (let p = start; p < end; p = bytes.indexOf(LINE_FEED, p) + 1) {
      const found = this.inLine(line, bytes, p);
      if (found) return { ...found, offset: p };
    }
    return undefined;
  }

  private inLine(line: RecordLine, bytes: Buffer, at: number): Omit<FoundFields, 'offset'> | undefined {
    try {
      const record =
        line.kind === 'bare' ? { streamId: line.stream, recordStart: skipSpace(bytes, at) } : recordIn(line, bytes, at);
      const watched = record && this.streams.get(record.streamId);
      return watched && this.inRecord(bytes, record.recordStart, watched);
    } catch (error) {
      if (error instanceof JsonSyntaxError) return undefined;
      throw error;
    }
  }

  private inRecord(bytes: Buffer, at: number, watched: Watched): Omit<FoundFields, 'offset'> | undefined {
    if (bytes[at] !== OPEN_BRACE) return undefined;
    const { stream } = watched.version;
    try {
      watched.unknown.clear();
      watched.scanner.scan(bytes, at);
      const fields = this.fieldsOf(bytes, watched);
      return fields.length === 0 ? undefined : { stream, fields };
    } catch (error) {
      const isProblem = error instanceof TargetError && error.code === 'INPUT_SCHEMA_INVALID';
      if (isProblem) return { stream, fields: [], problem: error.at({ stream }) };
      // a value that can't be read is for the encoder to name
      if (error instanceof JsonSyntaxError || error instanceof TargetError) return undefined;
      throw error;
    }
  }

  private fieldsOf(bytes: Buffer, watched: Watched): readonly FoundField[] {
    const fields = this.awaitedKeys(bytes, watched);
    if (fields === undefined) return [];
    const { version, rule, loose, scanner, unknown } = watched;
    for (const [path, [start, end]] of unknown) {
      const value = this.valueAt(bytes, slotKindAt(bytes, start), start, end);
      fields.push({ path, ...(typeOf(rule, path) ?? shapeFor(value, undefined, rule.numbers)) });
    }
    for (const index of loose) {
      const kind = scanner.kinds[index]!;
      if (kind === slotKind.null || kind === slotKind.absent) continue;
      const column = version.columns[index]!;
      const value = this.valueAt(bytes, kind, scanner.starts[index]!, scanner.ends[index]!);
      const shape = shapeFor(value, column, rule.numbers);
      if (shape !== column) fields.push({ path: column.path, type: shape.type, accepts: shape.accepts });
    }
    return fields;
  }

  /** @returns undefined where the record lacks one, or has none that can be compared: it makes no columns then. */
  private awaitedKeys(bytes: Buffer, { version, rule, scanner }: Watched): FoundField[] | undefined {
    const fields: FoundField[] = [];
    for (const [index, name] of (version.awaitedKeys ?? []).entries()) {
      const slot = scanner.awaitedSlot(index);
      const kind = scanner.kinds[slot]!;
      if (kind === slotKind.null || kind === slotKind.absent || kind === slotKind.structure) return undefined;
      const value = this.valueAt(bytes, kind, scanner.starts[slot]!, scanner.ends[slot]!);
      fields.push({ path: [name], ...(typeOf(rule, [name]) ?? keyShapeFor(value, rule.numbers)) });
    }
    return fields;
  }

  private valueAt(bytes: Buffer, kind: number, start: number, end: number): FieldValue {
    const isInteger = kind === slotKind.integer;
    return {
      kind: acceptBits[kind]!,
      isInteger,
      fits: (type) => this.holds(type, kind, bytes, start, end),
    };
  }

  private holds(type: ColumnType, kind: number, bytes: Buffer, start: number, end: number): boolean {
    if (acceptBits[kind] !== jsonKind.number) return type.kind !== 'timestamp' && type.kind !== 'date';
    if (type.kind === 'string' || type.kind === 'json') return true;
    if (kind === slotKind.notFinite) return type.kind === 'double';
    const { scratch } = this;
    scratch.clear();
    // a decimal may have more zeros than its text
    scratch.reserve(2 * (end - start) + 1024);
    try {
      if (type.kind === 'bigint') encodeBigint(bytes, start, end, kind === slotKind.integer, scratch);
      else if (type.kind === 'decimal') encodeDecimal(bytes, start, end, type.precision, type.scale, scratch);
      else return !encodeDouble(bytes, start, end, kind === slotKind.integer, scratch);
      return true;
    } catch (error) {
      if (error instanceof TargetError) return false;
      throw error;
    }
  }
}

/** What the schema says of the field; undefined where its values decide. */
function typeOf(rule: UndeclaredRule, path: readonly string[]) {
  const verdict = verdictOf(rule, path);
  return verdict === 'none' ? undefined : verdict;
}
