import { describe, expect, it } from 'vitest';
import { StatementError } from '../../../../src/destinations/iomete/statement-error.ts';

const lost = [
  'org.apache.iceberg.exceptions.CommitFailedException: Base metadata location is not same as the current table metadata location',
  'org.apache.iceberg.exceptions.ValidationException: Found conflicting files that can contain records matching true',
  'java.lang.IllegalStateException: Runtime file filtering is not possible: the table has been concurrently modified. Row-level operation scan snapshot ID: 1',
];

describe('a statement that lost a race with another writer', () => {
  it.each(lost)('may be run again: %s', (text) => {
    expect(new StatementError('failed', text).isConflict).toBe(true);
  });

  it('may not when it is not known whether its commit happened', () => {
    const text = 'org.apache.iceberg.exceptions.CommitStateUnknownException: concurrently modified';
    const error = new StatementError('failed', text);
    expect(error.isConflict).toBe(false);
    expect(error.outcome).toBe('unknown');
  });

  it('is no other failure', () => {
    expect(new StatementError('failed', 'java.lang.ArithmeticException: overflow').isConflict).toBe(false);
  });
});

describe('the telling words of a long text', () => {
  const cause = (text: string) =>
    `a.B: failed\n\tat a.B.c(B.scala:1)${'\n\tat a.B.d(B.scala:22)'.repeat(2000)}\nCaused by: ${text}`;

  it('are found in its last cause', () => {
    const text = cause('org.apache.iceberg.exceptions.CommitStateUnknownException: timeout');
    expect(text.indexOf('CommitStateUnknown')).toBeGreaterThan(8192);
    expect(new StatementError('failed', text).outcome).toBe('unknown');
    for (const words of lost) expect(new StatementError('failed', cause(words)).isConflict).toBe(true);
  });

  it('are not there, however often they begin', () => {
    expect(new StatementError('failed', 'Concurrent'.repeat(32_000)).isConflict).toBe(false);
  });
});
