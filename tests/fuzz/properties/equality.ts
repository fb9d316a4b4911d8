// What "arrived as sent" means, type by type: the value as the tap spelled it, and the text that the warehouse gives for it.

import type { Json } from '../../support/lossless-json.ts';
import { microseconds, scientific } from '../../unit/encode/row-oracle.ts';

export interface Equality {
  isEqual(sent: Json, held: string): boolean;
  /** Whether the column can only hold it approximately: then the run has to count it. */
  isInexact(sent: Json): boolean;
}

/** A string's own characters, and of all else the source text. */
const textOf = (sent: Json): string => (sent.kind === 'string' ? sent.value : sent.source);

const never = () => false;

/** To the character: strings without their quotes and escapes, everything else as JSON as it was written. */
const asText: Equality = { isEqual: (sent, held) => held === textOf(sent), isInexact: never };

/** The same number, however it is written: every digit counts, zeros at the ends and the sign of a zero don't. */
const asNumber: Equality = {
  // DuckDB writes a DECIMAL that is all fraction without its zero
  isEqual: (sent, held) => scientific(held.replace(/^-?(?=\.)/, '$&0')) === scientific(textOf(sent)),
  isInexact: never,
};

/**
 * The double that is nearest; inexact when its shortest text is another number. The two zeros are equal: where both stand
 * in a column, DuckDB's own compression makes them one (docs/decisions/duckdb-zero-sign.md).
 */
const asDouble: Equality = {
  isEqual: (sent, held) => Number(held) === Number(textOf(sent)),
  isInexact: (sent) => scientific(textOf(sent)) !== scientific(String(Number(textOf(sent)))),
};

/** The same instant, to the microsecond; inexact when there was a finer fraction. */
const asInstant: Equality = {
  isEqual: (sent, held) => microseconds(held) === microseconds(textOf(sent)),
  isInexact: (sent) => /[.,]\d{6}\d*[1-9]/.test(textOf(sent)),
};

/** The same day. */
const asDay: Equality = {
  isEqual: (sent, held) => held.length === 10 && microseconds(held) === microseconds(textOf(sent)),
  isInexact: never,
};

/** @param type of the column, in Spark's words */
export function equalityOf(type: string): Equality {
  if (type.startsWith('DECIMAL')) return asNumber;
  const equality = {
    BOOLEAN: asText,
    BIGINT: asNumber,
    DOUBLE: asDouble,
    STRING: asText,
    TIMESTAMP: asInstant,
    DATE: asDay,
  }[type];
  if (!equality) throw new Error(`no equality is stated for ${type}`);
  return equality;
}
