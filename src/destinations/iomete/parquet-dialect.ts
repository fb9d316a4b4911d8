// How Spark reads the types of Parquet files, and casts them. The session's time zone must be UTC.
import type { FileType, ParquetDialect } from '../sql/parquet-dialect.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';

const { quoteText } = sparkDialect;

/** Milliseconds are what `to_json` would leave of a time, and members that are null it would leave out. */
const jsonOptions = Object.entries({
  ignoreNullFields: 'false',
  timestampFormat: "yyyy-MM-dd'T'HH:mm:ss[.SSSSSS]XXX",
  timestampNTZFormat: "yyyy-MM-dd'T'HH:mm:ss[.SSSSSS]",
}).map((entry) => entry.map(quoteText).join(', '));

export const sparkParquetDialect: ParquetDialect = {
  ...sparkDialect,
  // `$` also stands before a line feed at the end
  matches: (text, pattern) => `${text} RLIKE ${quoteText(`^(?:${pattern})\\z`)}`,
  timestampOfText: (text) => `try_cast(upper(${text}) AS TIMESTAMP)`,
  timestampOf: (expression) => `CAST(${expression} AS TIMESTAMP)`,
  textOfFloat: (expression) => `CAST(${expression} AS STRING)`,
  jsonOf: (expression) => `to_json(${expression}, map(${jsonOptions.join(', ')}))`,
};

/** @param sql as DESCRIBE prints it */
export function sparkFileType(sql: string): FileType {
  const name = sql.toLowerCase();
  if (/^(struct|map|array)</.test(name)) return { kind: 'nested', sql };
  if (name.startsWith('decimal(')) return { kind: 'decimal', sql };
  if (/^(var)?char\(/.test(name)) return { kind: 'text', sql };
  return { ...(simpleTypes[name] ?? { kind: 'unsupported' as const }), sql };
}

const integer = { kind: 'integer' } as const;

/** Spark reads no times of day, and no timestamps in nanoseconds; unsigned 64 bits are a decimal for it. */
const simpleTypes: Readonly<Record<string, Omit<FileType, 'sql'>>> = {
  boolean: { kind: 'boolean' },
  tinyint: integer,
  smallint: integer,
  int: integer,
  bigint: integer,
  float: { kind: 'float' },
  double: { kind: 'float' },
  string: { kind: 'text' },
  date: { kind: 'date' },
  timestamp: { kind: 'timestamp', isZoned: true },
  timestamp_ntz: { kind: 'timestamp' },
};
