// A planned evolution and the limits of its table → one that DuckDB can carry out to its end, or the reason why there is none.
import { TargetError } from '../../errors/target-error.ts';
import type { Evolution } from '../../schema/evolve.ts';
import type { TableColumnType } from '../../schema/table-types.ts';
import type { WantedColumn } from '../sql/table-columns.ts';
import type { TableLimits } from './table-limits.ts';

/**
 * A column of integers or decimals whose type is kept holds what it can: loads check their values.
 * @throws TargetError TABLE_CONSTRAINT
 */
export function possibleSteps(evolution: Evolution, wanted: readonly WantedColumn[], limits: TableLimits): Evolution {
  const kept = new Map<string, TableColumnType>();
  const steps = evolution.steps.filter((step) => {
    if (step.kind === 'add') return true;
    if (step.kind === 'rename') {
      const reason = limits.keepsName(step.from);
      if (reason !== undefined) throw held(step.from, 'would have to make room for one of another type', reason);
      return true;
    }
    const reason = limits.keepsType(step.name);
    if (reason === undefined) return true;
    const place = evolution.columns.findIndex((column) => column?.name === step.name);
    if (!isExactNumber(step.from) || wanted[place]?.metadata)
      throw held(step.name, 'would have to get a wider type', reason);
    kept.set(step.name, step.from);
    return false;
  });
  const columns = evolution.columns.map((column) => {
    if (column !== undefined && limits.isGenerated(column.name))
      throw new TargetError('TABLE_CONSTRAINT', 'the column is generated, so rows can give it no value', {
        column: column.name,
      });
    const type = column && kept.get(column.name);
    return type === undefined ? column : { name: column!.name, type };
  });
  const others = evolution.others.filter(({ name }) => !limits.isGenerated(name));
  return { ...evolution, steps, columns, others };
}

const isExactNumber = (type: TableColumnType): boolean =>
  type.kind === 'decimal' || (type.kind === 'other' && /^u?(tiny|small|big)?int(eger)?$/i.test(type.sql));

const held = (column: string, what: string, reason: string): TargetError =>
  new TargetError('TABLE_CONSTRAINT', `the table's column ${what}, which ${reason} prevents`, { column });
