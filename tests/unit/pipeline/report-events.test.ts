import { expect, it } from 'vitest';
import { reportTo } from '../../../src/pipeline/report-events.ts';
import { RunReport } from '../../../src/report/run-report.ts';
import { versionOf } from './parts.ts';

it('each event of a pipeline stands in the report', () => {
  const report = new RunReport();
  const events = reportTo(report);
  const version = versionOf('a');
  events.reading();
  events.input(40, false);
  events.state();
  events.read('a', 7);
  events.noted('a', version.columns[0]!, { what: 'inexact', column: 0, count: 2 });
  events.ignored('a', { name: 'x', count: 3 });
  events.setAside('a', 1);
  events.loading('a', 6);
  expect([...report.loading]).toEqual([['a', 6]]);
  events.loaded('a', { loaded: 4, deduplicated: 1, deleted: 1, marked: 0 }, 0.5);
  events.discarded(version, { of: 'tables', count: 5 });
  expect([...report.loading]).toEqual([]);
  expect(report).toMatchObject({ inputBytes: 40, states: 1, hasMessages: true });
  const counts = report.streams.get('a')!;
  expect(counts).toMatchObject({
    read: 8,
    loaded: 4,
    deduplicated: 1,
    deleted: 1,
    setAside: 1,
    discarded: 5,
    loads: 1,
  });
  expect(counts.findings.map(({ kind, count }) => [kind, count])).toEqual([
    ['note', 2],
    ['discard', 5],
  ]);
  expect([...counts.ignored.get(undefined)!]).toEqual([['x', 3]]);
  events.abandoned('a');
  expect(report.streams.get('a')).toMatchObject({ read: 8, loaded: 0, setAside: 1 });
});
