// What differs between the SQL of two warehouses. The builders of this room ask a dialect for every name, literal, type
// and function that is not spelled the same in both; nothing else in the project writes quotes into SQL.
import type { TableColumnType } from '../../schema/evolve.ts';
import { isNested, type NestedType, type TableName } from '../../schema/model.ts';
import { numberText } from './number-text.ts';

export type { TableColumnType };

export interface Dialect {
  /** The only way an identifier gets into a statement. */
  quoteName(name: string): string;
  /** The only way a text gets into a statement. */
  quoteText(text: string): string;
  /** A TIMESTAMP of this instant, whatever the session's time zone. */
  timestampLiteral(instant: Date): string;
  typeName(type: TableColumnType): string;
  /** The value of this JSON text, which has all members under their names; a text that is anything else is an error. */
  fromJson(text: string, type: NestedType): string;
  /** A struct of these members: names as they are, values as expressions. */
  structOf(members: readonly (readonly [name: string, value: string])[]): string;
  /** An array with one element. */
  arrayOf(element: string): string;
  /** The elements of an array, each as `value`, an expression over the parameter `item`. */
  mapArray(array: string, item: string, value: string): string;
  /** The first element of an array. */
  firstOf(array: string): string;
  /** Aggregate: `value` of the row with the highest `order`, NULL included, among the rows that meet `where`. */
  maxBy(value: string, order: string, where?: string): string;
  /** One value that holds these columns; a member is read as `value.name`. */
  struct(names: readonly string[]): string;
  /** What follows the column list of CREATE TABLE. */
  readonly createTableSuffix: string;
  /** The same for a staging table; it ends in the mark of one, where that takes no statement of its own. */
  readonly createStagingSuffix: string;
  /** The statement that marks a staging table; undefined where `createStagingSuffix` does. @param table quoted */
  markStaging(table: string): string | undefined;
  /** Appends rows as they are. Columns of the table that are not named become NULL. */
  append(rows: AppendedRows): string;
  /** What follows a column's name and type to give it a comment; empty where that takes a statement of its own. */
  comment(text: string): string;
  /** The statement that gives a column its comment; undefined where `comment` does. @param table quoted */
  commentOn(table: string, column: string, text: string): string | undefined;
  /** As few statements as the warehouse allows. */
  addColumns(table: string, definitions: readonly string[]): readonly string[];
  /** What follows ALTER TABLE, in its order, to make a column of this type one of a wider type. */
  widenColumn(column: string, from: TableColumnType, to: TableColumnType): readonly string[];
}

interface AppendedRows {
  /** The table, quoted. */
  readonly table: string;
  /** Quoted. */
  readonly columns: readonly string[];
  /** What goes into each of `columns`: expressions over `source`. */
  readonly values: readonly string[];
  /** A subquery with its alias. */
  readonly source: string;
  /** A condition over `source` for the rows to append; undefined for all. */
  readonly where: string | undefined;
}

/** The value as a type in the warehouse's words; NULL where that can't be. All warehouses spell it alike. */
export const tryCast = (expression: string, type: string): string => `TRY_CAST(${expression} AS ${type})`;

/** `"schema"."table"`, with the catalog before it when there is one. */
export function tableReference(dialect: Dialect, name: TableName): string {
  const parts = name.catalog === undefined ? [name.schema, name.table] : [name.catalog, name.schema, name.table];
  return parts.map((part) => dialect.quoteName(part)).join('.');
}

/**
 * The expression, of type `from`, as a value of type `to`. Equal types are left alone. Text made of a timestamp is
 * ISO 8601 in UTC (`2024-02-29T12:00:00.5Z`), as the string columns of older tables hold it: sessions must run in UTC.
 * Of a number it is as `numberText` says.
 */
export function castTo(dialect: Dialect, expression: string, from: TableColumnType, to: TableColumnType): string {
  if (to.kind === 'other') return `CAST(${expression} AS ${to.sql})`;
  const [wanted, given] = [dialect.typeName(to), dialect.typeName(from)];
  if (wanted === given) return expression;
  const isText = to.kind === 'string' || to.kind === 'json';
  const cast = `CAST(${isText && isNested(from) ? `to_json(${expression})` : expression} AS ${wanted})`;
  if (isText && (from.kind === 'double' || from.kind === 'decimal')) return numberText(dialect, cast);
  const isTextOfTime = from.kind === 'timestamp' && isText;
  return isTextOfTime ? `replace(${cast}, ' ', 'T') || 'Z'` : cast;
}
