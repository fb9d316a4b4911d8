// Text that is no JSON → where the error is and, where that can be told, its cause.
import { describe, expect, it } from 'vitest';
import { jsonFault, looksLikeYaml } from '../../../src/config/json-fault.ts';

describe('a fault of JSON', () => {
  it.each([
    ['{"a": }', 7],
    ['{"a" x: "b"}', 6],
    ['[1, x]', 5],
    ['{"a": x # y}', 7],
    [`{"a": x, 'b': 1}`, 7],
    ['{1: a}', 2],
    ['{"a": x}', 7],
    ['[1 2]', 4],
  ])('in %s at column %i has no cause that can be told', (text, column) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(jsonFault(text)).toBe(`error at line 1, column ${column}`);
  });

  it.each([
    ['[1,]', 4, 'remove the comma after the last entry'],
    ['{"a": 1, }', 10, 'remove the comma after the last entry'],
    ['{"a": 1 /* b */}', 9, 'JSON has no comments: remove the comment'],
    ['{"a": ‘b’}', 7, 'JSON has double quotes (") only'],
    ['{_a: 1}', 2, 'names stand in double quotes (")'],
    ['{"a": 1 "b": 2}', 9, 'a comma is missing before this text'],
    ['{"a": "b\n"}', 7, 'this text lacks its closing quote, or a backslash before a quote or backslash within'],
  ])('in %s at column %i has the cause: %s', (text, column, cause) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(jsonFault(text)).toBe(`error at line 1, column ${column}: ${cause}`);
  });

  it('in a text that begins with an open quote is told without a cause', () => {
    expect(jsonFault('"abc')).toMatch(/^error at line 1, column \d+$/);
  });
});

describe('a text', () => {
  it.each([
    'host: h',
    '\n\nhost: h',
    ' \nhost: h',
    '  # c\nhost: h',
    'host: h # c',
    'host:\n  x',
    'host :',
    '---',
    '- a',
    'a-b: 1',
  ])('is taken for YAML: %j', (text) => {
    expect(looksLikeYaml(text)).toBe(true);
  });
  it.each(['', '# a comment', '{"host": 1}', 'a.b: 1', 'host', 'host:x', '-a', 'x # host: h'])(
    'is not taken for YAML: %j',
    (text) => {
      expect(looksLikeYaml(text)).toBe(false);
    },
  );
});
