import { describe, expect, it } from 'vitest';
import { type Kind, linesOf } from '../../../bench/generate.mjs';

const kinds: readonly (readonly [Kind, rows: number, streams: number])[] = [
  ['orders', 3000, 1],
  ['plain-orders', 50, 1],
  ['ten-orders', 50, 10],
  ['wide', 50, 1],
  ['multi', 1500, 20],
  ['big', 20, 1],
  ['columns', 20, 1],
];

describe('generated streams', () => {
  it.each(kinds)('%s: the same lines for the same seed, others for another', (kind, rows) => {
    const lines = [...linesOf(kind, rows, 1)];
    expect([...linesOf(kind, rows, 1)]).toEqual(lines);
    expect([...linesOf(kind, rows, 2)]).not.toEqual(lines);
  });

  it.each(kinds)(
    '%s: as many records as asked for, each after a SCHEMA of its stream that declares its fields',
    (kind, rows, streams) => {
      const declared = new Map<string, Set<string>>();
      let records = 0;
      for (const line of linesOf(kind, rows)) {
        const message = JSON.parse(line);
        if (message.type === 'SCHEMA') declared.set(message.stream, new Set(Object.keys(message.schema.properties)));
        if (message.type !== 'RECORD') continue;
        records++;
        const unknown = Object.keys(message.record).filter((field) => !declared.get(message.stream)?.has(field));
        expect(unknown).toEqual([]);
      }
      expect(records).toBe(rows);
      expect(declared.size).toBe(streams);
    },
  );

  it('repeats about one key in a hundred among the orders', () => {
    const ids = [...linesOf('orders', 20_000)]
      .map((line) => JSON.parse(line).record?.id)
      .filter((id) => id !== undefined);
    const repeats = ids.length - new Set(ids).size;
    expect(repeats / ids.length).toBeGreaterThan(0.005);
    expect(repeats / ids.length).toBeLessThan(0.015);
  });

  it('has values of the sizes that it promises', () => {
    const sizes = [...linesOf('big', 20)].filter((line) => line.includes('RECORD')).map((line) => line.length);
    expect(Math.min(...sizes)).toBeGreaterThan(15_000);
    expect(Math.max(...sizes)).toBeLessThan(130_000);
  });
});
