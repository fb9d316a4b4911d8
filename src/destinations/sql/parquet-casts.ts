// A column of a Parquet file → the value that a column of the stream gets, and which values it could not hold exactly.
//
// The rules are those for records: a value is accepted when the schema accepts the JSON kind that would hold the value.
import { type ColumnType, jsonKind } from '../../schema/model.ts';
import type { Cast, CastTarget } from './cast-target.ts';
import { castTo, tryCast } from './dialect.ts';
import type { FileType, ParquetDialect } from './parquet-dialect.ts';
import { castKey } from './parquet-keys.ts';

const kindInJson: Readonly<Record<FileType['kind'], number>> = {
  boolean: jsonKind.boolean,
  integer: jsonKind.number,
  decimal: jsonKind.number,
  float: jsonKind.number,
  text: jsonKind.string,
  date: jsonKind.string,
  timestamp: jsonKind.string,
  writtenAsText: jsonKind.string,
  nested: jsonKind.structure,
  unsupported: 0,
};

const datePattern = '\\d{4}-\\d{2}-\\d{2}';
const midnightPattern = `${datePattern}([Tt ]00:00:00(\\.0+)?([Zz]|[+-]00:?00)?)?`;
const instantPattern = `${datePattern}([Tt ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6}0*)?)?([Zz]|[+-]\\d{2}(:?\\d{2})?)?)?`;
const numberPattern = '-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?';

/** @param value an expression of the type `from` */
export function castFromFile(dialect: ParquetDialect, value: string, from: FileType, to: CastTarget): Cast {
  const cast = castValue(dialect, value, from, to);
  const isAccepted = (to.accepts & kindInJson[from.kind]) !== 0;
  return to.isKey && isAccepted ? castKey(dialect, value, from, to, cast) : cast;
}

function castValue(dialect: ParquetDialect, value: string, from: FileType, { type, accepts }: CastTarget): Cast {
  if ((accepts & kindInJson[from.kind]) === 0) return refused(dialect, value, type);
  switch (type.kind) {
    case 'string':
    case 'json':
      return exact(textOf(dialect, value, from));
    case 'timestamp':
      return timestamp(dialect, value, from);
    case 'date':
      return date(dialect, value, from);
    case 'boolean':
      return from.kind === 'boolean' ? exact(value) : refused(dialect, value, type);
    case 'bigint':
    case 'double':
    case 'decimal':
      return number(dialect, value, from, type);
    // such columns are staged as text that only the encoder of records can write
    case 'struct':
    case 'array':
      return refused(dialect, value, { kind: 'string' });
  }
}

const exact = (value: string): Cast => ({ value, bad: undefined });

/** Only NULL passes. */
const refused = (dialect: ParquetDialect, value: string, type: ColumnType): Cast => ({
  value: `CAST(NULL AS ${dialect.typeName(type)})`,
  bad: `${value} IS NOT NULL`,
});

function textOf(dialect: ParquetDialect, value: string, from: FileType): string {
  if (from.kind === 'text') return value;
  if (from.kind === 'nested') return `CASE WHEN ${value} IS NOT NULL THEN ${dialect.jsonOf(value)} END`;
  if (from.kind === 'float') return dialect.textOfFloat(value);
  const plain = `CAST(${value} AS ${dialect.typeName({ kind: 'string' })})`;
  if (from.kind !== 'timestamp') return plain;
  if (!from.isZoned) return `replace(${plain}, ' ', 'T')`;
  return castTo(dialect, dialect.timestampOf(value, from), { kind: 'timestamp' }, { kind: 'string' });
}

function timestamp(dialect: ParquetDialect, value: string, from: FileType): Cast {
  const type = { kind: 'timestamp' } as const;
  if (from.kind === 'date') return exact(`CAST(${value} AS ${dialect.typeName(type)})`);
  if (from.kind === 'text') return ofText(dialect, value, dialect.timestampOfText(value), instantPattern);
  if (from.kind !== 'timestamp') return refused(dialect, value, type);
  const instant = dialect.timestampOf(value, from);
  return { value: instant, bad: from.isBelowMicroseconds ? changed(value, tryCast(instant, from.sql)) : undefined };
}

function date(dialect: ParquetDialect, value: string, from: FileType): Cast {
  const type = { kind: 'date' } as const;
  const name = dialect.typeName(type);
  if (from.kind === 'date') return exact(value);
  if (from.kind === 'text') return ofText(dialect, value, tryCast(`substr(${value}, 1, 10)`, name), midnightPattern);
  if (from.kind !== 'timestamp') return refused(dialect, value, type);
  const instant = dialect.timestampOf(value, from);
  const day = `CAST(${instant} AS ${name})`;
  const back = tryCast(day, dialect.typeName({ kind: 'timestamp' }));
  const orCut = from.isBelowMicroseconds ? ` OR ${changed(value, tryCast(instant, from.sql))}` : '';
  return { value: day, bad: `(${changed(instant, back)}${orCut})` };
}

function number(dialect: ParquetDialect, value: string, from: FileType, type: ColumnType): Cast {
  const name = dialect.typeName(type);
  if (from.kind === 'text') {
    const pattern = type.kind === 'decimal' ? decimalPattern(type.scale) : numberPattern;
    return ofText(dialect, value, tryCast(value, name), pattern);
  }
  const isSame = type.kind === 'double' ? from.kind === 'float' : type.kind === 'bigint' && from.kind === 'integer';
  if (isSame && !from.mayExceed64Bits) return exact(`CAST(${value} AS ${name})`);
  // a double goes through its text: the decimal gets the digits by which the double is written
  const text = dialect.typeName({ kind: 'string' });
  const digits = from.kind === 'float' && type.kind === 'decimal' ? `CAST(${value} AS ${text})` : value;
  const held = tryCast(digits, name);
  return { value: held, bad: changed(value, tryCast(held, from.sql)) };
}

const decimalPattern = (scale: number): string => `-?\\d+(\\.\\d{0,${scale}}0*)?`;

/** A text may match the pattern and still be no value, such as the 30th of February: the cast makes it NULL. */
function ofText(dialect: ParquetDialect, text: string, value: string, pattern: string): Cast {
  const isRight = `${dialect.matches(text, pattern)} AND ${value} IS NOT NULL`;
  return { value, bad: `(${text} IS NOT NULL AND NOT (${isRight}))` };
}

/** True where the value that is cast and cast back differs, or where one of the two casts failed. */
const changed = (value: string, back: string): string =>
  `(${value} IS NOT NULL AND (${back} IS NULL OR ${back} <> ${value}))`;
