// Catalogs of taps, as `--discover` prints them and as people select in them, against the declarations that follow.
import { describe, expect, it } from 'vitest';
import { catalogStreams } from '../../../../src/protocols/singer/catalog.ts';

const integer = { type: 'integer' };
const text = { type: ['null', 'string'] };
const schema = { type: 'object', properties: { id: integer, name: text } };

const read = (...streams: readonly object[]) => catalogStreams(JSON.stringify({ streams }));
const mark = (breadcrumb: readonly string[], metadata: object) => ({ breadcrumb, metadata });
const whole = (metadata: object) => mark([], metadata);

describe('the streams of a catalog', () => {
  it('are all of them where none is marked', () => {
    expect(read({ stream: 'a', schema }, { tap_stream_id: 'b', schema })).toEqual([
      { stream: 'a', schema, key_properties: [] },
      { stream: 'b', schema, key_properties: [] },
    ]);
  });

  it.each([
    ['in metadata', (selected: boolean) => ({ metadata: [whole({ selected })] }), schema],
    ['in the schema', (selected: boolean) => ({ schema: { ...schema, selected } }), { ...schema, selected: true }],
  ])('are those that are selected %s where some are marked', (_, marked, kept) => {
    const streams = read(
      { stream: 'a', schema, ...marked(true) },
      { stream: 'b', schema, ...marked(false) },
      { stream: 'c', schema },
    );
    expect(streams).toEqual([{ stream: 'a', schema: kept, key_properties: [] }]);
  });

  it('are none where all are deselected', () => {
    expect(read({ stream: 'a', schema, metadata: [whole({ selected: false })] })).toEqual([]);
  });
});

it('is refused where two streams have one name', () => {
  expect(() => read({ stream: 'orders', tap_stream_id: 'a' }, { stream: 'orders', tap_stream_id: 'b' })).toThrowError(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('"orders"') }),
  );
});

describe('the keys of a stream', () => {
  it.each([
    ['its own', { key_properties: ['id'], metadata: [whole({ 'table-key-properties': ['name'] })] }],
    ['those of a table', { metadata: [whole({ 'table-key-properties': ['id'] })] }],
    ['those of a view', { metadata: [whole({ 'view-key-properties': ['id'] })] }],
    ['the first that are not empty', { key_properties: [], metadata: [whole({ 'table-key-properties': ['id'] })] }],
    [
      'those of a view where the stream is one',
      {
        metadata: [whole({ 'is-view': true, 'table-key-properties': ['name'], 'view-key-properties': ['id'] })],
      },
    ],
  ])('are %s', (_, entry) => {
    expect(read({ stream: 'a', schema, ...entry })[0]?.key_properties).toEqual(['id']);
  });
});

describe('the bookmark of a stream', () => {
  it.each([
    ['the entry', { replication_key: 'id' }],
    ['metadata', { metadata: [whole({ 'replication-key': 'id' })] }],
  ])('is the replication key of %s', (_, entry) => {
    expect(read({ stream: 'a', schema, ...entry })[0]?.bookmark_properties).toEqual(['id']);
  });
});

describe('a property', () => {
  const nested = {
    type: 'object',
    properties: { id: integer, o: { type: 'object', properties: { x: text, y: text } } },
  };
  const place = ['properties', 'o', 'properties', 'x'];
  const membersOf = (entry: object) => {
    const [stream] = read({ stream: 'a', schema: nested, ...entry });
    const { o } = (stream!.schema as typeof nested).properties;
    return Object.keys(o.properties);
  };

  it.each([
    ['deselected', { selected: false }],
    ['unsupported, though selected', { inclusion: 'unsupported', selected: true }],
    ['not selected by default', { 'selected-by-default': false }],
  ])('is left out when it is %s', (_, metadata) => {
    expect(membersOf({ metadata: [mark(place, metadata)] })).toEqual(['y']);
  });

  it.each([
    ['nobody has spoken of it', {}],
    ['it is automatic, though deselected', { inclusion: 'automatic', selected: false }],
    ['it is selected against the default', { selected: true, 'selected-by-default': false }],
  ])('is there when %s', (_, metadata) => {
    expect(membersOf({ metadata: [mark(place, metadata)] })).toEqual(['x', 'y']);
  });

  it('may be marked in its own schema', () => {
    const own = { properties: { id: { ...integer, selected: false }, name: { ...text, inclusion: 'unsupported' } } };
    expect(read({ stream: 'a', schema: own })[0]?.schema).toEqual({ properties: {} });
  });
});

describe('a file that is no catalog', () => {
  it.each([
    ['no JSON', '{', 'it is not JSON'],
    ['a list', '[]', 'it is no JSON object'],
    ['without streams', '{"orders":{}}', 'it has no list "streams" of objects'],
    ['with streams that are names', '{"streams":["a"]}', 'it has no list "streams" of objects'],
    [
      'with a stream without a name',
      '{"streams":[{"stream":"a"},{"schema":{}}]}',
      'the entry 2 of "streams" has no name',
    ],
  ])('%s is refused', (_, content, why) => {
    expect(() => catalogStreams(content)).toThrowError(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(why) }),
    );
  });
});
