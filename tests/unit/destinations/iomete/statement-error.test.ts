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
