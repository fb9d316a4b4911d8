import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookmarks } from '../../../../src/protocols/singer/bookmarks.ts';

/** As the framer hands a value on: bytes may follow that are not part of it. */
const payload = (text: string) => Buffer.from(`${text}"`).subarray(0, Buffer.byteLength(text));
const of = (text: string) =>
  Object.fromEntries(
    [...bookmarks.of(payload(text))].map(([stream, { value }]) => [stream, Buffer.from(value).toString()]),
  );
const replaced = (text: string, newer: Readonly<Record<string, string>>) =>
  bookmarks
    .replace(
      payload(text),
      new Map(Object.entries(newer).map(([stream, value]) => [stream, { value: Buffer.from(value) }])),
    )
    .toString();

describe('the bookmarks of a STATE', () => {
  it('are what the tap wrote of each stream, digit by digit', () => {
    const text = '{"x":1,"bookmarks":{"a":{"id":12345678901234567890,"n":1.10},"b \\u00e9":null,"c":[1]},"y":{}}';
    expect(of(text)).toEqual({ a: '{"id":12345678901234567890,"n":1.10}', 'b é': 'null', c: '[1]' });
  });

  it('take the place of those in another value, which stays as it is', () => {
    const text = '{"currently_syncing":"b","bookmarks":{"a":{"id":1},"b":{"id":2}},"version":1.0}';
    expect(replaced(text, { b: '{"id":9007199254740993}' })).toBe(
      '{"currently_syncing":"b","bookmarks":{"a":{"id":1},"b":{"id":9007199254740993}},"version":1.0}',
    );
    expect(replaced(text, {})).toBe(text);
  });

  it('are added where the value has none of the stream', () => {
    expect(replaced('{"bookmarks":{}}', { a: '1', 'q"': '2' })).toBe('{"bookmarks":{"a":1,"q\\"":2}}');
    expect(replaced('{"bookmarks":{"a":1}}', { b: '2' })).toBe('{"bookmarks":{"a":1,"b":2}}');
  });

  it('are found by their name, however it is spelled', () => {
    expect(replaced('{"bookmarks":{"\\u0061":1}}', { a: '2' })).toBe('{"bookmarks":{"\\u0061":2}}');
    expect(of('{"b\\u006fokmarks":{"a":1}}')).toEqual({ a: '1' });
  });

  it.each([
    ['no bookmarks', '{"a":1}'],
    ['bookmarks that are null', '{"bookmarks":null}'],
    ['bookmarks that are a list', '{"bookmarks":[{"a":1}]}'],
    ['bookmarks twice', '{"bookmarks":{"a":1},"bookmarks":{"a":2}}'],
    ['a stream twice', '{"bookmarks":{"a":1,"b":2,"a":3}}'],
    ['nothing but a number', '17'],
    ['nothing', 'null'],
  ])('are not touched in a value with %s', (_, text) => {
    expect(of(text)).toEqual({});
    expect(replaced(text, { a: '5' })).toBe(text);
  });

  it('are replaced as JSON.parse sees it, whatever the value', () => {
    const names = fc.constantFrom('a', 'b', 'ü', 'q"', 'bookmarks', '__proto__');
    const marks = fc.dictionary(names, fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true });
    fc.assert(
      fc.property(marks, marks, fc.dictionary(fc.string(), fc.jsonValue()), (old, newer, rest) => {
        const { bookmarks: _, ...others } = rest;
        const text = JSON.stringify({ ...others, bookmarks: old });
        const texts = Object.fromEntries(Object.entries(newer).map(([name, value]) => [name, JSON.stringify(value)]));
        expect(JSON.parse(replaced(text, texts))).toEqual(
          JSON.parse(JSON.stringify({ ...others, bookmarks: { ...old, ...newer } })),
        );
      }),
    );
  });
});
