// The dialect of DuckDB, 1.4 or later (MERGE INTO).
import type { ColumnType } from '../../schema/model.ts';
import type { Dialect, TableColumnType } from './dialect.ts';

const typeNames = {
  boolean: 'BOOLEAN',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  json: 'VARCHAR',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
} as const;

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The comment of a staging table. */
export const stagingComment = 'staging table of target-iomete';

export const duckdbDialect: Dialect = {
  quoteName,
  quoteText,
  timestampLiteral: (instant) => `TIMESTAMP '${instant.toISOString().slice(0, -1).replace('T', ' ')}'`,
  typeName,
  // The strict one: the other makes NULL of what does not fit. A member that is missing is an error as well.
  fromJson: (text, type) => `from_json_strict(${text}, ${quoteText(jsonStructure(type))})`,
  structOf: (members) => `struct_pack(${members.map(([name, value]) => `${quoteName(name)} := ${value}`).join(', ')})`,
  arrayOf: (element) => `[${element}]`,
  mapArray: (array, item, value) => `list_transform(${array}, lambda ${item}: ${value})`,
  firstOf: (array) => `${array}[1]`,
  // arg_max leaves rows out whose value is NULL; arg_max_null does not.
  maxBy: (value, order, where) =>
    `arg_max_null(${value}, ${order})${where === undefined ? '' : ` FILTER (WHERE ${where})`}`,
  struct: (names) => `struct_pack(${names.map((name) => `${name} := ${name}`).join(', ')})`,
  createTableSuffix: '',
  createStagingSuffix: '',
  markStaging: (table) => `COMMENT ON TABLE ${table} IS ${quoteText(stagingComment)}`,
  append: ({ table, columns, values, source, where }) =>
    `INSERT INTO ${table} (${columns.join(', ')})\nSELECT ${values.join(', ')} FROM ${source}${where === undefined ? '' : `\nWHERE ${where}`}`,
  comment: () => '',
  commentOn: (table, column, text) => `COMMENT ON COLUMN ${table}.${quoteName(column)} IS ${quoteText(text)}`,
  addColumns: (table, definitions) => definitions.map((definition) => `ALTER TABLE ${table} ADD COLUMN ${definition}`),
  // The cast of a struct to one of more members goes by their names; it reaches those in lists, too. Of a decimal the cast
  // also meets values that were deleted, which need not fit.
  widenColumn: (column, _, to) => {
    const [name, type] = [quoteName(column), typeName(to)];
    const using = to.kind === 'decimal' ? ` USING TRY_CAST(${name} AS ${type})` : '';
    return [`ALTER COLUMN ${name} TYPE ${type}${using}`];
  },
};

function typeName(type: TableColumnType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'struct':
      return `STRUCT(${type.fields.map((field) => `${quoteName(field.name)} ${typeName(field.type)}`).join(', ')})`;
    case 'array':
      return `${typeName(type.element.type)}[]`;
    case 'other':
      return type.sql;
    default:
      return typeNames[type.kind];
  }
}

/** In the words of `from_json`: `{"a": "BIGINT", "b": ["VARCHAR"]}`. By hand, as an object of ours would put `1` first. */
function jsonStructure(type: ColumnType): string {
  if (type.kind === 'array') return `[${jsonStructure(type.element.type)}]`;
  if (type.kind !== 'struct') return JSON.stringify(typeName(type));
  return `{${type.fields.map((field) => `${JSON.stringify(field.name)}:${jsonStructure(field.type)}`).join(',')}}`;
}
