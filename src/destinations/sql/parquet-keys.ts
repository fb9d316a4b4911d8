// A key of a Parquet file → the form in which its column holds keys, and which keys the column would take for others.
//
// The rules are those for the keys of records (src/encode/key-values.ts).

import { isMixedKey } from '../../encode/key-values.ts';
import { jsonKind } from '../../schema/model.ts';
import type { Cast, CastTarget } from './cast-target.ts';
import { numberText, writtenNumber } from './number-text.ts';
import type { FileType, ParquetDialect } from './parquet-dialect.ts';

/** Text of so many characters, without an exponent, is always the shortest one of some double. */
const exactLength = 15;

/** @param value an expression of the type `from`, @param cast what a column that is no key gets */
export function castKey(dialect: ParquetDialect, value: string, from: FileType, to: CastTarget, cast: Cast): Cast {
  if (to.type.kind === 'double') {
    const isShort = `length(${value}) <= ${exactLength} AND ${dialect.matches(value, '-?\\d+(\\.\\d+)?')}`;
    const isRough = from.kind === 'text' ? `${value} IS NOT NULL AND NOT (${isShort})` : undefined;
    return { value: oneZero(dialect, cast.value), bad: either(cast.bad, isRough) };
  }
  if (!isMixedKey(to)) return cast;
  if (from.kind === 'integer' || from.kind === 'decimal' || from.kind === 'float')
    return { ...cast, value: numberText(dialect, `CAST(${value} AS ${dialect.typeName({ kind: 'string' })})`) };
  return from.kind === 'text' ? { ...cast, bad: either(cast.bad, isOtherValue(dialect, value, to)) } : cast;
}

/** Not all that compares keys knows that the two zeros are one. */
const oneZero = (dialect: ParquetDialect, value: string): string =>
  `CASE WHEN ${value} = 0 THEN CAST(0 AS ${dialect.typeName({ kind: 'double' })}) ELSE ${value} END`;

function isOtherValue(dialect: ParquetDialect, value: string, { accepts }: CastTarget): string {
  const texts: string[] = [];
  if ((accepts & jsonKind.number) !== 0) texts.push(writtenNumber);
  if ((accepts & jsonKind.boolean) !== 0) texts.push('true|false');
  const isZero = `${value} = ${dialect.quoteText('-0')}`;
  return `${value} IS NOT NULL AND NOT ${isZero} AND ${dialect.matches(value, `(${texts.join('|')})`)}`;
}

const either = (bad: string | undefined, also: string | undefined): string | undefined =>
  bad === undefined || also === undefined ? (bad ?? also) : `(${bad} OR (${also}))`;
