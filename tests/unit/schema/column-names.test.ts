import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnNames, isMemberName, renamedColumns } from '../../../src/schema/column-names.ts';

const none: ReadonlySet<string> = new Set();
const name = (...path: string[]) => columnNames([path], none)[0];

describe('a column name', () => {
  it.each([
    ['camelCase', 'camelcase'],
    ['minus-column', 'minus-column'],
    ['with space', 'with space'],
    ['dotted.name', 'dotted.name'],
    ['日本語', '日本語'],
    ['ÉTÉ', 'été'],
    ["it's", "it's"],
    ['1', '1'],
    ['a,b:c;d', 'a_b_c_d'],
    ['tick`ed', 'tick_ed'],
    ['a\nb\u0000c\u0085d', 'a_b_c_d'],
    ['lone\ud800', 'lone_'],
    ['😀', '😀'],
    [' padded ', 'padded'],
    ['', 'unnamed'],
    ['   ', 'unnamed'],
  ])('of %j is %j', (property, expected) => {
    expect(name(property)).toBe(expected);
  });

  it('of a nested property joins the names', () => {
    expect(name('c_obj', 'Nested', 'deep')).toBe('c_obj__nested__deep');
  });

  it('of more than 255 characters is cut and ends in a hash of the whole', () => {
    const [a, b] = columnNames([['x'.repeat(300)], [`${'x'.repeat(300)}y`]], none) as [string, string];
    expect(a).toMatch(/^x{250}_[0-9a-f]{4}$/);
    expect(b).toHaveLength(255);
    expect(a).not.toBe(b);
    expect(name('x'.repeat(255))).toBe('x'.repeat(255));
  });

  it('is never cut within a character', () => {
    for (const length of [249, 250, 251])
      expect(name('x'.repeat(length) + '😀'.repeat(9))).toMatch(/^x{249,250}😀?_[0-9a-f]{4}$/u);
  });

  it('is stable from one release to the next, for tables have it', () => {
    expect(columnNames([['Name'], ['name']], none)).toEqual(['name_0f50', 'name']);
  });
});

describe('names that meet', () => {
  it('leave the plain name to the property that is called so', () => {
    const names = columnNames([['A__B'], ['a', 'b'], ['a__b']], none);
    expect(names[2]).toBe('a__b');
    expect(names[0]).toMatch(/^a__b_[0-9a-f]{4}$/);
    expect(names[1]).toMatch(/^a__b_[0-9a-f]{4}$/);
  });

  it('all get a suffix when it is nobody’s own name', () => {
    for (const found of columnNames([['Name'], ['NAME']], none)) expect(found).toMatch(/^name_[0-9a-f]{4}$/);
  });

  it('get another suffix when a property is already called as the first one says', () => {
    const suffixed = columnNames([['Name'], ['name']], none)[0] as string;
    const names = columnNames([['Name'], ['name'], [suffixed]], none);
    expect(names.slice(1)).toEqual(['name', suffixed]);
    expect(names[0]).toMatch(/^name_[0-9a-f]{8}$/);
  });

  it.each([
    ['adi', 'adı'],
    ['ας', 'ασ'],
    ['s', 'ſ'],
  ])('are those that Spark takes for one: %s keeps its name, %s gets a suffix', (first, second) => {
    const [plain, suffixed] = columnNames([[first], [second]], none);
    expect(plain).toBe(first);
    expect(suffixed).not.toBe(second);
    expect(columnNames([[second], [first]], none)).toEqual([suffixed, plain]);
  });

  it('are not those that Spark keeps apart', () => {
    expect(columnNames([['straße'], ['strasse'], ['e\u0301'], ['é']], none)).toEqual([
      'straße',
      'strasse',
      'e\u0301',
      'é',
    ]);
  });

  it('avoid reserved names', () => {
    expect(columnNames([['_sdc_deleted_at ']], new Set(['_sdc_deleted_at']))[0]).toMatch(
      /^_sdc_deleted_at_[0-9a-f]{4}$/,
    );
  });

  const paths = fc.uniqueArray(
    fc.array(
      fc.oneof(fc.constantFrom('a', 'A', 'b', 'a__b', 'a,b', 'ı', 'i', 'K', ''), fc.string({ unit: 'binary' })),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    { selector: (path) => JSON.stringify(path), maxLength: 20 },
  );

  it('end up unique without regard to case, never empty and never too long', () => {
    fc.assert(
      fc.property(paths, (given) => {
        const names = columnNames(given, none);
        expect(new Set(names.map((found) => found.toLowerCase())).size).toBe(given.length);
        for (const found of names) {
          expect(found.length).toBeGreaterThan(0);
          expect(found.length).toBeLessThanOrEqual(255);
          expect(found).not.toMatch(/\p{Surrogate}/u);
        }
      }),
    );
  });

  it('end up the same whatever the order', () => {
    const shuffled = paths.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
    );
    fc.assert(
      fc.property(shuffled, ([given, other]) => {
        const byPath = (list: readonly string[][]) => {
          const names = columnNames(list, none);
          return Object.fromEntries(list.map((path, index) => [JSON.stringify(path), names[index]]));
        };
        expect(byPath(other)).toEqual(byPath(given));
      }),
    );
  });
});

it('renamed columns are those that a person would not find by their property', () => {
  const paths = [['Plain'], ['a', 'b'], ['a,b'], ['x'.repeat(256)], ['n'], ['N']];
  const names = columnNames(paths, none);
  const columns = paths.map((path, index) => ({
    path,
    name: names[index] as string,
    type: { kind: 'string' } as const,
    accepts: 4,
  }));
  expect(renamedColumns(columns).map(({ path }) => path[0]?.slice(0, 3))).toEqual(['a,b', 'xxx', 'N']);
});

it('a member can have a name of letters, digits and a few signs', () => {
  for (const found of ['a', 'é', '1', 'a_b', 'a.b', '$', 'a b']) expect(isMemberName(found)).toBe(true);
  for (const found of ['-', '-a', 'a-b', 'a-', '😀', "it's"]) expect(isMemberName(found)).toBe(false);
});
