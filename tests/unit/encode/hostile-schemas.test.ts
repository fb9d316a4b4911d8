// Schemas and records that would stop a validator, or that it would not see.
import { describe, expect, it } from 'vitest';
import { assertValidates, recordCheck } from '../../../src/encode/validate.ts';
import { TargetError } from '../../../src/errors/target-error.ts';
import { version } from './encoder-input.ts';

function problem(schema: object, record: string): TargetError | undefined {
  const bytes = Buffer.from(record);
  try {
    recordCheck(version({ validate: schema }))!.assert(bytes, 0, bytes.length);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(TargetError);
    return error as TargetError;
  }
}

const ofDraft = (draft: string) => ({ $schema: `http://json-schema.org/${draft}/schema#` });
const drafts = ['draft-04', 'draft-07', 'draft/2019-09', 'draft/2020-12'];

describe('uniqueItems', () => {
  it.each([
    ['[{"a":1,"b":2},{"b":2,"a":1}]', false],
    ['[{"a":1},{"a":"1"}]', true],
    ['[1,"1",[1],{"1":1},null,"null",true]', true],
    ['[{"__proto__":1},{}]', true],
    ['[{"members":["a",1]},{"a":1}]', true],
    ['[{"2":1,"10":1},{"10":1,"2":1}]', false],
    ['[[1,2],[2,1]]', true],
    ['[1,1.0]', false],
    ['[0,-0]', false],
    ['[{"a":[{"c":1,"b":2}]},{"a":[{"b":2,"c":1}]}]', false],
  ])('of %s holds: %s', (items, isUnique) => {
    for (const draft of drafts) {
      const schema = { ...ofDraft(draft), properties: { v: { uniqueItems: true } } };
      expect(problem(schema, `{"v":${items}}`) === undefined, draft).toBe(isUnique);
    }
    expect(problem({ properties: { v: { uniqueItems: false } } }, `{"v":${items}}`)).toBeUndefined();
  });

  it('of 100,000 objects takes no longer than their number asks for', () => {
    const items = Array.from({ length: 100_000 }, (_, id) => ({ id }));
    const startedAt = performance.now();
    expect(problem({ properties: { v: { uniqueItems: true } } }, JSON.stringify({ v: items }))).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('$async', () => {
  const rule = { properties: { a: { type: 'integer' } } };
  it.each([
    ['at the root', { $async: true, ...rule }],
    ['in a definition', { $ref: '#/definitions/o', definitions: { o: { $async: true, ...rule } } }],
    ['in a list', { allOf: [{ $async: true, ...rule }] }],
    ['behind an unknown keyword', { $ref: '#/parts/o', parts: { o: { $async: true, ...rule } } }],
  ])('%s changes nothing', (_, schema) => {
    expect(problem(schema, '{"a":1}')).toBeUndefined();
    expect(problem(schema, '{"a":"x"}')).toMatchObject({ code: 'INPUT_VALUE_INVALID', context: { column: 'a' } });
  });

  it('is a name and a value like any other', () => {
    expect(problem({ properties: { $async: { type: 'integer' } } }, '{"$async":"x"}')?.context.column).toBe('$async');
    expect(problem({ properties: { a: { const: { $async: true } } } }, '{"a":{}}')?.context.column).toBe('a');
  });
});

describe('what is nested too deeply', () => {
  it('is an error of the schema that has it', () => {
    const depth = 100_000;
    const nested = JSON.parse(`${'{"properties":{"a":'.repeat(depth)}{}${'}}'.repeat(depth)}`);
    expect(() => assertValidates(version({ validate: nested }))).toThrow(
      expect.objectContaining({
        code: 'INPUT_SCHEMA_INVALID',
        message: expect.stringContaining('nested too deeply'),
        context: { stream: 'orders' },
      }),
    );
  });

  it.each([
    ['a recursive schema', { properties: { a: { $ref: '#' } } }],
    ['unique elements', { properties: { a: { type: 'object' }, v: { uniqueItems: true } } }],
  ])('is an error of the record that has it, by %s', (_, schema) => {
    const depth = 200_000;
    const record = `{"v":[${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}],"a":${'{"a":'.repeat(depth)}{}${'}'.repeat(depth)}}`;
    expect(problem(schema, record)).toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      message: expect.stringContaining('nested too deeply'),
    });
  });
});

describe('names that every object inherits', () => {
  it.each(['constructor', 'toString', 'valueOf', '__proto__', 'hasOwnProperty'])('%s may be a property', (name) => {
    const own = (rule: object) => ({
      properties: Object.fromEntries([
        ['id', {}],
        [name, rule],
      ]),
    });
    for (const draft of drafts) {
      const schema = { ...ofDraft(draft), ...own({ type: 'string' }) };
      expect(problem(schema, '{"id":1}'), `${draft}, absent`).toBeUndefined();
      expect(problem(schema, `{"id":1,"${name}":"x"}`), `${draft}, right`).toBeUndefined();
      expect(problem(schema, `{"id":1,"${name}":1}`), `${draft}, wrong`).toMatchObject({ context: { column: name } });
      expect(problem({ ...ofDraft(draft), required: [name] }, '{"id":1}')?.message).toContain(name);
    }
  });

  it('have their rules for delete markers, too', () => {
    const properties = JSON.parse('{"id":{},"__proto__":{"type":"string"}}');
    const schema = { properties, required: ['id'] };
    const marker = '"_sdc_deleted_at":"2024-01-01T00:00:00Z"';
    expect(problem(schema, `{${marker},"__proto__":"x"}`)).toBeUndefined();
    expect(problem(schema, `{${marker},"__proto__":1}`)).toMatchObject({ context: { column: '__proto__' } });
  });
});

describe('the place of what is wrong', () => {
  const integer = { type: 'integer' };
  it.each([
    ['{"m":{"john.doe@example.com":"x"}}', 'm.*'],
    ['{"m":{"491701234567":"x"}}', 'm.*'],
    ['{"list":[{"id":1},{"id":"x"}]}', 'list.1.id'],
    ['{"a/b":{"c~d":"x"}}', 'a/b.c~d'],
  ])('in %s shows no name that the schema does not declare', (record, column) => {
    const schema = {
      properties: {
        m: { additionalProperties: integer },
        list: { items: { properties: { id: integer } } },
        'a/b': { properties: { 'c~d': integer } },
      },
    };
    const found = problem(schema, record);
    expect(found).toMatchObject({ code: 'INPUT_VALUE_INVALID', context: { column } });
  });
});
