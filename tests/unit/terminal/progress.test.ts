import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunLog, runLog } from '../../../src/terminal/log.ts';
import { progress } from '../../../src/terminal/progress.ts';
import { versionOf } from '../destinations/sql/staged-records.ts';

const none = { loaded: 0, deduplicated: 0, deleted: 0, marked: 0 };
const version = versionOf({ columns: { id: 'bigint' } });

describe('progress', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function start(isTerminal: boolean, showsStates = false) {
    const written: string[] = [];
    const shown = progress(
      (text) => written.push(text),
      { isTerminal, showsStates },
      () => log,
    );
    const log: RunLog = runLog((line) => shown.line(line), isTerminal);
    shown.start();
    return { shown, log, text: () => written.join('') };
  }

  it('is one line that renews itself at a terminal', () => {
    const { shown, text } = start(true);
    shown.reading();
    shown.read('orders', 1200);
    shown.input(2_000_000, false);
    shown.loading('orders', 1200);
    vi.advanceTimersByTime(1000);
    expect(text()).toContain('\r\x1b[2K1,200 rows read (2.0 MB) of 1 stream, 0 loaded, 1 load under way');
    expect(text()).not.toContain('\n');
  });

  it('says what the run waits for before the first message', () => {
    const { shown, text } = start(true);
    vi.advanceTimersByTime(2000);
    expect(text().endsWith('\r\x1b[2Kconnecting to the destination, 2 s')).toBe(true);
    shown.reading();
    vi.advanceTimersByTime(1000);
    expect(text().endsWith('\r\x1b[2Kwaiting for messages on standard input, 3 s')).toBe(true);
  });

  it('goes away for a state that is shown on the same terminal, and comes back', () => {
    const { shown, text } = start(true, true);
    vi.advanceTimersByTime(200);
    shown.state();
    expect(text().endsWith('\r\x1b[2K')).toBe(true);
    vi.advanceTimersByTime(400);
    expect(text().endsWith('\r\x1b[2K')).toBe(true);
    vi.advanceTimersByTime(200);
    expect(text().endsWith(', 1 s')).toBe(true);
  });

  it('stays for a state that goes to a file', () => {
    const { shown, text } = start(true, false);
    vi.advanceTimersByTime(200);
    shown.state();
    expect(text().endsWith(' s')).toBe(true);
  });

  it('makes room for a message, which stays', () => {
    const { shown, log, text } = start(true);
    shown.read('orders', 1);
    vi.advanceTimersByTime(200);
    log.warn('look here');
    expect(text().endsWith('\r\x1b[2KWARNING look here\n')).toBe(true);
  });

  it('is plain lines with the time where nobody is looking, without control characters', () => {
    const { shown, text } = start(false);
    shown.read('orders', 5);
    vi.advanceTimersByTime(1000);
    expect(text()).toBe('');
    shown.loading('orders', 5);
    shown.loaded('orders', { loaded: 2, deduplicated: 1, deleted: 1, marked: 1 }, 1.25);
    expect(text()).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z INFO loaded 5 rows of orders in 1\.3 s\n$/);
  });

  it('does not grow with the number of loads', () => {
    const { shown, text } = start(false);
    for (let load = 0; load < 10_000; load++) {
      shown.loaded('orders', { ...none, loaded: 2 }, 0.01);
      vi.advanceTimersByTime(10);
    }
    const lines = text().split('\n');
    expect(lines.length).toBeLessThan(520);
    expect(lines.at(-2)).toMatch(/INFO loaded 2,000 rows in 1,000 more loads$/);
  });

  it('ends in a summary of every stream, and says whether the last state covers everything', () => {
    const { shown, log, text } = start(false);
    shown.read('orders', 5);
    const column = { path: ['at'], name: 'at', type: { kind: 'timestamp' }, accepts: 4 } as const;
    shown.noted('orders', column, { what: 'inexact', column: 0, count: 2 });
    const oid = { path: ['oid'], name: 'oid', type: { kind: 'string' }, accepts: 20 } as const;
    shown.noted('orders', oid, { what: 'asText', column: 1, count: 2 });
    shown.noted('orders', oid, { what: 'asText', column: 1, count: 1 });
    const list = { ...column, name: 'list', type: { kind: 'array', element: column } } as const;
    shown.noted('orders', list, { what: 'cut', column: 2, count: 4 });
    shown.noted('orders', list, { what: 'inexact', column: 2, count: 3 });
    shown.setAside('orders', 1);
    shown.loaded('orders', { ...none, loaded: 5 }, 1);
    shown.state();
    shown.finish(log, { finalState: true });
    expect(text()).toContain('INFO orders: 6 rows read, 5 loaded in 1 load, 1 set aside\n');
    expect(text()).toContain('WARNING orders: 2 values of at were finer than a microsecond and were cut to it\n');
    expect(text()).toContain(
      'WARNING orders: 4 values of list hold date-times that were finer than a microsecond and were cut to it\n',
    );
    expect(text()).toContain(
      'WARNING orders: 3 values of list hold numbers that are kept only approximately by a DOUBLE: see "number_type", which decides for new columns only\n',
    );
    expect(text()).toContain(
      'WARNING orders: 3 values of oid were no strings, as the schema declares them: the column holds their JSON text\n',
    );
    expect(text()).toContain('WARNING orders: 1 record could not be loaded and was set aside\n');
    expect(text()).toMatch(/INFO 5 rows of 1 stream \(0\.0 MB\) in 0\.0 s; the last state was emitted\n$/);
  });

  it('says 1 of each thing in the singular', () => {
    const { shown, log, text } = start(false);
    const table = { schema: 's', table: 'orders' };
    const at = { path: ['at'], name: 'at', type: { kind: 'timestamp' }, accepts: 4 } as const;
    const list = { ...at, name: 'list', type: { kind: 'array', element: at } } as const;
    const number = { ...at, name: 'n', type: { kind: 'double' } } as const;
    shown.read('orders', 1);
    shown.loaded('orders', { ...none, loaded: 1 }, 1);
    shown.setAside('lines', 1);
    shown.read('files', 1);
    shown.noted('orders', at, { what: 'inexact', column: 0, count: 1 });
    shown.noted('orders', number, { what: 'inexact', column: 0, count: 1 });
    shown.noted('orders', number, { what: 'nulled', column: 0, count: 1 });
    shown.noted('orders', number, { what: 'asText', column: 0, count: 1 });
    shown.noted('orders', list, { what: 'cut', column: 2, count: 1 });
    shown.noted('orders', list, { what: 'inexact', column: 2, count: 1 });
    for (const discard of [{ of: 'tables' }, { of: 'files' }, { of: 'types', column: 0 }] as const)
      shown.discarded({ ...version, stream: 'files', table }, { ...discard, count: 1 });
    shown.finish(log, { finalState: true });
    const lines = text()
      .split('\n')
      .map((line) => line.replace(/^\S+ \w+ /, ''));
    expect(lines.slice(0, -2)).toEqual([
      'loaded 1 row of orders in 1.0 s',
      'orders: 1 row read, 1 loaded in 1 load',
      'orders: 1 value of at was finer than a microsecond and was cut to it',
      'orders: 1 value of n is held only approximately by a DOUBLE: see "number_type", which decides for new columns only',
      'orders: 1 value of n did not fit the column and is NULL',
      'orders: 1 value of n was no string, as the schema declares it: the column holds its JSON text',
      'orders: 1 value of list holds date-times that were finer than a microsecond and were cut to it',
      'orders: 1 value of list holds numbers that are kept only approximately by a DOUBLE: see "number_type", which decides for new columns only',
      'lines: 1 row read, 0 loaded in 0 loads, 1 set aside',
      'lines: 1 record could not be loaded and was set aside',
      'files: 1 row read, 0 loaded in 0 loads, 1 discarded',
      'files: 1 row was discarded: there is no table s.orders, and "schema_contract" makes none',
      'files: 1 file of BATCH messages was discarded unread: there is no table s.orders, and "schema_contract" makes none',
      'files: 1 value of id was discarded: the table s.orders has another type for it, and "schema_contract" keeps it so',
    ]);
    expect(lines.at(-2)).toMatch(/^1 row of 3 streams /);
  });

  it('warns where no message came', () => {
    const { shown, log, text } = start(false);
    shown.finish(log, { finalState: true });
    expect(text()).toMatch(
      /^\S+ WARNING no message came: did the tap start\? Its own log tells\. Nothing was loaded, and no state was written\n\S+ INFO 0 rows of 0 streams /,
    );
  });

  it('says in a log that a load takes long', () => {
    vi.useFakeTimers();
    try {
      const { shown, log, text } = start(false);
      shown.start();
      shown.loading('orders', 1200);
      vi.advanceTimersByTime(31_000);
      expect(text()).toMatch(/^\S+ INFO still loading 1,200 rows of orders, for 3\d s\n$/);
      shown.finish(log, { finalState: false });
    } finally {
      vi.useRealTimers();
    }
  });

  it('warns where only blank lines came', () => {
    const { shown, log, text } = start(false);
    shown.input(3, true);
    shown.finish(log, { finalState: true });
    expect(text()).toMatch(/^\S+ WARNING no message came: did the tap start/);
  });

  it('does not warn where messages came that leave no trace, or where the run failed', () => {
    const { shown, log, text } = start(false);
    shown.input(40, false);
    shown.finish(log, { finalState: true });
    const failed = start(false);
    failed.shown.finish(failed.log, { finalState: false });
    expect(text() + failed.text()).not.toContain('WARNING');
  });

  it('ends in counts of all that became of the records that were read', () => {
    const { shown, log, text } = start(false);
    const table = { schema: 's', table: 'orders' };
    shown.read('orders', 20_000);
    shown.loaded('orders', { loaded: 10_000, deduplicated: 2, deleted: 3, marked: 0 }, 1);
    shown.loaded('orders', { loaded: 5, deduplicated: 1, deleted: 0, marked: 4 }, 1);
    shown.setAside('orders', 6);
    shown.discarded({ ...version, stream: 'orders', table }, { of: 'tables', count: 9900 });
    shown.finish(log, { finalState: false });
    expect(text()).toContain(
      'orders: 20,006 rows read, 10,005 loaded in 2 loads, 3 updated by a later one, 3 deleted, 4 marked as deleted, 6 set aside, 9,900 discarded, 85 not loaded\n',
    );
  });

  it('counts what an overwrite had loaded as not loaded when it does not come to its end', () => {
    const { shown, log, text } = start(false);
    shown.read('orders', 5);
    shown.setAside('orders', 1);
    shown.loaded('orders', { loaded: 2, deduplicated: 1, deleted: 1, marked: 1 }, 1);
    shown.abandoned('orders');
    shown.finish(log, { finalState: false });
    expect(text()).toContain('orders: 6 rows read, 0 loaded in 1 load, 1 set aside, 5 not loaded\n');
  });
});
