import { describe, expect, it } from 'vitest';
import { loadMethodOf } from '../../../src/schema/load-method.ts';
import { streamVersion } from '../../../src/schema/stream-version.ts';

const message = { stream: 'a', schema: { properties: { id: { type: 'integer' } } }, key_properties: ['id'] };
const options = {
  defaultTargetSchema: 's',
  addMetadataColumns: false,
  hardDelete: false,
  flattenMaxLevel: 0,
  primaryKeyRequired: true,
  validateRecords: false,
};

describe('a pattern for streams', () => {
  it.each([
    ['public-orders', 'public-*', true],
    ['public-orders', '*-orders', true],
    ['public-orders', 'public-order', false],
    ['public-orders', 'PUBLIC-*', false],
    ['public-orders', '*', true],
    ['', '*', true],
    ['a', '?', true],
    ['ab', '?', false],
    ['é😀', '??', true],
    ['line\nfeed', 'line*', true],
    ['a.b', 'a.b', true],
    ['axb', 'a.b', false],
    ['a+[b](c){d}|^$\\/e', 'a+[b](c){d}|^$\\/e', true],
    ['xx', 'x+', false],
  ])('%j by %j: %s', (stream, pattern, fits) => {
    const method = loadMethodOf(stream, { loadMethod: 'upsert', streamLoadMethods: { [pattern]: 'overwrite' } });
    expect(method).toBe(fits ? 'overwrite' : 'upsert');
  });
});

it('is compared in linear time, with many stars too', () => {
  const startedAt = performance.now();
  const stream = '_'.repeat(40_000);
  expect(loadMethodOf(stream, { streamLoadMethods: { '*_*_*_x': 'overwrite' } })).toBe('upsert');
  expect(loadMethodOf(`${stream}x`, { streamLoadMethods: { '*_*_*_x': 'overwrite' } })).toBe('overwrite');
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

describe('a stream version', () => {
  it('without keys is taken append-only and to be overwritten, and refused as an upsert', () => {
    const keyless = { ...message, key_properties: [] };
    expect(streamVersion(keyless, { ...options, loadMethod: 'append-only' }, 0)).toMatchObject({ keys: [] });
    expect(streamVersion(keyless, { ...options, loadMethod: 'overwrite' }, 0)).toMatchObject({ keys: [] });
    expect(() => streamVersion(keyless, options, 0)).toThrow(expect.objectContaining({ code: 'INPUT_KEY_REQUIRED' }));
  });

  it('keeps its keys when it is overwritten, and has none append-only', () => {
    expect(streamVersion(message, { ...options, loadMethod: 'overwrite' }, 0).keys).toEqual([0]);
    expect(streamVersion(message, { ...options, loadMethod: 'append-only' }, 0).keys).toEqual([]);
  });

  it('append-only does not promise hard deletes: refused, or taken as rows when keys are not required', () => {
    const appended = { ...options, hardDelete: true, loadMethod: 'append-only' } as const;
    expect(() => streamVersion(message, appended, 0)).toThrow(expect.objectContaining({ code: 'INPUT_KEY_REQUIRED' }));
    expect(streamVersion(message, { ...appended, primaryKeyRequired: false }, 0).deletes).toBe('soft');
  });
});

it('a whole name counts before patterns, wherever it is written', () => {
  const streamLoadMethods = { '*': 'overwrite', '2024': 'append-only', orders: 'upsert' } as const;
  expect(loadMethodOf('2024', { streamLoadMethods })).toBe('append-only');
  expect(loadMethodOf('orders', { streamLoadMethods })).toBe('upsert');
  expect(loadMethodOf('2025', { streamLoadMethods })).toBe('overwrite');
  expect(loadMethodOf('constructor', { streamLoadMethods: { orders: 'append-only' } })).toBe('upsert');
  // a pattern that is the name of a stream is a pattern still
  expect(loadMethodOf('a*', { streamLoadMethods: { 'a?': 'append-only', 'a*': 'overwrite' } })).toBe('append-only');
});
