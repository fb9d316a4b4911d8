// LoadTarget → how many rows the warehouse sees, and how many of them end in no row of their own.
import { counted, number } from '../../errors/counted.ts';
import { TargetError } from '../../errors/target-error.ts';
import type { Load, LoadOutcome } from '../destination.ts';
import type { Dialect } from './dialect.ts';
import { keyNames, type LoadTarget, stagedSide } from './source.ts';

/** Where each row of a load ends; the others are inserted, or update a row. */
export interface Tally extends Omit<LoadOutcome, 'inexact'> {
  /** All rows that the warehouse sees. */
  readonly rows: number;
}

/** A query of one row, and how to read it: all rows once, grouped by key only where a key may come more than once. */
export interface TallyQuery {
  readonly statement: string;
  read(row: Readonly<Record<string, unknown>>): Tally;
}

export function tallyQuery(dialect: Dialect, target: LoadTarget): TallyQuery {
  const { select, values, markers } = stagedSide(dialect, target);
  const { mayRepeatKeys, version } = target.load;
  const deletes = markers !== undefined;
  if (!mayRepeatKeys || version.keys.length === 0) {
    const [marked, relation] = deletes
      ? [', count(deleted_at) AS deleted', `(${select}) staged`]
      : ['', target.relation];
    return query(`SELECT count(*) AS staged_rows${marked} FROM ${relation}`);
  }
  const last = ', max(seq) AS newest, max(CASE WHEN deleted_at IS NOT NULL THEN seq END) AS died';
  const byKey = `SELECT count(*) AS n${deletes ? last : ''} FROM (${select}) staged GROUP BY ${keyNames(values).join(', ')}`;
  const marked = deletes ? ', count_if(died = newest) AS deleted' : '';
  return query(
    `SELECT coalesce(sum(n), 0) AS staged_rows, coalesce(sum(n - 1), 0) AS deduplicated${marked} FROM (${byKey}) keys`,
  );
}

const query = (statement: string): TallyQuery => ({
  statement,
  read: ({ staged_rows: rows, deduplicated = 0, deleted = 0 }) => ({
    rows: Number(rows),
    deduplicated: Number(deduplicated),
    deleted: Number(deleted),
  }),
});

/** @param reader for people: who has read the staged files. @throws TargetError LOAD_ROWS_MISMATCH */
export function checkRows(load: Load, rows: number, reader: string): void {
  if (rows === load.rows) return;
  const files = counted(load.files.length, 'staged file');
  const written = `${counted(load.rows, 'row')} ${load.rows === 1 ? 'was' : 'were'} written to ${files}`;
  throw new TargetError('LOAD_ROWS_MISMATCH', `${written}, ${reader} reads ${number(rows)}`);
}
