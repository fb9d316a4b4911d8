// How DuckDB reads the types of Parquet files, and casts them. The session's time zone must be UTC.
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import type { FileType, ParquetDialect } from '../sql/parquet-dialect.ts';

export const duckdbParquetDialect: ParquetDialect = {
  ...duckdbDialect,
  matches: (text, pattern) => `regexp_full_match(${text}, ${duckdbDialect.quoteText(pattern)})`,
  // a TIMESTAMP passes over the offset of its text
  timestampOfText: (text) => `make_timestamp(epoch_us(TRY_CAST(upper(${text}) AS TIMESTAMPTZ)))`,
  timestampOf: (expression, { isZoned }) =>
    isZoned ? `make_timestamp(epoch_us(${expression}))` : `CAST(${expression} AS TIMESTAMP)`,
  textOfFloat: (expression) =>
    `CASE CAST(${expression} AS VARCHAR) WHEN 'nan' THEN 'NaN' WHEN 'inf' THEN 'Infinity' WHEN '-inf' THEN '-Infinity' ELSE CAST(${expression} AS VARCHAR) END`,
  jsonOf: (expression) => `CAST(to_json(${expression}) AS VARCHAR)`,
};

/** @param sql as DESCRIBE prints it */
export function duckdbFileType(sql: string): FileType {
  const name = sql.toUpperCase();
  if (/^(STRUCT|MAP)\(|\]$/.test(name)) return { kind: 'nested', sql };
  if (name.startsWith('DECIMAL(')) return { kind: 'decimal', sql };
  if (name.startsWith('ENUM(')) return { kind: 'text', sql };
  return { ...(simpleTypes[name] ?? { kind: 'unsupported' as const }), sql };
}

const integer = { kind: 'integer' } as const;
const wideInteger = { kind: 'integer', mayExceed64Bits: true } as const;

const simpleTypes: Readonly<Record<string, Omit<FileType, 'sql'>>> = {
  BOOLEAN: { kind: 'boolean' },
  TINYINT: integer,
  SMALLINT: integer,
  INTEGER: integer,
  BIGINT: integer,
  UTINYINT: integer,
  USMALLINT: integer,
  UINTEGER: integer,
  UBIGINT: wideInteger,
  HUGEINT: wideInteger,
  UHUGEINT: wideInteger,
  FLOAT: { kind: 'float' },
  DOUBLE: { kind: 'float' },
  VARCHAR: { kind: 'text' },
  JSON: { kind: 'text' },
  DATE: { kind: 'date' },
  TIMESTAMP: { kind: 'timestamp' },
  TIMESTAMP_S: { kind: 'timestamp' },
  TIMESTAMP_MS: { kind: 'timestamp' },
  TIMESTAMP_NS: { kind: 'timestamp', isBelowMicroseconds: true },
  'TIMESTAMP WITH TIME ZONE': { kind: 'timestamp', isZoned: true },
  TIME: { kind: 'writtenAsText' },
  'TIME WITH TIME ZONE': { kind: 'writtenAsText' },
  UUID: { kind: 'writtenAsText' },
};
