// A record line → the form of it that the row loop reads.
import type { MessageLine, RecordLine, SharedValue } from '../../protocols/record-line.ts';
import { FORM_SIZE, IS_BARE, SHARED_EXTRACTED, SHARED_VERSION, TYPE_KEY } from './assembly/line-form.ts';
import type { PlanMemory } from './row-plan.ts';

/** Of a member that messages don't have: no key is as long. */
const NO_WORD = 0xffff_ffff;
const WORDS = 6;
/** Address and length. */
const WORD_SIZE = 8;
/** Bytes of a word, and of what is said of all records of a file: a date-time and an integer. */
const CAPACITY = 64;
/** A word and what vectors read beyond its end. */
const ROOM = CAPACITY + 16;

/** Whether the row loop can read such lines: members side by side, their keys without escapes. */
export function takesLine(line: RecordLine): boolean {
  if (line.kind === 'bare') return isShared(line.extractedAt, /^"[ -!#-[\]-~]*"$/) && isShared(line.version, /^-?\d+$/);
  const { envelope, namespace, extractedAt } = line;
  if (envelope !== undefined || namespace !== undefined || extractedAt?.form === 'milliseconds') return false;
  const words = [line.type.key, line.type.value, line.stream, line.record, extractedAt?.key, line.version];
  return words.every((word) => word === undefined || isPlain(word));
}

const isShared = (value: SharedValue | undefined, form: RegExp): boolean =>
  value === undefined || (value.json.length <= CAPACITY && form.test(value.json));

const isPlain = (word: string): boolean => word.length <= CAPACITY - 2 && /^[ !#-[\]-~]*$/.test(word);

/** In the order of the form. */
const wordsOf = ({ type, stream, record, extractedAt, version }: MessageLine): readonly (string | undefined)[] => [
  type.key,
  `"${type.value}"`,
  stream,
  record,
  extractedAt?.key,
  version,
];

export class LineForm {
  readonly address: number;
  private readonly memory: PlanMemory;
  /** Of the words, and of what bare lines share. */
  private readonly texts: number;
  private line: RecordLine | undefined;

  constructor(memory: PlanMemory) {
    this.memory = memory;
    this.address = memory.allocate(FORM_SIZE);
    this.texts = memory.allocate(WORDS * ROOM);
  }

  /** @param line one that `takesLine` */
  write(line: RecordLine): void {
    if (line === this.line) return;
    this.line = line;
    this.put(IS_BARE, line.kind === 'bare' ? 1 : 0);
    if (line.kind === 'message') return this.writeWords(line);
    // the row loop takes the characters of a date-time without the quotes
    this.writeShared(SHARED_EXTRACTED, 0, line.extractedAt?.json.slice(1, -1));
    this.writeShared(SHARED_VERSION, 1, line.version?.json);
  }

  private writeWords(line: MessageLine): void {
    wordsOf(line).forEach((word, index) => {
      const offset = TYPE_KEY + index * WORD_SIZE;
      this.put(offset, word === undefined ? 0 : this.writeText(word, index));
      this.put(offset + 4, word?.length ?? NO_WORD);
    });
  }

  private writeShared(offset: number, index: number, text: string | undefined): void {
    const at = text === undefined ? 0 : this.writeText(text, index);
    this.put(offset, at);
    this.put(offset + 4, at + (text?.length ?? 0));
  }

  private writeText(text: string, index: number): number {
    const at = this.texts + index * ROOM;
    this.memory.bytes.write(text, at, 'latin1');
    return at;
  }

  private put(offset: number, value: number): void {
    this.memory.bytes.writeUInt32LE(value, this.address + offset);
  }
}
