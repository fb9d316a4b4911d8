// A JSON object or array, as bytes, → the text that the load's statement makes a STRUCT or an ARRAY of.
//
// Every member is checked and written as a column of its type would be, so that neither of the converters (`from_json` of
// Spark and of DuckDB) has anything to decide: all members are there, in their declared order, under their own names in
// the table; numbers that a reader would take through a double, and times, stand as JSON strings. See docs/decisions/nested-staged-text.md.
import { TargetError } from '../errors/target-error.ts';
import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, QUOTE } from '../json/ascii.ts';
import { assertNumber, encodeBigint, encodeDecimal, encodeDouble } from '../json/encode-number.ts';
import { assertWholeText } from '../json/encode-text.ts';
import { encodeDate, encodeTimestamp } from '../json/encode-time.ts';
import {
  skipKey,
  skipLiteral,
  skipNumber,
  skipSpace,
  skipString,
  skipStructure,
  stringAt,
} from '../json/json-bytes.ts';
import { slotKind } from '../json/slot-kind.ts';
import { characters, isText } from '../json/text-slice.ts';
import { GrowingBytes } from '../memory/growing-bytes.ts';
import { type ArrayType, asText, type Column, isNested, type StructType, type ValueType } from '../schema/model.ts';
import { FieldCounts } from './field-counts.ts';
import { acceptBits } from './record-scanner.ts';
import { unexpectedKind } from './unexpected-kind.ts';

const NULL = Buffer.from('null');
/** Upper bound of what a value grows by beside its own bytes: quotes, a time of day, a decimal without its exponent. */
const GROWTH_BYTES = 96;

/**
 * Ends the text for the converter; the value's own JSON text follows, for tables that hold it as text, unless it is the same.
 * No JSON text holds this character.
 */
export const sourceSeparator = '\u001e';
const SEPARATOR = sourceSeparator.charCodeAt(0);

/** Holds the value encoded last. */
export class NestedEncoder {
  readonly output = new GrowingBytes(4096);
  /** True when some member holds its number only approximately. */
  inexact = false;
  /** True when some member's date-time was finer than a microsecond. */
  cut = false;
  /** Members that became NULL because they can't hold their value. */
  nulled = 0;
  /** Members that are declared as strings, and hold the JSON text of what they were instead. */
  takenAsText = 0;
  /** Members that no struct declares, and that were not null, by their path. */
  readonly undeclared = new FieldCounts();
  private readonly nullInvalid: boolean;
  /** Where we are, for messages: `address`, `.geo`, `[]`, `.lat`. */
  private readonly path: string[] = [];
  private readonly plans = new WeakMap<StructType, StructPlan>();

  /** @param nullInvalid whether a member that can't hold its value becomes NULL, and is counted, instead of an error */
  constructor(nullInvalid: boolean) {
    this.nullInvalid = nullInvalid;
  }

  /**
   * @param source [start, end) is an object or array whose grammar has been checked.
   * @throws TargetError that names the member
   */
  encode(source: Buffer, start: number, end: number, column: Column): void {
    this.output.clear();
    this.inexact = false;
    this.cut = false;
    this.nulled = 0;
    this.takenAsText = 0;
    this.path.length = 0;
    this.path.push(column.path.join('.'));
    this.value(source, { kind: slotKind.structure, start, end }, column);
    this.source(source, start, end);
  }

  private source(source: Buffer, start: number, end: number): void {
    const { output } = this;
    const { length } = output;
    if (length === end - start && output.bytes.compare(source, start, end, 0, length) === 0) return;
    output.reserve(end - start + 1);
    output.byte(SEPARATOR);
    output.copy(source, start, end);
  }

  /** A member or element. */
  private part(source: Buffer, token: Token, step: string, type: ValueType): void {
    const { output, path } = this;
    if (token.kind === slotKind.null) return output.copy(NULL, 0, NULL.length);
    const [before, nulledBefore] = [output.length, this.nulled];
    path.push(step);
    try {
      this.value(source, token, type);
    } catch (error) {
      if (!this.nullInvalid || !(error instanceof TargetError)) throw error;
      output.length = before;
      this.nulled = nulledBefore + 1;
      output.copy(NULL, 0, NULL.length);
    }
    path.pop();
  }

  private value(source: Buffer, token: Token, valueType: ValueType): void {
    const { kind, start, end } = token;
    this.output.reserve((end - start) * 2 + GROWTH_BYTES);
    try {
      const { type, accepts } = valueType;
      if ((accepts & acceptBits[kind]!) === 0) {
        if ((accepts & asText) === 0) throw unexpectedKind(valueType, kind);
        this.takenAsText++;
      }
      if (type.kind === 'struct') this.struct(source, start, type);
      else if (type.kind === 'array') this.array(source, start, type);
      else this.leaf(source, token, valueType);
    } catch (error) {
      throw error instanceof TargetError ? error.at({ column: this.path.join('') }) : error;
    }
  }

  private struct(source: Buffer, start: number, type: StructType): void {
    if (source[start] !== OPEN_BRACE)
      throw new TargetError('INPUT_VALUE_INVALID', 'found an array where the schema says object');
    const plan = this.planOf(type);
    const tokens = membersOf(source, start, plan, (name) => this.undeclared.add(`${this.path.join('')}.${name}`));
    const { output } = this;
    output.byte(OPEN_BRACE);
    for (const [index, field] of type.fields.entries()) {
      const key = plan.keys[index]!;
      output.reserve(key.length + GROWTH_BYTES);
      output.copy(key, 0, key.length);
      this.part(source, tokens[index] ?? absent, `.${field.property}`, field);
    }
    output.reserve(GROWTH_BYTES);
    output.byte(CLOSE_BRACE);
  }

  private array(source: Buffer, start: number, { element }: ArrayType): void {
    if (source[start] === OPEN_BRACE)
      throw new TargetError('INPUT_VALUE_INVALID', 'found an object where the schema says array');
    const { output } = this;
    output.byte(source[start]!);
    let p = skipSpace(source, start + 1);
    while (source[p] !== CLOSE_BRACKET) {
      const token = tokenAt(source, p);
      this.part(source, token, '[]', element);
      output.reserve(GROWTH_BYTES);
      p = skipSpace(source, token.end);
      if (source[p] === COMMA) {
        output.byte(COMMA);
        p = skipSpace(source, p + 1);
      }
    }
    output.byte(CLOSE_BRACKET);
  }

  private leaf(source: Buffer, token: Token, { type, accepts }: ValueType): void {
    const { output } = this;
    const { kind, start, end } = token;
    switch (type.kind) {
      case 'string':
      case 'json':
        return isText(kind) ? this.text(source, token) : this.quotedSource(source, start, end);
      case 'boolean':
        return output.copy(source, start, end);
      case 'bigint':
        if (kind === slotKind.notFinite) throw unexpectedKind({ type, accepts }, kind);
        return encodeBigint(source, start, end, kind === slotKind.integer, output);
      case 'double':
        return this.double(source, token);
    }
    if (kind === slotKind.notFinite || isNested(type)) throw unexpectedKind({ type, accepts }, kind);
    const text = isText(kind) ? characters(source, kind, start, end) : token;
    const bytes = 'source' in text ? text.source : source;
    output.byte(QUOTE);
    const from = output.length;
    if (type.kind === 'decimal') encodeDecimal(bytes, text.start, text.end, type.precision, type.scale, output);
    else if (type.kind === 'date') encodeDate(bytes, text.start, text.end, output);
    else {
      if (encodeTimestamp(bytes, text.start, text.end, output)) this.cut = true;
      // as text, the form that string columns hold of a time
      output.bytes[from + 'yyyy-mm-dd'.length] = 'T'.charCodeAt(0);
      output.byte('Z'.charCodeAt(0));
    }
    output.reserve(GROWTH_BYTES);
    output.byte(QUOTE);
  }

  /** The literal as it is: both converters read all of JSON's escapes. */
  private text(source: Buffer, { kind, start, end }: Token): void {
    if (kind === slotKind.escapedString) assertWholeText(source, start, end);
    this.output.copy(source, start, end);
  }

  /** JSON text as a JSON string. It holds no control characters but white space. */
  private quotedSource(source: Buffer, start: number, end: number): void {
    const { output } = this;
    output.byte(QUOTE);
    for (let p = start; p < end; p++) {
      const c = source[p]!;
      if (c === QUOTE || c === BACKSLASH) output.byte(BACKSLASH);
      if (c >= 32) output.byte(c);
      else output.ascii(c === 9 ? '\\t' : '\\r');
    }
    output.byte(QUOTE);
  }

  /** The shortest text of the nearest double: a reader of JSON may refuse a number of a thousand digits. */
  private double(source: Buffer, { kind, start, end }: Token): void {
    const { output } = this;
    if (kind === slotKind.notFinite) {
      output.byte(QUOTE);
      output.copy(source, start, end);
      return output.byte(QUOTE);
    }
    const text = isText(kind) ? characters(source, kind, start, end) : { source, start, end };
    if (isText(kind)) assertNumber(text.source, text.start, text.end);
    const from = output.length;
    if (encodeDouble(text.source, text.start, text.end, kind === slotKind.integer, output)) this.inexact = true;
    const nearest = Number(output.bytes.toString('latin1', from, output.length));
    output.length = from;
    output.ascii(Object.is(nearest, -0) ? '-0.0' : String(nearest));
  }

  private planOf(type: StructType): StructPlan {
    const known = this.plans.get(type);
    if (known !== undefined) return known;
    const plan = {
      indexes: new Map(type.fields.map(({ property }, index) => [property, index])),
      keys: type.fields.map(({ name }, index) => Buffer.from(`${index > 0 ? ',' : ''}${JSON.stringify(name)}:`)),
    };
    this.plans.set(type, plan);
    return plan;
  }
}

interface StructPlan {
  readonly indexes: ReadonlyMap<string, number>;
  /** `"name":`, with a comma before it but for the first. */
  readonly keys: readonly Buffer[];
}

/** A value's place in the source, and its slot kind. */
interface Token {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
}

/** A member that is not there is NULL: a struct has all of its members. */
const absent: Token = { kind: slotKind.null, start: 0, end: 0 };

/** By field; of a member that comes twice the last counts. */
function membersOf(
  source: Buffer,
  start: number,
  { indexes }: StructPlan,
  onUndeclared: (name: string) => void,
): (Token | undefined)[] {
  const tokens: (Token | undefined)[] = [];
  let p = skipSpace(source, start + 1);
  while (source[p] !== CLOSE_BRACE) {
    const name = stringAt(source, p, Math.abs(skipString(source, p)));
    const token = tokenAt(source, skipKey(source, p));
    const index = indexes.get(name);
    if (index !== undefined) tokens[index] = token;
    else if (token.kind !== slotKind.null) onUndeclared(name);
    p = skipSpace(source, token.end);
    if (source[p] === COMMA) p = skipSpace(source, p + 1);
  }
  return tokens;
}

function tokenAt(source: Buffer, start: number): Token {
  const c = source[start]!;
  if (c === QUOTE) {
    const end = skipString(source, start);
    return { kind: end < 0 ? slotKind.escapedString : slotKind.string, start, end: Math.abs(end) };
  }
  if (c === 45 || (c >= 48 && c <= 57)) {
    const end = skipNumber(source, start);
    const kind = end > 0 ? slotKind.integer : source[start + 1] === 73 ? slotKind.notFinite : slotKind.number;
    return { kind, start, end: Math.abs(end) };
  }
  if (c === OPEN_BRACE || c === 91) return { kind: slotKind.structure, start, end: skipStructure(source, start) };
  const kind = c === 110 ? slotKind.null : c === 78 || c === 73 ? slotKind.notFinite : slotKind.boolean;
  return { kind, start, end: skipLiteral(source, start) };
}
