import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileNamer, keyPrefix, safeName } from '../../../src/stage/file-names.ts';

describe('names of staged files', () => {
  test('keep a plain stream name readable', () => {
    expect(fileNamer('gzip')('public-order_items')).toMatch(/^public-order_items-1-[0-9a-f]{12}\.csv\.gz$/);
    expect(fileNamer('none')('orders')).toMatch(/^orders-1-[0-9a-f]{12}\.csv$/);
  });

  test('are one safe path segment whatever the stream is called', () => {
    const nameOf = fileNamer('gzip');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (stream) => {
        expect(nameOf(stream)).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{0,100}-\d+-[0-9a-f]{12}\.csv\.gz$/);
      }),
    );
  });

  test.each([
    ['../../../x', 'x'],
    ['a*b?', 'a-b'],
    ['_x', 'x'],
    ['.x', 'x'],
    ['~/x y', 'x-y'],
    ['x'.repeat(300), 'x'.repeat(80)],
    ['🦆', 'unnamed'],
    ['', 'unnamed'],
  ])('make %j safe as %j', (stream, name) => {
    expect(safeName(stream)).toBe(name);
  });

  test('are never the same twice, in one run or in two', () => {
    const [first, second] = [fileNamer('gzip'), fileNamer('gzip')];
    const names = [first('a'), first('a'), first('a*'), second('a'), second('a')];
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the key prefix', () => {
  test.each([
    [undefined, ''],
    ['', ''],
    ['/', ''],
    ['external/singer', 'external/singer/'],
    ['external/singer/', 'external/singer/'],
    ['/external//singer/', 'external/singer/'],
    ['_mine/day=1/ä b', '_mine/day=1/ä b/'],
  ])('%j becomes %j', (text, prefix) => {
    expect(keyPrefix(text)).toBe(prefix);
  });

  test.each(['a/../b', './a', 'a*', 'a?', '[a]', '{a}', 'a\\b', 'a\nb'])(
    '%j is refused, as Spark would read other files than we wrote',
    (text) => {
      expect(() => keyPrefix(text)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    },
  );
});
