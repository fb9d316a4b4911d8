import { expect, test } from 'vitest';
import { LoadLines } from '../../../src/terminal/load-lines.ts';

test('every load has its line, until there are so many that one now and then has to do', () => {
  const lines: string[] = [];
  let now = 0;
  const loads = new LoadLines(
    (line) => lines.push(line),
    () => now,
  );
  loads.loaded('boats', 1234, 0.25);
  expect(lines).toEqual(['loaded 1,234 rows of boats in 0.3 s']);
  for (let load = 0; load < 100_000; load++) {
    now += 1;
    loads.loaded('boats', 2, 0);
  }
  expect(lines.length).toBe(500 + 9);
  loads.finish();
  loads.finish();
  expect(lines.length).toBe(500 + 10);
  const rest = lines.slice(500).map((line) => /^loaded ([\d,]+) rows in ([\d,]+) more loads$/.exec(line)!.slice(1));
  const sum = (place: number) => rest.reduce((all, counts) => all + Number(counts[place]!.replaceAll(',', '')), 0);
  expect([sum(0), sum(1)]).toEqual([2 * (100_001 - 500), 100_001 - 500]);
});
