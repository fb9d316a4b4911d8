import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnNames } from '../../../src/schema/column-names.ts';
import { sourceComment, sourceIn } from '../../../src/schema/column-source.ts';

describe('a comment is written', () => {
  it('for people, where the name is not the property itself', () => {
    expect(sourceComment(['Name'], 'name')).toBe('Property "Name" of the stream');
    expect(sourceComment(['a"b\n'], 'a"b_')).toBe('Property "a\\"b\\n" of the stream');
    expect(sourceComment(['name', 'x'], 'name')).toBe('Property "name"."x" of the stream');
    expect(sourceComment(['address', 'city'], 'address__city')).toBe('Property "address"."city" of the stream');
  });

  it('not where the name tells the property, nor where a metastore has no room for it', () => {
    expect(sourceComment(['name'], 'name')).toBeUndefined();
    expect(sourceComment(['X'.repeat(230)], 'x'.repeat(230))).toHaveLength(255);
    expect(sourceComment(['X'.repeat(231)], 'x'.repeat(231))).toBeUndefined();
    expect(sourceComment(['X'.repeat(255)], 'x'.repeat(255))).toBeUndefined();
  });
});

describe('a comment is read', () => {
  it('of whatever path, under each name that its column can have', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ unit: fc.constantFrom('"', '\\', '.', '\n', '\u0000', '\ud800', 'A', 'a', 'İ', ' ', 'stream') }),
    );
    const paths = fc.uniqueArray(fc.array(part, { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 4,
      selector: (path) => JSON.stringify(path),
    });
    fc.assert(
      fc.property(paths, (all) => {
        const names = columnNames(all, new Set(['a']));
        for (const [index, path] of all.entries()) {
          const comment = sourceComment(path, names[index]!);
          expect(comment === undefined ? path : sourceIn(comment, names[index]!)).toEqual(path);
          if (comment !== undefined) expect(comment.length).toBeLessThanOrEqual(255);
          if (comment === undefined) expect([names[index], 255]).toEqual([path[0], expect.any(Number)]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('only as it was written', () => {
    for (const comment of [
      '',
      'Name',
      'Property Name of the stream',
      'property "Name" of the stream',
      ' Property "Name" of the stream',
      'Property "Name" of the stream.',
      'Property "\\u004eame" of the stream',
      'Property "\\Name" of the stream',
      'Property "Name". of the stream',
      'Property "Name""Name" of the stream',
    ])
      expect(sourceIn(comment, 'name')).toBeUndefined();
    expect(sourceIn('Property "Name" of the stream', 'name')).toEqual(['Name']);
  });

  it('only on a column that the property can have: not on an older one with a dated name, nor on one that a person has renamed', () => {
    const comment = 'Property "Name" of the stream';
    expect(sourceIn(comment, 'name_0f50')).toEqual(['Name']);
    expect(sourceIn(comment, 'NAME')).toEqual(['Name']);
    for (const name of ['name_20261105_2307', 'name_0f50_20261105_2307', 'name_0f51', 'title'])
      expect(sourceIn(comment, name)).toBeUndefined();
  });
});
