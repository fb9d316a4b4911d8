// A column's type and a wider one → what ALTER TABLE must do: Iceberg changes a struct member by member.
import type { Dialect, TableColumnType } from './dialect.ts';

/** @param path of what has these types, quoted: `a`.`b`; an array's elements are its member `element`. */
export function nestedAlterations(
  dialect: Pick<Dialect, 'quoteName' | 'typeName'>,
  path: string,
  from: TableColumnType,
  to: TableColumnType,
): readonly string[] {
  if (dialect.typeName(from) === dialect.typeName(to)) return [];
  if (from.kind === 'array' && to.kind === 'array')
    return nestedAlterations(dialect, `${path}.element`, from.element.type, to.element.type);
  if (from.kind !== 'struct' || to.kind !== 'struct') return [`ALTER COLUMN ${path} TYPE ${dialect.typeName(to)}`];
  return to.fields.flatMap(({ name, type }) => {
    const member = `${path}.${dialect.quoteName(name)}`;
    const known = from.fields.find((field) => field.name === name);
    if (known === undefined) return [`ADD COLUMNS (${member} ${dialect.typeName(type)})`];
    return nestedAlterations(dialect, member, known.type, type);
  });
}
