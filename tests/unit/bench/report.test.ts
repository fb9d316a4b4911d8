import { describe, expect, it } from 'vitest';
import { isMet, markdown, type Results, type Row, svg } from '../../../bench/report.mjs';

const ours = { name: 'ours', rows: 300_000, wall: 0.5, cpu: 1.25, peak: 120.4 };
const theirs = { name: 'theirs', rows: 20_000, wall: 4, cpu: 3.9, peak: 100 };
const faster: Row = { id: 'a', what: 'times as fast <&>', value: 112.4, unit: 'x', goal: { least: 100 }, ours, theirs };
const dearer: Row = { id: 'b', what: 'CPU | share', value: 0.914, unit: 'x', goal: { most: 0.8 }, ours, theirs };
const failed: Row = {
  id: 'c',
  what: 'validation',
  value: undefined,
  unit: 'x',
  goal: { least: 25 },
  note: 'it failed',
};
const started: Row = {
  id: 'd',
  what: 'start',
  value: 88.4,
  unit: 'ms',
  goal: { most: 100 },
  ours: { ...ours, wall: 0.0884 },
};

function resultsOf(rows: readonly Row[]): Results {
  const machine = { cores: 2, node: '20.20.2', platform: 'linux', load: { least: 1, most: 2.34 } };
  const slowLines = [{ kind: 'orders', rows: 20_000, share: 0.00015 }];
  const profile = [{ part: 'row loop', share: 0.25 }];
  return { plan: 'quick', measuredOn: '2026-01-02', machine, rounds: 3, rows, slowLines, profile };
}

describe('the bench report', () => {
  it('is a table with the goal, and whether it is met, beside each figure', () => {
    const lines = markdown(resultsOf([faster, dearer, failed, started])).split('\n');
    expect(lines.filter((line) => line.startsWith('|')).slice(0, 6)).toEqual([
      '|  | measured | goal | met | CPU | target-iomete | the other |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| times as fast <&> | 112 x | ≥ 100 x | yes | 1 : 46.8 | 300,000 rows: 0.50 s, CPU 1.25 s, 120 MB | 20,000 rows: 4.00 s, CPU 3.90 s, 100 MB |',
      '| CPU \\| share | 0.91 x | ≤ 0.8 x | no | 1 : 46.8 | 300,000 rows: 0.50 s, CPU 1.25 s, 120 MB | 20,000 rows: 4.00 s, CPU 3.90 s, 100 MB |',
      '| validation | not measured: it failed | ≥ 25 x |  |  |  |  |',
      '| start | 88.4 ms | ≤ 100 ms | yes |  | 88 ms (ours) |  |',
    ]);
  });

  it('says on what machine, how busy, and that it was the quick version', () => {
    const text = markdown(resultsOf([faster]));
    expect(text).toContain('`npm run bench -- --quick`: 2 cores, linux, Node.js 20.20.2, with 1.0 to 2.3 processes');
  });

  it('shows the share of slow lines and of each part of the code', () => {
    const text = markdown(resultsOf([faster]));
    expect(text).toContain('| orders | 20,000 | 0.015 % |');
    expect(text).toContain('| row loop | 25.0 % |');
  });

  it('meets a goal at the goal itself, and judges nothing without figure or goal', () => {
    expect(isMet({ ...faster, value: 100 })).toBe(true);
    expect(isMet({ ...faster, value: 99.9 })).toBe(false);
    expect(isMet({ ...dearer, value: 0.8 })).toBe(true);
    expect(isMet(failed)).toBeUndefined();
    expect(isMet({ ...faster, goal: {} })).toBeUndefined();
  });

  it('draws a bar for each line that has a least goal', () => {
    const drawing = svg(resultsOf([faster, dearer, failed, started]));
    expect(drawing.match(/<rect x=/g)).toHaveLength(1);
    expect(drawing).toContain('times as fast &lt;&amp;');
  });
});
