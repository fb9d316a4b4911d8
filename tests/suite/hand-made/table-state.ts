// Tables of a warehouse → their columns, what else is said of them, and their rows, as somebody sees them who has just come.
import { createHash } from 'node:crypto';

export interface TableState {
  readonly columns: readonly (readonly [name: string, type: string])[];
  /** Columns, properties, partitions and comments in the warehouse's own words. */
  readonly details: string;
  /** Each value in a form that a wider type doesn't change; the reason where nobody can read the table. */
  readonly rows: readonly FoundRow[] | string;
}

export type FoundRow = Readonly<Record<string, string | null>>;

/** What is the same number, time or object is the same text. */
export function plainText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object') return JSON.stringify(withoutNulls(value));
  const text = String(value);
  if (/^[[{]/.test(text)) return nestedText(text);
  if (/^-?\d+\.\d+$/.test(text)) return text.replace(/\.?0+$/, '');
  return text.replace(/^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d*?[1-9])?(\.?0*)(Z|\+00(:?00)?)?$/, '$1 $2$3');
}

function nestedText(text: string): string {
  try {
    return JSON.stringify(withoutNulls(JSON.parse(text)));
  } catch {
    return text;
  }
}

/** A member that a struct has got since is NULL in old rows. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

/** Of rows in any order. */
export const checksum = (lines: readonly string[]): string =>
  createHash('sha256')
    .update([...lines].sort().join('\n'))
    .digest('hex');
