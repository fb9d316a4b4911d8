// A table as a warehouse has it → as a case would write it: one text for each value, the same for both warehouses.
import type { FoundTable } from '../support/read-tables.ts';

export function canonicalTable({ columns, rows }: FoundTable): FoundTable {
  const names = Object.keys(columns);
  const shown = names.map((name) => name.replace(/_\d{8}_\d{4}(_\d+)?$/, '_<dated>'));
  return {
    columns: Object.fromEntries(names.map((name, index) => [shown[index], columns[name]!])),
    rows: rows.map((row) =>
      Object.fromEntries(names.map((name, index) => [shown[index], canonical(columns[name]!, row[name] ?? null)])),
    ),
  };
}

/** Warehouses write doubles, and the ends of times, each in their own way. */
function canonical(type: string, text: string | null): string | null {
  if (text === null) return null;
  if (type === 'DOUBLE') return shortest(text);
  return type === 'TIMESTAMP' ? timeText(text) : text;
}

const HOUR_MS = 3_600_000;

/** What the target itself has made just now can only be known so far. */
function timeText(text: string): string {
  if (Math.abs(Date.now() - Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`)) < HOUR_MS) return '<now>';
  return text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

function shortest(text: string): string {
  const value = Number(text.replace(/^(-?)inf$/i, '$1Infinity').replace(/^nan$/i, 'NaN'));
  return Object.is(value, -0) ? '-0' : String(value);
}
