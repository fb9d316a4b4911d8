// Steps that add columns and members → the same steps under temporary names, and the name that each is to get in the end.
import { randomBytes } from 'node:crypto';
import { sourceComment } from '../../schema/column-source.ts';
import type { Step } from '../../schema/evolve.ts';
import type { TableColumnType } from '../sql/dialect.ts';

export interface HiddenColumn {
  /** The final name: the column, then its members, outermost first. The elements of an array are the member `element`. */
  readonly path: readonly string[];
  readonly temporary: string;
  /** True for a member of an array's elements: no path in SQL leads to such members. */
  readonly isInArray: boolean;
}

const prefix = 'target_iomete_new_';

/** Whether a killed run may have left the column, between two steps. Such a column holds no value. */
export const isLeftover = (name: string): boolean => name.startsWith(prefix);

export function hideNew(steps: readonly Step[]): { readonly steps: readonly Step[]; readonly hidden: HiddenColumn[] } {
  const hidden: HiddenColumn[] = [];
  const hide = (path: readonly string[], isInArray: boolean): string => {
    const temporary = `${prefix}${randomBytes(4).toString('hex')}`;
    hidden.push({ path, temporary, isInArray });
    return temporary;
  };
  const changed = steps.map((step): Step => {
    if (step.kind === 'rename') return step;
    if (step.kind === 'widen') return { ...step, to: hideMembers(step.from, step.to, [step.name], false, hide) };
    const { name, source } = step;
    const isTold = source !== undefined && sourceComment(source, name) !== undefined;
    return { ...step, name: hide([name], false), source: isTold ? source : undefined };
  });
  return { steps: changed, hidden };
}

function hideMembers(
  from: TableColumnType,
  to: TableColumnType,
  path: readonly string[],
  isInArray: boolean,
  hide: (path: readonly string[], isInArray: boolean) => string,
): TableColumnType {
  if (from.kind === 'array' && to.kind === 'array') {
    const type = hideMembers(from.element.type, to.element.type, [...path, 'element'], true, hide);
    return { kind: 'array', element: { type } };
  }
  if (from.kind !== 'struct' || to.kind !== 'struct') return to;
  const fields = to.fields.map(({ name, type }, index) => {
    const known = from.fields[index];
    const member = [...path, name];
    if (known === undefined) return { name: hide(member, isInArray), type };
    return { name, type: hideMembers(known.type, type, member, isInArray, hide) };
  });
  return { kind: 'struct', fields };
}
