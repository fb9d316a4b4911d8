import { describe, expect, it } from 'vitest';
import { type OverwriteRequires, Overwrites } from '../../../src/pipeline/overwrites.ts';

function overwrites(requires: OverwriteRequires, ...streams: string[]) {
  const all = new Overwrites(requires);
  for (const [index, stream] of streams.entries()) all.begin({ stream, position: index });
  return all;
}
const complete = (all: Overwrites) => all.complete.map(({ stream }) => stream);

describe('a stream is complete', () => {
  it('at the end of input, where nothing else is required', () => {
    const all = overwrites('eof', 'a', 'b');
    all.seen('a', 10);
    expect(complete(all)).toEqual(['a', 'b']);
    expect(all.incomplete).toBeUndefined();
  });

  it('when a STATE comes after its last record', () => {
    const all = overwrites('state', 'a', 'b');
    expect(complete(all)).toEqual([]);
    all.seen('a', 10);
    all.state(20);
    all.seen('b', 20);
    expect(complete(all)).toEqual(['a']);
    all.seen('a', 30);
    expect(complete(all)).toEqual([]);
    all.state(31);
    expect(complete(all)).toEqual(['a', 'b']);
  });

  it('when an ACTIVATE_VERSION of its own comes after its last record', () => {
    const all = overwrites('activate_version', 'a', 'b');
    expect(complete(all)).toEqual([]);
    all.seen('a', 10);
    all.activated('a', 10);
    all.state(50);
    expect(complete(all)).toEqual([]);
    all.activated('a', 11);
    expect(complete(all)).toEqual(['a']);
  });

  it('by the last place that was seen, in whatever order places are told', () => {
    const all = overwrites('state', 'a');
    all.seen('a', 30);
    all.seen('a', 10);
    all.state(20);
    expect(complete(all)).toEqual([]);
  });
});

it('streams that are not overwritten are not followed', () => {
  const all = overwrites('eof', 'a');
  all.seen('b', 1);
  all.activated('b', 2);
  expect([all.has('a'), all.has('b')]).toEqual([true, false]);
  expect(all.unfinished).toEqual(['a']);
});

it('a stream whose rows are the table’s is done with', () => {
  const all = overwrites('eof', 'a', 'b');
  all.completed({ stream: 'a', position: 0 });
  expect(all.has('a')).toBe(false);
  expect(complete(all)).toEqual(['b']);
  expect(all.unfinished).toEqual(['b']);
});

it('of what may never be complete all streams are named', () => {
  expect(overwrites('state', 'a', 'b', 'c').incomplete?.message).toContain('of the stream, nor of "b", nor of "c": ');
});

it.each([
  ['state', 'a STATE'],
  ['activate_version', 'an ACTIVATE_VERSION'],
] as const)('what may never be complete is told with what it lacks: %s', (requires, lack) => {
  const all = overwrites(requires, 'a', 'b"');
  expect(all.incomplete).toMatchObject({
    code: 'OVERWRITE_INCOMPLETE',
    message: `the input ended without ${lack} after the last record of the stream, nor of "b\\"": nothing was overwritten there`,
    context: { stream: 'a' },
  });
});
