// The dialect of Spark SQL 3.5 over Iceberg tables.
import type { Dialect, TableColumnType } from './dialect.ts';
import { nestedAlterations } from './spark-nested-alterations.ts';

const typeNames = {
  boolean: 'BOOLEAN',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  string: 'STRING',
  json: 'STRING',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
} as const;

/**
 * Row-level deletes need format 2. Every load is a commit: the retries are for those of other writers, and without the
 * clean-up each commit would leave a metadata file for good. Appends are staged before they are published, which a table
 * must allow. All else is left to the lakehouse's own defaults.
 */
const tableProperties = [
  "'format-version' = '2'",
  "'commit.retry.num-retries' = '10'",
  "'write.metadata.delete-after-commit.enabled' = 'true'",
  "'write.metadata.previous-versions-max' = '50'",
  "'write.wap.enabled' = 'true'",
].join(', ');

/** Of a staging table: `true`. */
export const stagingProperty = 'target-iomete.staging-table';

/**
 * Text of more than 20 million characters is refused otherwise; a member called `_corrupt_record` would stay NULL but
 * for a name that none can have; and all else is what the session may have changed.
 */
const jsonOptions = {
  mode: 'FAILFAST',
  maxStringLen: '2147483647',
  maxNestingDepth: '1000000',
  columnNameOfCorruptRecord: '\u0001',
  allowNonNumericNumbers: 'true',
  enableDateTimeParsingFallback: 'false',
  timeZone: 'UTC',
  // Decimals are read by a locale's rules.
  locale: 'en-US',
};

const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

export const sparkDialect: Dialect = {
  quoteName,
  quoteText,
  timestampLiteral: (instant) => `TIMESTAMP '${instant.toISOString()}'`,
  typeName,
  fromJson: (text, type) => {
    const options = Object.entries(jsonOptions).flatMap(([name, value]) => [quoteText(name), quoteText(value)]);
    return `from_json(${text}, ${quoteText(typeName(type))}, map(${options.join(', ')}))`;
  },
  structOf: (members) => `named_struct(${members.flatMap(([name, value]) => [quoteText(name), value]).join(', ')})`,
  arrayOf: (element) => `array(${element})`,
  mapArray: (array, item, value) => `transform(${array}, ${item} -> ${value})`,
  firstOf: (array) => `${array}[0]`,
  maxBy: (value, order, where) => `max_by(${value}, ${order})${where === undefined ? '' : ` FILTER (WHERE ${where})`}`,
  struct: (names) => `struct(${names.join(', ')})`,
  createTableSuffix: ` USING iceberg TBLPROPERTIES (${tableProperties})`,
  createStagingSuffix: ` USING iceberg TBLPROPERTIES (${tableProperties}, '${stagingProperty}' = 'true')`,
  markStaging: () => undefined,
  // INSERT wants a value for every column of an Iceberg table (3.5: CANNOT_FIND_DATA), and what this is planned as is an append.
  append: ({ table, columns, values, source, where }) =>
    [
      `MERGE INTO ${table} USING ${source}`,
      'ON false',
      `WHEN NOT MATCHED${where === undefined ? '' : ` AND ${where}`} THEN INSERT (${columns.join(', ')}) VALUES (${values.join(', ')})`,
    ].join('\n'),
  comment: (text) => ` COMMENT ${quoteText(text)}`,
  commentOn: () => undefined,
  addColumns: (table, definitions) => [`ALTER TABLE ${table} ADD COLUMNS (${definitions.join(', ')})`],
  widenColumn: (column, from, to) => nestedAlterations({ quoteName, typeName }, quoteName(column), from, to),
};

function typeName(type: TableColumnType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'struct':
      return `STRUCT<${type.fields.map((field) => `${quoteName(field.name)}: ${typeName(field.type)}`).join(', ')}>`;
    case 'array':
      return `ARRAY<${typeName(type.element.type)}>`;
    case 'other':
      return type.sql;
    default:
      return typeNames[type.kind];
  }
}

/**
 * Only characters that mean nothing to the parser stay as they are; all others become `\uXXXX`, which can't end a
 * literal. Two of Spark's rules make doubling quotes unsafe: `\` escapes, and `'a''b'` is `ab` before 4.0. `$` and `;`
 * are escaped too: variables are substituted, and clients split scripts, before the text is parsed.
 */
function quoteText(text: string): string {
  const escaped = text.replace(
    /[^ A-Za-z0-9_.,:/@=+*()[\]-]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `'${escaped}'`;
}
