// Type names as DuckDB's catalog gives them → column types. The only place that reads them.
import type { TableColumnType } from '../sql/dialect.ts';

/** @param sql in DuckDB's words: `BIGINT`, `DECIMAL(38,9)`, `STRUCT(a BIGINT, "b c" VARCHAR[])`. */
export function parseDuckdbType(sql: string): TableColumnType {
  const kind = kinds.get(sql);
  if (kind !== undefined) return { kind };
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(sql);
  if (decimal) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  if (sql.endsWith('[]')) return { kind: 'array', element: { type: parseDuckdbType(sql.slice(0, -2)) } };
  const members = sql.startsWith('STRUCT(') && sql.endsWith(')') ? parts(sql.slice('STRUCT('.length, -1)) : [];
  const fields = members.map((member) => /^("(?:[^"]|"")*"|[^ "]+) (.+)$/su.exec(member));
  if (fields.length === 0 || fields.includes(null)) return { kind: 'other', sql };
  return {
    kind: 'struct',
    fields: fields.map((field) => ({ name: unquoted(field![1]!), type: parseDuckdbType(field![2]!) })),
  };
}

/** Of a list the parts between its commas, but not those within quotes or parentheses. */
function parts(list: string): readonly string[] {
  const found = [''];
  let depth = 0;
  for (const [token] of list.matchAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[(),]|[^"'(),]+/gu)) {
    if (token === '(') depth++;
    if (token === ')') depth--;
    if (token === ',' && depth === 0) found.push('');
    else found[found.length - 1] += token;
  }
  return found.map((part) => part.trim());
}

const unquoted = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);

const kinds: ReadonlyMap<string, 'boolean' | 'bigint' | 'double' | 'string' | 'timestamp' | 'date'> = new Map([
  ['BOOLEAN', 'boolean'],
  ['BIGINT', 'bigint'],
  ['DOUBLE', 'double'],
  ['VARCHAR', 'string'],
  ['TIMESTAMP', 'timestamp'],
  ['DATE', 'date'],
] as const);
