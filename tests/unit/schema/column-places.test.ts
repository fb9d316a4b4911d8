import { describe, expect, it } from 'vitest';
import { placesOf } from '../../../src/schema/column-places.ts';

const wish = (name: string, ...source: string[]) => ({ name, source });
const own = (name: string) => ({ name });
const names = (places: readonly { readonly name: string }[]) => places.map(({ name }) => name);

describe('a name that no column may be added under', () => {
  const reserved = new Set(['row_id']);

  it('is given to no property: its column gets a suffix', () => {
    const [place] = placesOf([], [wish('row_id', 'row_id')], reserved);
    expect(place).toEqual({ found: undefined, name: expect.stringMatching(/^row_id_[0-9a-f]{4}$/) });
  });

  it('is refused in any case of its letters', () => {
    expect(names(placesOf([], [wish('ROW_ID', 'ROW_ID')], reserved))[0]).toMatch(/^row_id_[0-9a-f]{4}$/);
  });

  it('stays with a column that is there already', () => {
    const existing = [own('row_id')];
    expect(placesOf(existing, [wish('row_id', 'row_id')], reserved)).toEqual([{ found: existing[0], name: 'row_id' }]);
  });

  it("is left to the target's own columns", () => {
    expect(placesOf([], [own('row_id')], reserved)).toEqual([{ found: undefined, name: 'row_id' }]);
  });

  it('moves no other column', () => {
    const places = placesOf([], [wish('a', 'a'), wish('row_id', 'row_id'), wish('b', 'b')], reserved);
    expect(names(places)).toEqual(['a', expect.stringMatching(/^row_id_/), 'b']);
  });
});

describe('a column that gives way', () => {
  it('takes no name that another column is wanted under', () => {
    const first = names(placesOf([{ ...wish('foo', 'Foo') }], [wish('foo', 'foo')]))[0]!;
    const places = placesOf([wish('foo', 'Foo')], [wish('foo', 'foo'), wish(first, first)]);
    expect(places[1]).toEqual({ found: undefined, name: first });
    expect(places[0]!.name).toMatch(/^foo_[0-9a-f]{8}$/);
  });

  it('takes no name of a metadata column', () => {
    const made = wish('_sdc_sequence', '_SDC_sequence');
    const [place] = placesOf([made], [wish('_sdc_sequence', '_sdc_sequence')]);
    expect(place!.name).toMatch(/^_sdc_sequence_[0-9a-f]{4}$/);
  });

  it('is called as it is wanted, when only the case of letters differs', () => {
    const made = { name: 'FOO', source: ['Foo'] };
    expect(placesOf([made], [wish('foo', 'Foo')])).toEqual([{ found: made, name: 'foo' }]);
    const elsewhere = { name: 'FOO_1c3c', source: ['Foo'] };
    expect(placesOf([elsewhere], [wish('foo', 'Foo')])).toEqual([{ found: elsewhere, name: 'FOO_1c3c' }]);
  });
});

describe('a column that was made for a property', () => {
  it('is found by the whole path', () => {
    const made = wish('a_1', 'a', 'b');
    expect(placesOf([made], [wish('x', 'a', 'b')])[0]!.found).toBe(made);
    for (const path of [['a'], ['a', 'b', 'c'], ['a', 'c'], ['c', 'b']])
      expect(placesOf([made], [wish('x', ...path)])[0]!.found).toBeUndefined();
  });

  it("is none of the target's own", () => {
    expect(placesOf([wish('a', 'a')], [own('_sdc_sequence')])).toEqual([{ found: undefined, name: '_sdc_sequence' }]);
  });
});
