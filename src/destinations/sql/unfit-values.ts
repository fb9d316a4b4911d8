// Numbers that a table's column may have no room for → those of a load that it has none for, which ends the load.
//
// The digits before the point are all that a decimal column may lack (`decimalForBoth`); a column of DuckDB that a constraint keeps
// narrow may lack others.
import { TargetError } from '../../errors/target-error.ts';
import { stagedName } from '../../formats/layout.ts';
import type { ColumnType, StreamVersion } from '../../schema/model.ts';
import { memberIndex, type TableColumnType } from '../../schema/table-types.ts';
import { type Dialect, tryCast } from './dialect.ts';
import { readValue } from './nested-value.ts';
import type { PreparedTable } from './prepared-table.ts';
import { wantedColumns } from './table-columns.ts';

/** A query of one row, and what throws when that row counts anything. */
export interface UnfitCount {
  readonly statement: string;
  /** @throws TargetError INPUT_VALUE_INVALID */
  check(row: Readonly<Record<string, unknown>>): void;
}

/**
 * @param relation anything that may stand after FROM
 * @param expressionOf the relation's column that holds one of the version's, by its index, in the version's type; not set: as in the staged layout
 * @returns undefined when the columns have room for whatever the version's types hold
 */
export function unfitCount(
  dialect: Dialect,
  version: StreamVersion,
  columns: PreparedTable['columns'],
  relation: string,
  expressionOf?: (index: number) => string,
): UnfitCount | undefined {
  const fits = wantedColumns(version).flatMap(({ from, type }, place) => {
    const to = columns[place]?.type;
    if (!('data' in from) || to === undefined) return [];
    const value = expressionOf?.(from.data) ?? readValue(dialect, stagedName(from.data), type);
    const condition = fitsInto(dialect, value, type, to, 0);
    return condition === undefined ? [] : [{ index: from.data, to, condition }];
  });
  if (fits.length === 0) return undefined;
  const counts = fits.map(({ index, condition }) => `count_if(NOT ${condition}) AS v${index}`);
  return {
    statement: `SELECT ${counts.join(', ')} FROM ${relation}`,
    check: (row) => {
      for (const { index, to } of fits) {
        const count = Number(row[`v${index}`]);
        const column = version.columns[index]!.path.join('.');
        if (count > 0) throw unfit(count, dialect.typeName(to), column);
      }
    },
  };
}

const unfit = (count: number, type: string, column: string): TargetError =>
  new TargetError(
    'INPUT_VALUE_INVALID',
    `${count === 1 ? 'a value' : `${count} values`} can't be held by the table's column, which is ${type}: nothing of this load is in the table`,
    { column },
  );

/** A condition that is never NULL; undefined when it would always be true. @param depth makes the names of parameters differ */
function fitsInto(
  dialect: Dialect,
  value: string,
  from: TableColumnType,
  to: TableColumnType,
  depth: number,
): string | undefined {
  if (from.kind === 'array' && to.kind === 'array') {
    const item = `f${depth}`;
    const each = fitsInto(dialect, item, from.element.type, to.element.type, depth + 1);
    return each && `NOT coalesce(array_contains(${dialect.mapArray(value, item, each)}, false), false)`;
  }
  if (from.kind === 'struct' && to.kind === 'struct') {
    const members = from.fields.flatMap((field) => {
      const member = to.fields[memberIndex(to, field)];
      const one = `${value}.${dialect.quoteName(field.name)}`;
      return (member && fitsInto(dialect, one, field.type, member.type, depth)) ?? [];
    });
    return members.length === 0 ? undefined : `(${members.join(' AND ')})`;
  }
  if (!isNumber(from) || !mayLack(from, to)) return undefined;
  const back = tryCast(tryCast(value, dialect.typeName(to)), dialect.typeName(from));
  return `(${value} IS NULL OR coalesce(${back} = ${value}, false))`;
}

type ExactNumber = Extract<ColumnType, { kind: 'decimal' }> | { readonly kind: 'bigint' };

const isNumber = (type: TableColumnType): type is ExactNumber => type.kind === 'bigint' || type.kind === 'decimal';

function mayLack(from: ExactNumber, to: TableColumnType): boolean {
  if (to.kind === 'other') return !/^hugeint$/i.test(to.sql);
  if (to.kind === 'bigint') return from.kind === 'decimal';
  if (to.kind !== 'decimal') return false;
  const [integral, scale] = from.kind === 'bigint' ? [19, 0] : [from.precision - from.scale, from.scale];
  return integral > to.precision - to.scale || scale > to.scale;
}
