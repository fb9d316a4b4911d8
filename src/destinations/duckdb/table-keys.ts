// Before each load by keys → whether rows of the table share a key that the load has.
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Log } from '../../errors/log.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { moreThanKeys, repeatedRows, warnOfRepeatedKeys } from '../sql/repeated-keys.ts';
import type { LoadTarget } from '../sql/source.ts';
import { firstValue } from './statements.ts';

export interface TableKeys {
  /** Nobody else writes to the file, so rows that loads make by their keys share none. */
  wasEmpty(): void;
  /** @param target of staged rows, which are read for their keys alone. */
  repeat(connection: DuckDBConnection, target: LoadTarget): Promise<boolean>;
  /** For loads that are right in any case: asks at the first of them only. */
  tellOnce(connection: DuckDBConnection, target: LoadTarget): Promise<void>;
}

/**
 * Looking for the keys of a load in the table costs about what finding its rows does; after rows for a quarter of the table
 * the whole of it is looked at, once.
 */
export function tableKeys(log: Log): TableKeys {
  let answer: boolean | undefined;
  let looked = 0;
  const repeat = async (connection: DuckDBConnection, target: LoadTarget): Promise<boolean> => {
    if (answer !== undefined) return answer;
    looked += target.load.rows;
    const rows = Number(await firstValue(connection, `SELECT count(*) FROM ${target.table}`));
    const isInLoad = looked * 4 < rows;
    const more = Number(await firstValue(connection, moreThanKeys(duckdbDialect, target, isInLoad)));
    if (more > 0) {
      answer = true;
      warnOfRepeatedKeys(log, target, Number(await firstValue(connection, repeatedRows(duckdbDialect, target, false))));
    } else if (!isInLoad) answer = false;
    return more > 0;
  };
  return {
    wasEmpty: () => {
      answer ??= false;
    },
    repeat,
    tellOnce: async (connection, target) => {
      if (looked === 0) await repeat(connection, target);
    },
  };
}
