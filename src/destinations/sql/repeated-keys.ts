// A table and its keys → how many of its rows have a key that another row has, too, and what a person is told of them.
import type { Log } from '../../errors/log.ts';
import type { Dialect } from './dialect.ts';
import { keyNames, type LoadTarget, stagedSide } from './source.ts';

/** The table's key columns, quoted. */
const keysOf = (dialect: Dialect, target: LoadTarget): readonly string[] =>
  stagedSide(dialect, target)
    .values.filter(({ key }) => key)
    .map((value) => value.target);

/** A query of one number `more`: rows of the table beyond one of each key. NULL equals nothing, so it is no such key. */
export function moreThanKeys(dialect: Dialect, target: LoadTarget, isInLoad: boolean): string {
  const keys = keysOf(dialect, target);
  const rows = `${target.table} WHERE ${isInLoad ? inLoad(dialect, target, keys) : areThere(keys)}`;
  return `SELECT (SELECT count(*) FROM ${rows}) - (SELECT count(*) FROM (SELECT DISTINCT ${keys.join(', ')} FROM ${rows}) keys) AS more`;
}

/** A query of one number `repeated`: rows of the table whose key comes more than once. */
export function repeatedRows(dialect: Dialect, target: LoadTarget, isInLoad: boolean): string {
  const keys = keysOf(dialect, target);
  const where = isInLoad ? inLoad(dialect, target, keys) : areThere(keys);
  const byKey = `SELECT count(*) AS n FROM ${target.table} WHERE ${where} GROUP BY ${keys.join(', ')} HAVING count(*) > 1`;
  return `SELECT coalesce(sum(n), 0) AS repeated FROM (${byKey}) keys`;
}

const areThere = (keys: readonly string[]): string => keys.map((key) => `${key} IS NOT NULL`).join(' AND ');

function inLoad(dialect: Dialect, target: LoadTarget, keys: readonly string[]): string {
  const { select, values } = stagedSide(dialect, target);
  return `(${keys.join(', ')}) IN (SELECT ${keyNames(values).join(', ')} FROM (${select}) staged)`;
}

export function warnOfRepeatedKeys(log: Log, { load }: LoadTarget, count: number): void {
  const { stream, table, keys, columns } = load.version;
  const names = keys.map((key) => columns[key]!.path.join('.')).join(', ');
  log.warn(
    `stream ${stream}: table ${table.schema}.${table.table} has ${count} rows whose key (${names}) comes more than once: what changes or deletes one row of a key does so with all of them`,
  );
}
