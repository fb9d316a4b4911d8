// A slab of lines → where its records stand, and the other Singer messages between them. Records themselves are not looked into.
import { isUtf8 } from 'node:buffer';
import { TargetError } from '../../errors/target-error.ts';
import { LINE_FEED, OPEN_BRACE, QUOTE } from '../../json/ascii.ts';
import {
  compactJson,
  JsonSyntaxError,
  type Member,
  membersOf,
  noObject,
  skipKey,
  skipSpace,
  skipString,
  stringAt,
} from '../../json/json-bytes.ts';
import type { Framer, InputEvent, Place, RecordLines } from '../front-end.ts';
import { batchMessage } from './batch-message.ts';
import { recordLine } from './record-line.ts';

const RECORD = recordLine.type.value;

/** Keeps the line count, and what the records of this tap begin with. */
export class SingerFramer implements Framer {
  private lines = 0;
  private recordPrefix = Buffer.alloc(0);

  /** Lines in the slabs framed so far. */
  get lineCount(): number {
    return this.lines;
  }

  /**
   * Records and messages in the order of the lines.
   * @throws TargetError with the line's number, after everything before that line was given.
   */
  *frame(bytes: Buffer): Generator<RecordLines | InputEvent> {
    let start = 0;
    for (let p = 0; p < bytes.length; ) {
      const end = bytes.indexOf(LINE_FEED, p) + 1;
      this.lines++;
      if (!this.isRecord(bytes, p) && !isBlank(bytes, p)) {
        const message = this.message(bytes, p);
        if (message !== undefined) {
          if (p > start) yield { kind: 'records', start, end: p };
          if (message instanceof TargetError) throw message.at({ line: this.lines });
          yield message;
          start = end;
        }
      }
      p = end;
    }
    if (bytes.length > start) yield { kind: 'records', start, end: bytes.length };
  }

  private isRecord(bytes: Buffer, at: number): boolean {
    const { recordPrefix } = this;
    for (let i = 0; i < recordPrefix.length; i++) if (bytes[at + i] !== recordPrefix[i]) return false;
    return recordPrefix.length > 0;
  }

  /** @returns undefined for a RECORD; an error is returned, so that what stands before it is given first. */
  private message(bytes: Buffer, at: number): InputEvent | TargetError | undefined {
    try {
      const start = skipSpace(bytes, at);
      const type = this.typeOf(bytes, at, start);
      if (type === RECORD) return undefined;
      return parseMessage(bytes, start, type, { line: this.lines, offset: at });
    } catch (error) {
      if (error instanceof TargetError) return error;
      if (error instanceof JsonSyntaxError)
        return new TargetError('INPUT_NOT_JSON', `${notJson(error)}${beginning(bytes, at)}`);
      throw error;
    }
  }

  private typeOf(bytes: Buffer, line: number, start: number): string {
    const first = skipSpace(bytes, start + 1);
    if (bytes[start] === 123 && bytes[first] === QUOTE) {
      const value = skipKey(bytes, first);
      if (bytes[value] === QUOTE && stringAt(bytes, first, Math.abs(skipString(bytes, first))) === 'type') {
        const end = Math.abs(skipString(bytes, value));
        const type = stringAt(bytes, value, end);
        if (type === RECORD) this.recordPrefix = Buffer.from(bytes.subarray(line, end));
        return type;
      }
    }
    return typeIn(bytes, membersOf(bytes, start).members);
  }
}

/** Most of what a line shows that is none of the tap's messages: who has written it can then be found. */
const SHOWN_CHARACTERS = 80;

/** Of a line that is not even like a message, such as one of a log. Others may hold what is nobody's business. */
function beginning(bytes: Buffer, line: number): string {
  const start = skipSpace(bytes, line);
  if (bytes[start] === OPEN_BRACE) return '';
  const end = Math.min(bytes.indexOf(LINE_FEED, start), start + 4 * SHOWN_CHARACTERS);
  const text = [...bytes.toString('utf8', start, end)].slice(0, SHOWN_CHARACTERS).join('');
  return `; it begins with ${JSON.stringify(text)}`;
}

function isBlank(bytes: Buffer, at: number): boolean {
  return bytes[skipSpace(bytes, at)] === LINE_FEED;
}

function parseMessage(bytes: Buffer, start: number, type: string, at: Place): InputEvent {
  const { members, repeated, end } = membersOf(bytes, start);
  if (bytes[skipSpace(bytes, end)] !== LINE_FEED) throw new JsonSyntaxError('something after the message', end);
  if (!isUtf8(bytes.subarray(start, end))) throw new TargetError('INPUT_NOT_JSON', 'the line is not valid UTF-8');
  if (repeated.includes('type')) throw new TargetError('INPUT_MESSAGE_INVALID', 'the message has "type" twice');
  switch (type) {
    case 'SCHEMA':
      return {
        kind: 'stream',
        declaration: {
          stream: text(bytes, members, 'stream', type),
          schema: json(bytes, members.get('schema')),
          key_properties: json(bytes, members.get('key_properties')),
          bookmark_properties: json(bytes, members.get('bookmark_properties')),
        },
        ...at,
      };
    case 'STATE': {
      const value = members.get('value');
      if (!value) throw new TargetError('INPUT_MESSAGE_INVALID', 'a STATE without "value"');
      return { kind: 'checkpoint', payload: compactJson(bytes, value.start, value.end), ...at };
    }
    case 'ACTIVATE_VERSION':
      return { kind: 'expire', stream: text(bytes, members, 'stream', type), below: integer(bytes, members), ...at };
    case 'BATCH':
      return batchMessage(bytes, members, at);
    default:
      throw new TargetError(
        'INPUT_MESSAGE_UNKNOWN',
        `a message of the unknown type ${JSON.stringify(type.slice(0, 40))}`,
      );
  }
}

function typeIn(bytes: Buffer, members: Map<string, Member>): string {
  if (members.has('type')) return text(bytes, members, 'type');
  throw new TargetError(
    'INPUT_MESSAGE_INVALID',
    'a JSON object without "type" is no Singer message; rows of plain JSON need a tap that reads them',
  );
}

function text(bytes: Buffer, members: Map<string, Member>, key: string, type = 'message'): string {
  const member = members.get(key);
  if (!member || bytes[member.start] !== QUOTE)
    throw new TargetError('INPUT_MESSAGE_INVALID', `a ${type} without a string "${key}"`);
  return stringAt(bytes, member.start, member.end);
}

function json(bytes: Buffer, member: Member | undefined): unknown {
  if (!member) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8', member.start, member.end));
  } catch {
    // its grammar was checked, but for the numbers that only Python writes
    throw new JsonSyntaxError('NaN or Infinity in a SCHEMA', member.start);
  }
}

function integer(bytes: Buffer, members: Map<string, Member>): bigint {
  const member = members.get('version');
  const digits = member ? bytes.toString('latin1', member.start, member.end) : '';
  const version = /^-?\d{1,19}$/.test(digits) ? BigInt(digits) : undefined;
  if (version === undefined || BigInt.asIntN(64, version) !== version)
    throw new TargetError('INPUT_MESSAGE_INVALID', 'an ACTIVATE_VERSION without a 64-bit integer "version"', {
      stream: text(bytes, members, 'stream'),
    });
  return version;
}

const notJson = ({ message }: JsonSyntaxError): string =>
  message === noObject ? 'the line is no JSON message' : `the line is not JSON: ${message}`;
