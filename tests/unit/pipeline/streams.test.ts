import { describe, expect, it } from 'vitest';
import type { TargetError } from '../../../src/errors/target-error.ts';
import { Streams } from '../../../src/pipeline/streams.ts';
import { type StreamVersionOptions, streamVersion } from '../../../src/schema/stream-version.ts';

const plain: StreamVersionOptions = {
  defaultTargetSchema: 'd',
  addMetadataColumns: false,
  hardDelete: false,
  flattenMaxLevel: 0,
  primaryKeyRequired: false,
  validateRecords: false,
};

/** What two streams lead to; the context of the error when that is one table. */
function tablesOf(names: readonly string[], options: Partial<StreamVersionOptions> = {}) {
  const streams = new Streams((message, id) => streamVersion(message, { ...plain, ...options }, id));
  const schema = { properties: { id: { type: 'integer' } } };
  return names.map((stream) => {
    const taken = streams.take({ stream, schema, key_properties: ['id'] });
    const { schema: to, table } = taken!.version.table;
    return `${to}.${table}`;
  });
}

describe('two streams that lead to one table', () => {
  it.each([
    ['table', 'left-table', ['"left"'], undefined],
    ['left-table', 'table', ['"left"'], undefined],
    ['left-table', 'right-table', ['"left" or "right"'], undefined],
    ['left-table', 'db-right-table', ['"left" or "right"'], undefined],
    ['Left-table', 'left-table', ['"Left" or "left"'], undefined],
    ['left-table', 'right-table', ['"left" or "right"'], { left: 'one', right: 'one' }],
  ] as const)('%s and %s: "schema_mapping" is advised, and tells them apart', (first, second, says, schemaMapping) => {
    expect(() => tablesOf([first, second], { schemaMapping })).toThrow(
      expect.objectContaining({
        code: 'INPUT_TABLE_SHARED',
        context: { stream: second, fix: expect.stringContaining(`Give ${says[0]} another schema in "schema_mapping"`) },
      }),
    );
    for (const part of says[0].match(/\w+(?=")/g)!)
      expect(new Set(tablesOf([first, second], { schemaMapping: { ...schemaMapping, [part]: 'other' } })).size).toBe(2);
  });

  it.each([
    ['left-thing', 'db-left-thing', 'left'],
    ['db-left-thing', 'other-left-thing', 'left'],
    ['left-Thing', 'left-thing', 'left'],
    ['left-a.b', 'left-a_b', 'left'],
    ['db-left-a-b', 'left-a_b', 'left'],
    ['Users', 'users', undefined],
    ['a.b', 'a_b', undefined],
    [' users', 'users ', undefined],
  ])('%s and %s: "schema_mapping" can not help, and what can is advised', (first, second, part) => {
    const context = { stream: second, fix: expect.stringMatching(/^Rename one of the streams.*a run of its own/) };
    expect(() => tablesOf([first, second])).toThrow(expect.objectContaining({ code: 'INPUT_TABLE_SHARED', context }));
    const own = part === undefined ? {} : { schemaMapping: { [part]: 'other' } };
    expect(() => tablesOf([first, second], own)).toThrow(expect.objectContaining({ code: 'INPUT_TABLE_SHARED' }));
    expect(tablesOf([second], { defaultTargetSchema: 'other' })).not.toEqual(tablesOf([first]));
    expect(tablesOf([first, `${second}_2`])).toHaveLength(2);
  });
});

describe('the error of two streams in one table', () => {
  const errorOf = (names: readonly string[], options: Partial<StreamVersionOptions> = {}) => {
    try {
      tablesOf(names, options);
    } catch (error) {
      return error as TargetError;
    }
    throw new Error('there was none');
  };
  const rename =
    'Rename one of the streams, in the tap or with a stream map; or load it in a run of its own, with another "default_target_schema"';

  it('names both streams and the table', () => {
    expect(errorOf(['x-users', 'y-users']).message).toBe(
      'the streams "x-users" and "y-users" both lead to the table d.users',
    );
    expect(errorOf(['x-users', 'y-users'], { catalog: 'c' }).message).toContain('both lead to the table c.d.users');
  });

  it('advises what helps', () => {
    expect(errorOf(['Users', 'users']).context.fix).toBe(rename);
    expect(errorOf(['left-Users', 'left-users']).context.fix).toBe(
      `${rename} or another schema for "left" in "schema_mapping"`,
    );
    expect(errorOf(['left-users', 'users']).context.fix).toBe(
      'Give "left" another schema in "schema_mapping", or rename one of the streams',
    );
  });
});

describe('the versions of a stream', () => {
  const integer = { type: 'integer' };

  it('are made with the columns that the stream has so far', () => {
    const known: string[][] = [];
    const streams = new Streams((message, id, columns) => {
      known.push(columns.map(({ name }) => name));
      return streamVersion(message, plain, id, columns);
    });
    streams.take({ stream: 'a', schema: { properties: { id: integer } }, key_properties: ['id'] });
    streams.take({ stream: 'a', schema: { properties: { x: integer } }, key_properties: ['id'] });
    expect(known).toEqual([[], ['id']]);
    expect(streams.current('a')).toMatchObject({ id: 1, columns: [{ name: 'id' }, { name: 'x' }], keys: [0] });
    expect(streams.current('b')).toBeUndefined();
  });

  it('have numbers that rise over all streams, and none is used for what says nothing new', () => {
    const open = { ...plain, undeclaredFields: 'add' } as const;
    const streams = new Streams((message, id, columns) => streamVersion(message, open, id, columns));
    const take = (stream: string) =>
      streams.take({ stream, schema: { properties: { id: integer } }, key_properties: [] });
    expect([take('a')?.version.id, take('a'), take('b')?.version.id]).toEqual([0, undefined, 1]);
    const field = { path: ['x'], type: { kind: 'bigint' }, accepts: 1 } as const;
    expect(streams.addFields('a', [field])).toMatchObject({ id: 2, columns: [{ name: 'id' }, { name: 'x' }] });
    expect(streams.loose('a')).toEqual([1]);
    expect(streams.addFields('b', [field]).id).toBe(3);
  });
});
