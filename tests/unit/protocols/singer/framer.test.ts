import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TargetError } from '../../../../src/errors/target-error.ts';
import { SingerFramer } from '../../../../src/protocols/singer/framer.ts';

type Item = { records: string } | Record<string, unknown>;

/** What a framer makes of one slab after the other; STATE values as text, offsets left out. */
function frameAll(slabs: readonly string[], framer = new SingerFramer()): { items: Item[]; error?: TargetError } {
  const items: Item[] = [];
  try {
    for (const text of slabs) {
      const bytes = Buffer.from(text);
      for (const item of framer.frame(bytes)) {
        if (item.kind === 'records') items.push({ records: bytes.toString('utf8', item.start, item.end) });
        else if (item.kind === 'checkpoint') items.push({ line: item.line, state: item.payload.toString() });
        else {
          const { offset: _, ...rest } = item;
          items.push(rest);
        }
      }
    }
  } catch (error) {
    return { items, error: error as TargetError };
  }
  return { items };
}

const RECORD = '{"type":"RECORD","stream":"a","record":{"id":1}}\n';
const failure = (text: string) => frameAll([text]).error;

describe('Singer lines', () => {
  it('become stretches of records and the messages between them, in order', () => {
    const state = '{"type":"STATE","value":{"a":1}}\n';
    const { items } = frameAll([`${RECORD}${RECORD}${state}${RECORD}`]);
    expect(items).toEqual([{ records: RECORD + RECORD }, { line: 3, state: '{"a":1}' }, { records: RECORD }]);
  });

  it.each([
    '{"type":"RECORD","stream":"a","record":{}}',
    '{"stream":"a","record":{},"type":"RECORD"}',
    '  { "type" : "RECORD" , "record" : { } , "stream":"a" }  ',
    '{"type":"RECORD","stream":"a","record":{}}\r',
    '{"\\u0074ype":"REC\\u004fRD","stream":"a","record":{}}',
    '{"record":{"type":"STATE","value":1},"type":"RECORD","stream":"a"}',
  ])('are records in any order and spacing: %j', (line) => {
    for (const before of ['', RECORD]) {
      const text = `${before}${line}\n`;
      expect(frameAll([text]).items).toEqual([{ records: text }]);
    }
  });

  it('may be blank', () => {
    const text = `\n  \t\r\n${RECORD}\r\n\n`;
    expect(frameAll([`${text}{"type":"STATE","value":1}\n\n`]).items).toEqual([
      { records: text },
      { line: 6, state: '1' },
      { records: '\n' },
    ]);
  });

  it('give a SCHEMA its parts, whatever the order of its keys', () => {
    const parts = {
      type: '"SCHEMA"',
      stream: '"a\\u00e9"',
      schema: '{"properties":{"id":{}}}',
      key_properties: '["id"]',
    };
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Object.entries(parts), { minLength: 4 }),
        fc.constantFrom('', ' ', '\t '),
        (order, space) => {
          const line = `{${order.map(([k, v]) => `${space}"${k}"${space}:${space}${v}${space}`).join()}}${space}\r\n`;
          expect(frameAll([line]).items).toEqual([
            {
              kind: 'stream',
              line: 1,
              declaration: { stream: 'aé', schema: { properties: { id: {} } }, key_properties: ['id'] },
            },
          ]);
        },
      ),
    );
  });

  it('leave a SCHEMA without schema or keys to those who know what that means', () => {
    expect(frameAll(['{"type":"SCHEMA","stream":"a"}\n']).items).toEqual([
      { kind: 'stream', line: 1, declaration: { stream: 'a', schema: undefined, key_properties: undefined } },
    ]);
  });

  it('give a STATE its own bytes, without white space and with integers beyond 2^53', () => {
    const { items } = frameAll([
      '{"value" : { "id": 9007199254740993 , "at":"x  y" , "n": 1.50 } , "type":"STATE"}\r\n',
    ]);
    expect(items).toEqual([{ line: 1, state: '{"id":9007199254740993,"at":"x  y","n":1.50}' }]);
  });

  it('give an ACTIVATE_VERSION as an exact integer', () => {
    expect(frameAll(['{"type":"ACTIVATE_VERSION","stream":"a","version":9007199254740993}\n']).items).toEqual([
      { kind: 'expire', line: 1, stream: 'a', below: 9007199254740993n },
    ]);
  });

  it('have offsets of their lines in the slab', () => {
    const bytes = Buffer.from(`${RECORD}{"type":"STATE","value":1}\n`);
    const message = [...new SingerFramer().frame(bytes)].at(-1);
    expect(message).toMatchObject({ kind: 'checkpoint', offset: RECORD.length });
  });

  it('are counted over several slabs, the bad one included', () => {
    const framer = new SingerFramer();
    const slabs = [`${RECORD}\n`, '{"type":"STATE","value":1}\n', `${RECORD}${RECORD}oops\n${RECORD}`];
    const { items, error } = frameAll(slabs, framer);
    expect(items).toHaveLength(3);
    expect(items.at(-1)).toEqual({ records: RECORD + RECORD });
    expect(error).toMatchObject({ code: 'INPUT_NOT_JSON', context: { line: 6 } });
    expect(framer.lineCount).toBe(6);
  });

  it.each([
    ['a log line', 'INFO starting', 'INPUT_NOT_JSON'],
    ['an array', '[1]', 'INPUT_NOT_JSON'],
    ['a number', '5', 'INPUT_NOT_JSON'],
    ['a message that is cut off', '{"type":"STATE","value":{"a":1}', 'INPUT_NOT_JSON'],
    ['two messages on a line', '{"type":"STATE","value":1}{"type":"STATE","value":2}', 'INPUT_NOT_JSON'],
    ['an object without a type', '{"stream":"a"}', 'INPUT_MESSAGE_INVALID'],
    ['an empty object', '{}', 'INPUT_MESSAGE_INVALID'],
    ['a type that is a number', '{"type":5}', 'INPUT_MESSAGE_INVALID'],
    ['an unknown type', '{"type":"BATCHES","stream":"a"}', 'INPUT_MESSAGE_UNKNOWN'],
    ['a type in lower case', '{"type":"record","stream":"a","record":{}}', 'INPUT_MESSAGE_UNKNOWN'],
    ['a STATE without a value', '{"type":"STATE"}', 'INPUT_MESSAGE_INVALID'],
    ['a SCHEMA without a stream', '{"type":"SCHEMA","schema":{}}', 'INPUT_MESSAGE_INVALID'],
    ['a SCHEMA whose stream is null', '{"type":"SCHEMA","stream":null}', 'INPUT_MESSAGE_INVALID'],
    ['a version that is text', '{"type":"ACTIVATE_VERSION","stream":"a","version":"1"}', 'INPUT_MESSAGE_INVALID'],
    ['a version with a fraction', '{"type":"ACTIVATE_VERSION","stream":"a","version":1.0}', 'INPUT_MESSAGE_INVALID'],
    [
      'a version beyond 64 bits',
      '{"type":"ACTIVATE_VERSION","stream":"a","version":9223372036854775808}',
      'INPUT_MESSAGE_INVALID',
    ],
    ['a message with two types', '{"type":"STATE","value":1,"type":"RECORD"}', 'INPUT_MESSAGE_INVALID'],
    ['a missing version', '{"type":"ACTIVATE_VERSION","stream":"a"}', 'INPUT_MESSAGE_INVALID'],
  ])('end at %s, after everything before it was given', (_, line, code) => {
    for (const before of ['', RECORD, `${RECORD}\n`]) {
      const { items, error } = frameAll([`${before}${line}\n${RECORD}`]);
      expect(items).toEqual(before === '' ? [] : [{ records: before }]);
      expect(error).toBeInstanceOf(TargetError);
      expect(error).toMatchObject({ code, context: { line: before.split('\n').length } });
    }
  });

  it.each([
    ['2026-11-27 INFO starting\u001b[0m', '"2026-11-27 INFO starting\\u001b[0m"'],
    ['id;name', '"id;name"'],
    [`\t${'ä'.repeat(81)}`, `"${'ä'.repeat(80)}"`],
    [`${'日'.repeat(79)}🦆🦆`, `"${'日'.repeat(79)}🦆"`],
  ])('show the beginning of a line that is none of theirs: %s', (line, shown) => {
    const { error } = frameAll([`${RECORD}${line}\n${RECORD}`]);
    expect(error?.message).toBe(`the line is no JSON message; it begins with ${shown}`);
  });

  it('show nothing of a line that may be a record', () => {
    const { error } = frameAll([`{"type":"STATE","value":{"password":"geheim"}\n`]);
    expect(error?.message).not.toContain('geheim');
    expect(error?.message).not.toContain('begins');
  });

  it('end at a message that is not UTF-8', () => {
    const line = Buffer.concat([Buffer.from('{"type":"STATE","value":"'), Buffer.from([0xe9]), Buffer.from('"}\n')]);
    expect(() => [...new SingerFramer().frame(line)]).toThrowError(
      expect.objectContaining({ code: 'INPUT_NOT_JSON', context: { line: 1 } }),
    );
  });

  it('never show more of an unknown type than its beginning', () => {
    expect(failure(`{"type":"${'x'.repeat(1000)}"}\n`)?.message.length).toBeLessThan(120);
  });

  it('give the same messages however they are cut into slabs', () => {
    const lines = [
      RECORD,
      '{"type": "RECORD", "stream": "a", "record": {}}\n',
      '\n',
      '{"type":"STATE","value":{"n":1}}\n',
      '{"record":{},"stream":"a","type":"RECORD"}\n',
      '{"type":"ACTIVATE_VERSION","stream":"a","version":1}\n',
      '{"type":"SCHEMA","stream":"a","schema":{},"key_properties":[]}\n',
    ];
    /** Neighbouring stretches of records joined: where slabs end must not matter. */
    const joined = (items: Item[]) =>
      items.reduce<Item[]>((out, item) => {
        const last = out.at(-1);
        if (last && 'records' in last && 'records' in item) last.records = `${last.records}${item.records}`;
        else out.push({ ...item });
        return out;
      }, []);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...lines), fc.boolean()), { minLength: 1, maxLength: 25 }),
        (cuts) => {
          const slabs = cuts.reduce<string[]>((out, [line, cut]) => {
            if (cut || out.length === 0) out.push(line);
            else out[out.length - 1] += line;
            return out;
          }, []);
          expect(joined(frameAll(slabs).items)).toEqual(joined(frameAll([slabs.join('')]).items));
        },
      ),
    );
  });
});
