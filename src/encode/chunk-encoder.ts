// Chunk (lines of RECORD messages) → segments (compressed rows by stream). Runs in a worker, or in the main thread for small inputs.
import { isUtf8 } from 'node:buffer';
import { TargetError } from '../errors/target-error.ts';
import type { Segment } from '../formats/segment.ts';
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
import { batchHeader } from './batch-header.ts';
import type { BatchLines, Chunk, EncoderSettings, Run, RunResult } from './chunk.ts';
import { type Definition, takeFirst } from './definitions.ts';
import { failureAt, withStream } from './line-failure.ts';
import type { RecordHeader } from './metadata-fields.ts';
import { RowLoop } from './row-loop/row-loop.ts';
import { type Place, type RecordSpan, StreamEncoder } from './stream-encoder.ts';

const LINE_FEED = 10;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const COMMA = 44;
const QUOTE = 34;
/** Loading the row loop takes as long as encoding so much without it. */
const MIN_ROW_LOOP_BYTES = 64 << 10;

export class ChunkEncoder {
  private readonly settings: EncoderSettings;
  /** Not in force yet. */
  private readonly pending: Definition[] = [];
  private readonly streams = new Map<string, StreamEncoder>();
  private readonly header = {
    timeExtracted: { start: -1, end: -1 },
    version: { start: -1, end: -1 },
  } satisfies RecordHeader;
  /** The bytes of the last record's header around the stream's name: most lines of a tap have the same. */
  private beforeName = Buffer.alloc(0);
  private afterName = Buffer.alloc(0);
  private name = Buffer.alloc(0);
  private current: StreamEncoder | undefined;
  private rowLoop: RowLoop | undefined;
  /** Lines of the slab before `to`, of a stream whose records are validated: they pass. */
  private checked: { readonly stream: StreamEncoder; readonly to: number } | undefined;

  constructor(settings: EncoderSettings) {
    this.settings = settings;
  }

  /** Takes stream versions in their order; they come into force when a run says so. Those that others have replaced may be left out. */
  define(definitions: readonly Definition[]): void {
    this.pending.push(...definitions);
  }

  /** Encodes run by run; stops at the first bad line, whose run is the last result. */
  encode(chunk: Chunk): RunResult[] {
    const bytes = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength);
    const results: RunResult[] = [];
    const { inputOffset, sourceOffset = inputOffset, receivedAtMs, batch } = chunk;
    const file = batch && { file: batch.file };
    const place = { inputOffset, sourceOffset, receivedAtMs, checkUtf8: !isUtf8(bytes), ...file };
    // lines of files have no header, and slabs that are not UTF-8 a bad line
    const rowLoop = batch || place.checkUtf8 ? undefined : this.rowLoopFor(bytes.length);
    rowLoop?.begin({ bytes, ...place });
    this.checked = undefined;
    for (const run of chunk.runs) {
      const result = this.run(bytes, run, place, { batch, rowLoop });
      results.push(result);
      if (result.failure) break;
    }
    return results;
  }

  private rowLoopFor(bytes: number): RowLoop | undefined {
    const { rowLoop = 'auto', format } = this.settings;
    if (rowLoop === 'never') return undefined;
    if (rowLoop === 'always' || bytes >= MIN_ROW_LOOP_BYTES) this.rowLoop ??= new RowLoop(format);
    return this.rowLoop;
  }

  private run(bytes: Buffer, run: Run, place: SlabPlace, { batch, rowLoop }: LinePaths): RunResult {
    this.enforce(run.definitions);
    const segments: Segment[] = [];
    const header = batch && batchHeader(batch);
    for (let i = 0; i < run.ranges.length; i += 2) {
      const end = run.ranges[i + 1]!;
      for (let p = skipBlank(bytes, run.ranges[i]!, end); p < end; p = skipBlank(bytes, p, end)) {
        try {
          if (batch) {
            p = this.bareLine(bytes, p, place, this.streams.get(batch.stream)!, header!, segments);
            continue;
          }
          const after = rowLoop ? this.plainLines(rowLoop, bytes, p, end, segments) : p;
          p = after > p ? after : this.line(bytes, p, place, segments);
        } catch (error) {
          this.flushAll(segments);
          return { segments, failure: failureAt(error, bytes, p) };
        }
      }
    }
    this.flushAll(segments);
    return { segments };
  }

  private enforce(count: number): void {
    for (const { version } of takeFirst(this.pending, count)) {
      this.streams.set(version.stream, new StreamEncoder(version, this.settings));
      this.current = undefined;
    }
  }

  /** Lines of one stream as far as the row loop takes them. @returns the offset after them */
  private plainLines(rowLoop: RowLoop, bytes: Buffer, start: number, end: number, segments: Segment[]): number {
    // says whose line it is, when it looks like the ones before
    this.fastHeader(bytes, start);
    const stream = this.current;
    if (!stream) return start;
    const to = stream.isChecked ? this.checkedTo(stream, bytes, start, end) : end;
    const after = rowLoop.encode(stream, start, to, this.beforeName, this.afterName);
    if (stream.isFull) segments.push(stream.take());
    return after;
  }

  /** @returns the offset after those of the stream's lines that pass its check, from `start` on */
  private checkedTo(stream: StreamEncoder, bytes: Buffer, start: number, end: number): number {
    // the row loop may have stopped among lines that have passed
    if (this.checked?.stream === stream && start < this.checked.to) return this.checked.to;
    // rows that it never takes would be checked twice
    if (stream.learned === undefined) return start;
    let p = start;
    while (p < end && this.fastHeader(bytes, p) >= 0 && this.current === stream) {
      const lineEnd = bytes.indexOf(LINE_FEED, p) + 1;
      if (!stream.passes(bytes, p, lineEnd)) break;
      p = lineEnd;
    }
    this.checked = { stream, to: p };
    return p;
  }

  /** @returns the offset after the line. */
  private line(bytes: Buffer, start: number, place: SlabPlace, segments: Segment[]): number {
    if (place.checkUtf8) assertUtf8(bytes, start);
    this.header.timeExtracted.start = this.header.version.start = -1;
    const recordStart = this.fastHeader(bytes, start);
    if (recordStart < 0 || bytes[recordStart] !== OPEN_BRACE) return this.oddLine(bytes, start, place, segments);
    const stream = this.current!;
    try {
      const recordEnd = stream.scan(bytes, recordStart);
      const end = this.lineEnd(bytes, this.trailer(bytes, recordEnd));
      this.add(stream, bytes, { start, recordStart, recordEnd, end }, place, segments);
      return end;
    } catch (error) {
      throw withStream(error, stream.version.stream);
    }
  }

  /** The record alone, as the files of a BATCH have it. @returns the offset after the line. */
  private bareLine(
    bytes: Buffer,
    start: number,
    place: SlabPlace,
    stream: StreamEncoder,
    header: RecordHeader,
    segments: Segment[],
  ): number {
    try {
      if (place.checkUtf8) assertUtf8(bytes, start);
      if (bytes[start] !== OPEN_BRACE) throw new JsonSyntaxError('a line that is no JSON object', start);
      const recordEnd = stream.scan(bytes, start);
      const end = this.lineEnd(bytes, recordEnd);
      this.add(stream, bytes, { start, recordStart: start, recordEnd, end }, place, segments, header);
      return end;
    } catch (error) {
      throw withStream(error, stream.version.stream);
    }
  }

  private add(
    stream: StreamEncoder,
    bytes: Buffer,
    span: RecordSpan,
    place: SlabPlace,
    segments: Segment[],
    header: RecordHeader = this.header,
  ): void {
    stream.add(bytes, span, header, place);
    if (stream.isFull) segments.push(stream.take());
  }

  /** @returns where the record begins when the header looks like the one before it (another stream is fine), else -1. */
  private fastHeader(bytes: Buffer, start: number): number {
    const { beforeName, afterName } = this;
    if (beforeName.length === 0) return -1;
    let p = start;
    for (let i = 0; i < beforeName.length; i++) if (bytes[p + i] !== beforeName[i]) return -1;
    p += beforeName.length;
    const nameEnd = this.matchName(bytes, p);
    if (nameEnd < 0) return -1;
    for (let i = 0; i < afterName.length; i++) if (bytes[nameEnd + i] !== afterName[i]) return -1;
    return nameEnd + afterName.length;
  }

  private matchName(bytes: Buffer, at: number): number {
    const { name } = this;
    if (this.current && bytes[at + name.length] === QUOTE) {
      let i = 0;
      while (i < name.length && bytes[at + i] === name[i]) i++;
      if (i === name.length) return at + i;
    }
    const end = bytes.indexOf(QUOTE, at);
    const other = this.streams.get(bytes.toString('utf8', at, end));
    if (!other?.plainName) return -1;
    this.current = other;
    this.name = Buffer.from(bytes.subarray(at, end));
    return end;
  }

  /** Members after the record, and the closing brace. @returns the offset after it. */
  private trailer(bytes: Buffer, at: number): number {
    for (let p = at; ; ) {
      p = skipSpace(bytes, p);
      if (bytes[p] === CLOSE_BRACE) return p + 1;
      if (bytes[p] !== COMMA) throw new JsonSyntaxError('a message that is not closed', p);
      const key = skipSpace(bytes, p + 1);
      const value = skipKey(bytes, key);
      p = skipValue(bytes, value);
      this.headerMember(stringAt(bytes, key, Math.abs(skipString(bytes, key))), value, p);
    }
  }

  private headerMember(key: string, start: number, end: number): void {
    if (key === 'time_extracted') Object.assign(this.header.timeExtracted, { start, end });
    else if (key === 'version') Object.assign(this.header.version, { start, end });
    else assertOnce(key);
  }

  /** @returns the offset after the line feed; anything but space before it is an error. */
  private lineEnd(bytes: Buffer, at: number): number {
    const p = skipSpace(bytes, at);
    if (bytes[p] !== LINE_FEED) throw new JsonSyntaxError('something after the message', p);
    return p + 1;
  }

  /** Any order and spacing of the header; teaches the fast path when the line has the usual order. */
  private oddLine(bytes: Buffer, start: number, place: SlabPlace, segments: Segment[]): number {
    const { members, repeated, end: objectEnd } = membersOf(bytes, start);
    const end = this.lineEnd(bytes, objectEnd);
    repeated.forEach(assertOnce);
    const stream = this.streamOf(bytes, members);
    const record = members.get('record');
    const name = stream.version.stream;
    if (!record || bytes[record.start] !== OPEN_BRACE)
      throw new TargetError('INPUT_MESSAGE_INVALID', 'a RECORD without an object "record"', { stream: name });
    for (const [key, { start: from, end: to }] of members)
      if (key !== 'type' && key !== 'stream' && key !== 'record') this.headerMember(key, from, to);
    try {
      stream.scan(bytes, record.start);
      this.add(stream, bytes, { start, recordStart: record.start, recordEnd: record.end, end }, place, segments);
    } catch (error) {
      throw withStream(error, name);
    }
    this.learn(bytes, start, members);
    return end;
  }

  private streamOf(bytes: Buffer, members: Map<string, Member>): StreamEncoder {
    const member = members.get('stream');
    if (!member || bytes[member.start] !== QUOTE)
      throw new TargetError('INPUT_MESSAGE_INVALID', 'a RECORD without a string "stream"');
    const name = stringAt(bytes, member.start, member.end);
    const stream = this.streams.get(name);
    if (!stream)
      throw new TargetError('INPUT_RECORD_BEFORE_SCHEMA', 'a RECORD before the SCHEMA of its stream', { stream: name });
    if (stream.plainName) {
      this.current = stream;
      this.name = Buffer.from(name);
    }
    return stream;
  }

  private learn(bytes: Buffer, start: number, members: Map<string, Member>): void {
    const [first, second, third] = members.keys();
    const stream = members.get('stream')!;
    if (first !== 'type' || second !== 'stream' || third !== 'record') return;
    this.beforeName = Buffer.from(bytes.subarray(start, stream.start + 1));
    this.afterName = Buffer.from(bytes.subarray(stream.end - 1, members.get('record')!.start));
  }

  private flushAll(segments: Segment[]): void {
    for (const stream of this.streams.values()) if (!stream.isEmpty) segments.push(stream.take());
  }
}

/** Which kind of lines a slab has, and what may encode them beside the slow path. */
interface LinePaths {
  readonly batch: BatchLines | undefined;
  readonly rowLoop: RowLoop | undefined;
}

interface SlabPlace extends Place {
  readonly checkUtf8: boolean;
}

function skipBlank(bytes: Buffer, at: number, end: number): number {
  let p = at;
  while (p < end && (bytes[p]! === 10 || bytes[p]! === 32 || bytes[p]! === 9 || bytes[p]! === 13)) p++;
  return p;
}

/** What the message is, and whose, must not depend on which of two members a reader takes. */
function assertOnce(key: string): void {
  if (key === 'type' || key === 'stream' || key === 'record')
    throw new TargetError('INPUT_MESSAGE_INVALID', `the message has "${key}" twice`);
}

function assertUtf8(bytes: Buffer, start: number): void {
  const end = bytes.indexOf(LINE_FEED, start);
  if (!isUtf8(bytes.subarray(start, end))) throw new TargetError('INPUT_NOT_JSON', 'the line is not valid UTF-8');
}
