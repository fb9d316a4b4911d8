import { describe, expect, it } from 'vitest';
import {
  type StreamDeclaration,
  type StreamVersionOptions,
  sameVersion,
  streamVersion,
} from '../../../src/schema/stream-version.ts';

const options: StreamVersionOptions = {
  defaultTargetSchema: 'singer',
  addMetadataColumns: false,
  hardDelete: false,
  flattenMaxLevel: 0,
  primaryKeyRequired: true,
  validateRecords: false,
};

const schema = {
  type: 'object',
  properties: {
    id: { type: ['integer'] },
    name: { type: ['null', 'string'] },
    extra: { type: ['null', 'object'], properties: { code: { type: 'string' } } },
    anything: {},
    _sdc_deleted_at: { type: ['null', 'string'], format: 'date-time' },
  },
};
const message: StreamDeclaration = { stream: 'public-users', schema, key_properties: ['id'] };

const versionOf = (changes: Partial<StreamDeclaration> = {}, changed: Partial<StreamVersionOptions> = {}, id = 1) =>
  streamVersion({ ...message, ...changes }, { ...options, ...changed }, id);

describe('streamVersion', () => {
  it('takes names of streams of up to 1,024 characters', () => {
    const longest = 'x'.repeat(1024);
    expect(versionOf({ stream: longest }).stream).toBe(longest);
    expect(() => versionOf({ stream: `${longest}x` })).toThrow(
      expect.objectContaining({
        code: 'INPUT_SCHEMA_INVALID',
        message: 'the name of the stream has 1025 characters, of at most 1024',
        context: { stream: `${longest}x` },
      }),
    );
  });

  it('turns a SCHEMA message into columns, keys and a table', () => {
    expect(versionOf()).toEqual({
      id: 1,
      stream: 'public-users',
      table: { catalog: undefined, schema: 'singer', table: 'users' },
      columns: [
        { path: ['id'], name: 'id', type: { kind: 'bigint' }, accepts: 1 },
        { path: ['name'], name: 'name', type: { kind: 'string' }, accepts: 20 },
        { path: ['extra'], name: 'extra', type: { kind: 'json' }, accepts: 15 },
        { path: ['anything'], name: 'anything', type: { kind: 'json' }, accepts: 15 },
      ],
      keys: [0],
      loadMethod: 'upsert',
      metadata: false,
      deletes: 'ignore',
      isWholeTable: false,
      validate: undefined,
    });
  });

  it('keeps the keys in the order of key_properties, each once', () => {
    expect(versionOf({ key_properties: ['name', 'id', 'name'] }).keys).toEqual([1, 0]);
  });

  it('finds a key in a flattened object by its joined name', () => {
    const version = versionOf({ key_properties: ['extra__code'] }, { flattenMaxLevel: 1 });
    expect(version.columns[version.keys[0] as number]?.path).toEqual(['extra', 'code']);
  });

  it.each([
    [{ addMetadataColumns: true }, ['id'], 'soft', true],
    [{ hardDelete: true }, ['id'], 'hard', true],
    [{ hardDelete: true, addMetadataColumns: true }, ['id'], 'hard', true],
    [{ hardDelete: true, primaryKeyRequired: false }, [], 'soft', true],
    [{}, ['id'], 'ignore', false],
  ])('with %j and keys %j deletes are %s', (changed, key_properties, deletes, metadata) => {
    expect(versionOf({ key_properties }, changed)).toMatchObject({ deletes, metadata });
  });

  it('carries the schema to validate against only when records are validated', () => {
    expect(versionOf({}, { validateRecords: true }).validate).toBe(schema);
  });

  it.each([
    [{ schema: 'x' }, /not a JSON object/, undefined],
    [{ schema: undefined }, /not a JSON object/, undefined],
    [{ schema: { type: 'object' } }, /declares no properties.*"undeclared_fields"/, undefined],
    [{ schema: { properties: { id: 5 } } }, /neither an object nor a boolean/, 'id'],
    [{ key_properties: {} }, /"key_properties" must be a list/, undefined],
    [{ key_properties: 'id' }, /"key_properties" must be a list/, undefined],
    [{ key_properties: [1] }, /"key_properties" must be a list/, undefined],
    [{ key_properties: ['ID'] }, /"ID" is not among the properties/, 'ID'],
    [{ key_properties: ['extra'] }, /"extra" may hold objects or arrays/, 'extra'],
    [{ key_properties: ['anything'] }, /"anything" may hold objects or arrays/, 'anything'],
    [{ key_properties: ['_sdc_deleted_at'] }, /is a metadata column/, '_sdc_deleted_at'],
  ])('refuses %j, naming stream and column', (changes, text, column) => {
    expect(() => versionOf(changes)).toThrow(
      expect.objectContaining({
        code: 'INPUT_SCHEMA_INVALID',
        message: expect.stringMatching(text),
        context: expect.objectContaining({ stream: 'public-users', ...(column && { column }) }),
      }) as Error,
    );
  });

  it('refuses a flattened object as a key', () => {
    expect(() => versionOf({ key_properties: ['extra'] }, { flattenMaxLevel: 1 })).toThrow(/is flattened/);
  });

  it('refuses a stream without keys only when keys are required', () => {
    expect(() => versionOf({ key_properties: [] })).toThrow(
      expect.objectContaining({ code: 'INPUT_KEY_REQUIRED', context: { stream: 'public-users' } }) as Error,
    );
    expect(versionOf({ key_properties: [] }, { primaryKeyRequired: false }).keys).toEqual([]);
  });

  it.each([undefined, null])('takes key_properties that are %s for an empty list', (keys) => {
    expect(versionOf({ key_properties: keys }, { primaryKeyRequired: false }).keys).toEqual([]);
    expect(() => versionOf({ key_properties: keys })).toThrow(
      expect.objectContaining({ code: 'INPUT_KEY_REQUIRED', context: { stream: 'public-users' } }) as Error,
    );
  });
});

it('a SCHEMA may declare nothing when the stream has columns already', () => {
  const known = versionOf().columns;
  const version = streamVersion({ ...message, schema: {} }, options, 2, known);
  expect(version).toMatchObject({ columns: [{ name: 'id' }], keys: [0] });
  expect(() => streamVersion({ ...message, schema: {} }, options, 2)).toThrow(/declares no properties/);
});

it('keys that are required and lacking are told with the reason', () => {
  expect(() => versionOf({ key_properties: [] })).toThrow(
    'the stream has no key properties, and "primary_key_required" is on',
  );
  expect(() => versionOf({}, { loadMethod: 'append-only', hardDelete: true })).toThrow(
    'the stream is loaded append-only, where "hard_delete" can delete nothing, and "primary_key_required" is on',
  );
});

describe('sameVersion', () => {
  const same = (changes: Partial<StreamDeclaration>, changed: Partial<StreamVersionOptions> = {}) =>
    sameVersion(
      versionOf({ key_properties: ['id', 'name'] }, changed),
      versionOf({ key_properties: ['id', 'name'], ...changes }, changed, 2),
    );
  const { id, ...others } = schema.properties;

  it('is true for a SCHEMA that came again', () => {
    expect(same({ schema: structuredClone(schema) })).toBe(true);
    expect(same({ schema: structuredClone(schema) }, { validateRecords: true })).toBe(true);
  });

  it('does not mind the order of properties and keys, nor bookmarks and descriptions', () => {
    expect(same({ schema: { properties: { ...others, id }, type: 'object' }, key_properties: ['name', 'id'] })).toBe(
      true,
    );
    expect(same({ schema: { ...schema, description: 'users' }, bookmark_properties: ['id'] })).toBe(true);
  });

  it.each([
    ['another type', { schema: { ...schema, properties: { ...schema.properties, id: { type: 'string' } } } }],
    [
      'another kind accepted',
      { schema: { ...schema, properties: { ...schema.properties, name: { type: ['integer', 'string'] } } } },
    ],
    ['a column more', { schema: { ...schema, properties: { ...schema.properties, more: {} } } }],
    ['a column less', { schema: { ...schema, properties: { id, name: others.name } } }],
    ['other keys', { key_properties: ['id'] }],
  ])('is false for %s', (_, changes) => {
    expect(same(changes)).toBe(false);
  });

  describe('minds what is said of fields that the SCHEMA does not declare:', () => {
    const open = { undeclaredFields: 'add', nestedColumns: 'struct' } as const;
    const saying = (more: object) => versionOf({ schema: { ...schema, ...more } }, open);
    const struct = (properties: object) => ({ type: 'object', properties });
    const [a, b] = [{ type: 'integer' }, { type: 'string' }];

    it.each([
      ['a type', { additionalProperties: a }, { additionalProperties: b }],
      ['no columns', { additionalProperties: false }, {}],
      ['a pattern', { patternProperties: { '^a': a } }, { patternProperties: { '^b': a } }],
      ['the type of a pattern', { patternProperties: { '^a': a } }, { patternProperties: { '^a': b } }],
      ['a member', { additionalProperties: struct({ a, b }) }, { additionalProperties: struct({ a }) }],
    ])('%s', (_, first, second) => {
      expect(sameVersion(saying(first), saying(first))).toBe(true);
      expect(sameVersion(saying(first), saying(second))).toBe(false);
    });

    it('but not the order of members', () => {
      const [first, second] = [struct({ a, b }), struct({ b, a })].map((object) =>
        saying({ additionalProperties: object, patternProperties: { '^l': { type: 'array', items: object } } }),
      );
      expect(sameVersion(first!, second!)).toBe(true);
    });
  });

  describe('minds, in structs and arrays,', () => {
    const struct = (properties: object) => ({ type: 'object', properties });
    const list = (items: object) => ({ type: 'array', items });
    const [a, b] = [{ type: 'integer' }, { type: ['string', 'integer'] }];
    const having = (x: object) => versionOf({ schema: { properties: { id: a, x } } }, { nestedColumns: 'struct' });

    it.each([
      ['the type of a member', struct({ a }), struct({ a: { type: 'boolean' } })],
      ['what a member takes', struct({ b }), struct({ b: { type: 'string' } })],
      ['the type of elements', list(a), list({ type: 'boolean' })],
      ['what elements take', list(b), list({ type: 'string' })],
      ['members of elements', list(struct({ a })), list(struct({ a, b }))],
    ])('%s', (_, first, second) => {
      expect(sameVersion(having(first), having(first))).toBe(true);
      expect(sameVersion(having(first), having(second))).toBe(false);
    });

    it('but not the order of members', () => {
      expect(sameVersion(having(struct({ a, b })), having(struct({ b, a })))).toBe(true);
      expect(sameVersion(having(list(struct({ a, b }))), having(list(struct({ b, a }))))).toBe(true);
    });
  });

  it('minds every rule of the schema when records are validated', () => {
    const stricter = {
      ...schema,
      properties: { ...schema.properties, name: { type: ['null', 'string'], maxLength: 3 } },
    };
    expect(same({ schema: stricter })).toBe(true);
    expect(same({ schema: stricter }, { validateRecords: true })).toBe(false);
  });
});
