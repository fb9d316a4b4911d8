import { describe, expect, it } from 'vitest';
import { RunReport } from '../../../src/report/run-report.ts';
import { column, version } from '../encode/encoder-input.ts';

const loaded = (changed = {}) => ({ loaded: 0, deduplicated: 0, deleted: 0, marked: 0, ...changed });

describe('the report of a run', () => {
  it('says what became of the records of each stream', () => {
    const report = new RunReport();
    report.read('a', 10);
    report.setAside('a', 2);
    report.beginLoad('a', 10);
    expect([...report.loading]).toEqual([['a', 10]]);
    report.loaded('a', loaded({ loaded: 6, deduplicated: 1, deleted: 2, marked: 1 }));
    report.read('b', 5);
    expect(report.streams.get('a')).toMatchObject({
      ...{ read: 12, loads: 1, loaded: 6, deduplicated: 1, deleted: 2, marked: 1, setAside: 2, discarded: 0 },
    });
    expect([report.total('read'), report.total('loaded'), report.loading.size]).toEqual([17, 6, 0]);
  });

  it('adds up what is one finding to a person, and keeps the rest apart, in order', () => {
    const report = new RunReport();
    const [price, at] = [column('price', 'double'), column('at', 'timestamp')];
    for (const count of [1, 2]) report.noted('a', price, { what: 'inexact', column: 0, count });
    report.noted('a', at, { what: 'inexact', column: 1, count: 4 });
    report.noted('a', price, { what: 'nulled', column: 0, count: 8 });
    report.noted('a', column('price', 'timestamp'), { what: 'inexact', column: 0, count: 16 });
    expect(report.streams.get('a')!.findings.map(({ count }) => count)).toEqual([3, 4, 8, 16]);
  });

  it('counts as discarded what has no table, and not values of a column', () => {
    const report = new RunReport();
    const of = version({ stream: 'a' });
    report.discarded(of, { of: 'tables', count: 3 });
    report.discarded(of, { of: 'columns', column: 1, count: 5 });
    report.discarded(of, { of: 'types', column: 1, count: 7 });
    const { discarded, findings } = report.streams.get('a')!;
    expect([discarded, findings.map(({ kind, count }) => [kind, count])]).toEqual([
      3,
      [3, 5, 7].map((count) => ['discard', count]),
    ]);
  });

  it('takes back what was loaded of a stream whose overwrite was abandoned', () => {
    const report = new RunReport();
    report.setAside('a', 1);
    report.read('a', 4);
    report.loaded('a', loaded({ loaded: 4 }));
    report.abandoned('a');
    expect(report.streams.get('a')).toMatchObject({ read: 5, loaded: 0, setAside: 1 });
  });

  it('keeps ignored fields by why they were ignored', () => {
    const report = new RunReport();
    report.ignored('a', { name: 'x', count: 1 });
    report.ignored('a', { name: 'x', count: 2 });
    report.ignored('a', { name: 'x', count: 4, because: 'schema' });
    const { ignored } = report.streams.get('a')!;
    expect([...ignored].map(([because, fields]) => [because, [...fields]])).toEqual([
      [undefined, [['x', 3]]],
      ['schema', [['x', 4]]],
    ]);
  });
});
