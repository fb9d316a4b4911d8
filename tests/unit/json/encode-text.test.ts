import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEscapedString, encodeJsonText } from '../../../src/json/encode-text.ts';
import { GrowingBytes } from '../../../src/memory/growing-bytes.ts';
import { readCsv } from '../../support/csv.ts';

type Encode = (source: Buffer, start: number, end: number, out: GrowingBytes) => void;

/** What one value becomes as a field, read back; other bytes stand around it, as in a line. */
function textOf(encode: Encode, json: string): string {
  const source = Buffer.from(`:${json},`);
  // what the row encoder reserves: it must be enough
  const out = new GrowingBytes((source.length - 2) * 2 + 64);
  encode(source, 1, source.length - 1, out);
  expect(out.length).toBeLessThanOrEqual(out.bytes.length);
  const [[field]] = readCsv(Buffer.concat([out.bytes.subarray(0, out.length), Buffer.from('\n')])) as [
    [{ text: string; quoted: boolean }],
  ];
  expect(field.quoted).toBe(true);
  return field.text;
}

describe('a string with escapes', () => {
  it.each([
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    ['"\\u0041\\u00e9\\u20ac"', 'Aé€'],
    ['"\\u0000\\u001f\\u007f\\u0080\\u07ff\\u0800\\uffff"', '\u0000\u001f\u007f\u0080\u07ff\u0800\uffff'],
    ['"\\ud83d\\ude00"', '😀'],
    ['"\\uD800\\uDC00 \\uDBFF\\uDFFF"', '\u{10000} \u{10ffff}'],
    ['"\\ud7ff\\ue000"', '\ud7ff\ue000'],
    ['"\\u0022\\u0022"', '""'],
    ['"\\u005c\\u005Cn"', '\\\\n'],
    ['"😀\\n€"', '😀\n€'],
    ['"\\\\u0041"', '\\u0041'],
    ['"\\\\"', '\\'],
  ])('%s is its text', (json, text) => {
    expect(JSON.parse(json)).toBe(text);
    expect(textOf(encodeEscapedString, json)).toBe(text);
  });

  it.each([
    '"\\ud800"',
    '"\\udc00"',
    '"\\ud800\\ud800"',
    '"\\udc00\\ud800"',
    '"\\ud83dx"',
    '"\\ud83d\\n"',
    '"\\ud83d\\u0041"',
  ])('is refused when it holds half of a surrogate pair: %s', (json) => {
    expect(() => textOf(encodeEscapedString, json)).toThrow(expect.objectContaining({ code: 'INPUT_VALUE_INVALID' }));
  });

  it('is any text, however it is spelled', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.boolean(), { minLength: 1 }), (text, escaped) => {
        const json = [...text]
          .map((char, i) => {
            if (!escaped[i % escaped.length]) return JSON.stringify(char).slice(1, -1);
            return char.replaceAll(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
          })
          .join('');
        expect(textOf(encodeEscapedString, `"${json}"`)).toBe(text);
      }),
    );
  });
});

describe('JSON as text', () => {
  it.each(['{}', '[ 1.0 , "a\\"b" ]', '{"a":{"b":["\\u0041",null,1e3]}}', '-1.50', 'true', '["é😀"]', '[\t1,\r2]'])(
    'keeps the bytes of %s',
    (json) => {
      expect(textOf(encodeJsonText, json)).toBe(json);
    },
  );
});
