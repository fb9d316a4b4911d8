import { describe, expect, it } from 'vitest';
import { assertValidates } from '../../../src/encode/validate.ts';
import type { TargetError } from '../../../src/errors/target-error.ts';
import { version } from './encoder-input.ts';

/** What is said of a schema; undefined when it can be compiled. */
function fault(schema: object): { column: string | undefined; message: string } | undefined {
  try {
    assertValidates(version({ validate: schema }));
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'INPUT_SCHEMA_INVALID', context: { stream: 'orders' } });
    return { column: (error as TargetError).context.column, message: (error as TargetError).message };
  }
}

const draft04 = { $schema: 'http://json-schema.org/draft-04/schema#' };
const draft2020 = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
const text = (pattern: string) => ({ type: 'string', pattern });

describe('a schema that records can not be validated by names the property and the cause:', () => {
  it.each<[string, object, string | undefined, string]>([
    ['a file that is not there', { properties: { ext: { $ref: 'shared/a.json' } } }, 'ext', '"shared/a.json"'],
    ['a missing definition', { properties: { a: { items: { $ref: '#/definitions/x' } } } }, 'a[]', '"#/definitions/x"'],
    [
      'a reference that an identifier turns into an address',
      {
        $id: 'https://example.com/a.json',
        properties: { id: { $id: 'b.json' }, o: { anyOf: [{ type: 'null' }, { $ref: 'c.json' }] } },
      },
      'o',
      '"c.json"',
    ],
    ['an unknown type', { properties: { o: { properties: { a: { type: 'text' } } } } }, 'o.a', '"text", which is none'],
    ['an unknown type among others', { properties: { a: { type: ['null', 'decimal'] } } }, 'a', '"decimal"'],
    ['the same in 2020-12', { ...draft2020, properties: { a: { type: ['null', 'decimal'] } } }, 'a', '"decimal"'],
    ['the same in a definition', { definitions: { a: { type: 'text' } } }, '#/definitions/a', '"text"'],
    ["draft-03's required", { properties: { a: { required: true } } }, 'a', '"required" is true, as draft-03'],
    ['the same in draft-04', { ...draft04, properties: { a: { required: true } } }, 'a', '"required" is true'],
    ['a bad expression', { properties: { a: text('[a') } }, 'a', '"[a" is no regular expression of JavaScript: '],
    [
      'one that JavaScript only took in earlier days',
      { properties: { a: text('^[\\w-.]$') } },
      'a',
      'Invalid character',
    ],
    ['a bad pattern of names', { patternProperties: { '(a': { type: 'string' } }, ...draft2020 }, undefined, '"(a"'],
    ["Python's groups", { properties: { a: text('(?P<y>\\d{4})') } }, 'a', 'written for Python'],
    ["Python's flags", { properties: { a: text('(?i)abc') } }, 'a', 'written for Python'],
    ["Python's anchors", { properties: { a: text('\\Aabc$') } }, 'a', 'write "^" for "\\A"'],
    ["Python's end", { properties: { a: text('^abc\\Z') } }, 'a', 'write "$" for "\\Z"'],
    ['a rule of the wrong type', { properties: { 'a/b': { minimum: '3' } } }, 'a/b', '"minimum" must be number'],
    ['a property that is no schema', { properties: { a: { properties: { b: 5 } } } }, 'a.b', 'must be object'],
    [
      'not that it follows two drafts',
      { properties: { n: { minimum: 0, exclusiveMinimum: true }, a: { type: 'text' } } },
      'a',
      '"text"',
    ],
  ])('%s', (_, schema, column, message) => {
    const found = fault(schema);
    expect(found?.message).toContain(message);
    expect(found?.column).toBe(column);
  });

  it('one that draft-04 takes is no fault', () => {
    expect(
      fault({ properties: { n: { minimum: 0, exclusiveMinimum: true }, p: text('(?<y>\\d)\\p{L}') } }),
    ).toBeUndefined();
  });

  it('the same each time that it comes', () => {
    const schema = { properties: { a: { type: 'text' } } };
    expect(fault(schema)?.column).toBe('a');
    expect(fault(schema)?.column).toBe('a');
  });
});
