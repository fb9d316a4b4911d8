import { describe, expect, it } from 'vitest';
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
