// A line that is a message → the stream and the record in it. Most lines of a source begin like an earlier one: these are
// recognised by their first bytes. All others are parsed.
import { TargetError } from '../errors/target-error.ts';
import { CLOSE_BRACE, COMMA, LINE_FEED, OPEN_BRACE, QUOTE } from '../json/ascii.ts';
import {
  JsonSyntaxError,
  type Member,
  membersOf,
  skipKey,
  skipSpace,
  skipString,
  skipValue,
  stringAt,
} from '../json/json-bytes.ts';
import { type MessageLine, streamIdOf } from '../protocols/record-line.ts';
import type { RecordHeader } from './metadata-fields.ts';

/** The first byte of `null`. */
const NULL = 110;

/** A stream whose records are read. */
export interface KnownStream {
  /** True when the stream's name is written in JSON without escapes. */
  readonly isPlainName: boolean;
}

/** A line that was parsed whole. */
export interface ParsedLine<Stream> {
  readonly stream: Stream;
  /** Offsets of the record. */
  readonly recordStart: number;
  readonly recordEnd: number;
  /** After the line feed. */
  readonly end: number;
  readonly layers: readonly Layer[];
}

/** An object of the line, from the outermost inwards, and the members of it. */
interface Layer {
  readonly members: ReadonlyMap<string, Member>;
}

/** What is learned of a line: the bytes around the stream's name, up to the record. */
export interface LinePrefix {
  /** Ends with the opening quote of the name. Empty when nothing is known yet. */
  readonly before: Buffer;
  /** Begins with the closing quote of the name. */
  readonly after: Buffer;
}

export class MessageReader<Stream extends KnownStream> {
  /** What the message read last says beside its record. */
  readonly header: RecordHeader;
  /** The stream of the last line that was recognised or parsed. Undefined after {@link forgetStream}. */
  current: Stream | undefined;
  private learned: LinePrefix & { readonly namespace: string | undefined };
  private name = Buffer.alloc(0);
  private readonly line: MessageLine;
  private readonly find: (id: string) => Stream | undefined;
  /** Keys that may stand only once, in each layer: JSON readers disagree on which of two equal keys counts. */
  private readonly once: readonly (readonly string[])[];

  /** @param find a stream by its id */
  constructor(line: MessageLine, find: (id: string) => Stream | undefined) {
    this.line = line;
    this.find = find;
    this.learned = { before: Buffer.alloc(0), after: Buffer.alloc(0), namespace: undefined };
    this.header = {
      extractedAt: { key: line.extractedAt?.key ?? '', form: line.extractedAt?.form, start: -1, end: -1 },
      version: { key: line.version ?? '', start: -1, end: -1 },
    };
    const { type, envelope, stream, namespace, record } = line;
    const inner = [stream, record, ...(namespace === undefined ? [] : [namespace])];
    this.once = envelope === undefined ? [[type.key, ...inner]] : [[type.key, envelope], inner];
  }

  get prefix(): LinePrefix {
    return this.learned;
  }

  /** The versions in force have changed: streams are looked up again. */
  forgetStream(): void {
    this.current = undefined;
  }

  /** @returns where the record begins when the line begins like one before it (another stream is fine), else -1 */
  recordStart(bytes: Buffer, start: number): number {
    const { before, after } = this.learned;
    if (before.length === 0) return -1;
    for (let i = 0; i < before.length; i++) if (bytes[start + i] !== before[i]) return -1;
    const nameEnd = this.matchName(bytes, start + before.length);
    if (nameEnd < 0) return -1;
    for (let i = 0; i < after.length; i++) if (bytes[nameEnd + i] !== after[i]) return -1;
    return nameEnd + after.length;
  }

  private matchName(bytes: Buffer, at: number): number {
    const { name } = this;
    if (this.current && bytes[at + name.length] === QUOTE) {
      let i = 0;
      while (i < name.length && bytes[at + i] === name[i]) i++;
      if (i === name.length) return at + i;
    }
    const end = bytes.indexOf(QUOTE, at);
    const unlike = bytes.toString('utf8', at, end);
    const other = this.find(streamIdOf(unlike, this.learned.namespace));
    if (!other?.isPlainName) return -1;
    this.recognise(other, unlike);
    return end;
  }

  beginHeader(): void {
    this.header.extractedAt.start = this.header.version.start = -1;
  }

  /**
   * Reads the members after the record, and the closing braces.
   * @param at the offset after the record
   * @returns the offset after the line feed
   */
  endOfLine(bytes: Buffer, at: number): number {
    let layer = this.once.length - 1;
    for (let p = at; ; ) {
      p = skipSpace(bytes, p);
      if (bytes[p] === CLOSE_BRACE) {
        p++;
        if (layer-- === 0) return lineEnd(bytes, p);
        continue;
      }
      if (bytes[p] !== COMMA) throw new JsonSyntaxError('a message that is not closed', p);
      const key = skipSpace(bytes, p + 1);
      const value = skipKey(bytes, key);
      p = skipValue(bytes, value);
      const name = stringAt(bytes, key, Math.abs(skipString(bytes, key)));
      this.assertOnce(name, layer);
      if (layer === this.once.length - 1) this.headerMember(name, value, p);
    }
  }

  private headerMember(key: string, start: number, end: number): void {
    if (key === this.line.extractedAt?.key) Object.assign(this.header.extractedAt, { start, end });
    else if (key === this.line.version) Object.assign(this.header.version, { start, end });
  }

  /** Parses a line with any order and spacing of its members. @throws TargetError, JsonSyntaxError */
  parse(bytes: Buffer, start: number): ParsedLine<Stream> {
    const { line } = this;
    const outer = membersOf(bytes, start);
    const end = lineEnd(bytes, outer.end);
    const inner = line.envelope === undefined ? outer : this.envelopeOf(bytes, outer.members.get(line.envelope));
    for (const [layer, { repeated }] of (inner === outer ? [outer] : [outer, inner]).entries())
      for (const key of repeated) this.assertOnce(key, layer);
    const [stream, streamId] = this.streamOf(bytes, inner.members);
    const record = inner.members.get(line.record);
    if (!record || bytes[record.start] !== OPEN_BRACE)
      throw invalid(`a ${line.type.value} without an object "${line.record}"`, streamId);
    for (const [key, { start: from, end: to }] of inner.members) this.headerMember(key, from, to);
    const layers = inner === outer ? [outer] : [outer, inner];
    return { stream, recordStart: record.start, recordEnd: record.end, end, layers };
  }

  private envelopeOf(bytes: Buffer, member: Member | undefined) {
    const { type, envelope } = this.line;
    if (!member || bytes[member.start] !== OPEN_BRACE)
      throw invalid(`a ${type.value} without an object "${envelope}"`, undefined);
    return membersOf(bytes, member.start);
  }

  private streamOf(bytes: Buffer, members: ReadonlyMap<string, Member>): [stream: Stream, id: string] {
    const { type, stream: key } = this.line;
    const member = members.get(key);
    if (!member || bytes[member.start] !== QUOTE) throw invalid(`a ${type.value} without a string "${key}"`, undefined);
    const name = stringAt(bytes, member.start, member.end);
    const namespace = this.namespaceOf(bytes, members);
    const id = streamIdOf(name, namespace);
    const stream = this.find(id);
    if (stream?.isPlainName && namespace === this.learned.namespace) this.recognise(stream, name);
    if (!stream)
      throw new TargetError('INPUT_RECORD_BEFORE_SCHEMA', `a ${type.value} before the SCHEMA of its stream`, {
        stream: id,
      });
    return [stream, id];
  }

  private namespaceOf(bytes: Buffer, members: ReadonlyMap<string, Member>): string | undefined {
    const { type, namespace } = this.line;
    const member = namespace === undefined ? undefined : members.get(namespace);
    if (!member || bytes[member.start] === NULL) return undefined;
    if (bytes[member.start] !== QUOTE) throw invalid(`a ${type.value} whose "${namespace}" is no string`, undefined);
    return stringAt(bytes, member.start, member.end);
  }

  /** Remembers the bytes before the record. Lines with the same bytes, apart from the stream's name, need no parsing. */
  learn(bytes: Buffer, start: number, { stream, recordStart, layers }: ParsedLine<Stream>): void {
    const inner = layers.at(-1)!.members;
    const name = inner.get(this.line.stream)!;
    if (!stream.isPlainName || !layers.every((layer, depth) => this.isSteady(bytes, layer, depth, recordStart))) return;
    this.learned = {
      before: Buffer.from(bytes.subarray(start, name.start + 1)),
      after: Buffer.from(bytes.subarray(name.end - 1, recordStart)),
      namespace: this.namespaceOf(bytes, inner),
    };
    this.recognise(stream, bytes.toString('utf8', name.start + 1, name.end - 1));
  }

  /**
   * Whether the members before the record are as expected. Without an envelope: exactly those that come once, in their
   * order. With an envelope: those in any order, and others only when they are null.
   */
  private isSteady(bytes: Buffer, { members }: Layer, depth: number, recordStart: number): boolean {
    const once = this.once[depth]!;
    const before = [...members].filter(([, { start }]) => start <= recordStart);
    // the row loop reads all other orders itself: a prefix that only this path knew would change errors
    if (this.once.length === 1) return before.map(([key]) => key).join() === once.join();
    return (
      once.every((key) => before.some(([name]) => name === key)) &&
      before.every(([key, { start }]) => once.includes(key) || bytes[start] === NULL)
    );
  }

  private recognise(stream: Stream, name: string): void {
    this.current = stream;
    this.name = Buffer.from(name);
  }

  private assertOnce(key: string, layer: number): void {
    if (this.once[layer]!.includes(key)) throw invalid(`the message has "${key}" twice`, undefined);
  }
}

/** The stream and the record of a line, which may be broken after the record begins. @throws JsonSyntaxError */
export function recordIn(
  line: MessageLine,
  bytes: Buffer,
  at: number,
): { streamId: string; recordStart: number } | undefined {
  let inner = at;
  if (line.envelope !== undefined) {
    const envelope = memberAt(bytes, at, [line.envelope])[0];
    if (envelope === undefined) return undefined;
    inner = envelope;
  }
  const keys = [line.stream, line.record, ...(line.namespace === undefined ? [] : [line.namespace])];
  const [stream, recordStart, namespace] = memberAt(bytes, inner, keys);
  if (stream === undefined || recordStart === undefined || bytes[stream] !== QUOTE) return undefined;
  const space = namespace === undefined || bytes[namespace] !== QUOTE ? undefined : textAt(bytes, namespace);
  return { streamId: streamIdOf(textAt(bytes, stream), space), recordStart };
}

/** Where the values of these keys begin, in the order of the keys; reading stops when all are found. */
function memberAt(bytes: Buffer, at: number, keys: readonly string[]): (number | undefined)[] {
  const found: (number | undefined)[] = keys.map(() => undefined);
  let missing = keys.length;
  let p = skipSpace(bytes, at);
  if (bytes[p] !== OPEN_BRACE) return found;
  do {
    const key = skipSpace(bytes, p + 1);
    const value = skipKey(bytes, key);
    const index = keys.indexOf(textAt(bytes, key));
    if (index >= 0 && found[index] === undefined) missing--;
    if (index >= 0) found[index] = value;
    if (missing === 0) return found;
    p = skipSpace(bytes, skipValue(bytes, value));
  } while (bytes[p] === COMMA);
  return found;
}

const textAt = (bytes: Buffer, at: number): string => stringAt(bytes, at, Math.abs(skipString(bytes, at)));

/** @returns the offset after the line feed; anything but space before it is an error */
export function lineEnd(bytes: Buffer, at: number): number {
  const p = skipSpace(bytes, at);
  if (bytes[p] !== LINE_FEED) throw new JsonSyntaxError('something after the message', p);
  return p + 1;
}

const invalid = (detail: string, stream: string | undefined): TargetError =>
  new TargetError('INPUT_MESSAGE_INVALID', detail, stream === undefined ? {} : { stream });
