// Integers and decimals that a table holds as DOUBLE → how many of a load's values that changes.
import { shownKey } from '../../errors/shown-key.ts';
import { TargetError } from '../../errors/target-error.ts';
import { stagedName } from '../../formats/layout.ts';
import type { StreamVersion } from '../../schema/model.ts';
import type { InexactCounts } from '../destination.ts';
import { type Dialect, tryCast } from './dialect.ts';
import type { PreparedTable } from './prepared-table.ts';
import { wantedColumns } from './table-columns.ts';

/** A query of one row, and how to read it. */
export interface InexactCount {
  readonly statement: string;
  /** @throws TargetError INPUT_VALUE_INVALID for keys that would become others */
  read(row: Readonly<Record<string, unknown>>): InexactCounts;
}

/**
 * The types of a version know what a DOUBLE column of theirs changes, and count it where records are encoded. What a
 * table has made of them is only known here.
 * @param relation anything that may stand after FROM
 * @param expressionOf the relation's column that holds one of the version's, by its index; not set: as in the staged layout
 * @returns undefined when no column of the table can round
 */
export function inexactCount(
  dialect: Dialect,
  version: StreamVersion,
  columns: PreparedTable['columns'],
  relation: string,
  expressionOf: (index: number) => string = stagedName,
): InexactCount | undefined {
  const indexes = inexactColumns(version, columns);
  if (indexes.length === 0) return undefined;
  const counts = indexes.flatMap((index) => {
    const name = expressionOf(index);
    const double = `CAST(${name} AS ${dialect.typeName({ kind: 'double' })})`;
    const back = tryCast(double, dialect.typeName(version.columns[index]!.type));
    const isChanged = `${name} IS NOT NULL AND NOT coalesce(${back} = ${name}, false)`;
    const count = `count_if(${isChanged}) AS v${index}`;
    if (!version.keys.includes(index)) return [count];
    const text = `CAST(${name} AS ${dialect.typeName({ kind: 'string' })})`;
    return [count, `min(CASE WHEN ${isChanged} THEN ${text} END) AS k${index}`];
  });
  return {
    statement: `SELECT ${counts.join(', ')} FROM ${relation}`,
    read: (row) => {
      const inexact = new Map(indexes.map((index) => [index, Number(row[`v${index}`])]));
      for (const key of version.keys)
        if ((inexact.get(key) ?? 0) > 0) throw changedKey(version, key, inexact.get(key)!, String(row[`k${key}`]));
      return inexact;
    },
  };
}

function changedKey({ columns }: StreamVersion, index: number, count: number, key: string): TargetError {
  const keys = count === 1 ? 'one key is a number' : `${count} keys are numbers`;
  return new TargetError(
    'INPUT_VALUE_INVALID',
    `${keys} that the table's column, which is a DOUBLE, can't hold exactly (such as ${shownKey(key)}): load into a new table`,
    { column: columns[index]!.path.join('.') },
  );
}

/** Indexes into the version's columns. */
function inexactColumns(version: StreamVersion, columns: PreparedTable['columns']): readonly number[] {
  return wantedColumns(version).flatMap(({ from, type }, place) => {
    const isNumber = type.kind === 'bigint' || type.kind === 'decimal';
    return 'data' in from && isNumber && columns[place]?.type.kind === 'double' ? [from.data] : [];
  });
}
