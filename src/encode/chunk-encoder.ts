// Chunk (lines of RECORD messages) → segments (compressed rows by stream). Runs in a worker, or in the main thread for small inputs.
import { isUtf8 } from 'node:buffer';
import { TargetError } from '../errors/target-error.ts';
import { formats } from '../formats/registry.ts';
import type { Segment } from '../formats/segment.ts';
import { LINE_FEED, OPEN_BRACE } from '../json/ascii.ts';
import { JsonSyntaxError } from '../json/json-bytes.ts';
import type { RecordLine } from '../protocols/record-line.ts';
import { endsWithin } from '../schema/time-limit.ts';
import { bareHeader } from './bare-header.ts';
import type { Chunk, EncoderSettings, Failure, RangeResult, RecordRange } from './chunk.ts';
import { type Definition, takeFirst } from './definitions.ts';
import { failureAt, linesTo, withStream } from './line-failure.ts';
import { lineEnd, MessageReader } from './message-reader.ts';
import type { RecordHeader } from './metadata-fields.ts';
import { takesLine } from './row-loop/line-form.ts';
import { RowLoop } from './row-loop/row-loop.ts';
import { type Place, type RecordSpan, StreamEncoder } from './stream-encoder.ts';

/** Loading the row loop takes as long as encoding so much without it. */
const MIN_ROW_LOOP_BYTES = 64 << 10;

export class ChunkEncoder {
  private readonly settings: EncoderSettings;
  /** Not in force yet. */
  private readonly pending: Definition[] = [];
  private readonly streams = new Map<string, StreamEncoder>();
  /** Undefined where the lines of the input are bare. */
  private readonly reader: MessageReader<StreamEncoder> | undefined;
  private rowLoop: RowLoop | undefined;
  /** Lines of the slab before `to`, of a stream whose records are validated: they pass. */
  private checked: { readonly stream: StreamEncoder; readonly to: number } | undefined;
  /** The line that was validated last, or is now: its offset in the slab. */
  private readonly validated: { stream: string | undefined; offset: number } = { stream: undefined, offset: 0 };

  constructor(settings: EncoderSettings) {
    this.settings = settings;
    const { recordLine } = settings;
    if (recordLine.kind === 'message') this.reader = new MessageReader(recordLine, (id) => this.streams.get(id));
  }

  /** Takes stream versions in their order; they come into force when a run says so. Those that others have replaced may be left out. */
  define(definitions: readonly Definition[]): void {
    this.pending.push(...definitions);
  }

  /**
   * Encodes run by run; stops at the first bad line, whose run is the last result. When the slab takes too long, none of
   * its rows are in the result, and no other chunk can be encoded.
   */
  encode(chunk: Chunk): RangeResult[] {
    const { maxSlabSeconds: seconds } = this.settings;
    if (seconds === undefined) return this.runs(chunk);
    let results: RangeResult[] = [];
    const work = () => {
      results = this.runs(chunk);
    };
    return endsWithin(seconds * 1000, work) ? results : [{ segments: [], failure: this.overdue(chunk.bytes, seconds) }];
  }

  /** Its offset is 0: the rows before the line are not in the result, so no state among them may go out. */
  private overdue(bytes: Uint8Array, seconds: number): Failure {
    const { stream, offset } = this.validated;
    const detail = `validating records by the stream's JSON Schema took more than ${seconds} s, and was stopped at this line`;
    return {
      code: 'INPUT_VALIDATION_TIMEOUT',
      detail,
      context: { stream },
      offset: 0,
      linesBefore: linesTo(bytes, offset),
    };
  }

  private runs(chunk: Chunk): RangeResult[] {
    const bytes = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength);
    const results: RangeResult[] = [];
    const { inputOffset, sourceOffset = inputOffset, receivedAtMs, file } = chunk;
    const place = {
      inputOffset,
      sourceOffset,
      receivedAtMs,
      checkUtf8: !isUtf8(bytes),
      ...(file && { file: file.name }),
    };
    const line = file?.line ?? this.settings.recordLine;
    // a slab that is not UTF-8 has a bad line
    const rowLoop = place.checkUtf8 ? undefined : this.rowLoopFor(bytes.length, line);
    rowLoop?.begin({ bytes, line, ...place });
    const bare = line.kind === 'bare' ? { stream: line.stream, header: bareHeader(line) } : undefined;
    this.checked = undefined;
    for (const run of chunk.runs) {
      const result = this.run(bytes, run, place, { bare, rowLoop });
      results.push(result);
      if (result.failure) break;
    }
    return results;
  }

  private rowLoopFor(bytes: number, line: RecordLine): RowLoop | undefined {
    const { rowLoop = 'auto', format } = this.settings;
    const { loop } = formats[format];
    if (rowLoop === 'never' || loop === undefined || !takesLine(line)) return undefined;
    if (rowLoop === 'always' || bytes >= MIN_ROW_LOOP_BYTES) this.rowLoop ??= new RowLoop(loop);
    return this.rowLoop;
  }

  private run(bytes: Buffer, run: RecordRange, place: SlabPlace, { bare, rowLoop }: LinePaths): RangeResult {
    this.enforce(run.definitions);
    const segments: Segment[] = [];
    for (let i = 0; i < run.ranges.length; i += 2) {
      const end = run.ranges[i + 1]!;
      for (let p = skipBlank(bytes, run.ranges[i]!, end); p < end; p = skipBlank(bytes, p, end)) {
        try {
          const after = rowLoop ? this.plainLines({ rowLoop, bare }, bytes, p, end, segments) : p;
          if (after > p) p = after;
          else p = bare ? this.bareLine(bytes, p, place, bare, segments) : this.line(bytes, p, place, segments);
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
      this.reader?.forgetStream();
    }
  }

  /** Lines of one stream as far as the row loop takes them. @returns the offset after them */
  private plainLines(
    { rowLoop, bare }: Required<LinePaths>,
    bytes: Buffer,
    start: number,
    end: number,
    segments: Segment[],
  ): number {
    const stream = this.streamAt(bytes, start, bare);
    if (!stream) return start;
    const to = stream.isChecked ? this.checkedTo(stream, bytes, start, end, bare) : end;
    const after = rowLoop!.encode(stream, start, to, bare ? undefined : this.reader!.prefix);
    if (stream.isFull) segments.push(stream.take());
    return after;
  }

  /** Whose line it is: when the line does not look like the ones before, whose the one before was. */
  private streamAt(bytes: Buffer, start: number, bare: BareLines | undefined): StreamEncoder | undefined {
    if (bare) return this.streams.get(bare.stream);
    this.reader!.recordStart(bytes, start);
    return this.reader!.current;
  }

  /** @returns the offset after those of the stream's lines that pass its check, from `start` on */
  private checkedTo(
    stream: StreamEncoder,
    bytes: Buffer,
    start: number,
    end: number,
    bare: BareLines | undefined,
  ): number {
    // the row loop may have stopped among lines that have passed
    if (this.checked?.stream === stream && start < this.checked.to) return this.checked.to;
    // rows that it never takes would be checked twice
    if (stream.learned === undefined) return start;
    const isOfStream = (at: number) =>
      bare !== undefined || (this.reader!.recordStart(bytes, at) >= 0 && this.reader!.current === stream);
    let p = start;
    while (p < end && isOfStream(p)) {
      const next = bytes.indexOf(LINE_FEED, p) + 1;
      this.validating(stream, p);
      if (!stream.passes(bytes, p, next)) break;
      p = next;
    }
    this.checked = { stream, to: p };
    return p;
  }

  /** @returns the offset after the line. */
  private line(bytes: Buffer, start: number, place: SlabPlace, segments: Segment[]): number {
    if (place.checkUtf8) assertUtf8(bytes, start);
    const reader = this.reader!;
    reader.beginHeader();
    const recordStart = reader.recordStart(bytes, start);
    if (recordStart < 0 || bytes[recordStart] !== OPEN_BRACE) return this.oddLine(bytes, start, place, segments);
    const stream = reader.current!;
    try {
      const recordEnd = stream.scan(bytes, recordStart);
      const end = reader.endOfLine(bytes, recordEnd);
      this.add(stream, bytes, { start, recordStart, recordEnd, end }, place, reader.header, segments);
      return end;
    } catch (error) {
      throw withStream(error, stream.version.stream);
    }
  }

  /** Any order and spacing of the message; lines that begin like it may be recognised from then on. */
  private oddLine(bytes: Buffer, start: number, place: SlabPlace, segments: Segment[]): number {
    const reader = this.reader!;
    const parsed = reader.parse(bytes, start);
    const { stream, recordStart, recordEnd, end } = parsed;
    try {
      stream.scan(bytes, recordStart);
      this.add(stream, bytes, { start, recordStart, recordEnd, end }, place, reader.header, segments);
    } catch (error) {
      throw withStream(error, stream.version.stream);
    }
    reader.learn(bytes, start, parsed);
    return end;
  }

  /** The record alone. @returns the offset after the line. */
  private bareLine(bytes: Buffer, start: number, place: SlabPlace, bare: BareLines, segments: Segment[]): number {
    const stream = this.streams.get(bare.stream)!;
    try {
      if (place.checkUtf8) assertUtf8(bytes, start);
      if (bytes[start] !== OPEN_BRACE) throw new JsonSyntaxError('it is no object', start);
      const recordEnd = stream.scan(bytes, start);
      const end = lineEnd(bytes, recordEnd);
      this.add(stream, bytes, { start, recordStart: start, recordEnd, end }, place, bare.header, segments);
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
    header: RecordHeader,
    segments: Segment[],
  ): void {
    this.validating(stream, span.start);
    stream.add(bytes, span, header, place);
    if (stream.isFull) segments.push(stream.take());
  }

  private validating({ version }: StreamEncoder, offset: number): void {
    this.validated.stream = version.stream;
    this.validated.offset = offset;
  }

  private flushAll(segments: Segment[]): void {
    for (const stream of this.streams.values()) if (!stream.isEmpty) segments.push(stream.take());
  }
}

/** Which kind of lines a slab has, and what may encode them beside the slow path. */
interface LinePaths {
  /** Undefined for messages. */
  readonly bare: BareLines | undefined;
  readonly rowLoop: RowLoop | undefined;
}

/** Lines that are records and nothing else. */
interface BareLines {
  readonly stream: string;
  readonly header: RecordHeader;
}

interface SlabPlace extends Place {
  readonly checkUtf8: boolean;
}

function skipBlank(bytes: Buffer, at: number, end: number): number {
  let p = at;
  while (p < end && (bytes[p]! === 10 || bytes[p]! === 32 || bytes[p]! === 9 || bytes[p]! === 13)) p++;
  return p;
}

function assertUtf8(bytes: Buffer, start: number): void {
  const end = bytes.indexOf(LINE_FEED, start);
  if (!isUtf8(bytes.subarray(start, end))) throw new TargetError('INPUT_NOT_JSON', 'the line is not valid UTF-8');
}
