// A table's text keys → the question whether each is written as the same key of the wanted type would be.
//
// A key whose declared type changes is written in another form from then on, and would not find its old row.

import { isMixedKey } from '../../encode/key-values.ts';
import { shownKey } from '../../errors/shown-key.ts';
import { TargetError } from '../../errors/target-error.ts';
import type { Evolution } from '../../schema/evolve.ts';
import { type Column, jsonKind, type StreamVersion } from '../../schema/model.ts';
import { castTo, type Dialect, tryCast } from './dialect.ts';
import { writtenNumber } from './number-text.ts';
import { wantedColumns } from './table-columns.ts';

/** A query of one row, and what its row says. */
export interface KeyTextCheck {
  readonly statement: string;
  /** @throws TargetError TABLE_KEY_TYPE */
  assert(row: Readonly<Record<string, unknown>>): void;
}

/**
 * @param table quoted
 * @returns undefined when no key of the version is of a type that the table holds as text
 */
export function keyTextCheck(
  dialect: Dialect,
  version: StreamVersion,
  { columns, steps }: Evolution,
  table: string,
): KeyTextCheck | undefined {
  const added = new Set(steps.map((step) => (step.kind === 'add' ? step.name : undefined)));
  const asked = wantedColumns(version).flatMap(({ from, key }, place) => {
    const held = columns[place];
    const column = 'data' in from ? version.columns[from.data] : undefined;
    if (!key || held === undefined || column === undefined || added.has(held.name)) return [];
    const isText = held.type.kind === 'string' || held.type.kind === 'json';
    const form = isText ? writtenForm(dialect, dialect.quoteName(held.name), column) : undefined;
    return form === undefined ? [] : [{ name: dialect.quoteName(held.name), column, form }];
  });
  if (asked.length === 0) return undefined;
  const counts = asked.flatMap(({ name, form }, n) => {
    const isOther = `${name} IS NOT NULL AND NOT coalesce(${form}, false)`;
    return [`count_if(${isOther}) AS n${n}`, `min(CASE WHEN ${isOther} THEN ${name} END) AS k${n}`];
  });
  return {
    statement: `SELECT ${counts.join(', ')} FROM ${table}`,
    assert: (row) => {
      for (const [n, { column }] of asked.entries())
        if (Number(row[`n${n}`]) > 0) throw otherForm(column, Number(row[`n${n}`]), String(row[`k${n}`]));
    },
  };
}

/** Whether a text is what a key of the column is written as; undefined where any text may be one. */
function writtenForm(dialect: Dialect, text: string, column: Column): string | undefined {
  const { type, accepts } = column;
  if (type.kind !== 'string') {
    const value = tryCast(text, dialect.typeName(type));
    return `${castTo(dialect, value, type, { kind: 'string' })} = ${text}`;
  }
  if (!isMixedKey(column) || (accepts & jsonKind.string) !== 0) return undefined;
  const texts = (accepts & jsonKind.boolean) === 0 ? writtenNumber : `${writtenNumber}|true|false`;
  const { quoteText } = dialect;
  const rest = `regexp_replace(${text}, ${quoteText(`^(${texts})$`)}, ${quoteText('')})`;
  return `(${text} NOT IN (${quoteText('')}, ${quoteText('-0')}) AND ${rest} = ${quoteText('')})`;
}

function otherForm({ path, type }: Column, count: number, key: string): TargetError {
  const keys = count === 1 ? 'one of its keys is' : `${count} of its keys are`;
  const wanted = type.kind === 'string' ? 'number' : type.kind;
  const shown = shownKey(JSON.stringify(key));
  return new TargetError(
    'TABLE_KEY_TYPE',
    `the key column is text in the table, and ${keys} not written as a key of the type ${wanted} is (such as ${shown}): declare it as a string again to go on with this table`,
    { column: path.join('.') },
  );
}
