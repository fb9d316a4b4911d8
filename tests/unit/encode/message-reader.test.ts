// Messages as three protocols write them: each is read by its record line alone.
import { describe, expect, it } from 'vitest';
import { MessageReader, recordIn } from '../../../src/encode/message-reader.ts';
import { type MessageLine, streamIdOf } from '../../../src/protocols/record-line.ts';
import { recordLine as singer } from '../../../src/protocols/singer/record-line.ts';

const airbyte: MessageLine = {
  kind: 'message',
  type: { key: 'type', value: 'RECORD' },
  envelope: 'record',
  stream: 'stream',
  namespace: 'namespace',
  record: 'data',
  extractedAt: { key: 'emitted_at', form: 'milliseconds' },
};

/** As PyAirbyte writes it: every member that is absent is an explicit null. */
const pyairbyte = (namespace: string, stream: string, data: string, at = 1704067200123) =>
  `{"type":"RECORD","log":null,"spec":null,"connectionStatus":null,"catalog":null,"record":{"namespace":${namespace},"stream":"${stream}","data":${data},"emitted_at":${at},"meta":null,"file_reference":null},"state":null,"trace":null,"control":null}`;
const platform = (namespace: string, stream: string, data: string, at = 1704067200123) =>
  `{"type":"RECORD","record":{"namespace":"${namespace}","stream":"${stream}","data":${data},"emitted_at":${at}}}`;

interface Read {
  readonly id: string;
  readonly record: string;
  readonly extractedAt: string | undefined;
  /** Whether the line was recognised by its first bytes. */
  readonly isKnown: boolean;
}

/** Reads lines one after the other, as the chunk encoder does. */
function readAll(line: MessageLine, ids: readonly string[], lines: readonly string[]): Read[] {
  const streams = new Map(ids.map((id) => [id, { id, isPlainName: !id.includes('"q') }]));
  const reader = new MessageReader(line, (id) => streams.get(id));
  return lines.map((text) => {
    const bytes = Buffer.from(`${text}\n`);
    reader.beginHeader();
    const start = reader.recordStart(bytes, 0);
    const isKnown = start >= 0;
    const parsed = isKnown ? undefined : reader.parse(bytes, 0);
    const recordStart = parsed?.recordStart ?? start;
    const recordEnd = recordStart + recordOf(text, recordStart).length;
    const end = parsed?.end ?? reader.endOfLine(bytes, recordEnd);
    expect(end).toBe(bytes.length);
    const { start: from, end: to } = reader.header.extractedAt;
    const extractedAt = from < 0 ? undefined : bytes.toString('utf8', from, to);
    if (parsed) reader.learn(bytes, 0, parsed);
    const id = (parsed?.stream ?? reader.current!).id;
    expect(recordIn(line, bytes, 0)).toEqual({ streamId: id, recordStart });
    return { id, record: bytes.toString('utf8', recordStart, recordEnd), extractedAt, isKnown };
  });
}

/** Records of these tests are flat. */
const recordOf = (text: string, start: number): string => text.slice(start, text.indexOf('}', start) + 1);

describe('a line of an Airbyte source', () => {
  const users = streamIdOf('users', 'shop');
  const at = '1704067200123';

  it('says stream, namespace, record and time within its envelope', () => {
    const lines = [platform('shop', 'users', '{"id":1}'), platform('shop', 'users', '{"id":2}')];
    expect(readAll(airbyte, [users], lines)).toEqual([
      { id: users, record: '{"id":1}', extractedAt: at, isKnown: false },
      { id: users, record: '{"id":2}', extractedAt: at, isKnown: true },
    ]);
  });

  it('has nulls for what is absent, and its record behind five of them', () => {
    const lines = [1, 2, 3].map((id) => pyairbyte('null', 'users', `{"id":${id}}`));
    expect(readAll(airbyte, ['users'], lines)).toEqual(
      [1, 2, 3].map((id) => ({ id: 'users', record: `{"id":${id}}`, extractedAt: at, isKnown: id > 1 })),
    );
  });

  it('is of another stream where its namespace is another', () => {
    const [one, other, none] = [users, streamIdOf('users', 'web'), 'users'];
    const lines = [
      platform('shop', 'users', '{"id":1}'),
      platform('web', 'users', '{"id":2}'),
      pyairbyte('null', 'users', '{"id":3}'),
      platform('shop', 'users', '{"id":4}'),
      '{"record":{"data":{"id":5},"namespace":"web","stream":"users","emitted_at":1},"type":"RECORD"}',
      platform('shop', 'users', '{"id":6}'),
    ];
    const read = readAll(airbyte, [one, other, none], lines);
    expect(read.map(({ id }) => id)).toEqual([one, other, none, one, other, one]);
    expect(read.map(({ record }) => record)).toEqual([1, 2, 3, 4, 5, 6].map((id) => `{"id":${id}}`));
  });

  it('may have its time before its record, in any order of members', () => {
    const line = '{"record":{"emitted_at":5,"stream":"users","namespace":null,"data":{"id":1}},"type":"RECORD"}';
    expect(readAll(airbyte, ['users'], [line, line])).toEqual(
      [1, 2].map(() => ({ id: 'users', record: '{"id":1}', extractedAt: '5', isKnown: false })),
    );
  });

  it.each([
    ['no envelope', '{"type":"RECORD","record":null}', 'a RECORD without an object "record"'],
    ['no record', '{"type":"RECORD","record":{"stream":"users"}}', 'a RECORD without an object "data"'],
    ['no stream', '{"type":"RECORD","record":{"data":{}}}', 'a RECORD without a string "stream"'],
    ['an odd namespace', '{"type":"RECORD","record":{"namespace":1,"stream":"users","data":{}}}', 'is no string'],
    ['two streams', '{"type":"RECORD","record":{"stream":"users","stream":"b","data":{}}}', '"stream" twice'],
    ['two envelopes', '{"type":"RECORD","record":{"stream":"users","data":{}},"record":{}}', '"record" twice'],
  ])('with %s is refused', (_, line, message) => {
    expect(() => readAll(airbyte, ['users'], [line])).toThrow(
      expect.objectContaining({ code: 'INPUT_MESSAGE_INVALID', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    ['its data twice', (line: string) => line.replace(',"emitted_at"', ',"data":{},"emitted_at"'), '"data" twice'],
    ['its envelope twice', (line: string) => line.replace(/}$/, ',"record":{}}'), '"record" twice'],
    ['something behind it', (line: string) => `${line}}`, 'something after the message'],
    ['an open envelope', (line: string) => line.slice(0, -1), 'a message that is not closed'],
  ])('that is recognised and has %s is refused', (_, change, message) => {
    const line = platform('shop', 'users', '{"id":1}');
    expect(() => readAll(airbyte, [users], [line, change(line)])).toThrow(message);
  });
});

describe('a line of a Singer tap', () => {
  it('is recognised when it begins like the one before, of any stream', () => {
    const line = (stream: string, more = '') => `{"type": "RECORD", "stream": "${stream}", "record": {"id":1}${more}}`;
    const lines = [line('a'), line('b', ', "time_extracted": "x"'), line('a', ', "version": 1'), line('c')];
    expect(
      readAll(singer, ['a', 'b', 'c'], lines).map(({ isKnown, id, extractedAt }) => [isKnown, id, extractedAt]),
    ).toEqual([
      [false, 'a', undefined],
      [true, 'b', '"x"'],
      [true, 'a', undefined],
      [true, 'c', undefined],
    ]);
  });
});
