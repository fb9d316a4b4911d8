// A line of input → what is due for it, by JSON.parse and by the row oracle: without a part of the scanner or the framer.
import { isUtf8 } from 'node:buffer';
import { TargetError } from '../../src/errors/target-error.ts';
import { Streams } from '../../src/pipeline/streams.ts';
import type { StreamVersion } from '../../src/schema/model.ts';
import { type StreamVersionOptions, streamVersion } from '../../src/schema/stream-version.ts';
import { type Json, type JsonObject, member, parseLossless } from '../support/lossless-json.ts';
import { type ExpectedRow, expectedRow, Refused } from '../unit/encode/row-oracle.ts';

export type Due =
  | { readonly kind: 'nothing' | 'refused' }
  /** Python's NaN, nesting beyond a recursive reader, a BATCH: all paths must agree, whatever they say. */
  | { readonly kind: 'open' }
  | { readonly kind: 'row'; readonly version: StreamVersion; readonly row: ExpectedRow }
  /** As the intake's instruction says it, in short. */
  | { readonly kind: 'instruction'; readonly text: string };

const REFUSED: Due = { kind: 'refused' };
const OPEN: Due = { kind: 'open' };

export const MAX_LINE_BYTES = 2 << 20;

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The first line of an input, as offsets of the input count it. */
export const withoutMark = (line: Buffer): Buffer =>
  line.subarray(0, 3).equals(BYTE_ORDER_MARK) ? line.subarray(3) : line;

/** The start of an input that is UTF-16 or UTF-32 is refused as a whole, without a line number. */
const mayBeOtherEncoding = (line: Buffer): boolean =>
  line.subarray(0, 4).includes(0) || (line.length >= 2 && ['fffe', 'feff'].includes(line.toString('hex', 0, 2)));

export class LineOracle {
  private readonly streams: Streams;
  private readonly receivedAtMs: number;

  constructor(options: StreamVersionOptions, receivedAtMs: number) {
    this.streams = new Streams((message, id, known) => streamVersion(message, options, id, known));
    this.receivedAtMs = receivedAtMs;
  }

  /** @param offset of the line in the input */
  due(line: Buffer, offset: number): Due {
    // sizes are far from the limit: whether the line feed counts is another test's
    if (line.length > MAX_LINE_BYTES) return REFUSED;
    if (offset === 0 && mayBeOtherEncoding(line)) return OPEN;
    const text = line.toString();
    if (/^[ \t\r]*$/.test(text)) return { kind: 'nothing' };
    if (!isUtf8(line)) return REFUSED;
    try {
      return this.ofMessage(messageOf(text), text, offset);
    } catch (error) {
      if (error instanceof RangeError) return OPEN;
      if (error instanceof SyntaxError) return /NaN|Infinity/.test(text) ? OPEN : REFUSED;
      if (error instanceof Refused || error instanceof TargetError) return REFUSED;
      throw error;
    }
  }

  private ofMessage(message: JsonObject, text: string, offset: number): Due {
    const type = textOf(message, 'type');
    switch (type) {
      case 'RECORD': {
        const blanks = /^[ \t\r]*/.exec(text)![0].length;
        const found = expectedRow((stream) => this.streams.current(stream), text, offset + blanks, this.receivedAtMs);
        return { kind: 'row', ...found };
      }
      case 'SCHEMA': {
        const stream = textOf(message, 'stream');
        const value = (name: string) => {
          const json = member(message, name);
          return json && JSON.parse(json.source);
        };
        const schema = {
          type: 'SCHEMA',
          stream,
          schema: value('schema'),
          key_properties: value('key_properties'),
        } as const;
        const taken = this.streams.take(schema);
        return taken?.change === 'version'
          ? { kind: 'instruction', text: `SCHEMA ${taken.version.id}` }
          : { kind: 'nothing' };
      }
      case 'STATE':
        return { kind: 'instruction', text: `STATE ${compact(member(message, 'value') ?? refuse())}` };
      case 'ACTIVATE_VERSION': {
        const stream = textOf(message, 'stream');
        const digits = member(message, 'version')?.source ?? '';
        if (!/^-?\d{1,19}$/.test(digits) || BigInt.asIntN(64, BigInt(digits)) !== BigInt(digits)) refuse();
        return { kind: 'instruction', text: `ACTIVATE_VERSION ${stream} ${BigInt(digits)}` };
      }
      case 'BATCH':
        return OPEN;
      default:
        return REFUSED;
    }
  }
}

function refuse(): never {
  throw new Refused();
}

function messageOf(text: string): JsonObject {
  const message = parseLossless(text);
  if (message.kind !== 'object' || message.members.filter(([key]) => key === 'type').length !== 1) refuse();
  return message;
}

function textOf(message: JsonObject, name: string): string {
  const value = member(message, name);
  return value?.kind === 'string' ? value.value : refuse();
}

/** Without white space between tokens, each token as it was. */
function compact(value: Json): string {
  return value.source.replaceAll(/"(?:[^"\\]|\\.)*"|[ \t\r]+/g, (token) => (token.startsWith('"') ? token : ''));
}
