// Type names as Spark's DESCRIBE prints them → column types. The only place that reads them.
import type { PlainType } from '../../schema/model.ts';
import type { TableColumnType } from '../sql/dialect.ts';

/** @param sql in Spark's words: `bigint`, `decimal(38,9)`, `struct<a:bigint,b:array<string>>`. */
export function parseSparkType(sql: string): TableColumnType {
  const { type, end } = readType(sql, 0);
  return end === sql.length ? type : { kind: 'other', sql: sql.trim() };
}

/** Whether DESCRIBE's text of a struct has a second reading: DESCRIBE quotes no names. */
export function isDoubtful(type: TableColumnType): boolean {
  if (type.kind === 'array') return isDoubtful(type.element.type);
  if (type.kind === 'struct')
    return type.fields.some((field) => !unambiguousName.test(field.name) || isDoubtful(field.type));
  return type.kind === 'other' && !leafType.test(type.sql);
}

const unambiguousName = /^[\p{L}\p{Nd}_.$ ]+$/u;
const leafType = /^(map<.*>|[a-z_]+( ?\(\d+(, ?\d+)?\))?|interval [a-z ]+|struct<>)$/is;

interface Reading {
  readonly type: TableColumnType;
  readonly end: number;
}

/** DESCRIBE quotes no names, so a name ends at the first colon. Names that we make hold no colon. */
function readType(sql: string, start: number): Reading {
  const [opening, kind] = /^(array|struct)</i.exec(sql.slice(start)) ?? [];
  if (opening === undefined || kind === undefined) return readPlain(sql, start);
  let p = start + opening.length;
  if (kind.toLowerCase() === 'array') {
    const element = readType(sql, p);
    return { type: { kind: 'array', element: { type: element.type } }, end: element.end + 1 };
  }
  const fields: { name: string; type: TableColumnType }[] = [];
  for (;;) {
    const colon = sql.indexOf(':', p);
    if (colon < 0) return readPlain(sql, start);
    const { type, end } = readType(sql, colon + 1);
    fields.push({ name: sql.slice(p, colon), type });
    p = end + 1;
    if (sql[end] !== ',') return { type: { kind: 'struct', fields }, end: p };
  }
}

/** Reads up to the comma or bracket that ends the type. */
function readPlain(sql: string, start: number): Reading {
  let depth = 0;
  let end = start;
  for (; end < sql.length; end++) {
    const c = sql[end];
    if (depth === 0 && (c === ',' || c === '>')) break;
    if (c === '<' || c === '(') depth++;
    if (c === '>' || c === ')') depth--;
  }
  return { type: plainType(sql.slice(start, end)), end };
}

function plainType(sql: string): TableColumnType {
  const name = sql.trim().toLowerCase();
  const simple = simpleTypes[name];
  if (simple !== undefined) return simple;
  const decimal = /^decimal\((\d+),\s*(-?\d+)\)$/.exec(name);
  if (decimal) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  return { kind: 'other', sql: sql.trim() };
}

/** `long` is Iceberg's word for BIGINT, and what the Python reference calls it. */
const simpleTypes: Readonly<Record<string, PlainType>> = {
  boolean: { kind: 'boolean' },
  bigint: { kind: 'bigint' },
  long: { kind: 'bigint' },
  double: { kind: 'double' },
  string: { kind: 'string' },
  timestamp: { kind: 'timestamp' },
  timestamp_ltz: { kind: 'timestamp' },
  date: { kind: 'date' },
};
