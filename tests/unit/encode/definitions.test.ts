import { describe, expect, it } from 'vitest';
import { Definitions } from '../../../src/encode/definitions.ts';
import { version } from './encoder-input.ts';

const ids = (definitions: Definitions, known: number) => definitions.since(known).map(({ version }) => version.id);

describe('definitions', () => {
  const three = () => {
    const definitions = new Definitions();
    for (const [id, stream] of ['a', 'b', 'a'].entries()) definitions.add(version({ id, stream }));
    return definitions;
  };

  it('are told from where an encoder knows them, in their order', () => {
    const definitions = three();
    expect(definitions.count).toBe(3);
    expect([0, 1, 2, 3].map((known) => ids(definitions, known))).toEqual([[0, 1, 2], [1, 2], [2], []]);
  });

  it('that a chunk may still mean stay, replaced or not', () => {
    const definitions = three();
    definitions.enforce(2);
    expect(ids(definitions, 0)).toEqual([0, 1, 2]);
  });

  it('that are replaced in all chunks to come are let go', () => {
    const definitions = three();
    definitions.enforce(3);
    expect(ids(definitions, 0)).toEqual([1, 2]);
    expect(ids(definitions, 2)).toEqual([2]);
    for (let id = 3; id < 1000; id++) {
      definitions.add(version({ id, stream: 'a' }));
      definitions.enforce(definitions.count - 1);
    }
    expect(ids(definitions, 0)).toEqual([1, 998, 999]);
    expect(definitions.count).toBe(1000);
  });
});
