// A staged or stored struct or array → an expression for it in the type that the table's column has.

import { sourceSeparator } from '../../encode/encode-nested.ts';
import { type ColumnType, isNested } from '../../schema/model.ts';
import { memberIndex, type TableColumnType } from '../../schema/table-types.ts';
import { castTo, type Dialect } from './dialect.ts';

/** @param staged an expression for the staged value: of a struct or array the text that `NestedEncoder` writes. */
export function stagedValue(dialect: Dialect, staged: string, type: ColumnType, to: TableColumnType): string {
  if (!isNested(type)) return castTo(dialect, staged, type, to);
  if (to.kind === 'string' || to.kind === 'json') return `coalesce(nullif(${part(dialect, staged, 2)}, ''), ${staged})`;
  return convertedValue(dialect, readValue(dialect, staged, type), type, to);
}

/** The staged value in its own type. */
export const readValue = (dialect: Dialect, staged: string, type: ColumnType): string =>
  isNested(type) ? dialect.fromJson(part(dialect, staged, 1), type) : staged;

const part = (dialect: Dialect, staged: string, number: number): string =>
  `split_part(${staged}, ${dialect.quoteText(sourceSeparator)}, ${number})`;

/** The expression, of type `from`, in type `to`: members are matched by name or property, and those that `from` lacks are NULL. */
export function convertedValue(
  dialect: Dialect,
  expression: string,
  from: TableColumnType,
  to: TableColumnType,
): string {
  if (isSame(dialect, from, to)) return expression;
  if (!isNested(from) || !isNested(to)) return castTo(dialect, expression, from, to);
  // Bound to a name, so that it is evaluated once and not for every member.
  return dialect.firstOf(dialect.mapArray(dialect.arrayOf(expression), 'v0', converted(dialect, 'v0', from, to, 1)));
}

/** @param value cheap to repeat, @param depth makes the names of parameters differ */
function converted(dialect: Dialect, value: string, from: TableColumnType, to: TableColumnType, depth: number): string {
  if (isSame(dialect, from, to)) return value;
  if (from.kind === 'struct' && to.kind === 'struct') {
    const places = from.fields.map((field) => memberIndex(to, field));
    const members = to.fields.map(({ name, type }, index): Member => {
      const given = from.fields[places.indexOf(index)];
      if (given === undefined) return [name, `CAST(NULL AS ${dialect.typeName(type)})`];
      return [name, converted(dialect, `${value}.${dialect.quoteName(given.name)}`, given.type, type, depth)];
    });
    return `CASE WHEN ${value} IS NULL THEN NULL ELSE ${dialect.structOf(members)} END`;
  }
  if (from.kind === 'array' && to.kind === 'array') {
    const item = `v${depth}`;
    return dialect.mapArray(value, item, converted(dialect, item, from.element.type, to.element.type, depth + 1));
  }
  return castTo(dialect, value, from, to);
}

type Member = readonly [name: string, value: string];

const isSame = (dialect: Dialect, from: TableColumnType, to: TableColumnType): boolean =>
  dialect.typeName(from) === dialect.typeName(to);
