// The numeric keywords of a JSON Schema → BIGINT, DECIMAL or DOUBLE, and the narrowest type that holds two of them.
import { isJsonObject, type JsonObject } from './json-schema.ts';
import type { ColumnType } from './model.ts';

export type DecimalType = Extract<ColumnType, { kind: 'decimal' }>;
export type NumberType = DecimalType | { readonly kind: 'bigint' | 'double' };

export const maxPrecision = 38;
/** Decimal digits of an int64. */
export const int64Digits = 19;

/** What becomes of a number whose schema promises nothing that a BIGINT or a DECIMAL could hold. */
export type NumberChoice = 'double' | 'decimal' | 'string';

/** As wide before the point as after an exact column for money and measures needs: BigQuery's NUMERIC is the same. */
const undeclaredDecimal: DecimalType = { kind: 'decimal', precision: 38, scale: 9 };

/** `number_type`: the column of numbers that would be a DOUBLE. */
export function chosenType(type: ColumnType, choice: NumberChoice): ColumnType {
  if (type.kind !== 'double' || choice === 'double') return type;
  return choice === 'decimal' ? undeclaredDecimal : { kind: 'string' };
}

const bigint = { kind: 'bigint' } as const;
const double = { kind: 'double' } as const;
const decimal = (precision: number, scale: number): DecimalType => ({ kind: 'decimal', precision, scale });

/** For `type: integer`. */
export function integerType(schema: JsonObject): NumberType {
  const hint = decimalHint(schema);
  const wide = boundsOf(schema).some((bound) => !fitsInt64(bound)) || (hint !== undefined && hint.precision > 18);
  return wide ? decimal(maxPrecision, 0) : bigint;
}

/** For `type: number`. */
export function numberType(schema: JsonObject): NumberType {
  return decimalHint(schema) ?? multipleOfType(schema) ?? double;
}

/**
 * A bound counts as int64 when it is an int64 limit after rounding to a double: JSON.parse reads 9223372036854775807 as 2^63.
 */
export function fitsInt64(value: number): boolean {
  return Math.abs(value) <= 2 ** 63;
}

/**
 * The precision and scale that a tap declares: `precision` + `scale` (`format: x-singer.decimal` of the Meltano SDK),
 * or `additionalProperties.scale_precision: "(12,2)"` (`format: singer.decimal` of tap-oracle).
 * Undefined when none is declared, or none that a table can hold.
 */
export function decimalHint(schema: JsonObject): DecimalType | undefined {
  const extra = isJsonObject(schema.additionalProperties) ? schema.additionalProperties.scale_precision : undefined;
  const pair = typeof extra === 'string' ? /^\((\d+),(\d+)\)$/.exec(extra.replaceAll(' ', '')) : null;
  const [precision, scale] = pair ? [Number(pair[1]), Number(pair[2])] : [schema.precision, schema.scale];
  if (typeof precision !== 'number' || typeof scale !== 'number') return undefined;
  if (!Number.isInteger(precision) || !Number.isInteger(scale)) return undefined;
  return precision >= 1 && precision <= maxPrecision && scale >= 0 && scale <= precision
    ? decimal(precision, scale)
    : undefined;
}

/** The narrowest type that holds the values of both. */
export function widerNumber(a: NumberType, b: NumberType): NumberType {
  if (a.kind === 'double' || b.kind === 'double') return double;
  if (a.kind === 'bigint' && b.kind === 'bigint') return bigint;
  const [x, y] = [asDecimal(a), asDecimal(b)];
  const scale = Math.max(x.scale, y.scale);
  const precision = Math.max(x.precision - x.scale, y.precision - y.scale) + scale;
  if (precision <= maxPrecision) return decimal(precision, scale);
  return maxPrecision - scale >= int64Digits ? decimal(maxPrecision, scale) : double;
}

/** The type of values that belong to both: the more specific one. */
export function narrowerNumber(a: NumberType, b: NumberType): NumberType {
  const order = ['bigint', 'decimal', 'double'];
  return order.indexOf(a.kind) <= order.indexOf(b.kind) ? a : b;
}

function asDecimal(type: Exclude<NumberType, { kind: 'double' }>): DecimalType {
  return type.kind === 'decimal' ? type : decimal(int64Digits, 0);
}

/**
 * tap-postgres declares an unlimited numeric as `multipleOf: 1e-38`: a scale that leaves no room for an int64 before the
 * point is taken only when the bounds say that the values fit.
 */
function multipleOfType(schema: JsonObject): NumberType | undefined {
  const scale = scaleOf(schema.multipleOf);
  if (scale === undefined || scale > maxPrecision) return undefined;
  const integral = scale <= maxPrecision - int64Digits ? 0 : integralDigits(schema);
  return integral !== undefined && integral + scale <= maxPrecision ? decimal(maxPrecision, scale) : undefined;
}

/** Digits after the point of a `multipleOf`: 0.01 → 2, 1e-7 → 7, 100 → 0. */
function scaleOf(multipleOf: unknown): number | undefined {
  if (typeof multipleOf !== 'number' || !Number.isFinite(multipleOf) || multipleOf <= 0) return undefined;
  const [mantissa = '', exponent = '0'] = String(multipleOf).split('e');
  const fraction = mantissa.split('.')[1] ?? '';
  return Math.max(0, fraction.length - Number(exponent));
}

/** Digits before the point that the bounds allow; undefined unless both sides are bounded. */
function integralDigits(schema: JsonObject): number | undefined {
  const low = lowerBounds(schema);
  const high = upperBounds(schema);
  if (low.length === 0 || high.length === 0) return undefined;
  const largest = Math.max(...[...low, ...high].map(Math.abs));
  return largest < 1 ? 0 : Math.ceil(Math.log10(largest));
}

const boundsOf = (schema: JsonObject): readonly number[] => [...lowerBounds(schema), ...upperBounds(schema)];
// exclusiveMinimum and exclusiveMaximum are booleans in draft-04 and numbers since draft-06.
const lowerBounds = (schema: JsonObject) => [schema.minimum, schema.exclusiveMinimum].filter(isFiniteNumber);
const upperBounds = (schema: JsonObject) => [schema.maximum, schema.exclusiveMaximum].filter(isFiniteNumber);

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
