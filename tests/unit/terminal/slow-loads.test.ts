import { expect, test } from 'vitest';
import { SlowLoads } from '../../../src/terminal/slow-loads.ts';

function watched() {
  const lines: string[] = [];
  let now = 5_000;
  const loads = new SlowLoads(
    (line) => lines.push(line),
    () => now,
  );
  const pass = (ms: number) => {
    now += ms;
  };
  return { loads, lines, pass };
}

test('a load that takes long has a line after half a minute, and then whenever twice as much has passed', () => {
  const { loads, lines, pass } = watched();
  loads.begin('orders', 1200);
  loads.begin('quick', 3);
  for (let second = 0; second < 29; second++) {
    pass(1_000);
    loads.tick();
  }
  expect(lines).toEqual([]);
  loads.end('quick');
  for (let second = 29; second < 250; second++) {
    pass(1_000);
    loads.tick();
  }
  expect(lines).toEqual([30, 60, 120, 240].map((seconds) => `still loading 1,200 rows of orders, for ${seconds} s`));
  loads.end('orders');
  pass(1e6);
  loads.tick();
  expect(lines).toHaveLength(4);
});

test('files that a warehouse reads by itself are called files', () => {
  const { loads, lines, pass } = watched();
  loads.begin('orders', 0);
  pass(100_000);
  loads.tick();
  loads.tick();
  expect(lines).toEqual(['still loading files of orders, for 100 s']);
});
